package io.weir.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the cloud. Ages are in seconds of the service's time.
 *
 * @param reached whether the last listing succeeded; null: none was tried, because no pool needs one
 * @param listedAt when the last listing that succeeded began
 * @param problem why the last listing failed
 * @param catalogsSince when the oldest of what is remembered of the cloud's catalogs was read; null: nothing is remembered
 */
public record ConnectionEntry(
        String name,
        @Nullable Boolean reached,
        @Nullable Instant listedAt,
        @Nullable Double listingAgeSeconds,
        @Nullable String problem,
        List<String> pools,
        @Nullable Instant catalogsSince,
        @Nullable Double catalogAgeSeconds) {
    public ConnectionEntry {
        pools = List.copyOf(pools);
    }
}
