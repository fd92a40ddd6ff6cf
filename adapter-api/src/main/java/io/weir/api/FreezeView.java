package io.weir.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Who stopped every effect of a pool, why and when. {@code scope} is {@code pool} or {@code fleet}. */
public record FreezeView(String scope, String by, @Nullable String reason, Instant since) {}
