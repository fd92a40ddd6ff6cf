package io.weir.autoscaler.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.autoscaler.decide.Decider;
import io.weir.autoscaler.decide.Decision;
import io.weir.autoscaler.decide.Limits;
import io.weir.autoscaler.decide.Memory;
import io.weir.autoscaler.decide.Rules;
import io.weir.autoscaler.metric.MetricSample;
import io.weir.autoscaler.metric.MetricSample.Absent;
import io.weir.autoscaler.metric.MetricSample.Ambiguous;
import io.weir.autoscaler.metric.MetricSample.Fresh;
import io.weir.autoscaler.metric.MetricSample.FutureStamped;
import io.weir.autoscaler.metric.MetricSample.Infinite;
import io.weir.autoscaler.metric.MetricSample.NotANumber;
import io.weir.autoscaler.metric.MetricSample.OutOfRange;
import io.weir.autoscaler.metric.MetricSample.Partial;
import io.weir.autoscaler.metric.MetricSample.Stale;
import io.weir.autoscaler.metric.MetricSample.Unreachable;
import io.weir.autoscaler.policy.Beat;
import io.weir.autoscaler.policy.Bounds;
import io.weir.autoscaler.policy.Doubt;
import io.weir.autoscaler.policy.PerMachineTracking;
import io.weir.autoscaler.policy.PoolSeen;
import io.weir.autoscaler.policy.Recurrence;
import io.weir.autoscaler.policy.ScheduleBounds;
import io.weir.autoscaler.policy.TotalTracking;
import io.weir.service.database.Database;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JdbcTargetStoreTest {
    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00.123456789Z");
    private static final Rules RULES = new Rules(
            new Bounds(1, 50),
            List.of(
                    new TotalTracking("load", "rps", new BigDecimal("0.1"), Doubt.UP_ONLY),
                    new PerMachineTracking("cpu", "cpu", new BigDecimal("0.6"), Doubt.HOLD),
                    new ScheduleBounds(
                            "day",
                            new Recurrence("0 8 * * MON-FRI"),
                            new Recurrence("0 18 * * *"),
                            ZoneId.of("Europe/Berlin"),
                            new Bounds(4, 40))),
            Limits.DEFAULT);

    @TempDir
    private Path folder;

    private Database database;
    private JdbcTargetStore store;

    @BeforeEach
    void open() {
        database = Database.open(folder.resolve("autoscaler.db"), JdbcTargetStore.MIGRATIONS);
        store = new JdbcTargetStore(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void reopen() {
        close();
        open();
    }

    @Test
    void a_target_never_seen_remembers_nothing() {
        assertThat(store.memory("web")).isEqualTo(Memory.NONE);
        assertThat(store.pause("web")).isNull();
        assertThat(store.decisions("web", null, 10)).isEmpty();
    }

    @Test
    void what_was_remembered_is_there_after_a_restart_to_the_nanosecond() {
        Memory memory =
                Memory.NONE.seen(3, NOON).seen(9, NOON.plusSeconds(1)).wanted(4, 9, NOON, Duration.ofMinutes(5));
        store.remember("web", memory);
        reopen();
        assertThat(store.memory("web")).isEqualTo(memory);
        assertThat(store.memory("other")).isEqualTo(Memory.NONE);
    }

    @Test
    void a_pause_survives_a_restart_and_does_not_touch_the_memory() {
        Memory memory = Memory.NONE.seen(3, NOON);
        store.remember("web", memory);
        var pause = new Pause("operator anna", "load test", NOON);
        store.setPause("web", pause);
        reopen();
        assertThat(store.pause("web")).isEqualTo(pause);
        store.remember("web", memory.seen(4, NOON));
        assertThat(store.pause("web")).isEqualTo(pause);
        store.setPause("web", null);
        assertThat(store.pause("web")).isNull();
        assertThat(store.memory("web")).isEqualTo(memory.seen(4, NOON));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void a_decision_with_any_sample_is_read_and_made_again_byte_for_byte(MetricSample sample) {
        Decision decision = Decider.decide(
                RULES,
                new Beat(NOON, new PoolSeen(7, 8, 7, 6), Map.of("rps", sample, "cpu", new Fresh(0.7, NOON))),
                Memory.NONE.seen(5, NOON.minusSeconds(40)));
        store.keep("web", decision);
        reopen();
        StoredDecision kept = store.decisions("web", null, 1).getFirst();
        Decision read = DecisionJson.decision(kept.document());
        assertThat(read).isEqualTo(decision);
        assertThat(DecisionJson.text(Decider.decide(read.rules(), read.beat(), read.before())))
                .isEqualTo(kept.document());
        assertThat(kept.size()).isEqualTo(decision.size());
        assertThat(kept.why()).isEqualTo(decision.why());
        assertThat(store.memory("web")).isEqualTo(decision.after());
    }

    static List<MetricSample> samples() {
        return List.of(
                new Fresh(1.0 / 3, NOON),
                new Fresh(0, NOON),
                new Fresh(1e15, NOON),
                new Partial(5e-324, NOON, "1 of 2"),
                new Stale(4, NOON.minusSeconds(99), Duration.ofNanos(99_000_000_001L)),
                new FutureStamped(4, NOON.plusSeconds(99), Duration.ofSeconds(99)),
                new NotANumber(),
                new Infinite(),
                new OutOfRange(-1.5),
                new OutOfRange(Double.MAX_VALUE),
                new Absent("no series"),
                new Ambiguous("a counter"),
                new Unreachable("\"refused\"\n"));
    }

    @Test
    void decisions_are_read_newest_first_and_page_by_page() {
        for (int i = 0; i < 25; i++) {
            store.keep(i % 5 == 0 ? "other" : "web", decision(i));
        }
        List<StoredDecision> first = store.decisions("web", null, 15);
        assertThat(first).hasSize(15).isSortedAccordingTo((a, b) -> Long.compare(b.id(), a.id()));
        List<StoredDecision> second = store.decisions("web", first.getLast().id(), 15);
        assertThat(second).hasSize(5);
        assertThat(store.decisions("web", second.getLast().id(), 15)).isEmpty();
    }

    @Test
    void only_so_many_decisions_are_kept_of_each_target() {
        var small = new JdbcTargetStore(database, 20);
        small.keep("other", decision(1));
        for (int i = 0; i < 450; i++) {
            small.keep("web", decision(i));
        }
        assertThat(small.decisions("web", null, 1000).size()).isBetween(20, 120);
        assertThat(small.decisions("other", null, 1000)).hasSize(1);
    }

    @Test
    void a_store_that_can_be_read_has_no_fault() {
        assertThat(store.fault()).isNull();
    }

    private static Decision decision(int load) {
        return Decider.decide(
                RULES, new Beat(NOON, new PoolSeen(3, 3, 3, 3), Map.of("rps", new Fresh(load, NOON))), Memory.NONE);
    }
}
