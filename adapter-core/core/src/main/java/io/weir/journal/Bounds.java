package io.weir.journal;

import java.time.Duration;

/**
 * How much of the journal is kept.
 *
 * @param age older turns are dropped, by the service's own time
 * @param bytes of all pools together; 0: there is no journal
 */
public record Bounds(Duration age, long bytes) {
    public static final Bounds DEFAULT = new Bounds(Duration.ofDays(7), 1L << 30);

    public Bounds {
        if (age.isNegative() || age.isZero() || bytes < 0) {
            throw new IllegalArgumentException("a journal of " + age + " and " + bytes + " bytes");
        }
    }
}
