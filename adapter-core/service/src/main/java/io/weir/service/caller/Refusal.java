package io.weir.service.caller;

import io.weir.service.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/** A call that was refused for who made it: no role, the wrong role, or too many at once. The subject is the certificate's. */
public record Refusal(
        @Nullable Caller caller,
        String subject,
        String method,
        String path,
        ErrorCode code,
        String reason,
        String errorId) {}
