package io.weir.autoscaler.target;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Somebody keeps the size as it is. */
public record Hold(
        String by, @Nullable String reason, @Nullable Instant until) {
    @Override
    public String toString() {
        return "held by " + by + (until == null ? "" : " until " + until) + (reason == null ? "" : ": " + reason);
    }
}
