package io.weir.autoscaler.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.autoscaler.metric.MetricWindow.Point;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetricWindowTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void one_look_at_a_counter_is_no_rate() {
        assertThat(MetricWindow.EMPTY.perSecond()).isEmpty();
        assertThat(counter(100).perSecond()).isEmpty();
    }

    @Test
    void a_rate_is_growth_per_second() {
        assertThat(counter(100, 150, 200).perSecond()).hasValue(5.0);
    }

    @Test
    void a_counter_that_stands_still_has_the_rate_zero() {
        assertThat(counter(100, 100).perSecond()).hasValue(0.0);
    }

    @Test
    void a_counter_that_was_reset_counts_from_zero_again() {
        // 100 → 150, restart, 30 since: 80 in 20 s
        assertThat(counter(100, 150, 30).perSecond()).hasValue(4.0);
    }

    @Test
    void every_reset_in_the_window_counts() {
        assertThat(counter(10, 5, 20, 0, 15).perSecond()).hasValue((5 + 15 + 0 + 15) / 40.0);
    }

    @Test
    void the_window_looks_back_no_further_than_its_length() {
        MetricWindow window = MetricWindow.EMPTY;
        for (int i = 0; i <= 20; i++) {
            window = window.with(new Point(START.plusSeconds(10L * i), i <= 14 ? 0 : (i - 14) * 60), MINUTE);
        }
        assertThat(window.points()).hasSize(7);
        assertThat(window.perSecond()).hasValue(6.0);
    }

    @Test
    void after_a_gap_longer_than_the_window_the_last_point_before_it_still_counts() {
        MetricWindow window = counter(100).with(new Point(START.plusSeconds(600), 700), MINUTE);
        assertThat(window.perSecond()).hasValue(1.0);
    }

    @Test
    void a_point_that_is_not_newer_changes_nothing() {
        MetricWindow window = counter(100, 150);
        assertThat(window.with(new Point(START.plusSeconds(10), 900), MINUTE)).isEqualTo(window);
        assertThat(window.with(new Point(START, 900), MINUTE)).isEqualTo(window);
    }

    @Test
    void a_window_holds_only_so_many_points() {
        MetricWindow window = MetricWindow.EMPTY;
        var many = new java.util.ArrayList<Point>();
        for (int i = 0; i < MetricWindow.MOST; i++) {
            many.add(new Point(START.plusMillis(i), i));
        }
        window = new MetricWindow(many).with(new Point(START.plusMillis(MetricWindow.MOST), 1), Duration.ofDays(1));
        assertThat(window.points()).hasSize(MetricWindow.MOST);
    }

    @Test
    void points_out_of_order_are_no_window() {
        assertThatThrownBy(() -> new MetricWindow(List.of(new Point(START, 1), new Point(START, 2))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static MetricWindow counter(double... values) {
        MetricWindow window = MetricWindow.EMPTY;
        for (int i = 0; i < values.length; i++) {
            window = window.with(new Point(START.plusSeconds(10L * i), values[i]), MINUTE);
        }
        return window;
    }
}
