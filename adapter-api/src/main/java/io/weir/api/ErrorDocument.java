package io.weir.api;

import org.jspecify.annotations.Nullable;

/**
 * Why a call was refused. {@code message} and {@code detail} are published; the rest is Weir's: {@code code} from a closed
 * set, the {@code field} at fault if one is, {@code errorId} which is found in the log, and the {@code hold} that stands in
 * the way of a size.
 */
public record ErrorDocument(
        String message,
        String detail,
        @Nullable String code,
        @Nullable String field,
        @Nullable String errorId,
        @Nullable HoldView hold) {
    public static ErrorDocument of(String message, String detail) {
        return new ErrorDocument(message, detail, null, null, null, null);
    }
}
