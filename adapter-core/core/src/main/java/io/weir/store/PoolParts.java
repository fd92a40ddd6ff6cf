package io.weir.store;

import io.weir.pool.Batch;
import io.weir.pool.BatchId;
import io.weir.pool.Breaker;
import io.weir.pool.Charge;
import io.weir.pool.Choice;
import io.weir.pool.Declared;
import io.weir.pool.Desired;
import io.weir.pool.Exhaustion;
import io.weir.pool.Foreign;
import io.weir.pool.Gate;
import io.weir.pool.Gone;
import io.weir.pool.Hold;
import io.weir.pool.Launch;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.Member;
import io.weir.pool.PoolName;
import io.weir.pool.PoolState;
import io.weir.pool.StoreId;
import io.weir.pool.Watch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A pool's state as rows, and the rows as a state; and which rows differ between two states. */
final class PoolParts {
    private static final String SINGLE = "pool";

    private PoolParts() {}

    /** All of a state that is single. */
    record Single(
            StoreId store,
            Declared declared,
            boolean started,
            Optional<Desired> desired,
            Optional<Hold> hold,
            long sequence,
            Breaker breaker,
            Watch watch) {}

    record Key(String part, String key) {}

    /** Rows to write, and rows to take away (empty). */
    static Map<Key, Optional<Object>> difference(Optional<PoolState> before, PoolState after) {
        Map<Key, Optional<Object>> rows = new LinkedHashMap<>();
        Single single = single(after);
        if (!before.map(PoolParts::single).equals(Optional.of(single))) {
            rows.put(new Key(SINGLE, ""), Optional.of(single));
        }
        compare(rows, "batch", before, after, PoolState::batches);
        compare(rows, "launch", before, after, PoolState::launches);
        compare(rows, "member", before, after, PoolState::members);
        compare(rows, "dead", before, after, PoolState::dead);
        compare(rows, "released", before, after, PoolState::released);
        compare(rows, "stray", before, after, PoolState::strays);
        compare(rows, "lost", before, after, PoolState::lost);
        compare(rows, "foreign", before, after, PoolState::foreign);
        compare(rows, "gone", before, after, state -> keyed(state.gone(), PoolParts::keyOf));
        compare(rows, "charge", before, after, state -> keyed(state.charges(), PoolParts::keyOf));
        compare(rows, "exhausted", before, after, PoolState::exhausted);
        compare(rows, "gate", before, after, PoolState::gates);
        return rows;
    }

    private static Single single(PoolState state) {
        return new Single(
                state.store(),
                state.declared(),
                state.started(),
                state.desired(),
                state.hold(),
                state.sequence(),
                state.breaker(),
                state.watch());
    }

    private static String keyOf(Gone gone) {
        return gone.at() + " " + gone.id().map(MachineId::value).orElse("") + " "
                + gone.name().map(MachineName::value).orElse("");
    }

    private static String keyOf(Charge charge) {
        return charge.called() + " " + charge.kind() + " " + charge.machine();
    }

    private static <V> Map<String, V> keyed(List<V> rows, Function<V, String> key) {
        Map<String, V> byKey = new LinkedHashMap<>();
        rows.forEach(row -> byKey.put(key.apply(row), row));
        return byKey;
    }

    private static <V> void compare(
            Map<Key, Optional<Object>> rows,
            String part,
            Optional<PoolState> before,
            PoolState after,
            Function<PoolState, ? extends Map<?, V>> of) {
        Map<?, V> old = before.map(of).map(map -> (Map<?, V>) map).orElse(Map.of());
        Map<?, V> now = of.apply(after);
        if (old == now) {
            return;
        }
        now.forEach((key, row) -> {
            V was = old.get(key);
            if (was != row && !isSame(was, row)) {
                rows.put(new Key(part, key.toString()), Optional.of(row));
            }
        });
        old.keySet().stream()
                .filter(key -> !now.containsKey(key))
                .forEach(key -> rows.put(new Key(part, key.toString()), Optional.empty()));
    }

    /**
     * That a machine was seen once more is not worth a write: an older sighting only makes a restarted pool slower to believe
     * that the machine is gone.
     */
    private static boolean isSame(@Nullable Object was, Object now) {
        if (was instanceof Member before && now instanceof Member after) {
            return before.seenAt(after.lastSeen()).equals(after);
        }
        if (was instanceof PoolState.Released before && now instanceof PoolState.Released after) {
            return before.marks().equals(after.marks()) && before.at().equals(after.at());
        }
        return now.equals(was);
    }

    /** @param rows the documents of one pool by part and key */
    static PoolState state(PoolName name, Map<Key, String> rows) {
        String document = rows.get(new Key(SINGLE, ""));
        if (document == null) {
            throw new Store.StoreException(
                    "the pool " + name + " has no first row", new IllegalStateException("incomplete"));
        }
        Single single = PoolJson.read(document, Single.class);
        return new PoolState(
                name,
                single.store(),
                single.declared(),
                single.started(),
                single.desired(),
                single.hold(),
                single.sequence(),
                map(rows, "batch", BatchId::new, Batch.class),
                map(rows, "launch", MachineName::new, Launch.class),
                map(rows, "member", MachineId::new, Member.class),
                map(rows, "dead", MachineId::new, Instant.class),
                map(rows, "released", MachineId::new, PoolState.Released.class),
                map(rows, "stray", MachineId::new, PoolState.Stray.class),
                map(rows, "lost", MachineId::new, Member.class),
                map(rows, "foreign", StoreId::new, Foreign.class),
                list(rows, "gone", Gone.class, Comparator.comparing(Gone::at)),
                list(rows, "charge", Charge.class, Comparator.comparing(Charge::called)),
                map(rows, "exhausted", Choice.Key::parse, Exhaustion.class),
                single.breaker(),
                map(rows, "gate", Gate.Kind::valueOf, Gate.class),
                single.watch());
    }

    private static <K extends Comparable<? super K>, V> SortedMap<K, V> map(
            Map<Key, String> rows, String part, Function<String, K> key, Class<V> type) {
        SortedMap<K, V> map = new TreeMap<>();
        rows.forEach((at, document) -> {
            if (at.part().equals(part)) {
                map.put(key.apply(at.key()), PoolJson.read(document, type));
            }
        });
        return Collections.unmodifiableSortedMap(map);
    }

    private static <V> List<V> list(Map<Key, String> rows, String part, Class<V> type, Comparator<V> order) {
        List<V> list = new ArrayList<>(map(rows, part, key -> key, type).values());
        list.sort(order);
        return List.copyOf(list);
    }
}
