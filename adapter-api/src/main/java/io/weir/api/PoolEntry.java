package io.weir.api;

import org.jspecify.annotations.Nullable;

/** One pool in the list of all. Sizes are null while they are not known; {@code guards} counts the closed ones. */
public record PoolEntry(
        String name,
        String base,
        long revision,
        boolean started,
        boolean frozen,
        @Nullable Integer desiredSize,
        @Nullable Integer allocated,
        @Nullable Integer active,
        int guards,
        boolean drift) {}
