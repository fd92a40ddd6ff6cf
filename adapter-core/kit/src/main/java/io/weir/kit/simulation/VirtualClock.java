package io.weir.kit.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Time that passes only when it is told to. */
final class VirtualClock implements InstantSource {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private Instant now = START;

    @Override
    public Instant instant() {
        return now;
    }

    void to(Instant later) {
        if (later.isAfter(now)) {
            now = later;
        }
    }

    /** As minutes, seconds and tenths since the beginning. */
    static String shown(Instant at) {
        long millis = Duration.between(START, at).toMillis();
        return String.format("%3d:%02d.%d", millis / 60_000, millis / 1000 % 60, millis / 100 % 10);
    }
}
