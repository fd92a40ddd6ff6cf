package io.weir.aws.fake;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.kit.VirtualPools;
import io.weir.pool.PoolDocument;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Calls, counted at the fake's socket. The figures are printed; what they must not exceed is asserted. */
@EnabledIfSystemProperty(
        named = "weir.figures",
        matches = "true",
        disabledReason = "it takes a minute; .ci/aws-test makes the figures")
class FiguresTest {
    private static final Duration BUSY = Duration.ofSeconds(5);
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final PoolDocument DOCUMENT = Ec2Pools.document(1000, "{count: 1000, percent: 100, window: 1m}");

    @Test
    void a_launch_of_a_thousand_is_ten_calls_that_launch_and_a_steady_hour_is_a_listing_for_each_refresh() {
        try (Ec2Pools world = world(10)) {
            VirtualPools pools = world.pools;
            pools.steady(BUSY, Duration.ofMinutes(4)); // they learn that they have no machines yet
            world.fake.calls().forget();
            pools.wish(100);
            assertThat(pools.become(100, BUSY, Duration.ofHours(1))).isTrue();
            Map<String, Integer> growing = calls(world);
            System.out.println("figures: 1,000 machines in 10 pools: " + sum(growing) + " calls, " + growing);
            assertThat(growing.get("ec2:RunInstances")).isLessThanOrEqualTo(3 * 10); // one for each pool and zone
            assertThat(sum(growing)).isLessThan(100);

            world.fake.calls().forget();
            pools.steady(INTERVAL, Duration.ofHours(1));
            Map<String, Integer> hour = calls(world);
            int refreshes = 120;
            System.out.printf(
                    Locale.ROOT,
                    "figures: a steady hour of 10 pools x 100: %d calls, %.2f for each refresh, %s%n",
                    sum(hour),
                    sum(hour) / (double) refreshes,
                    hour);
            assertThat(hour.get("ec2:DescribeInstances")).isLessThanOrEqualTo(2 * refreshes);
            assertThat(sum(hour)).isLessThan(4 * refreshes);

            world.fake.calls().forget();
            pools.wish(0);
            assertThat(pools.become(0, BUSY, Duration.ofHours(3))).isTrue();
            Map<String, Integer> ending = calls(world);
            System.out.println("figures: their end: " + sum(ending) + " calls, " + ending);
            assertThat(world.fake.cloud().ledger()).hasSize(1000);
        }
    }

    @Test
    void a_pool_of_a_thousand_is_launched_a_hundred_at_a_time() {
        try (Ec2Pools world = world(1)) {
            VirtualPools pools = world.pools;
            pools.steady(BUSY, Duration.ofMinutes(4));
            world.fake.calls().forget();
            pools.wish(1000);
            assertThat(pools.become(1000, BUSY, Duration.ofHours(1))).isTrue();
            Map<String, Integer> growing = calls(world);
            System.out.println("figures: 1,000 machines in one pool: " + sum(growing) + " calls, " + growing);
            assertThat(growing.get("ec2:RunInstances")).isLessThanOrEqualTo(15);
            assertThat(sum(growing)).isLessThan(60);
        }
    }

    private static Ec2Pools world(int count) {
        Ec2Pools world = new Ec2Pools(count, DOCUMENT);
        world.fake.cloud().turn(turn -> turn.throttle = Ec2Buckets.all());
        return world;
    }

    /** How often each action was called since they were last forgotten. */
    private static Map<String, Integer> calls(Ec2Pools world) {
        Map<String, Integer> calls = new TreeMap<>();
        world.fake.calls().all().forEach(call -> calls.merge(call.action(), 1, Integer::sum));
        return calls;
    }

    private static int sum(Map<String, Integer> calls) {
        return calls.values().stream().mapToInt(Integer::intValue).sum();
    }
}
