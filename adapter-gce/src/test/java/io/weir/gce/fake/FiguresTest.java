package io.weir.gce.fake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Calls, counted at the fake's socket. The figures are printed; what they must not exceed is asserted. */
@EnabledIfSystemProperty(
        named = "weir.figures",
        matches = "true",
        disabledReason = "3,000 calls of Google's client take a minute; .ci/gce-test makes them")
class FiguresTest {
    private static final Duration BUSY = Duration.ofSeconds(5);
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final String AT_ONCE = "{count: 1000, percent: 100, window: 1m}";

    @Test
    void a_launch_of_a_thousand_is_an_insert_for_each_and_a_steady_hour_is_a_listing_for_each_refresh() {
        try (GcePools world = new GcePools(10, GcePools.document(1000, AT_ONCE))) {
            world.pools.steady(BUSY, Duration.ofMinutes(4)); // they learn that they have no machines yet
            world.fake.calls().forget();
            world.pools.wish(100);
            assertThat(world.pools.become(100, BUSY, Duration.ofHours(1))).isTrue();
            Map<String, Integer> growing = world.fake.calls().counted();
            System.out.println("figures: 1,000 machines in 10 pools: " + sum(growing) + " calls, " + growing);
            assertThat(growing.get("instances.insert")).isEqualTo(1000);
            assertThat(sum(growing)).isLessThan(1500);
            assertThat(throttled(world)).isZero();

            world.fake.calls().forget();
            world.pools.steady(INTERVAL, Duration.ofHours(1));
            Map<String, Integer> hour = world.fake.calls().counted();
            int refreshes = 120;
            System.out.printf(
                    Locale.ROOT,
                    "figures: a steady hour of 10 pools x 100: %d calls, %.2f for each refresh, %s%n",
                    sum(hour),
                    sum(hour) / (double) refreshes,
                    hour);
            assertThat(hour.get("instances.aggregatedList")).isLessThanOrEqualTo(2 * refreshes);
            assertThat(sum(hour)).isLessThan(9 * refreshes);

            world.fake.calls().forget();
            world.pools.wish(0);
            assertThat(world.pools.become(0, BUSY, Duration.ofHours(3))).isTrue();
            Map<String, Integer> ending = world.fake.calls().counted();
            System.out.println("figures: their end: " + sum(ending) + " calls, " + ending);
            assertThat(world.fake.cloud().ledger()).hasSize(1000);
            assertThat(throttled(world)).isZero();
        }
    }

    private static int throttled(GcePools world) {
        return world.fake.calls().count(call -> call.outcome().equals("rateLimitExceeded"));
    }

    private static int sum(Map<String, Integer> calls) {
        return calls.values().stream().mapToInt(Integer::intValue).sum();
    }
}
