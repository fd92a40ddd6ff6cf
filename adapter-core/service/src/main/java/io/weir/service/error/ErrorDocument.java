package io.weir.service.error;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What every refused or failed call answers. The errorId is found in the log.
 *
 * @param more what a call's own refusals tell besides, by name
 */
@JsonPropertyOrder({"message", "detail", "code", "field", "errorId"})
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ErrorDocument(
        String message,
        String detail,
        ErrorCode code,
        @Nullable String field,
        String errorId,
        @JsonAnyGetter Map<String, Object> more) {
    /** The document of this error, with an id of its own. */
    public static ErrorDocument of(ApiException error) {
        return new ErrorDocument(
                error.message(),
                error.detail(),
                error.code(),
                error.field(),
                UUID.randomUUID().toString().substring(24),
                error.more());
    }
}
