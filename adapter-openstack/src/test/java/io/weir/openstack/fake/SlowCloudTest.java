package io.weir.openstack.fake;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.driver.Outcomes;
import io.weir.openstack.fake.WireFault.Kind;
import io.weir.pool.FailureKind;
import io.weir.pool.MachineId;
import io.weir.pool.Outcome;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A cloud whose calls take so long that a driver's time is up before it is through with all machines. */
class SlowCloudTest {
    @Test
    void a_machine_whose_port_could_not_be_taken_away_in_time_is_not_ended_in_this_call() throws Exception {
        try (NovaPools world = new NovaPools(1, NovaPools.document(NovaPools.SIDES))) {
            world.pools.wish(30);
            assertThat(world.pools.become(30, Duration.ofSeconds(5), Duration.ofHours(1)))
                    .isTrue();
            Set<MachineId> ids = world.pools.members(NovaPools.POOL).stream()
                    .map(MachineId::new)
                    .collect(Collectors.toCollection(TreeSet::new));

            world.lose(24);
            Outcomes<MachineId> outcomes = world.way().driver().terminate(ids);

            Set<String> kept = new TreeSet<>();
            outcomes.byKey().forEach((id, outcome) -> {
                if (outcome instanceof Outcome.Refused refused) {
                    assertThat(refused.kind()).isEqualTo(FailureKind.WITHHELD);
                    kept.add(id.value());
                }
            });
            assertThat(kept).hasSizeBetween(1, 29);
            world.clock.pass(Duration.ofMinutes(1));
            assertThat(world.fake.ledger().stream()
                            .filter(line -> line.isAliveAt(world.clock.instant()))
                            .map(line -> line.id()))
                    .containsExactlyInAnyOrderElementsOf(kept);
            assertThat(world.fake.leftovers("demo", kept)).matches(Verdict.Leftovers::isNothing);
        }
    }

    @Test
    void addresses_that_come_when_they_are_asked_for_again_are_used_and_none_is_left() throws Exception {
        try (NovaPools world = new NovaPools(1, NovaPools.document(NovaPools.SIDES))) {
            world.fake.fault(new WireFault(
                    "POST network/v2.0/floatingips", Kind.UNTIL_REPEATED, 0.5, 0, WireFault.ALL, 0, null, 0));
            world.pools.wish(30);
            assertThat(world.pools.become(30, Duration.ofSeconds(5), Duration.ofHours(1)))
                    .isTrue();

            assertThat(world.fake.refusals())
                    .filteredOn(text -> text.contains("FloatingIPPortAlreadyAssociated"))
                    .hasSizeGreaterThan(10);
            assertThat(world.fake.ledger()).hasSize(30);
            assertThat(world.fake.leftovers("demo", world.pools.members(NovaPools.POOL)))
                    .matches(Verdict.Leftovers::isNothing);
        }
    }

    @Test
    void of_whatever_was_made_twice_because_it_came_so_late_nothing_is_left_in_the_end() throws Exception {
        try (NovaPools world = new NovaPools(1, NovaPools.document(NovaPools.SIDES))) {
            world.fake.fault(new WireFault(
                    "POST (network|volumev3)/.*", Kind.UNTIL_REPEATED, 0.5, 0, WireFault.ALL, 0, null, 0));
            world.pools.wish(10);
            assertThat(world.pools.become(10, Duration.ofSeconds(5), Duration.ofHours(1)))
                    .isTrue();
            assertThat(world.fake.leftovers("demo", world.pools.members(NovaPools.POOL)))
                    .matches(made -> !made.ports().isEmpty() && !made.volumes().isEmpty());

            world.pools.wish(0);
            assertThat(world.pools.become(0, Duration.ofSeconds(5), Duration.ofHours(1)))
                    .isTrue();
            world.pools.steady(Duration.ofMinutes(2), Duration.ofHours(3));
            assertThat(world.fake.leftovers("demo", Set.of())).matches(Verdict.Leftovers::isNothing);
        }
    }
}
