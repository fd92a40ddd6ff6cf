package io.weir.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Until when an operator keeps autoscalers from changing a size. */
public record HoldView(String by, @Nullable String reason, Instant since, Instant until) {}
