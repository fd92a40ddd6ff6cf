package io.weir.autoscaler.decide;

import io.weir.autoscaler.policy.Bounds;
import io.weir.autoscaler.policy.ScalingPolicy;
import java.util.List;

/** What was declared for one pool: everything that decides, apart from what a beat sees and what is remembered. */
public record Rules(Bounds bounds, List<ScalingPolicy> policies, Limits limits) {
    public Rules {
        policies = List.copyOf(policies);
        if (policies.isEmpty()) {
            throw new IllegalArgumentException("no policy, so nothing would ever decide");
        }
    }
}
