package io.weir.pool;

import java.time.Instant;
import java.util.Optional;

/**
 * How far a machine's marks are written.
 *
 * @param revision the highest known, written or seen
 * @param due they must be written again
 * @param unanswered the last write may or may not have happened
 */
public record MarkWrite(long revision, Optional<Instant> lastCall, boolean due, boolean unanswered) {
    public static final MarkWrite AT_LAUNCH = new MarkWrite(1, Optional.empty(), false, false);

    public MarkWrite atLeast(long seen) {
        return seen <= revision ? this : new MarkWrite(seen, lastCall, due, unanswered);
    }

    public MarkWrite makeDue() {
        return due ? this : new MarkWrite(revision, lastCall, true, unanswered);
    }

    /** Something else is to be written than last time: at once, not as a repetition that waits. */
    public MarkWrite anew() {
        return new MarkWrite(revision, Optional.empty(), true, unanswered);
    }

    /** The next write; it is durable before the call, so that a lost answer is known to be one. */
    public MarkWrite calling(Instant now) {
        return new MarkWrite(revision + 1, Optional.of(now), true, true);
    }

    public MarkWrite answered(Instant now) {
        return new MarkWrite(revision, Optional.of(now), false, false);
    }

    public MarkWrite refused(Instant now) {
        return new MarkWrite(revision, Optional.of(now), true, false);
    }
}
