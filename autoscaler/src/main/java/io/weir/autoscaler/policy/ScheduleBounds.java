package io.weir.autoscaler.policy;

import io.weir.autoscaler.policy.Recommendation.Silent;
import io.weir.autoscaler.policy.Recommendation.Within;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;

/** Bounds that hold from one recurring moment until another: it is in force when {@code from} came later than {@code until}. */
public record ScheduleBounds(String name, Recurrence from, Recurrence until, ZoneId zone, Bounds bounds)
        implements ScalingPolicy {

    @Override
    public Recommendation recommend(Beat beat) {
        Optional<LocalDateTime> began = from.last(beat.at(), zone);
        Optional<LocalDateTime> ended = until.last(beat.at(), zone);
        boolean inForce = began.isPresent() && (ended.isEmpty() || !began.get().isBefore(ended.get()));
        return inForce
                ? new Within(bounds, bounds.min() + ".." + bounds.max() + " since " + began.get() + " " + zone)
                : new Silent("not in force at " + LocalDateTime.ofInstant(beat.at(), zone) + " " + zone);
    }
}
