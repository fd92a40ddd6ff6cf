package io.weir.reconcile;

import io.weir.driver.CloudException;
import io.weir.driver.Leftovers;
import io.weir.driver.Listing;
import io.weir.pool.Leftover;
import io.weir.pool.PoolName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one listing of a connection that all of its pools share. Whoever asks while a listing is being made waits for it; a
 * finished one serves those who ask within the gap. Pools ask on a common beat, so one listing a beat is enough for any number. What a listing may say is judged by when it began, so sharing is safe.
 */
final class ConnectionWatch {
    private static final Duration LEFTOVERS_SERVE = Duration.ofMinutes(1);

    private final Connection connection;
    private final Supplier<Set<PoolName>> pools;
    private final InstantSource clock;
    private final Duration gap;
    private final Meter meter;
    private final Instant origin;
    private @Nullable Shared last;
    private final Object leftoversLock = new Object();
    private List<Leftover> leftovers = List.of();
    private Set<PoolName> leftoversOf = Set.of();
    private Instant leftoversUntil = Instant.EPOCH;
    private boolean tried;
    private Optional<Instant> listedAt = Optional.empty();
    private Optional<String> problem = Optional.empty();

    /** @param pools those of the connection, at any time */
    ConnectionWatch(
            Connection connection, Supplier<Set<PoolName>> pools, InstantSource clock, Duration gap, Meter meter) {
        this.connection = connection;
        this.pools = pools;
        this.clock = clock;
        this.gap = gap;
        this.meter = meter;
        this.origin = clock.instant();
    }

    /** How long it is until the connection's next beat of this period: all of its pools meet there. */
    Duration untilBeat(Duration period) {
        Duration since = Duration.between(origin, clock.instant());
        return period.multipliedBy(since.dividedBy(period) + 1).minus(since);
    }

    Connection connection() {
        return connection;
    }

    /** Whether a first listing was made, or refused. */
    synchronized boolean wasTried() {
        return tried;
    }

    ConnectionView view() {
        Optional<Instant> catalogs =
                connection.catalogs().since(); // outside of the lock: it is a driver's, and may be slow
        List<PoolName> its = pools.get().stream().sorted().toList();
        synchronized (this) {
            return new ConnectionView(
                    connection.name(),
                    tried ? Optional.of(problem.isEmpty()) : Optional.empty(),
                    listedAt,
                    problem,
                    its,
                    catalogs,
                    clock.instant());
        }
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
        Optional<Instant> listed = Optional.empty();
        Optional<String> failure = Optional.empty();
        try {
            Listing listing = connection.driver().list(shared.pools);
            listed = Optional.of(listing.begun());
            shared.result.complete(listing);
        } catch (CloudException failed) {
            failure = Optional.of(failed.kind() + ", " + failed.getMessage());
            shared.result.completeExceptionally(failed);
        } catch (RuntimeException bug) {
            failure = Optional.of("the driver failed: " + bug);
            shared.result.completeExceptionally(bug);
        } finally {
            meter.listing(connection.name(), Duration.ofNanos(meter.nanos() - began), listed.isPresent());
            synchronized (this) {
                tried = true;
                problem = failure;
                listedAt = listed.or(() -> listedAt);
                if (listed.isEmpty() && last == shared) {
                    last = null;
                }
            }
        }
    }

    /** What the cloud keeps of machines that are gone; one look serves all pools of the connection for a while. */
    Leftovers leftovers() {
        return new Leftovers() {
            @Override
            public List<Leftover> list(Set<PoolName> asked) throws CloudException {
                return look(asked).stream()
                        .filter(leftover -> asked.contains(leftover.pool()))
                        .toList();
            }

            @Override
            public void takeAway(Leftover leftover) throws CloudException {
                connection.leftovers().takeAway(leftover);
            }
        };
    }

    private List<Leftover> look(Set<PoolName> asked) throws CloudException {
        synchronized (leftoversLock) {
            Instant now = clock.instant();
            if (!now.isBefore(leftoversUntil) || !leftoversOf.containsAll(asked)) {
                Set<PoolName> all = Set.copyOf(pools.get());
                leftovers = connection.leftovers().list(all);
                leftoversOf = all;
                leftoversUntil = now.plus(LEFTOVERS_SERVE);
            }
            return leftovers;
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
