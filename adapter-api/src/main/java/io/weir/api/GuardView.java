package io.weir.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A guard that is closed now: what it stops and why, and when it lets go as far as that is known. */
public record GuardView(
        String guard,
        @Nullable String subject,
        String text,
        @Nullable Instant since,
        @Nullable Instant until) {}
