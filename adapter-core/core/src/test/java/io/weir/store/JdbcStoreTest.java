package io.weir.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.pool.Author;
import io.weir.pool.Desired;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolEdit;
import io.weir.pool.PoolEvent;
import io.weir.pool.PoolName;
import io.weir.pool.PoolState;
import io.weir.pool.PoolStates;
import io.weir.service.database.DatabaseProblem;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdbcStoreTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00.123456789Z");
    private static final PoolName WEB = new PoolName("web");

    @TempDir
    private Path home;

    private JdbcStore open() {
        return JdbcStore.open(home.resolve("store.db"), new Random(7));
    }

    @Test
    void what_was_saved_is_there_after_a_restart_and_the_store_keeps_its_id() {
        PoolState saved;
        String id;
        try (JdbcStore store = open()) {
            id = store.id().value();
            PoolState fresh = PoolStates.fresh(WEB, store.id(), PoolDocument.of(0, 10, 3), NOW);
            store.save(Optional.empty(), fresh, List.of());
            PoolEdit edit = new PoolEdit(fresh, NOW);
            edit.desired = Optional.of(new Desired(5, 1, "operator/a", NOW, Optional.of("a sale")));
            edit.gates.remove(io.weir.pool.Gate.Kind.SIZE_UNKNOWN);
            saved = edit.state();
            store.save(Optional.of(fresh), saved, List.of());
        }
        try (JdbcStore store = open()) {
            assertThat(store.id().value()).isEqualTo(id);
            assertThat(store.load()).containsExactly(saved);
        }
    }

    @Test
    void events_come_in_their_order_after_a_cursor_and_by_kind_and_machine() {
        try (JdbcStore store = open()) {
            PoolState fresh = PoolStates.fresh(WEB, store.id(), PoolDocument.of(0, 10, 3), NOW);
            store.save(
                    Optional.empty(),
                    fresh,
                    List.of(event("machine.launched", "i-1"), event("size.set", ""), event("machine.gone", "i-1")));

            long first = store.events(WEB, 0, 1, Optional.empty(), Optional.empty())
                    .getFirst()
                    .cursor();
            assertThat(store.events(WEB, first, 10, Optional.empty(), Optional.empty()))
                    .extracting(stored -> stored.event().kind())
                    .containsExactly("size.set", "machine.gone");
            assertThat(store.events(WEB, 0, 10, Optional.of("machine."), Optional.of("i-1")))
                    .hasSize(2);
            assertThat(store.latest(WEB, 2))
                    .extracting(stored -> stored.event().kind())
                    .containsExactly("size.set", "machine.gone");
            store.remove(WEB, List.of());
            assertThat(store.load()).isEmpty();
            assertThat(store.latest(WEB, 5)).hasSize(3);
        }
    }

    @Test
    void a_second_process_is_refused() {
        try (JdbcStore store = open()) {
            assertThat(store.load()).isEmpty();
            assertThatThrownBy(this::open).isInstanceOf(DatabaseProblem.class).hasMessageContaining("in use");
        }
    }

    private static PoolEvent event(String kind, String machine) {
        return new PoolEvent(
                NOW,
                WEB,
                kind,
                "text",
                machine.isEmpty() ? Optional.empty() : Optional.of(machine),
                Author.WEIR.toString());
    }
}
