package io.weir.kit;

import io.weir.pool.PoolEvent;
import io.weir.pool.PoolName;
import io.weir.pool.PoolState;
import io.weir.pool.StoreId;
import io.weir.store.Store;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A store that keeps the values themselves: what the simulation runs on, millions of saves in a second. It outlives the adapter that
 * used it, so it stays readable when it was closed; a crash of an adapter is a new one over {@link #afterCrash()}.
 */
public final class MemoryStore implements Store {
    private final StoreId id;
    private final SortedMap<PoolName, PoolState> states = new TreeMap<>();
    private final Map<PoolName, Long> removed = new HashMap<>();
    private final Map<PoolName, List<StoredEvent>> events = new HashMap<>();
    private long cursor;

    public MemoryStore(StoreId id) {
        this.id = id;
    }

    /** A store with the same content; whoever still holds this one changes that one no more. */
    public synchronized MemoryStore afterCrash() {
        var copy = new MemoryStore(id);
        copy.states.putAll(states);
        copy.removed.putAll(removed);
        events.forEach((pool, list) -> copy.events.put(pool, new ArrayList<>(list)));
        copy.cursor = cursor;
        return copy;
    }

    @Override
    public StoreId id() {
        return id;
    }

    @Override
    public synchronized List<PoolState> load() {
        return List.copyOf(states.values());
    }

    @Override
    public synchronized void save(Optional<PoolState> before, PoolState after, List<PoolEvent> told) {
        if (!Optional.ofNullable(states.get(after.name())).equals(before)) {
            throw new StoreException(
                    "pool " + after.name() + " was not saved: it does not go on from what the store holds",
                    new IllegalStateException());
        }
        states.put(after.name(), after);
        append(told);
    }

    @Override
    public synchronized void remove(PoolName pool, List<PoolEvent> told) {
        Optional.ofNullable(states.remove(pool)).ifPresent(last -> removed.put(pool, last.sequence()));
        append(told);
    }

    @Override
    public synchronized OptionalLong sequenceOfRemoved(PoolName pool) {
        @Nullable Long sequence = removed.get(pool);
        return sequence == null ? OptionalLong.empty() : OptionalLong.of(sequence);
    }

    @Override
    public synchronized List<StoredEvent> events(
            PoolName pool, long after, int limit, Optional<String> kindPrefix, Optional<String> machine) {
        return events.getOrDefault(pool, List.of()).stream()
                .filter(stored -> stored.cursor() > after)
                .filter(stored ->
                        kindPrefix.filter(stored.event().kind()::startsWith).isPresent() || kindPrefix.isEmpty())
                .filter(stored -> machine.isEmpty() || stored.event().machine().equals(machine))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized List<StoredEvent> latest(PoolName pool, int limit) {
        List<StoredEvent> all = events.getOrDefault(pool, List.of());
        return List.copyOf(all.subList(Math.max(0, all.size() - limit), all.size()));
    }

    @Override
    public synchronized void prune(Instant before) {
        events.values()
                .forEach(list -> list.removeIf(stored -> stored.event().at().isBefore(before)));
    }

    @Override
    public void close() {
        // what was saved stays
    }

    private void append(List<PoolEvent> told) {
        for (PoolEvent event : told) {
            events.computeIfAbsent(event.pool(), pool -> new ArrayList<>()).add(new StoredEvent(++cursor, event));
        }
    }
}
