package io.weir.simulated;

import java.time.Duration;
import java.util.Optional;

/** A call that this cloud refused as a whole, or that got no answer. */
public final class ApiFailure extends Exception {
    private static final long serialVersionUID = 1;

    /** This cloud's own error codes: the {@code kind} of an error document. */
    public enum Code {
        NO_CAPACITY,
        QUOTA_EXCEEDED,
        INVALID_TEMPLATE,
        THROTTLED,
        UNAVAILABLE,
        NOT_FOUND,
        UNAUTHORIZED,
        CONFLICT,
        /** No answer, or none that can be believed. */
        UNKNOWN
    }

    private final Code code;
    private final transient Optional<Duration> retryAfter;

    public ApiFailure(Code code, String text) {
        this(code, text, Optional.empty());
    }

    public ApiFailure(Code code, String text, Optional<Duration> retryAfter) {
        super(text);
        this.code = code;
        this.retryAfter = retryAfter;
    }

    public Code code() {
        return code;
    }

    public Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
