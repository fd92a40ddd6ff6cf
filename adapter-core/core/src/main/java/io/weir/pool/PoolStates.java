package io.weir.pool;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The first state of a pool. */
public final class PoolStates {
    private PoolStates() {}

    /** A pool that a store hears of for the first time: started, and without effect until its size is known. */
    public static PoolState fresh(PoolName name, StoreId store, PoolDocument document, Instant now) {
        Gate unknown = new Gate(
                Gate.Kind.SIZE_UNKNOWN,
                now,
                "this store never saw the pool: it waits for complete listings",
                Author.WEIR);
        return new PoolState(
                name,
                store,
                new Declared(document, 1, Optional.empty(), false, now, Optional.empty()),
                true,
                Optional.empty(),
                Optional.empty(),
                0,
                Collections.emptySortedMap(),
                Collections.emptySortedMap(),
                Collections.emptySortedMap(),
                Collections.emptySortedMap(),
                Collections.emptySortedMap(),
                Collections.emptySortedMap(),
                Collections.emptySortedMap(),
                Collections.emptySortedMap(),
                List.of(),
                List.of(),
                Collections.emptySortedMap(),
                Breaker.CLOSED,
                Collections.unmodifiableSortedMap(new java.util.TreeMap<>(java.util.Map.of(unknown.kind(), unknown))),
                new Watch(
                        now,
                        Optional.empty(),
                        Optional.empty(),
                        Collections.emptySortedMap(),
                        Collections.emptySortedSet(),
                        Optional.empty(),
                        0,
                        0,
                        Optional.empty(),
                        Optional.empty()));
    }
}
