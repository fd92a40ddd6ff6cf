package io.weir.openstack.fake;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.kit.VirtualPools;
import io.weir.pool.Gate;
import io.weir.pool.Marks;
import io.weir.pool.PoolName;
import io.weir.simulated.SimulatedApi.LedgerLine;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A pool that elastisys' cloud pool kept, and a real loop that takes it over, in virtual time over the fake. */
class TakeOverTest {
    private static final PoolName WEB = NovaPools.POOL;
    private static final Duration BUSY = Duration.ofSeconds(5);

    @Test
    void servers_of_elastisys_are_observed_first_then_adopted_and_kept_as_our_own() throws Exception {
        try (NovaPools world = new NovaPools(1, NovaPools.document(""), Map.of("Old Pool", WEB))) {
            VirtualPools pools = world.pools;
            List<String> old = IntStream.range(0, 3)
                    .mapToObj(i -> world.fake.launch(
                            "demo",
                            "old-" + i,
                            Map.of(
                                    "elastisys:cloudPool", "Old Pool",
                                    "elastisys:serviceState", "IN_SERVICE",
                                    "role", "web")))
                    .toList();
            String stranger = world.fake.launch("demo", "stranger", Map.of("elastisys:cloudPool", "Another Pool"));

            pools.steady(BUSY, Duration.ofMinutes(10));

            assertThat(pools.state(WEB).members()).isEmpty();
            assertThat(pools.state(WEB).gates()).containsOnlyKeys(Gate.Kind.FOREIGN_STORE);
            assertThat(pools.state(WEB).desired())
                    .hasValueSatisfying(desired -> assertThat(desired.size()).isEqualTo(3));
            assertThat(world.fake.calls().keySet()).noneMatch(call -> call.matches("(POST|DELETE) compute/.*"));

            assertThat(pools.become(3, BUSY, Duration.ofMinutes(20))).isTrue();

            assertThat(pools.state(WEB).gates()).isEmpty();
            pools.steady(BUSY, Duration.ofMinutes(2));
            Map<String, Map<String, String>> metadata = metadata(world);
            assertThat(old).allSatisfy(id -> assertThat(metadata.get(id))
                    .containsEntry(Marks.POOL_TAG, WEB.value())
                    .containsEntry("elastisys:cloudPool", "Old Pool")
                    .containsEntry("role", "web"));

            pools.wish(1);
            assertThat(pools.become(1, BUSY, Duration.ofMinutes(20))).isTrue();

            assertThat(alive(world)).hasSize(2).contains(stranger);
            assertThat(metadata(world).get(stranger)).doesNotContainKey(Marks.POOL_TAG);
        }
    }

    private static Map<String, Map<String, String>> metadata(NovaPools world) {
        Map<String, Map<String, String>> metadata = new HashMap<>();
        world.fake.ledger().forEach(line -> metadata.put(line.id(), line.tags()));
        return metadata;
    }

    private static List<String> alive(NovaPools world) {
        return world.fake.ledger().stream()
                .filter(line -> line.isAliveAt(world.clock.instant()))
                .map(LedgerLine::id)
                .toList();
    }
}
