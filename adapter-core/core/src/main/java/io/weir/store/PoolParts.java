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
import io.weir.pool.PoolEdit;
import io.weir.pool.PoolName;
import io.weir.pool.PoolState;
import io.weir.pool.StoreId;
import io.weir.pool.Watch;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A pool's state as rows, and the rows as a state; and which rows differ between two states. */
public final class PoolParts {
    private static final String SINGLE = "pool";
    private static final String GONE = "gone";
    private static final String CHARGE = "charge";

    /** The parts that are rows by a key. */
    private static final List<Part<?, ?>> PARTS = List.of(
            new Part<>("batch", BatchId::new, Batch.class, PoolState::batches, edit -> edit.batches),
            new Part<>("launch", MachineName::new, Launch.class, PoolState::launches, edit -> edit.launches),
            new Part<>("member", MachineId::new, Member.class, PoolState::members, edit -> edit.members),
            new Part<>("dead", MachineId::new, Instant.class, PoolState::dead, edit -> edit.dead),
            new Part<>(
                    "released", MachineId::new, PoolState.Released.class, PoolState::released, edit -> edit.released),
            new Part<>("stray", MachineId::new, PoolState.Stray.class, PoolState::strays, edit -> edit.strays),
            new Part<>("lost", MachineId::new, Member.class, PoolState::lost, edit -> edit.lost),
            new Part<>("foreign", StoreId::new, Foreign.class, PoolState::foreign, edit -> edit.foreign),
            new Part<>("exhausted", Choice.Key::parse, Exhaustion.class, PoolState::exhausted, edit -> edit.exhausted),
            new Part<>("gate", Gate.Kind::valueOf, Gate.class, PoolState::gates, edit -> edit.gates));

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

    public record Key(String part, String key) {}

    /** A row as it was written. */
    public interface Document {
        <T> T as(Class<T> type);
    }

    private record Part<K extends Comparable<K>, V>(
            String name,
            Function<String, K> key,
            Class<V> type,
            Function<PoolState, SortedMap<K, V>> of,
            Function<PoolEdit, PoolEdit.Rows<K, V>> in) {

        void put(PoolEdit edit, String at, Optional<Document> row) {
            row.ifPresentOrElse(document -> in.apply(edit).put(key.apply(at), document.as(type)), () -> in.apply(edit)
                    .remove(key.apply(at)));
        }
    }

    /**
     * Rows to write, and rows to take away (empty). That a machine was seen once more is not worth a write: an older sighting
     * only makes a restarted pool slower to believe that the machine is gone.
     */
    public static Map<Key, Optional<Object>> difference(Optional<PoolState> before, PoolState after) {
        return difference(before, after, PoolParts::isSame);
    }

    /** The same, and what was only seen once more. */
    public static Map<Key, Optional<Object>> exactDifference(Optional<PoolState> before, PoolState after) {
        return difference(before, after, (was, now) -> now.equals(was));
    }

    private static Map<Key, Optional<Object>> difference(
            Optional<PoolState> before, PoolState after, BiPredicate<@Nullable Object, Object> isSame) {
        Map<Key, Optional<Object>> rows = new LinkedHashMap<>();
        Single single = single(after);
        if (!before.map(PoolParts::single).equals(Optional.of(single))) {
            rows.put(new Key(SINGLE, ""), Optional.of(single));
        }
        for (Part<?, ?> part : PARTS) {
            compare(
                    rows,
                    part.name(),
                    before.map(state -> part.of().apply(state)),
                    part.of().apply(after),
                    isSame);
        }
        if (!before.map(PoolState::gone).equals(Optional.of(after.gone()))) {
            compare(
                    rows,
                    GONE,
                    before.map(state -> keyed(state.gone(), PoolParts::keyOf)),
                    keyed(after.gone(), PoolParts::keyOf),
                    isSame);
        }
        if (!before.map(PoolState::charges).equals(Optional.of(after.charges()))) {
            compare(
                    rows,
                    CHARGE,
                    before.map(state -> keyed(state.charges(), PoolParts::keyOf)),
                    keyed(after.charges(), PoolParts::keyOf),
                    isSame);
        }
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

    private static void compare(
            Map<Key, Optional<Object>> rows,
            String part,
            Optional<? extends Map<?, ?>> before,
            Map<?, ?> now,
            BiPredicate<@Nullable Object, Object> isSame) {
        Map<?, ?> old = before.map(map -> (Map<?, ?>) map).orElse(Map.of());
        if (old == now) {
            return;
        }
        now.forEach((key, row) -> {
            Object was = old.get(key);
            if (was != row && !isSame.test(was, row)) {
                rows.put(new Key(part, key.toString()), Optional.of(row));
            }
        });
        old.keySet().stream()
                .filter(key -> !now.containsKey(key))
                .forEach(key -> rows.put(new Key(part, key.toString()), Optional.empty()));
    }

    private static boolean isSame(@Nullable Object was, Object now) {
        if (was instanceof Member before && now instanceof Member after) {
            return before.seenAt(after.lastSeen()).equals(after);
        }
        if (was instanceof PoolState.Released before && now instanceof PoolState.Released after) {
            return before.marks().equals(after.marks()) && before.at().equals(after.at());
        }
        return now.equals(was);
    }

    /** The state that these rows are, none of them left out. */
    public static PoolState state(PoolName name, Map<Key, Document> rows) {
        Document single = rows.get(new Key(SINGLE, ""));
        if (single == null) {
            throw new Store.StoreException(
                    "the pool " + name + " has no first row", new IllegalStateException("incomplete"));
        }
        Map<Key, Optional<Document>> all = new LinkedHashMap<>();
        rows.forEach((key, row) -> all.put(key, Optional.of(row)));
        return changed(empty(name, single.as(Single.class)), all);
    }

    private static PoolState empty(PoolName name, Single single) {
        return new PoolState(
                name,
                single.store(),
                single.declared(),
                single.started(),
                single.desired(),
                single.hold(),
                single.sequence(),
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
                single.breaker(),
                Collections.emptySortedMap(),
                single.watch());
    }

    /** A state with a difference put into it. What it lists comes in the order of its times. */
    public static PoolState changed(PoolState state, Map<Key, Optional<Document>> rows) {
        if (rows.isEmpty()) {
            return state;
        }
        PoolEdit edit = new PoolEdit(state, Instant.EPOCH);
        Map<String, Part<?, ?>> parts = new HashMap<>();
        PARTS.forEach(part -> parts.put(part.name(), part));
        Map<String, Gone> gone = keyed(state.gone(), PoolParts::keyOf);
        Map<String, Charge> charges = keyed(state.charges(), PoolParts::keyOf);
        rows.forEach((key, row) -> {
            switch (key.part()) {
                case SINGLE -> single(edit, row.orElseThrow().as(Single.class));
                case GONE -> put(gone, key.key(), row, Gone.class);
                case CHARGE -> put(charges, key.key(), row, Charge.class);
                default -> {
                    Part<?, ?> part = parts.get(key.part());
                    if (part == null) {
                        throw new IllegalArgumentException("a pool has no part " + key.part());
                    }
                    part.put(edit, key.key(), row);
                }
            }
        });
        edit.gone =
                gone.values().stream().sorted(Comparator.comparing(Gone::at)).toList();
        edit.charges = charges.values().stream()
                .sorted(Comparator.comparing(Charge::called))
                .toList();
        return edit.state();
    }

    private static void single(PoolEdit edit, Single single) {
        edit.declared = single.declared();
        edit.started = single.started();
        edit.desired = single.desired();
        edit.hold = single.hold();
        edit.sequence = single.sequence();
        edit.breaker = single.breaker();
        edit.watch = single.watch();
    }

    private static <V> void put(Map<String, V> rows, String key, Optional<Document> row, Class<V> type) {
        row.ifPresentOrElse(document -> rows.put(key, document.as(type)), () -> rows.remove(key));
    }
}
