package io.weir.pool;

/** Whose budget an ending is charged to (G5). */
public enum Ledger {
    /** Somebody lowered the size, or named the machine. */
    WISH,
    /** Disposable, or unhealthy for too long. */
    REPAIR,
    /** Past its boot deadline: ended at the launch pace, bounded by the breaker. */
    NEVER_USEFUL,
    /** Duplicates and orphans. */
    CLEANUP,
    /** Not yet running: cancelled without pace. */
    CANCEL
}
