package io.weir.app.bench;

import io.weir.plan.Action;
import io.weir.plan.Limits;
import io.weir.plan.Plan;
import io.weir.plan.Planner;
import io.weir.plan.Settler;
import io.weir.pool.BatchId;
import io.weir.pool.Choice;
import io.weir.pool.CloudMachine;
import io.weir.pool.Desired;
import io.weir.pool.Gate;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.MachineState;
import io.weir.pool.MarkWrite;
import io.weir.pool.Market;
import io.weir.pool.Marks;
import io.weir.pool.Member;
import io.weir.pool.MembershipStatus;
import io.weir.pool.Observation;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolEdit;
import io.weir.pool.PoolName;
import io.weir.pool.PoolState;
import io.weir.pool.PoolStates;
import io.weir.pool.ServiceState;
import io.weir.pool.StoreId;
import io.weir.pool.Template;
import io.weir.pool.Watch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A pool of so many machines that run in three zones, and a listing that shows them all. What is measured is checked once to be what
 * it says: a listing that changes no membership, a plan without actions, launches, ends.
 */
final class PlannerBench {
    static final int MOST = PoolDocument.MAX_SIZE;
    private static final PoolName POOL = new PoolName("bench");
    private static final StoreId STORE = new StoreId("bench001");
    private static final Instant BEGUN = Instant.parse("2026-01-01T12:00:00Z");
    private static final Instant SEEN = BEGUN.plusSeconds(5);
    private static final Instant NOW = BEGUN.plus(Duration.ofMinutes(10));
    private static final Limits LIMITS =
            new Limits(Duration.ZERO, Duration.ZERO, Optional.of(Duration.ofHours(24)), 100, Duration.ofSeconds(10));
    private static final List<Choice> CHOICES = Stream.of("zone-a", "zone-b", "zone-c")
            .map(zone -> new Choice(zone, "small", Market.ON_DEMAND, Optional.empty()))
            .toList();
    private static final Template TEMPLATE = new Template("1", CHOICES, "{}", "simulated", "local");

    private final PoolState full;
    private final PoolState growing;
    private final PoolState shrinking;
    private final Observation listing;

    PlannerBench(int machines) {
        List<CloudMachine> rows =
                IntStream.range(0, machines).mapToObj(PlannerBench::row).toList();
        listing = new Observation(NOW, rows, Set.of(), List.of());
        int some = Math.max(1, machines / 100);
        full = pool(rows, machines);
        growing = pool(rows.subList(0, machines - some), machines);
        shrinking = pool(rows, machines - some);
        require(
                planNothing().isEmpty(),
                "a full pool has nothing to do: " + planNothing().actions());
        require(
                planGrowth().all(Action.Launch.class).stream()
                                .mapToInt(launch -> launch.batch().names().size())
                                .sum()
                        == some,
                "a growing pool launches what is missing");
        require(!planShrinking().all(Action.End.class).isEmpty(), "a shrinking pool ends machines");
        require(settle().members().keySet().equals(full.members().keySet()), "a complete listing shows the members");
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("not what was to be measured: " + what);
        }
    }

    PoolState settle() {
        PoolEdit edit = new PoolEdit(full, NOW);
        Settler.settle(edit, listing, LIMITS);
        return edit.state();
    }

    Plan planNothing() {
        return plan(full);
    }

    Plan planGrowth() {
        return plan(growing);
    }

    Plan planShrinking() {
        return plan(shrinking);
    }

    private static Plan plan(PoolState pool) {
        return Planner.plan(pool, Optional.of(TEMPLATE), false, LIMITS, NOW);
    }

    private static PoolState pool(List<CloudMachine> rows, int wish) {
        PoolEdit edit = new PoolEdit(PoolStates.fresh(POOL, STORE, PoolDocument.of(0, MOST, 0), BEGUN), NOW);
        edit.gates.remove(Gate.Kind.SIZE_UNKNOWN);
        edit.desired = Optional.of(new Desired(wish, 1, "operator/bench", BEGUN, Optional.empty()));
        Watch watch = edit.watch;
        edit.watch = new Watch(
                watch.created(),
                Optional.of(BEGUN),
                Optional.of(SEEN),
                watch.missing(),
                watch.lost(),
                Optional.of(NOW),
                1,
                0,
                Optional.empty(),
                Optional.empty());
        rows.forEach(row -> edit.members.put(row.id(), member(row)));
        return edit.state();
    }

    private static CloudMachine row(int number) {
        String name = "bench-" + number / LIMITS.batchMax() + "-" + number % LIMITS.batchMax();
        return new CloudMachine(
                new MachineId(String.format(java.util.Locale.ROOT, "i-%08x", number)),
                Optional.of(new MachineName(name)),
                Optional.of(POOL),
                Optional.of(Marks.first(POOL, STORE)),
                Optional.of(new BatchId("bench-" + number / LIMITS.batchMax())),
                MachineState.RUNNING,
                CHOICES.get(number % CHOICES.size()),
                TEMPLATE.cloudProvider(),
                TEMPLATE.region(),
                Optional.of(BEGUN),
                Optional.of(BEGUN.plusSeconds(3)),
                List.of(),
                List.of("10.0.0.1"),
                Map.of(
                        "image",
                        "img-1",
                        "zone",
                        CHOICES.get(number % CHOICES.size()).zone()));
    }

    private static Member member(CloudMachine row) {
        Member launched = new Member(
                row.id(),
                row.name(),
                row.choice(),
                MachineState.PENDING,
                Optional.empty(),
                BEGUN,
                BEGUN,
                Optional.empty(),
                BEGUN,
                MembershipStatus.DEFAULT,
                Optional.empty(),
                ServiceState.UNKNOWN,
                Optional.empty(),
                MarkWrite.AT_LAUNCH,
                Optional.empty(),
                Optional.empty(),
                false,
                row.cloudProvider(),
                row.region());
        return launched.sighted(row, SEEN);
    }
}
