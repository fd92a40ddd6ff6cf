package io.weir.autoscaler.loop;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Something that fails, since when, and how it failed last. */
public record Trouble(Instant since, String why) {
    /** Goes on from an earlier trouble, which began it. */
    static Trouble goingOn(@Nullable Trouble earlier, Instant now, String why) {
        return new Trouble(earlier == null ? now : earlier.since(), why);
    }
}
