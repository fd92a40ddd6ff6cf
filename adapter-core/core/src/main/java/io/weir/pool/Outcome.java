package io.weir.pool;

import java.time.Duration;
import java.util.Optional;

/** What became of one thing asked of a cloud. */
public sealed interface Outcome {
    /** The cloud took it. */
    record Accepted(MachineId id) implements Outcome {}

    /** The cloud said no: this call did not happen and will not. */
    record Refused(FailureKind kind, String text, Optional<Duration> retryAfter) implements Outcome {
        public Refused(FailureKind kind, String text) {
            this(kind, text, Optional.empty());
        }

        public Refused {
            if (kind == FailureKind.UNKNOWN) {
                throw new IllegalArgumentException("a refusal is certain; what is not is Unknown");
            }
        }
    }

    /** No answer, or none that can be believed: it may have happened, or may happen yet. Repeat the same, never a new one. */
    record Unknown(String text) implements Outcome {}
}
