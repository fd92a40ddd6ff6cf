package io.weir.store;

import io.weir.pool.PoolEvent;
import io.weir.pool.PoolName;
import io.weir.pool.PoolState;
import io.weir.pool.StoreId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Durable memory of an adapter. A save is one transaction and is on disk when it returns; a crash leaves the state before or the
 * state after, never a mixture. One process owns a store at a time. Safe for use by several threads.
 */
public interface Store extends AutoCloseable {

    /** Made once, when the store was created. */
    StoreId id();

    /**
     * Every pool that was saved and not removed, as it was last saved; but that a machine was seen once more may be forgotten, and
     * what a pool lists (charges, machines that are gone) comes in the order of its times.
     */
    List<PoolState> load();

    /**
     * Writes what changed between two values of one pool, and the events that tell of it.
     *
     * @param before what {@link #load} or the last save left; empty for a pool that is new to the store
     * @throws StoreException nothing was written, or it cannot be known: the caller must stop acting on the pool; also if
     *     {@code before} is not what the store holds
     */
    void save(Optional<PoolState> before, PoolState after, List<PoolEvent> events);

    /** Forgets a pool, but for the number of its batches; its events stay. */
    void remove(PoolName pool, List<PoolEvent> events);

    /** How many batches the pools of this name had made when the last of them was removed; empty: none ever was. */
    OptionalLong sequenceOfRemoved(PoolName pool);

    /** Events of one pool in the order they were saved, after a cursor. */
    List<StoredEvent> events(
            PoolName pool, long after, int limit, Optional<String> kindPrefix, Optional<String> machine);

    /** The last events of one pool, the oldest of them first. */
    List<StoredEvent> latest(PoolName pool, int limit);

    /** Drops events older than this; those of the same second may stay. */
    void prune(Instant before);

    @Override
    void close();

    record StoredEvent(long cursor, PoolEvent event) {}

    /** The store could not be read or written. */
    final class StoreException extends RuntimeException {
        private static final long serialVersionUID = 1;

        public StoreException(String text, Throwable cause) {
            super(text, cause);
        }
    }
}
