package io.weir.driver;

import io.weir.pool.FailureKind;
import java.time.Duration;
import java.util.Optional;

/** A call that failed as a whole: all that it asked for shares one fate. {@link FailureKind#UNKNOWN} means "maybe". */
public final class CloudException extends Exception {
    private static final long serialVersionUID = 1;

    private final FailureKind kind;
    private final transient Optional<Duration> retryAfter;

    public CloudException(FailureKind kind, String text) {
        this(kind, text, Optional.empty());
    }

    public CloudException(FailureKind kind, String text, Optional<Duration> retryAfter) {
        super(text);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    public CloudException(FailureKind kind, String text, Throwable cause) {
        super(text, cause);
        this.kind = kind;
        this.retryAfter = Optional.empty();
    }

    public FailureKind kind() {
        return kind;
    }

    public Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
