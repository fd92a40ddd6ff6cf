package io.weir.autoscaler.policy;

import org.jspecify.annotations.Nullable;

/**
 * A pool as its adapter showed it.
 *
 * @param desired the size wished for
 * @param allocated machines asked for, being launched or running
 * @param active the allocated ones that count towards the wish
 * @param running the active ones that run, so carry load; null where nobody asked for them
 */
public record PoolSeen(
        int desired, int allocated, int active, @Nullable Integer running) {
    public PoolSeen {
        if (desired < 0 || allocated < 0 || active < 0 || (running != null && running < 0)) {
            throw new IllegalArgumentException("a pool with less than nothing: " + desired + " desired, " + allocated
                    + " allocated, " + active + " active, " + running + " running");
        }
    }
}
