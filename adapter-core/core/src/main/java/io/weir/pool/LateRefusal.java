package io.weir.pool;

/** A launch that was accepted earlier and failed since. */
public record LateRefusal(MachineName name, FailureKind kind, String text) {}
