package io.weir.autoscaler.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PlayingTest {
    private static final Instant RECORDED = Instant.parse("1998-05-21T00:00:00Z");
    private static final Instant BEGUN = Instant.parse("2026-11-24T10:00:00Z");
    private final Trace trace = new Trace("t\"1\"", RECORDED, Duration.ofMinutes(1), new double[] {60, 120});
    private final Playing once = new Playing(trace, BEGUN, false);
    private final Playing forEver = new Playing(trace, BEGUN, true);

    @Test
    void a_moment_of_the_clock_is_a_moment_of_the_recording() {
        assertThat(once.recorded(BEGUN.plusSeconds(70))).isEqualTo(RECORDED.plusSeconds(70));
        assertThat(once.perMinute(BEGUN.plusSeconds(70))).isEqualTo(120);
        assertThat(once.total(BEGUN.plusSeconds(70))).isEqualTo(80);
    }

    @Test
    void before_it_begins_the_first_value_stands_still() {
        assertThat(once.perMinute(BEGUN.minusSeconds(70))).isEqualTo(60);
        assertThat(once.total(BEGUN.minusSeconds(70))).isZero();
        assertThat(once.isOver(BEGUN.minusSeconds(70))).isFalse();
    }

    @Test
    void a_loop_begins_anew_and_its_total_goes_on() {
        assertThat(forEver.perMinute(BEGUN.plusSeconds(130))).isEqualTo(60);
        assertThat(forEver.total(BEGUN.plusSeconds(150))).isEqualTo(210);
        assertThat(forEver.isOver(BEGUN.plusSeconds(1000))).isFalse();
    }

    @Test
    void a_rate_is_by_the_minute_whatever_the_step() {
        Trace coarse = new Trace("c", RECORDED, Duration.ofMinutes(5), new double[] {50, 100});
        assertThat(new Playing(coarse, BEGUN, false).perMinute(BEGUN)).isEqualTo(10);
    }

    @Test
    void the_page_is_the_prometheus_text_format() {
        assertThat(TrafficPage.of(once, BEGUN.plusSeconds(70))).isEqualTo("""
                # HELP weir_traffic_requests_per_minute How much comes now, as recorded.
                # TYPE weir_traffic_requests_per_minute gauge
                weir_traffic_requests_per_minute{trace="t\\"1\\""} 120
                # HELP weir_traffic_requests_total All that came since the trace began to play.
                # TYPE weir_traffic_requests_total counter
                weir_traffic_requests_total{trace="t\\"1\\""} 80
                # HELP weir_traffic_recorded_seconds Where in the recording this is.
                # TYPE weir_traffic_recorded_seconds gauge
                weir_traffic_recorded_seconds{trace="t\\"1\\""} 895708870
                """);
    }

    @Test
    void when_the_trace_is_over_there_is_no_load_instead_of_none() {
        assertThat(once.isOver(BEGUN.plusSeconds(120))).isTrue();
        assertThat(TrafficPage.of(once, BEGUN.plusSeconds(120)))
                .doesNotContain("per_minute")
                .contains("weir_traffic_requests_total{trace=\"t\\\"1\\\"\"} 180\n");
    }
}
