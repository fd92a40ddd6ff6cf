package io.weir.kit.simulation;

/** What the simulation itself does to a pool, besides the faults of the simulated cloud. */
public enum Trouble {
    WISH,
    REPOSTED_WISH,
    LISTING_FAILED,
    /** A listing that calls itself complete, and shows nothing. */
    LYING_LISTING,
    STRIPPED_MARKS,
    CONSOLE_COPY,
    LOST_STORE,
    SECOND_ADAPTER,
    ADOPTED_BY_OPERATOR,
    FREEZE,
    SCOPE_DECLARED_LOST,
    TERMINATE,
    TERMINATE_AND_DECREMENT,
    TERMINATE_A_LAUNCH,
    DETACH,
    DETACH_AND_DECREMENT,
    ATTACH,
    OUT_OF_SERVICE,
    BACK_IN_SERVICE,
    UNHEALTHY,
    BLESSED,
    DISPOSABLE,
    AWAITING_SERVICE,
    STORE_FAILED
}
