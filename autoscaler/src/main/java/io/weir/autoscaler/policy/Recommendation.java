package io.weir.autoscaler.policy;

/** What one policy would do. */
public sealed interface Recommendation {
    String reason();

    /** This many machines. */
    record Wants(MachineCount machines, String reason) implements Recommendation {}

    /** At least this many; the truth may be more, so it can raise and never lower. */
    record WantsAtLeast(MachineCount machines, String reason) implements Recommendation {}

    /** It cannot tell: the pool stays at least as it is. */
    record Holds(String reason) implements Recommendation {}

    /** Whatever the others want, inside these bounds. */
    record Within(Bounds bounds, String reason) implements Recommendation {}

    /** Nothing to say now. */
    record Silent(String reason) implements Recommendation {}
}
