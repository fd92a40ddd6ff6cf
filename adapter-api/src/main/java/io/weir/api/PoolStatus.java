package io.weir.api;

/** Whether a pool acts at all, and whether it has a document (5.0). */
public record PoolStatus(boolean started, boolean configured) {}
