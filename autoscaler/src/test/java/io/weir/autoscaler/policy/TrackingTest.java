package io.weir.autoscaler.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.autoscaler.metric.MetricSample;
import io.weir.autoscaler.metric.MetricSample.Fresh;
import io.weir.autoscaler.metric.MetricSample.Partial;
import io.weir.autoscaler.policy.Recommendation.Holds;
import io.weir.autoscaler.policy.Recommendation.Wants;
import io.weir.autoscaler.policy.Recommendation.WantsAtLeast;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrackingTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final TotalTracking total = new TotalTracking("load", "rps", BigDecimal.valueOf(100), Doubt.UP_ONLY);
    private final PerMachineTracking each = new PerMachineTracking("cpu", "cpu", new BigDecimal("0.6"), Doubt.UP_ONLY);

    @Test
    void a_total_needs_load_divided_by_capacity_whatever_there_is_now() {
        assertThat(wants(total.recommend(beat(0, 0, "rps", new Fresh(450, NOW)))))
                .isEqualTo(5);
        assertThat(wants(total.recommend(beat(90, 90, "rps", new Fresh(450, NOW)))))
                .isEqualTo(5);
    }

    @Test
    void a_total_of_zero_needs_no_machine_and_the_least_load_needs_one() {
        assertThat(wants(total.recommend(beat(3, 3, "rps", new Fresh(0, NOW))))).isZero();
        assertThat(wants(total.recommend(beat(3, 3, "rps", new Fresh(0.001, NOW)))))
                .isEqualTo(1);
    }

    @Test
    void a_value_per_machine_scales_the_machines_that_run() {
        assertThat(wants(each.recommend(beat(4, 4, "cpu", new Fresh(0.9, NOW)))))
                .isEqualTo(6);
    }

    @Test
    void machines_that_still_boot_do_not_multiply_a_value_that_was_not_measured_on_them() {
        // 4 running at 0.9, 6 wished for: 6 again, not 9
        assertThat(wants(each.recommend(beat(6, 4, "cpu", new Fresh(0.9, NOW)))))
                .isEqualTo(6);
    }

    @Test
    void without_a_running_machine_a_value_per_machine_holds() {
        assertThat(each.recommend(beat(2, 0, "cpu", new Fresh(0.9, NOW)))).isInstanceOf(Holds.class);
    }

    @Test
    void a_part_of_the_truth_is_a_lower_bound() {
        assertThat(total.recommend(beat(3, 3, "rps", new Partial(450, NOW, "1 of 2"))))
                .isInstanceOfSatisfying(
                        WantsAtLeast.class,
                        least -> assertThat(least.machines().machines()).isEqualTo(5));
        assertThat(each.recommend(beat(4, 4, "cpu", new Partial(0.9, NOW, "1 of 2"))))
                .isInstanceOf(WantsAtLeast.class);
    }

    @Test
    void a_policy_may_be_told_to_hold_in_doubt() {
        var holding = new TotalTracking("load", "rps", BigDecimal.valueOf(100), Doubt.HOLD);
        assertThat(holding.recommend(beat(3, 3, "rps", new Partial(450, NOW, "1 of 2"))))
                .isInstanceOf(Holds.class);
    }

    @ParameterizedTest
    @MethodSource("withoutNumber")
    void without_a_number_to_trust_every_policy_holds_and_says_why(MetricSample sample) {
        for (ScalingPolicy policy :
                new ScalingPolicy[] {total, new PerMachineTracking("each", "rps", BigDecimal.ONE, Doubt.UP_ONLY)}) {
            assertThat(policy.recommend(beat(3, 3, "rps", sample)))
                    .isInstanceOfSatisfying(
                            Holds.class, holds -> assertThat(holds.reason()).contains(sample.told()));
        }
    }

    static Stream<MetricSample> withoutNumber() {
        return Stream.of(
                new MetricSample.Stale(450, NOW.minusSeconds(600), Duration.ofMinutes(10)),
                new MetricSample.FutureStamped(450, NOW.plusSeconds(600), Duration.ofMinutes(10)),
                new MetricSample.NotANumber(),
                new MetricSample.Infinite(),
                new MetricSample.OutOfRange(-1),
                new MetricSample.Absent("no series"),
                new MetricSample.Ambiguous("2 series"),
                new MetricSample.Unreachable("refused"));
    }

    @Test
    void a_metric_that_is_not_there_holds() {
        assertThat(total.recommend(beat(3, 3, "another", new Fresh(1, NOW)))).isInstanceOf(Holds.class);
    }

    @Test
    void the_reason_shows_the_sum() {
        assertThat(total.recommend(beat(3, 3, "rps", new Fresh(450, NOW))).reason())
                .isEqualTo("rps 450 ÷ 100 per machine = 4.5");
        assertThat(each.recommend(beat(4, 4, "cpu", new Fresh(0.9, NOW))).reason())
                .isEqualTo("4 running × cpu 0.9 ÷ 0.6 = 6");
    }

    @Test
    void a_capacity_of_nothing_is_refused() {
        assertThatThrownBy(() -> new TotalTracking("load", "rps", BigDecimal.ZERO, Doubt.HOLD))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PerMachineTracking("cpu", "cpu", BigDecimal.valueOf(-1), Doubt.HOLD))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static int wants(Recommendation recommendation) {
        return ((Wants) recommendation).machines().machines();
    }

    private static Beat beat(int desired, int running, String metric, MetricSample sample) {
        return new Beat(NOW, new PoolSeen(desired, desired, desired, running), Map.of(metric, sample));
    }
}
