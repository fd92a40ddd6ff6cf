package io.weir.pool;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** How a pool's memory begins, and how it goes on after a restart. */
public final class PoolStates {
    private PoolStates() {}

    /** A pool that a store hears of for the first time: started, and without effect until its size is known. */
    public static PoolState fresh(PoolName name, StoreId store, PoolDocument document, Instant now) {
        return fresh(name, store, document, Optional.empty(), 0, now);
    }

    /**
     * @param file the fingerprint of the document in the configuration file, if it comes from there
     * @param sequence the number of batches that earlier pools of this name made
     */
    public static PoolState fresh(
            PoolName name, StoreId store, PoolDocument document, Optional<String> file, long sequence, Instant now) {
        Gate unknown = new Gate(
                Gate.Kind.SIZE_UNKNOWN,
                now,
                "this store never saw the pool: it waits for complete listings",
                Author.WEIR);
        return new PoolState(
                name,
                store,
                new Declared(document, 1, file, file.isEmpty(), now, Optional.empty()),
                true,
                Optional.empty(),
                Optional.empty(),
                sequence,
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

    /** A process died: every call that was being made may have been made, and may still land from now on. */
    public static void restart(PoolEdit pool) {
        for (Launch launch : pool.launches.all()) {
            if (launch.phase() == Launch.Phase.CALLING) {
                pool.launches.put(launch.name(), launch.unanswered(pool.now(), launch.repeats()));
            }
        }
        for (Member member : pool.members.all()) {
            if (member.ending()
                    .filter(end -> end.phase() == Ending.Phase.CALLING)
                    .isPresent()) {
                pool.members.put(member.id(), member.with(member.ending().map(end -> end.unanswered(pool.now()))));
            }
        }
    }
}
