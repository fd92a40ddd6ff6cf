package io.weir.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.pool.PoolEvent;
import io.weir.pool.PoolName;
import io.weir.pool.PoolState;
import io.weir.store.Store;
import io.weir.store.Store.StoreException;
import io.weir.store.Store.StoredEvent;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store promises. Extend it, say how a store is opened, and every test of it must pass. */
public abstract class StoreContract {
    private static final PoolName POOL = new PoolName("web");
    private static final PoolName OTHER = new PoolName("web-2");
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final int LONGEST = 1000;

    private final RandomStates states = new RandomStates(new Random(7));
    private Store store = new MemoryStore(new io.weir.pool.StoreId("aaaaaaaa"));

    /** Opens the one store of this test: at first an empty one. */
    protected abstract Store open();

    /** Opens it again after it was left as a crash leaves it. */
    protected abstract Store reopen(Store left);

    @BeforeEach
    final void openStore() {
        store = open();
    }

    @AfterEach
    final void closeStore() {
        store.close();
    }

    @Test
    void a_new_store_knows_no_pool() {
        assertThat(store.load()).isEmpty();
        assertThat(store.latest(POOL, LONGEST)).isEmpty();
    }

    @Test
    void its_id_is_made_once() {
        var id = store.id();

        store = reopen(store);

        assertThat(store.id()).isEqualTo(id);
    }

    @Test
    void what_was_saved_is_what_is_loaded_whatever_it_is() {
        for (int i = 0; i < 200; i++) {
            PoolName pool = new PoolName(i % 2 == 0 ? "web" : "pool-" + i);
            PoolState state = states.state(pool, 4);

            store.save(Optional.empty(), state, List.of());

            assertHolds(state);
            store.remove(pool, List.of());
        }
    }

    @Test
    void each_of_many_steps_is_what_a_crash_leaves() {
        PoolState state = states.state(POOL, 6);
        PoolState other = states.state(OTHER, 6);
        store.save(Optional.empty(), state, List.of());
        store.save(Optional.empty(), other, List.of());
        for (int i = 0; i < 100; i++) {
            PoolState after = states.next(state, 6);

            store.save(Optional.of(state), after, List.of());
            store = i % 20 == 0 ? reopen(store) : store;

            assertHolds(after);
            state = i % 3 == 0 ? only(POOL) : after;
        }
        assertHolds(other);
    }

    @Test
    void a_save_that_changes_nothing_is_fine() {
        PoolState state = states.state(POOL, 4);
        store.save(Optional.empty(), state, List.of());

        store.save(Optional.of(state), state, List.of());

        assertHolds(state);
    }

    @Test
    void a_save_that_does_not_go_on_from_the_last_one_is_refused_and_changes_nothing() {
        PoolState first = states.state(POOL, 4);
        PoolState second = states.next(first, 4);
        PoolState stale = states.next(first, 4);
        store.save(Optional.empty(), first, List.of());
        store.save(Optional.of(first), second, List.of());

        assertThatThrownBy(() -> store.save(Optional.of(first), stale, List.of(event(POOL, NOON))))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("web");
        assertThatThrownBy(() -> store.save(Optional.empty(), stale, List.of())).isInstanceOf(StoreException.class);

        assertHolds(second);
        assertThat(store.latest(POOL, LONGEST)).isEmpty();
        store.save(Optional.of(second), stale, List.of());
        assertHolds(stale);
    }

    @Test
    void a_removed_pool_is_forgotten_and_its_events_stay() {
        PoolState state = states.state(POOL, 4);
        PoolState other = states.state(OTHER, 4);
        store.save(Optional.empty(), state, List.of(event(POOL, NOON)));
        store.save(Optional.empty(), other, List.of());

        store.remove(POOL, List.of(event(POOL, NOON)));
        store = reopen(store);

        assertThat(store.load()).hasSize(1);
        assertHolds(other);
        assertThat(store.latest(POOL, LONGEST)).hasSize(2);
        PoolState again = states.state(POOL, 4);
        store.save(Optional.empty(), again, List.of());
        assertHolds(again);
    }

    @Test
    void how_many_batches_a_removed_pool_had_made_is_remembered() {
        PoolState first = states.state(POOL, 4);
        assertThat(store.sequenceOfRemoved(POOL)).isEmpty();
        store.save(Optional.empty(), first, List.of());
        assertThat(store.sequenceOfRemoved(POOL)).isEmpty();

        store.remove(POOL, List.of());
        store = reopen(store);
        assertThat(store.sequenceOfRemoved(POOL)).hasValue(first.sequence());
        assertThat(store.sequenceOfRemoved(OTHER)).isEmpty();

        PoolState second = states.next(first, 4);
        store.save(Optional.empty(), second, List.of());
        store.remove(POOL, List.of());
        assertThat(store.sequenceOfRemoved(POOL)).hasValue(second.sequence());
    }

    @Test
    void events_come_back_in_the_order_they_were_saved_whatever_their_times() {
        List<PoolEvent> told = new ArrayList<>();
        PoolState state = states.state(POOL, 2);
        store.save(Optional.empty(), state, List.of());
        for (int i = 0; i < 20; i++) {
            List<PoolEvent> some = List.of(event(POOL, NOON.minusSeconds(i)), event(POOL, NOON.plusNanos(i)));
            store.save(Optional.of(state), state, some);
            store.remove(OTHER, List.of(event(OTHER, NOON)));
            told.addAll(some);
        }
        store = reopen(store);

        List<StoredEvent> all = all(POOL);
        assertThat(all).extracting(StoredEvent::event).isEqualTo(told);
        assertThat(all).extracting(StoredEvent::cursor).isSorted().doesNotHaveDuplicates();
        assertThat(store.latest(POOL, 3)).isEqualTo(all.subList(37, 40));
    }

    @Test
    void events_are_read_page_by_page_with_a_cursor() {
        store.remove(POOL, events(10));
        List<StoredEvent> paged = new ArrayList<>();
        long cursor = 0;
        for (int page = 0; page < 4; page++) {
            List<StoredEvent> found = store.events(POOL, cursor, 3, Optional.empty(), Optional.empty());
            paged.addAll(found);
            cursor = found.getLast().cursor();
        }

        assertThat(paged).isEqualTo(all(POOL)).hasSize(10);
        assertThat(store.events(POOL, cursor, 3, Optional.empty(), Optional.empty()))
                .isEmpty();
    }

    @Test
    void events_are_found_by_the_beginning_of_their_kind_and_by_their_machine() {
        store.remove(
                POOL,
                List.of(
                        kind("machine.launched", Optional.of("i-1")),
                        kind("machine.ended", Optional.of("i-2")),
                        kind("machineX", Optional.empty()),
                        kind("size.set", Optional.of("i-1"))));

        assertThat(found(Optional.of("machine."), Optional.empty()))
                .containsExactly("machine.launched", "machine.ended");
        assertThat(found(Optional.of("machine."), Optional.of("i-1"))).containsExactly("machine.launched");
        assertThat(found(Optional.empty(), Optional.of("i-1"))).containsExactly("machine.launched", "size.set");
        assertThat(found(Optional.of("%"), Optional.empty())).isEmpty();
        assertThat(found(Optional.of("Machine"), Optional.empty())).isEmpty();
    }

    @Test
    void pruning_drops_what_is_older_and_no_cursor_is_given_twice() {
        store.remove(
                POOL, List.of(event(POOL, NOON), event(POOL, NOON.plusNanos(1)), event(POOL, NOON.minusSeconds(1))));
        long last = all(POOL).getLast().cursor();

        store.prune(NOON);
        assertThat(all(POOL)).extracting(stored -> stored.event().at()).containsExactly(NOON, NOON.plusNanos(1));

        store.prune(NOON.plusSeconds(2));
        store = reopen(store);
        assertThat(all(POOL)).isEmpty();
        store.remove(POOL, List.of(event(POOL, NOON)));
        assertThat(all(POOL).getFirst().cursor()).isGreaterThan(last);
    }

    /** Tells the parts that differ, not two long states. */
    private void assertHolds(PoolState expected) {
        assertThat(parts(only(expected.name()))).containsExactlyEntriesOf(parts(expected));
    }

    private static Map<String, Object> parts(PoolState state) {
        Map<String, Object> parts = new LinkedHashMap<>();
        for (RecordComponent component : PoolState.class.getRecordComponents()) {
            try {
                parts.put(component.getName(), component.getAccessor().invoke(state));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
        return parts;
    }

    private PoolState only(PoolName pool) {
        return store.load().stream()
                .filter(state -> state.name().equals(pool))
                .findFirst()
                .orElseThrow();
    }

    private List<StoredEvent> all(PoolName pool) {
        return store.events(pool, 0, LONGEST, Optional.empty(), Optional.empty());
    }

    private List<String> found(Optional<String> kindPrefix, Optional<String> machine) {
        return store.events(POOL, 0, LONGEST, kindPrefix, machine).stream()
                .map(stored -> stored.event().kind())
                .toList();
    }

    private List<PoolEvent> events(int count) {
        List<PoolEvent> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(event(POOL, NOON.plusSeconds(i)));
        }
        return events;
    }

    private PoolEvent event(PoolName pool, Instant at) {
        return states.event(pool, at);
    }

    private static PoolEvent kind(String kind, Optional<String> machine) {
        return new PoolEvent(NOON, POOL, kind, "", machine, "weir/itself");
    }
}
