package io.weir.gce.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.kit.AdapterProcess;
import io.weir.kit.ProcessKills;
import io.weir.simulated.Delay;
import io.weir.simulated.SimulatedApi.LedgerLine;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A region where two of three zones are full: Compute accepts what it has no room for, and its operation tells soon after. */
class NextChoiceTest {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    Path folder;

    @Test
    void the_turn_that_hears_of_a_full_zone_launches_in_the_next_one_and_what_was_refused_is_no_repair() {
        Duration interval = Duration.ofSeconds(5);
        try (GcePools world = new GcePools(1, GcePools.document(50, "{count: 10, percent: 0, window: 1m}"))) {
            world.fake.cloud().turn(turn -> {
                turn.failure = new Delay.Uniform(1, 2);
                turn.capacity = Map.of(Bench.A, 0, Bench.B, 0);
            });
            world.pools.wish(0);
            assertThat(world.pools.become(0, interval, Duration.ofMinutes(10))).isTrue();
            Instant wished = world.clock.instant();
            world.pools.wish(6);

            assertThat(world.pools.become(6, interval, Duration.ofMinutes(10))).isTrue();
            assertThat(world.fake.cloud().ledger())
                    .filteredOn(line -> line.cause() == null)
                    .hasSize(6)
                    .allSatisfy(line -> {
                        assertThat(line.zone()).isEqualTo(Bench.C);
                        assertThat(line.launched()).isBeforeOrEqualTo(wished.plus(interval));
                    });
        }
    }

    @Test
    @EnabledIfSystemProperty(
            named = "weir.kills",
            matches = "some|all",
            disabledReason = "it is in real time; .ci/gce-test measures it")
    void a_zone_without_room_is_told_by_its_operation_and_the_next_one_asked_within_seconds_of_that() throws Exception {
        Clock clock = Clock.systemUTC();
        ComputeCloud cloud = new ComputeCloud(clock, 1, ExampleProject.PLAIN, GceDials.DEFAULT.turned(turn -> {
            turn.boot = new Delay.Uniform(0.5, 1);
            turn.failure = new Delay.Uniform(1, 2);
            turn.capacity = Map.of(Bench.A, 0, Bench.B, 0);
        }));
        try (FakeGce fake = FakeGce.start(cloud, clock, clock, 0, dials -> {});
                AdapterProcess adapter =
                        GceAdapter.start(folder.resolve("home"), fake.url(), "lag: 1s\n    lateness: 1s")) {
            await().atMost(PATIENCE).ignoreExceptions().until(() -> adapter.takes(ProcessKills.POOL, 6));
            await().atMost(PATIENCE).until(() -> cloud.alive("web") >= 6);

            List<LedgerLine> ledger = cloud.ledger();
            List<LedgerLine> failed =
                    ledger.stream().filter(line -> line.cause() != null).toList();
            Instant lastFailure = failed.stream()
                    .map(LedgerLine::ended)
                    .max(Instant::compareTo)
                    .orElseThrow();
            Instant landed = ledger.stream()
                    .filter(line -> line.zone().equals(Bench.C))
                    .map(LedgerLine::launched)
                    .max(Instant::compareTo)
                    .orElseThrow();
            Duration gap = Duration.between(lastFailure, landed);
            System.out.println(
                    "figures: from the failure of the last operation to the last launch in a zone with room: "
                            + gap.toMillis() + " ms; " + failed.size() + " inserts failed before 6 machines ran");
            assertThat(gap).isLessThanOrEqualTo(Duration.ofSeconds(5));
            assertThat(failed).as("a full zone is asked by one batch each").hasSizeLessThanOrEqualTo(12);
        }
    }
}
