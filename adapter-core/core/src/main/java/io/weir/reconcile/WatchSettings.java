package io.weir.reconcile;

import java.time.Duration;

/**
 * How often a pool is looked at.
 *
 * @param interval between turns when nothing is in flight
 * @param busy between turns while anything is
 * @param staleAfter an observation older than this is not served any more
 * @param callBound the longest that one call of ours can last, real time
 * @param timeScale how much faster the injected clock runs than real time
 */
public record WatchSettings(
        Duration interval, Duration busy, Duration staleAfter, Duration callBound, double timeScale) {
    /** Turns are never nearer than this in real time, however fast the clock runs. */
    private static final Duration LEAST = Duration.ofMillis(100);

    public WatchSettings {
        if (busy.compareTo(Duration.ofSeconds(5)) > 0 || busy.compareTo(interval) > 0) {
            throw new IllegalArgumentException("busy must be at most 5 s and at most the interval");
        }
    }

    Duration real(Duration scaled) {
        Duration real = Duration.ofNanos((long) (scaled.toNanos() / timeScale));
        return real.compareTo(LEAST) < 0 ? LEAST : real;
    }
}
