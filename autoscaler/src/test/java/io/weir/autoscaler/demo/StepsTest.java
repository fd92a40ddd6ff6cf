package io.weir.autoscaler.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StepsTest {
    private static final Instant ZERO = Instant.parse("2026-11-24T10:00:00Z");
    private final Steps steps = Steps.of(Map.of(minute(1), 3, minute(5), 1, minute(6), 0));

    private static Instant minute(double minutes) {
        return ZERO.plusMillis((long) (minutes * 60_000));
    }

    @Test
    void a_value_holds_until_the_next() {
        assertThat(steps.at(minute(0.9))).isZero();
        assertThat(steps.at(minute(1))).isEqualTo(3);
        assertThat(steps.at(minute(4.9))).isEqualTo(3);
        assertThat(steps.at(minute(100))).isZero();
    }

    @Test
    void the_highest_counts_what_was_in_force_at_the_beginning_and_comes_at_the_end() {
        assertThat(steps.highest(minute(4), minute(7))).isEqualTo(3);
        assertThat(steps.highest(minute(5), minute(7))).isEqualTo(1);
        assertThat(steps.highest(minute(0), minute(1))).isEqualTo(3);
        assertThat(steps.highest(minute(0), minute(0.5))).isZero();
        assertThat(steps.highest()).isEqualTo(3);
        assertThat(Steps.NONE.highest()).isZero();
    }

    @Test
    void spans_are_counted_while_they_last() {
        Steps count = Steps.count(List.of(
                new Span(minute(0), minute(2)), new Span(minute(1), minute(3)), new Span(minute(1), Instant.MAX)));
        assertThat(count.at(minute(0))).isEqualTo(1);
        assertThat(count.at(minute(1))).isEqualTo(3);
        assertThat(count.at(minute(2))).isEqualTo(2);
        assertThat(count.at(minute(99))).isEqualTo(1);
    }

    @Test
    void minutes_are_value_times_time() {
        assertThat(steps.minutes(new Span(minute(0), minute(10)))).isEqualTo(4 * 3 + 1);
        assertThat(steps.minutes(new Span(minute(2), minute(5.5)))).isEqualTo(3 * 3 + 0.5);
        assertThat(steps.above0(new Span(minute(0), minute(10)))).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void two_become_one_at_every_change_of_either() {
        Steps other = Steps.of(Map.of(minute(0), 2, minute(2), 5));
        Steps missing = other.with(steps, (need, have) -> Math.max(0, need - have));
        assertThat(missing.at(minute(0))).isEqualTo(2);
        assertThat(missing.at(minute(1))).isZero();
        assertThat(missing.at(minute(2))).isEqualTo(2);
        assertThat(missing.at(minute(5))).isEqualTo(4);
        assertThat(missing.at(minute(6))).isEqualTo(5);
    }
}
