package io.weir.autoscaler.decide;

import io.weir.autoscaler.policy.MachineCount;
import java.math.BigDecimal;

/** How much more, or less, than the present size may be needed (as a share of it) before it is worth a move. */
public record Tolerance(BigDecimal up, BigDecimal down) {
    public Tolerance {
        if (up.signum() < 0
                || up.compareTo(BigDecimal.ONE) > 0
                || down.signum() < 0
                || down.compareTo(BigDecimal.ONE) > 0) {
            throw new IllegalArgumentException("a tolerance lies between 0 and 1");
        }
        up = up.stripTrailingZeros();
        down = down.stripTrailingZeros();
    }

    public boolean covers(int size, MachineCount needed) {
        BigDecimal now = BigDecimal.valueOf(size);
        BigDecimal lowest = now.multiply(BigDecimal.ONE.subtract(down));
        BigDecimal highest = now.multiply(BigDecimal.ONE.add(up));
        return needed.exact().compareTo(lowest) >= 0 && needed.exact().compareTo(highest) <= 0;
    }
}
