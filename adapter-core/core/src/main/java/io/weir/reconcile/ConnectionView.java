package io.weir.reconcile;

import io.weir.pool.PoolName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A connection as the API shows it.
 *
 * @param reached whether the last listing succeeded; empty: none was tried, because no pool needs one
 * @param listedAt when the last listing that succeeded began
 * @param problem why the last listing failed
 * @param catalogsSince when the oldest of what is remembered of the cloud's catalogs was read
 * @param now when this was so, by the service's clock
 */
public record ConnectionView(
        String name,
        Optional<Boolean> reached,
        Optional<Instant> listedAt,
        Optional<String> problem,
        List<PoolName> pools,
        Optional<Instant> catalogsSince,
        Instant now) {

    public Optional<Duration> listingAge() {
        return listedAt.map(at -> Duration.between(at, now));
    }

    public Optional<Duration> catalogAge() {
        return catalogsSince.map(at -> Duration.between(at, now));
    }
}
