package io.weir.autoscaler.policy;

/**
 * A pool as its adapter showed it.
 *
 * @param desired the size wished for
 * @param allocated machines asked for, being launched or running
 * @param running machines that run and count towards the wish: those that carry load
 */
public record PoolSeen(int desired, int allocated, int running) {
    public PoolSeen {
        if (desired < 0 || allocated < 0 || running < 0) {
            throw new IllegalArgumentException(
                    "a pool with less than nothing: " + desired + ", " + allocated + ", " + running);
        }
    }
}
