package io.weir.autoscaler.policy;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * How many machines a load needs, in fractions of a machine. It keeps nine digits: what a double adds behind them
 * (3.0000000000000004) buys no machine.
 */
public record MachineCount(BigDecimal exact) {
    private static final MathContext DIGITS = new MathContext(9, RoundingMode.HALF_EVEN);
    private static final BigDecimal MOST = BigDecimal.valueOf(Integer.MAX_VALUE);

    public MachineCount {
        if (exact.signum() < 0) {
            throw new IllegalArgumentException("less than no machine: " + exact);
        }
        exact = exact.signum() == 0 ? BigDecimal.ZERO : exact.stripTrailingZeros();
    }

    public static MachineCount of(int machines) {
        return new MachineCount(BigDecimal.valueOf(machines));
    }

    public static MachineCount forLoad(double load, BigDecimal perMachine) {
        return new MachineCount(BigDecimal.valueOf(load).divide(perMachine, DIGITS));
    }

    /** Whole machines, rounded up; compared before it becomes an int. */
    public int machines() {
        BigDecimal whole = exact.setScale(0, RoundingMode.CEILING);
        return whole.compareTo(MOST) >= 0 ? Integer.MAX_VALUE : whole.intValueExact();
    }

    public MachineCount times(int factor) {
        return new MachineCount(exact.multiply(BigDecimal.valueOf(factor)).round(DIGITS));
    }

    @Override
    public String toString() {
        return exact.setScale(Math.min(Math.max(exact.scale(), 0), 2), RoundingMode.HALF_UP)
                .toPlainString();
    }
}
