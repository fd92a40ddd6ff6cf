package io.weir.autoscaler.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.autoscaler.policy.Recommendation.Silent;
import io.weir.autoscaler.policy.Recommendation.Within;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleBoundsTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @CsvSource({
        "2026-03-02T07:59:59, false", // a Monday
        "2026-03-02T08:00:00, true",
        "2026-03-02T17:59:59, true",
        "2026-03-02T18:00:00, false",
        "2026-03-06T12:00:00, true",
        "2026-03-07T12:00:00, false", // a Saturday
    })
    void office_hours_hold_on_working_days_by_the_clock_on_the_wall(LocalDateTime wall, boolean inForce) {
        var office = schedule("0 8 * * MON-FRI", "0 18 * * *");
        assertThat(inForce(office, wall.atZone(BERLIN).toInstant())).isEqualTo(inForce);
    }

    @Test
    void a_night_shift_crosses_midnight() {
        var night = schedule("0 22 * * *", "0 6 * * *");
        assertThat(inForce(night, at("2026-03-02T23:30"))).isTrue();
        assertThat(inForce(night, at("2026-03-03T05:59"))).isTrue();
        assertThat(inForce(night, at("2026-03-03T06:00"))).isFalse();
        assertThat(inForce(night, at("2026-03-03T21:59"))).isFalse();
    }

    @Test
    void the_zone_decides_when_it_is_eight() {
        var tokyo = new ScheduleBounds(
                "x",
                new Recurrence("0 8 * * *"),
                new Recurrence("0 9 * * *"),
                ZoneId.of("Asia/Tokyo"),
                new Bounds(1, 2));
        assertThat(inForce(tokyo, Instant.parse("2026-03-01T23:30:00Z"))).isTrue();
        assertThat(inForce(tokyo, Instant.parse("2026-03-01T08:30:00Z"))).isFalse();
    }

    @Test
    void a_time_that_is_skipped_in_spring_happens_when_the_clocks_go_forward() {
        var skipped = schedule("30 2 * * *", "0 5 * * *"); // 02:30 does not exist on 29 March 2026
        assertThat(inForce(skipped, Instant.parse("2026-03-29T00:59:59Z"))).isFalse(); // 01:59:59
        assertThat(inForce(skipped, Instant.parse("2026-03-29T01:00:00Z"))).isTrue(); // 03:00
        assertThat(inForce(skipped, Instant.parse("2026-03-29T02:59:59Z"))).isTrue(); // 04:59:59
        assertThat(inForce(skipped, Instant.parse("2026-03-29T03:00:00Z"))).isFalse(); // 05:00
    }

    @ParameterizedTest
    @ValueSource(strings = {"30 2 * * *", "0 2 * * *", "59 2 * * *", "0 3 * * *", "30 1 * * *"})
    void a_time_that_comes_twice_in_autumn_happens_once(String from) {
        var doubled = schedule(from, "0 5 * * *");
        var turns = new ArrayList<Instant>();
        boolean before = false;
        Instant noon = ZonedDateTime.of(2026, 10, 24, 12, 0, 0, 0, BERLIN).toInstant();
        for (int minute = 0; minute < 25 * 60; minute++) {
            Instant now = noon.plusSeconds(60L * minute);
            boolean after = inForce(doubled, now);
            if (after != before) {
                turns.add(now);
            }
            before = after;
        }
        assertThat(turns).as("on and off, once each").hasSize(2);
    }

    @Test
    void a_schedule_that_ends_in_the_doubled_hour_stays_ended() {
        var ends = schedule("0 20 * * *", "30 2 * * *");
        List<Boolean> seen = new ArrayList<>();
        for (int minute = 0; minute < 180; minute += 10) { // 01:00 summer time to 03:00 winter time
            seen.add(inForce(ends, Instant.parse("2026-10-24T23:00:00Z").plusSeconds(60L * minute)));
        }
        assertThat(seen.subList(0, 9)).containsOnly(true); // until 02:20 the first time
        assertThat(seen.subList(9, 18)).containsOnly(false);
    }

    @Test
    void what_begins_and_ends_together_is_in_force() {
        assertThat(inForce(schedule("0 8 * * *", "0 8 * * *"), at("2026-03-02T12:00")))
                .isTrue();
    }

    @Test
    void in_force_it_bounds_and_otherwise_it_is_silent() {
        var office = schedule("0 8 * * *", "0 18 * * *");
        assertThat(office.recommend(beat(at("2026-03-02T12:00")))).isInstanceOfSatisfying(Within.class, within -> {
            assertThat(within.bounds()).isEqualTo(new Bounds(10, 20));
            assertThat(within.reason()).isEqualTo("10..20 since 2026-03-02T08:00 Europe/Berlin");
        });
        assertThat(office.recommend(beat(at("2026-03-02T19:00")))).isInstanceOf(Silent.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "0 8 * *", "61 8 * * *", "0 25 * * *", "0 8 * * MOO", "0 0 8 * * *"})
    void an_expression_that_is_none_is_refused(String expression) {
        assertThatThrownBy(() -> new Recurrence(expression)).isInstanceOf(IllegalArgumentException.class);
    }

    private static ScheduleBounds schedule(String from, String until) {
        return new ScheduleBounds("s", new Recurrence(from), new Recurrence(until), BERLIN, new Bounds(10, 20));
    }

    private static Instant at(String wall) {
        return LocalDateTime.parse(wall).atZone(BERLIN).toInstant();
    }

    private static boolean inForce(ScheduleBounds schedule, Instant now) {
        return schedule.recommend(beat(now)) instanceof Within;
    }

    private static Beat beat(Instant now) {
        return new Beat(now, new PoolSeen(1, 1, 1, 1), Map.of());
    }
}
