package io.weir.pool;

import java.time.Duration;

/** At most so many, or so large a share of the machines (rounded down), whichever is more, in one window. */
public record Rate(int count, int percent, Duration window) {
    public Rate {
        if (count < 1 || percent < 0 || window.isNegative() || window.isZero()) {
            throw new IllegalArgumentException(
                    "a rate of " + count + ", " + percent + " % in " + window + " lets nothing through");
        }
    }

    /** How many of {@code machines} may go in one window. */
    public int of(int machines) {
        return (int) Math.max(count, (long) machines * percent / 100);
    }

    boolean isWithin(Rate ceiling) {
        return count <= ceiling.count && percent <= ceiling.percent && window.compareTo(ceiling.window) >= 0;
    }
}
