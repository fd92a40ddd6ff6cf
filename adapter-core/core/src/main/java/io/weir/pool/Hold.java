package io.weir.pool;

import java.time.Instant;
import java.util.Optional;

/** Until when an operator keeps autoscalers from changing a size. */
public record Hold(String by, Optional<String> reason, Instant since, Instant until) {}
