package io.weir.pool;

/** Which of equals is ended first when a pool shrinks. */
public enum VictimPolicy {
    NEWEST,
    OLDEST,
    /** From the zone with most machines, the newest of it. */
    ZONE_BALANCING,
    /** The one whose paid period ends next. */
    BILLING_PERIOD_END
}
