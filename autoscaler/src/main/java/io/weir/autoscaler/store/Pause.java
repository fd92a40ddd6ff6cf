package io.weir.autoscaler.store;

import java.time.Instant;

/** Somebody told the autoscaler to leave a target alone. */
public record Pause(String by, String reason, Instant since) {}
