package io.weir.autoscaler.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TraceTest {
    private static final Instant START = Instant.parse("1998-05-21T00:00:00Z");
    private final Trace trace = new Trace("t", START, Duration.ofMinutes(1), new double[] {60, 0, 120, 180, 6});

    private static Instant after(long seconds) {
        return START.plusSeconds(seconds);
    }

    @Test
    void a_value_holds_for_its_step_and_the_ends_for_ever() {
        assertThat(trace.at(after(-100))).isEqualTo(60);
        assertThat(trace.at(after(59))).isEqualTo(60);
        assertThat(trace.at(after(60))).isEqualTo(0);
        assertThat(trace.at(after(150))).isEqualTo(120);
        assertThat(trace.at(after(10_000))).isEqualTo(6);
    }

    @Test
    void the_total_grows_evenly_within_a_step() {
        assertThat(trace.totalUntil(after(-1))).isZero();
        assertThat(trace.totalUntil(after(30))).isEqualTo(30);
        assertThat(trace.totalUntil(after(60))).isEqualTo(60);
        assertThat(trace.totalUntil(after(150))).isEqualTo(120);
        assertThat(trace.totalUntil(after(10_000))).isEqualTo(366);
    }

    @Test
    void a_part_is_a_trace_of_its_own() {
        Trace part = trace.part(after(90), Duration.ofMinutes(2));
        assertThat(part.start()).isEqualTo(after(60));
        assertThat(part.size()).isEqualTo(2);
        assertThat(part.value(1)).isEqualTo(120);
        assertThat(trace.part(after(240), Duration.ofHours(1)).size()).isEqualTo(1);
    }

    @Test
    void the_busiest_part_has_the_highest_sum() {
        Trace busiest = trace.busiest(Duration.ofMinutes(2));
        assertThat(busiest.start()).isEqualTo(after(120));
        assertThat(busiest.totalUntil(busiest.end())).isEqualTo(300);
        assertThat(trace.busiest(Duration.ofDays(2)).size()).isEqualTo(5);
    }

    @Test
    void what_is_no_load_makes_no_trace() {
        assertThatThrownBy(() -> new Trace("t", START, Duration.ofMinutes(1), new double[] {Double.NaN}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Trace("t", START, Duration.ZERO, new double[] {1}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
