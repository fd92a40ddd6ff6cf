package io.weir.autoscaler.decide;

/** What one step of a decision did, and why. */
public record Reason(Step step, String text) {
    /** The steps of {@link Decider}, in their order. */
    public enum Step {
        BOUNDS,
        SAFEST,
        TOLERANCE,
        STEP_LIMIT,
        STABILIZATION,
        COOL_DOWN
    }
}
