package io.weir.autoscaler.demo;

import java.time.Duration;
import java.time.Instant;

/** From a moment until another one, which is no longer part of it. */
public record Span(Instant from, Instant until) {
    public Span {
        if (until.isBefore(from)) {
            throw new IllegalArgumentException(until + " is before " + from);
        }
    }

    public Duration length() {
        return Duration.between(from, until);
    }

    public boolean holds(Instant moment) {
        return !moment.isBefore(from) && moment.isBefore(until);
    }
}
