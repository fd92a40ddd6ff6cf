package io.weir.kit.simulation;

/** A row of the guards' table, or everything at once. Each is a family of scenarios with its own time to be exact again. */
public enum Row {
    MIXED("any", "everything at once"),
    CRASHES("G1", "the process is killed"),
    SCOPE_MISSING("G3", "listings fail, or miss a scope"),
    MOST_MISSING("G3", "more than half of the machines die at once"),
    DARK("rule 3", "calls unanswered while their scope is dark"),
    SIZE_UNKNOWN("G9", "a new store, an empty pool"),
    LOST_STORE("G4, G9", "members carry the id of a lost store"),
    SECOND_ADAPTER("G9", "a second adapter is alive for a while"),
    PACE("G5", "the size is lowered to nothing"),
    SICK("G5", "half of a small pool is unhealthy"),
    BREAKER("G6", "nothing that is launched becomes useful"),
    ONE_FULL("G6", "one zone has no capacity"),
    ALL_FULL("G6", "no zone has capacity, or the quota is used up"),
    THROTTLED("G6", "the cloud throttles"),
    UNAUTHORIZED("G6", "the cloud refuses the credentials"),
    FROZEN("G11", "an operator freezes the pool"),
    SILENCE("G1, rule 2", "requests and answers are lost, calls land late");

    final String guard;
    final String text;

    Row(String guard, String text) {
        this.guard = guard + ": " + text;
        this.text = text;
    }
}
