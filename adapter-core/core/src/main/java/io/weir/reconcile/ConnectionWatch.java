package io.weir.reconcile;

import io.weir.driver.CloudDriver;
import io.weir.driver.CloudException;
import io.weir.driver.Listing;
import io.weir.pool.PoolName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one listing of a connection that all of its pools share. Whoever asks while a listing is being made waits for it; a
 * finished one serves those who ask within the gap. What a listing may say is judged by when it began, so sharing is safe.
 */
final class ConnectionWatch {
    private final CloudDriver driver;
    private final Supplier<Set<PoolName>> pools;
    private final InstantSource clock;
    private final Duration gap;
    private final Meter meter;
    private @Nullable Shared last;
    private boolean tried;

    ConnectionWatch(CloudDriver driver, Supplier<Set<PoolName>> pools, InstantSource clock, Duration gap, Meter meter) {
        this.driver = driver;
        this.pools = pools;
        this.clock = clock;
        this.gap = gap;
        this.meter = meter;
    }

    /** Whether a first listing was made, or refused. */
    synchronized boolean wasTried() {
        return tried;
    }

    /** @throws CloudException the listing failed: nothing was observed */
    Listing observe(PoolName pool) throws CloudException {
        Shared shared;
        boolean mine = false;
        synchronized (this) {
            Shared held = last;
            if (held == null
                    || !held.pools.contains(pool)
                    || held.isOlderThan(clock.instant().minus(gap))) {
                held = new Shared(clock.instant(), Set.copyOf(pools.get()), new CompletableFuture<>());
                last = held;
                mine = true;
            }
            shared = held;
        }
        if (mine) {
            list(shared);
        }
        try {
            return shared.result.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof CloudException cloud) {
                throw cloud;
            }
            throw new IllegalStateException("the listing failed", failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CloudException(io.weir.pool.FailureKind.UNAVAILABLE, "interrupted while listing");
        }
    }

    private void list(Shared shared) {
        long began = meter.nanos();
        boolean succeeded = false;
        try {
            shared.result.complete(driver.list(shared.pools));
            succeeded = true;
        } catch (CloudException | RuntimeException failed) {
            shared.result.completeExceptionally(failed);
        } finally {
            meter.listing(Duration.ofNanos(meter.nanos() - began), succeeded);
            synchronized (this) {
                tried = true;
                if (!succeeded && last == shared) {
                    last = null;
                }
            }
        }
    }

    /** The next one who asks gets a new listing. */
    synchronized void forget() {
        Optional.ofNullable(last).filter(shared -> shared.result.isDone()).ifPresent(shared -> last = null);
    }

    private record Shared(Instant begun, Set<PoolName> pools, CompletableFuture<Listing> result) {
        boolean isOlderThan(Instant oldest) {
            return result.isDone() && !begun.isAfter(oldest);
        }
    }
}
