package io.weir.api;

import java.time.Instant;

/** A closed gate: no effect of the pool passes while there is one. */
public record GateView(String gate, Instant since, String reason, String by) {}
