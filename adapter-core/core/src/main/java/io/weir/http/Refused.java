package io.weir.http;

import io.weir.pool.FailureKind;
import io.weir.reconcile.Refusal;
import io.weir.service.error.ApiException;
import io.weir.service.error.ErrorCode;
import io.weir.service.json.WireJson;
import java.util.function.Supplier;

/** From a pool's refusals to the statuses of the API. */
enum Refused {
    /** Paths that only version 2.0 has: a fault of the cloud is 500. */
    TWO(500),
    /** All others: it is 502. */
    FIVE(502);

    private final int cloudFault;

    Refused(int cloudFault) {
        this.cloudFault = cloudFault;
    }

    <T> T unless(Supplier<T> call) {
        try {
            return call.get();
        } catch (Refusal refusal) {
            throw answer(refusal);
        }
    }

    void unless(Runnable call) {
        try {
            call.run();
        } catch (Refusal refusal) {
            throw answer(refusal);
        }
    }

    private ApiException answer(Refusal refusal) {
        String text = refusal.text();
        return switch (refusal.code()) {
            case INVALID ->
                new ApiException(
                        400, ErrorCode.INVALID_INPUT, refusal.field().orElse(null), text, "nothing was changed");
            case NOT_EVICTABLE -> new ApiException(ErrorCode.NOT_EVICTABLE, text);
            case STOPPED -> new ApiException(ErrorCode.STOPPED, text);
            case NOT_FOUND -> ApiException.notFound(text);
            case SIZE_HELD -> held(refusal);
            case HAS_MEMBERS -> new ApiException(ErrorCode.CONFLICT, text);
            case STALE -> new ApiException(ErrorCode.PRECONDITION_FAILED, text);
            case FROZEN -> new ApiException(ErrorCode.FROZEN, text);
            case SIZE_UNKNOWN -> new ApiException(ErrorCode.SIZE_UNKNOWN, text);
            case CLOUD -> cloud(refusal);
            case STORE -> new ApiException(ErrorCode.INTERNAL, text).because(refusal);
        };
    }

    private static ApiException held(Refusal refusal) {
        return refusal.hold()
                .map(hold -> new ApiException(
                                ErrorCode.SIZE_HELD,
                                "the size is held by " + hold.by() + " until " + WireJson.time(hold.until())
                                        + hold.reason().map(why -> ": " + why).orElse(""))
                        .with("hold", Wire.hold(hold)))
                .orElseGet(() -> new ApiException(ErrorCode.SIZE_HELD, refusal.text()));
    }

    private ApiException cloud(Refusal refusal) {
        FailureKind kind = refusal.cloud().orElse(FailureKind.UNAVAILABLE);
        return switch (kind) {
            case NOT_FOUND -> ApiException.notFound(refusal.text());
            case WITHHELD -> new ApiException(ErrorCode.UNAVAILABLE, refusal.text());
            default ->
                new ApiException(
                        cloudFault,
                        ErrorCode.CLOUD_FAILURE,
                        null,
                        refusal.text(),
                        "the cloud said " + kind + "; nothing was changed, and nothing happens later");
        };
    }
}
