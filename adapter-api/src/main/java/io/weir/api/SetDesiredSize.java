package io.weir.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The size to keep. {@code reason} and {@code holdMinutes} are Weir's and left out when absent: other adapters may refuse
 * fields that they do not know.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SetDesiredSize(
        int desiredSize, @Nullable String reason, @Nullable Integer holdMinutes) {
    public static SetDesiredSize of(int desiredSize) {
        return new SetDesiredSize(desiredSize, null, null);
    }
}
