package io.weir.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether a machine counts ({@code active}) and whether it may be terminated ({@code evictable}). Both must be told. */
public record MembershipStatus(
        @JsonProperty(required = true) boolean active,
        @JsonProperty(required = true) boolean evictable) {
    public static final MembershipStatus DEFAULT = new MembershipStatus(true, true);
}
