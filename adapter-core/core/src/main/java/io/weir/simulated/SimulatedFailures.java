package io.weir.simulated;

import static java.util.Map.entry;

import io.weir.driver.CloudException;
import io.weir.pool.FailureKind;
import io.weir.pool.Outcome;
import io.weir.simulated.ApiFailure.Code;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** This cloud's error codes → what they mean for a pool. Source: {@code docs/simulated-cloud.md}, "Errors". */
final class SimulatedFailures {
    private static final Map<Code, FailureKind> KINDS = Map.ofEntries(
            entry(Code.NO_CAPACITY, FailureKind.NO_CAPACITY),
            entry(Code.QUOTA_EXCEEDED, FailureKind.QUOTA_EXCEEDED),
            entry(Code.INVALID_TEMPLATE, FailureKind.INVALID_TEMPLATE),
            entry(Code.THROTTLED, FailureKind.THROTTLED),
            entry(Code.UNAVAILABLE, FailureKind.UNAVAILABLE),
            entry(Code.NOT_FOUND, FailureKind.NOT_FOUND),
            entry(Code.UNAUTHORIZED, FailureKind.UNAUTHORIZED),
            entry(Code.CONFLICT, FailureKind.CONFLICT),
            entry(Code.UNKNOWN, FailureKind.UNKNOWN));

    private SimulatedFailures() {}

    static FailureKind kind(Code code) {
        return KINDS.getOrDefault(code, FailureKind.UNKNOWN);
    }

    static Outcome outcome(Code code, @Nullable String text) {
        String said = text == null ? code.toString() : text;
        FailureKind kind = kind(code);
        return kind == FailureKind.UNKNOWN ? new Outcome.Unknown(said) : new Outcome.Refused(kind, said);
    }

    /** A read that got no answer changed nothing: the cloud is then not available. */
    static CloudException ofRead(ApiFailure failure) {
        FailureKind kind = kind(failure.code());
        return new CloudException(
                kind == FailureKind.UNKNOWN ? FailureKind.UNAVAILABLE : kind, text(failure), failure.retryAfter());
    }

    static CloudException ofChange(ApiFailure failure) {
        return new CloudException(kind(failure.code()), text(failure), failure.retryAfter());
    }

    private static String text(ApiFailure failure) {
        String text = failure.getMessage();
        return text == null ? failure.code().toString() : text;
    }
}
