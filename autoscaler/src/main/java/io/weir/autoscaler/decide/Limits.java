package io.weir.autoscaler.decide;

import java.math.BigDecimal;
import java.time.Duration;

/**
 * How calmly a pool is moved.
 *
 * @param stabilization a pool shrinks only as far as the highest want of this long
 * @param coolDownUp growth waits this long after the last growth
 * @param coolDownDown shrinking waits this long after the last change of either direction
 */
public record Limits(
        Tolerance tolerance,
        StepLimit up,
        StepLimit down,
        Duration stabilization,
        Duration coolDownUp,
        Duration coolDownDown) {

    public static final Limits DEFAULT = new Limits(
            new Tolerance(BigDecimal.ZERO, new BigDecimal("0.1")),
            new StepLimit(10, 100),
            new StepLimit(5, 25),
            Duration.ofMinutes(5),
            Duration.ZERO,
            Duration.ofMinutes(1));

    public Limits {
        if (stabilization.isNegative() || coolDownUp.isNegative() || coolDownDown.isNegative()) {
            throw new IllegalArgumentException("a time to wait cannot be negative");
        }
    }
}
