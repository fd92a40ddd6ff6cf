package io.weir.pool;

import java.time.Instant;

/** A choice that had nothing left. @param failures in a row, for the back-off */
public record Exhaustion(Instant until, int failures, FailureKind kind, String text, Instant lastTry) {}
