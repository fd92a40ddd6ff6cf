package io.weir.autoscaler.traffic;

import java.time.Duration;
import java.time.Instant;

/**
 * A trace that is being played: a moment of the clock is a moment of the recording.
 *
 * @param begun when (on the clock) the first step of the trace begins; before it, that step's value stands still
 * @param loop whether it begins anew after its end; otherwise it is silent then
 */
public record Playing(Trace trace, Instant begun, boolean loop) {

    /** Where in the recording this moment is. */
    public Instant recorded(Instant now) {
        Duration played = Duration.between(begun, now);
        if (played.isNegative()) {
            return trace.start();
        }
        return trace.start()
                .plusMillis(loop ? played.toMillis() % trace.length().toMillis() : played.toMillis());
    }

    public boolean isOver(Instant now) {
        return !loop && !now.isBefore(begun.plus(trace.length()));
    }

    public double perMinute(Instant now) {
        return trace.at(recorded(now)) * 60_000 / trace.step().toMillis();
    }

    /** What came since it began; it never shrinks. */
    public double total(Instant now) {
        Duration played = Duration.between(begun, now);
        if (played.isNegative()) {
            return 0;
        }
        if (!loop) {
            return trace.totalUntil(trace.start().plus(played));
        }
        long rounds = played.toMillis() / trace.length().toMillis();
        return rounds * trace.totalUntil(trace.end()) + trace.totalUntil(recorded(now));
    }
}
