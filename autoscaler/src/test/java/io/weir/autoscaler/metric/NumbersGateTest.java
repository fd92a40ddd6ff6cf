package io.weir.autoscaler.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.autoscaler.metric.MetricSample.Fresh;
import io.weir.autoscaler.metric.MetricSample.FutureStamped;
import io.weir.autoscaler.metric.MetricSample.Infinite;
import io.weir.autoscaler.metric.MetricSample.NotANumber;
import io.weir.autoscaler.metric.MetricSample.OutOfRange;
import io.weir.autoscaler.metric.MetricSample.Partial;
import io.weir.autoscaler.metric.MetricSample.Stale;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumbersGateTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Freshness MINUTE = new Freshness(Duration.ofMinutes(1), Duration.ofSeconds(5));

    @Test
    void a_finite_young_complete_number_is_fresh() {
        assertThat(pass(3.5, NOW)).isEqualTo(new Fresh(3.5, NOW));
    }

    @Test
    void nothing_measured_is_a_number_too() {
        assertThat(pass(0, NOW)).isEqualTo(new Fresh(0, NOW));
        assertThat(pass(-0.0, NOW)).isEqualTo(new Fresh(0.0, NOW));
    }

    @Test
    void nan_is_not_zero() {
        assertThat(pass(Double.NaN, NOW)).isEqualTo(new NotANumber());
        assertThat((int) Double.NaN).as("what a cast would have made of it").isZero();
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void the_infinite_is_no_size(double value) {
        assertThat(pass(value, NOW)).isEqualTo(new Infinite());
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, -1e-9, 1e16, Double.MAX_VALUE})
    void less_than_nothing_and_more_than_can_be_counted_are_out_of_range(double value) {
        assertThat(pass(value, NOW)).isEqualTo(new OutOfRange(value));
    }

    @Test
    void a_sample_is_fresh_up_to_its_greatest_age_and_stale_after() {
        assertThat(pass(1, NOW.minusSeconds(60))).isInstanceOf(Fresh.class);
        assertThat(pass(1, NOW.minusMillis(60_001))).isInstanceOf(Stale.class);
    }

    @Test
    void clocks_may_differ_a_little_but_a_stamp_in_the_future_has_no_age() {
        assertThat(pass(1, NOW.plusSeconds(5))).isInstanceOf(Fresh.class);
        assertThat(pass(1, NOW.plusSeconds(6)))
                .isEqualTo(new FutureStamped(1, NOW.plusSeconds(6), Duration.ofSeconds(6)));
    }

    @Test
    void what_misses_a_part_is_a_lower_bound() {
        assertThat(NumbersGate.pass(7, NOW, MINUTE, NOW, "1 of 3 did not answer"))
                .isEqualTo(new Partial(7, NOW, "1 of 3 did not answer"));
    }

    @Test
    void stale_and_partial_is_stale() {
        assertThat(NumbersGate.pass(7, NOW.minusSeconds(100), MINUTE, NOW, "part"))
                .isInstanceOf(Stale.class);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, -1})
    void no_sample_with_a_value_can_be_built_around_the_gate(double value) {
        assertThatThrownBy(() -> new Fresh(value, NOW)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Partial(value, NOW, "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Stale(value, NOW, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void only_fresh_is_trusted() {
        assertThat(pass(1, NOW).trusted()).isTrue();
        assertThat(pass(1, NOW.minusSeconds(90)).trusted()).isFalse();
        assertThat(pass(Double.NaN, NOW).trusted()).isFalse();
    }

    private static MetricSample pass(double value, Instant at) {
        return NumbersGate.pass(value, at, MINUTE, NOW, null);
    }
}
