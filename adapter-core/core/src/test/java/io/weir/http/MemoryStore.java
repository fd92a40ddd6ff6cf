package io.weir.http;

import io.weir.pool.PoolEvent;
import io.weir.pool.PoolName;
import io.weir.pool.PoolState;
import io.weir.pool.StoreId;
import io.weir.store.Store;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A store that forgets everything when its process ends. */
final class MemoryStore implements Store {
    private final Map<PoolName, PoolState> pools = new TreeMap<>();
    private final List<StoredEvent> events = new ArrayList<>();

    @Override
    public StoreId id() {
        return new StoreId("memory00");
    }

    @Override
    public synchronized List<PoolState> load() {
        return List.copyOf(pools.values());
    }

    @Override
    public synchronized void save(Optional<PoolState> before, PoolState after, List<PoolEvent> told) {
        pools.put(after.name(), after);
        add(told);
    }

    @Override
    public synchronized void remove(PoolName pool, List<PoolEvent> told) {
        pools.remove(pool);
        add(told);
    }

    private void add(List<PoolEvent> told) {
        told.forEach(event -> events.add(new StoredEvent(events.size() + 1, event)));
    }

    @Override
    public synchronized List<StoredEvent> events(
            PoolName pool, long after, int limit, Optional<String> kindPrefix, Optional<String> machine) {
        return events.stream()
                .filter(stored -> stored.cursor() > after
                        && stored.event().pool().equals(pool)
                        && stored.event().kind().startsWith(kindPrefix.orElse(""))
                        && (machine.isEmpty() || stored.event().machine().equals(machine)))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized List<StoredEvent> latest(PoolName pool, int limit) {
        List<StoredEvent> all = events(pool, 0, Integer.MAX_VALUE, Optional.empty(), Optional.empty());
        return all.subList(Math.max(0, all.size() - limit), all.size());
    }

    @Override
    public synchronized void prune(Instant before) {
        events.removeIf(stored -> stored.event().at().isBefore(before));
    }

    @Override
    public void close() {}
}
