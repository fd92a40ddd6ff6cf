package io.weir.autoscaler.decide;

import io.weir.autoscaler.policy.Beat;
import io.weir.autoscaler.policy.Recommendation;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A size, why, and everything it was made from: the same rules, beat and memory make the same decision again.
 *
 * @param recommendations what each policy said, by its name, in the order of the rules
 * @param reasons what each step did, in the order of the steps; a step that changed nothing is silent
 * @param after what the next decision remembers
 */
public record Decision(
        Rules rules,
        Beat beat,
        Memory before,
        Map<String, Recommendation> recommendations,
        List<Reason> reasons,
        int size,
        Memory after) {
    public Decision {
        recommendations = Collections.unmodifiableMap(new LinkedHashMap<>(recommendations));
        reasons = List.copyOf(reasons);
    }

    public int from() {
        return beat.pool().desired();
    }

    public boolean changes() {
        return size != from();
    }

    /** All reasons in one line. */
    public String why() {
        return String.join("; ", reasons.stream().map(Reason::text).toList());
    }
}
