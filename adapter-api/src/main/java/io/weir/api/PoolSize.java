package io.weir.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The size wished for and the sizes there are, in one document for readers of either version.
 *
 * <ol>
 *   <li>Version 2.0 tells {@code desiredSize, allocated, outOfService}; version 5.0 {@code active} instead of
 *       {@code outOfService}, and the {@code timestamp} of the observation. The one follows from the other:
 *       {@code active = allocated − outOfService}.
 *   <li>The rest is Weir's and null elsewhere: the {@code generation} of the wish (its ETag), the last generation that a
 *       turn of the loop has acted upon, who wished, when and why, and the hold in force.
 * </ol>
 */
public record PoolSize(
        @Nullable Instant timestamp,
        int desiredSize,
        int allocated,
        int outOfService,
        int active,
        @Nullable Long generation,
        @Nullable Long observedGeneration,
        @Nullable String setBy,
        @Nullable Instant setAt,
        @Nullable String reason,
        @Nullable HoldView hold) {

    /** Reads what any adapter says; sizes are what it may not leave out. */
    @JsonCreator
    public static PoolSize read(
            @JsonProperty("timestamp") @Nullable Instant timestamp,
            @JsonProperty(value = "desiredSize", required = true) @Nullable Integer desiredSize,
            @JsonProperty(value = "allocated", required = true) @Nullable Integer allocated,
            @JsonProperty("outOfService") @Nullable Integer outOfService,
            @JsonProperty("active") @Nullable Integer active,
            @JsonProperty("generation") @Nullable Long generation,
            @JsonProperty("observedGeneration") @Nullable Long observedGeneration,
            @JsonProperty("setBy") @Nullable String setBy,
            @JsonProperty("setAt") @Nullable Instant setAt,
            @JsonProperty("reason") @Nullable String reason,
            @JsonProperty("hold") @Nullable HoldView hold) {
        if (desiredSize == null || allocated == null) {
            throw new IllegalArgumentException("a size without desiredSize or allocated");
        }
        int out = outOfService != null ? outOfService : active != null ? allocated - active : 0;
        int in = active != null ? active : allocated - out;
        return new PoolSize(
                timestamp, desiredSize, allocated, out, in, generation, observedGeneration, setBy, setAt, reason, hold);
    }
}
