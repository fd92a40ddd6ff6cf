package io.weir.pool;

/** How a machine is paid for. */
public enum Market {
    ON_DEMAND,
    SPOT
}
