package io.weir.openstack.nova;

import java.time.Duration;
import java.util.function.LongSupplier;

/** When the one who called the driver stops waiting. Each request may take what is left. */
final class Deadline {
    private final LongSupplier nanos;
    private final long end;

    private Deadline(LongSupplier nanos, long end) {
        this.nanos = nanos;
        this.end = end;
    }

    static Deadline in(Duration time, LongSupplier nanos) {
        return new Deadline(nanos, nanos.getAsLong() + time.toNanos());
    }

    /** Never less than a millisecond: what has begun gets an end of its own. */
    Duration left() {
        return Duration.ofNanos(Math.max(1_000_000, end - nanos.getAsLong()));
    }

    boolean leaves(Duration time) {
        return end - nanos.getAsLong() >= time.toNanos();
    }
}
