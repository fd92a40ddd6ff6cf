package io.weir.pool;

/** Which of a machine's addresses we connect to. */
public enum ConnectionPolicy {
    /** The public one if there is one, else the private. */
    AUTO,
    PUBLIC,
    LOCAL
}
