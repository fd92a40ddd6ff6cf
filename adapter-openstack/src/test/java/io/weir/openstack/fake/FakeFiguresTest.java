package io.weir.openstack.fake;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.kit.VirtualPools;
import io.weir.pool.PoolDocument;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Calls, counted at the fake's sockets. The figures are printed; what they must not exceed is asserted. */
class FakeFiguresTest {
    private static final Duration BUSY = Duration.ofSeconds(5);
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    @Test
    void a_steady_hour_of_ten_pools_of_a_hundred_is_one_listing_for_each_refresh() throws Exception {
        try (NovaPools world = new NovaPools(10, NovaPools.document(""))) {
            VirtualPools pools = world.pools;
            pools.wish(100);
            assertThat(pools.become(100, BUSY, Duration.ofHours(1))).isTrue();
            Map<String, Integer> growing = world.fake.calls();
            System.out.println("figures: 1,000 servers on a network: " + sum(growing) + " calls, " + growing);
            world.fake.forgetCalls();

            pools.steady(INTERVAL, Duration.ofHours(1));

            Map<String, Integer> hour = world.fake.calls();
            int refreshes = 120;
            System.out.printf(
                    Locale.ROOT,
                    "figures: a steady hour of 10 pools x 100: %d calls, %.2f for each refresh, %s%n",
                    sum(hour),
                    sum(hour) / (double) refreshes,
                    hour);
            // A page of 1,000 that is full names another, which is empty.
            assertThat(hour.get("GET compute/servers/detail")).isLessThanOrEqualTo(2 * refreshes);
            assertThat(sum(hour)).isLessThan(4 * refreshes);
            assertThat(world.fake.ledger()).hasSize(1000);
        }
    }

    @Test
    void a_launch_is_one_call_for_each_server_and_a_few_for_all() throws Exception {
        launched("on a network", 40, NovaPools.document(""), 2.5);
        launched("with a volume, a port and a floating IP", 40, NovaPools.document(NovaPools.SIDES), 8);
    }

    private static void launched(String what, int count, PoolDocument document, double most) throws Exception {
        try (NovaPools world = new NovaPools(1, document)) {
            VirtualPools pools = world.pools;
            pools.steady(BUSY, Duration.ofMinutes(4)); // it learns that it has no machines yet
            world.fake.forgetCalls();
            pools.wish(count);
            assertThat(pools.become(count, BUSY, Duration.ofMinutes(30))).isTrue();
            Map<String, Integer> calls = world.fake.calls();
            System.out.printf(
                    Locale.ROOT,
                    "figures: %d servers %s: %.2f calls for each, %s%n",
                    count,
                    what,
                    sum(calls) / (double) count,
                    calls);
            assertThat(sum(calls) / (double) count).isLessThan(most);
            world.fake.forgetCalls();
            pools.wish(0);
            assertThat(pools.become(0, BUSY, Duration.ofMinutes(60))).isTrue();
            Map<String, Integer> ending = world.fake.calls();
            System.out.printf(
                    Locale.ROOT, "figures: their end: %.2f calls for each, %s%n", sum(ending) / (double) count, ending);
            world.clock.pass(Duration.ofMinutes(1));
            assertThat(world.fake.leftovers("demo", Set.of()).isNothing()).isTrue();
        }
    }

    private static int sum(Map<String, Integer> calls) {
        return calls.values().stream().mapToInt(Integer::intValue).sum();
    }
}
