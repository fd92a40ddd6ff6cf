package io.weir.autoscaler.metric;

import java.time.Duration;

/** How old a sample may be, and how far ahead of our clock its stamp may lie (clocks differ a little everywhere). */
public record Freshness(Duration maxAge, Duration maxAhead) {
    public Freshness {
        if (maxAge.isNegative() || maxAge.isZero()) {
            throw new IllegalArgumentException("maxAge must be longer than nothing");
        }
        if (maxAhead.isNegative()) {
            throw new IllegalArgumentException("maxAhead is negative");
        }
    }

    public static Freshness of(Duration maxAge) {
        return new Freshness(maxAge, Duration.ofSeconds(5));
    }
}
