package io.weir.autoscaler.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.autoscaler.decide.Reason.Step;
import io.weir.autoscaler.metric.MetricSample;
import io.weir.autoscaler.metric.MetricSample.Absent;
import io.weir.autoscaler.metric.MetricSample.Fresh;
import io.weir.autoscaler.metric.MetricSample.Partial;
import io.weir.autoscaler.policy.Beat;
import io.weir.autoscaler.policy.Bounds;
import io.weir.autoscaler.policy.Doubt;
import io.weir.autoscaler.policy.PoolSeen;
import io.weir.autoscaler.policy.Recurrence;
import io.weir.autoscaler.policy.ScalingPolicy;
import io.weir.autoscaler.policy.ScheduleBounds;
import io.weir.autoscaler.policy.TotalTracking;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeciderTest {
    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
    private static final Duration NONE = Duration.ZERO;
    private static final Tolerance EXACT = new Tolerance(BigDecimal.ZERO, BigDecimal.ZERO);
    private static final Limits FREE = new Limits(EXACT, StepLimit.NONE, StepLimit.NONE, NONE, NONE, NONE);
    private static final Bounds WIDE = new Bounds(0, 100);
    private static final ScalingPolicy LOAD = tracking("load", "a");
    private static final ScalingPolicy QUEUE = tracking("queue", "b");

    // 1 bounds

    @ParameterizedTest
    @CsvSource({"0, 2", "1, 2", "5, 5", "20, 20", "1000000000, 20"})
    void whatever_is_wanted_the_size_stays_inside_the_bounds(int wanted, int size) {
        assertThat(decide(new Rules(new Bounds(2, 20), List.of(LOAD), FREE), 5, wanted)
                        .size())
                .isEqualTo(size);
    }

    @Test
    void a_size_outside_the_bounds_is_brought_in_at_once_whatever_the_limits_say() {
        Limits slow = new Limits(
                EXACT,
                new StepLimit(1, 0),
                new StepLimit(1, 0),
                Duration.ofHours(1),
                Duration.ofHours(1),
                Duration.ofHours(1));
        Memory justChanged = Memory.NONE.seen(1, NOON.minusSeconds(2)).seen(50, NOON.minusSeconds(1));
        assertThat(decide(new Rules(new Bounds(2, 20), List.of(LOAD), slow), 50, 50, justChanged)
                        .size())
                .isEqualTo(20);
        assertThat(decide(new Rules(new Bounds(60, 90), List.of(LOAD), slow), 50, 50, justChanged)
                        .size())
                .isEqualTo(60);
    }

    @Test
    void bounds_hold_without_any_metric() {
        var rules = new Rules(new Bounds(3, 20), List.of(LOAD), FREE);
        assertThat(Decider.decide(rules, beat(1, new Absent("gone")), Memory.NONE)
                        .size())
                .isEqualTo(3);
    }

    @Test
    void a_schedule_in_force_narrows_the_bounds_and_never_widens_them() {
        ScalingPolicy day = schedule("day", "0 8 * * *", "0 18 * * *", new Bounds(10, 500));
        var rules = new Rules(new Bounds(2, 20), List.of(LOAD, day), FREE);
        assertThat(decide(rules, 2, 3).size()).isEqualTo(10);
        assertThat(decide(rules, 10, 90).size()).isEqualTo(20);
        assertThat(decide(rules, 10, 3).reasons())
                .anyMatch(r -> r.step() == Step.BOUNDS && r.text().startsWith("day: "));
    }

    @Test
    void a_schedule_that_is_not_in_force_says_nothing() {
        ScalingPolicy night = schedule("night", "0 22 * * *", "0 6 * * *", new Bounds(10, 20));
        assertThat(decide(new Rules(WIDE, List.of(LOAD, night), FREE), 2, 3).size())
                .isEqualTo(3);
    }

    @Test
    void of_two_schedules_that_contradict_each_other_the_higher_floor_wins() {
        ScalingPolicy low = schedule("low", "0 8 * * *", "0 18 * * *", new Bounds(0, 4));
        ScalingPolicy high = schedule("high", "0 8 * * *", "0 18 * * *", new Bounds(9, 12));
        assertThat(decide(new Rules(WIDE, List.of(LOAD, low, high), FREE), 6, 6).size())
                .isEqualTo(9);
        assertThat(decide(new Rules(WIDE, List.of(LOAD, high, low), FREE), 6, 6).size())
                .isEqualTo(9);
    }

    // 2 safest wins

    @Test
    void the_highest_want_wins_and_is_named() {
        Decision decision = decide(2, new Fresh(3, NOON), new Fresh(7, NOON));
        assertThat(decision.size()).isEqualTo(7);
        assertThat(decision.why()).contains("queue: b 7");
    }

    @Test
    void while_one_metric_is_missing_nothing_shrinks_but_another_may_raise() {
        assertThat(decide(5, new Fresh(1, NOON), new Absent("gone")).size()).isEqualTo(5);
        assertThat(decide(5, new Fresh(8, NOON), new Absent("gone")).size()).isEqualTo(8);
        assertThat(decide(5, new Absent("gone"), new Absent("gone")).size()).isEqualTo(5);
    }

    @Test
    void a_part_of_a_metric_raises_and_never_lowers() {
        var rules = new Rules(WIDE, List.of(LOAD), FREE);
        assertThat(Decider.decide(rules, beat(5, new Partial(8, NOON, "half")), Memory.NONE)
                        .size())
                .isEqualTo(8);
        assertThat(Decider.decide(rules, beat(5, new Partial(1, NOON, "half")), Memory.NONE)
                        .size())
                .isEqualTo(5);
    }

    @Test
    void without_any_want_the_pool_stays() {
        ScalingPolicy day = schedule("day", "0 8 * * *", "0 18 * * *", new Bounds(1, 50));
        assertThat(decide(new Rules(WIDE, List.of(day), FREE), 7, 0).size()).isEqualTo(7);
    }

    @Test
    void zero_measured_is_zero_wanted() {
        assertThat(decide(new Rules(WIDE, List.of(LOAD), FREE), 3, 0).size()).isZero();
    }

    // 3 tolerance

    @ParameterizedTest
    @CsvSource({"10.4, 10", "10.6, 11", "8.4, 10", "7.9, 8", "8.0, 10", "10.5, 10"})
    void a_need_close_to_the_present_size_moves_nothing(double needed, int size) {
        Limits tolerant = new Limits(
                new Tolerance(new BigDecimal("0.05"), new BigDecimal("0.2")),
                StepLimit.NONE,
                StepLimit.NONE,
                NONE,
                NONE,
                NONE);
        assertThat(Decider.decide(
                                new Rules(WIDE, List.of(LOAD), tolerant),
                                beat(10, new Fresh(needed, NOON)),
                                Memory.NONE)
                        .size())
                .isEqualTo(size);
    }

    // 4 step limits

    @ParameterizedTest
    @CsvSource({
        // machines, percent, present, wanted, size
        "4, 0, 10, 50, 14",
        "4, 100, 10, 50, 20",
        "4, 100, 2, 50, 6",
        "0, 50, 10, 50, 15",
        "0, 50, 1, 50, 2",
        "0, 10, 0, 50, 1",
        "4, 100, 10, 12, 12",
    })
    void growth_takes_no_more_than_one_step(int machines, int percent, int present, int wanted, int size) {
        Limits limits = new Limits(EXACT, new StepLimit(machines, percent), StepLimit.NONE, NONE, NONE, NONE);
        assertThat(decide(new Rules(WIDE, List.of(LOAD), limits), present, wanted)
                        .size())
                .isEqualTo(size);
    }

    @ParameterizedTest
    @CsvSource({"5, 25, 100, 10, 75", "5, 25, 10, 0, 5", "0, 25, 3, 0, 2", "0, 25, 1, 0, 0", "5, 25, 100, 90, 90"})
    void shrinking_takes_no_more_than_one_step(int machines, int percent, int present, int wanted, int size) {
        Limits limits = new Limits(EXACT, StepLimit.NONE, new StepLimit(machines, percent), NONE, NONE, NONE);
        assertThat(decide(new Rules(WIDE, List.of(LOAD), limits), present, wanted)
                        .size())
                .isEqualTo(size);
    }

    @Test
    void a_step_from_the_greatest_size_does_not_overflow() {
        assertThat(new StepLimit(Integer.MAX_VALUE, 100).from(Integer.MAX_VALUE))
                .isEqualTo(Integer.MAX_VALUE);
        Limits limits = new Limits(EXACT, new StepLimit(Integer.MAX_VALUE, 100), StepLimit.NONE, NONE, NONE, NONE);
        var rules = new Rules(new Bounds(0, Integer.MAX_VALUE), List.of(LOAD), limits);
        assertThat(decide(rules, Integer.MAX_VALUE - 1, Integer.MAX_VALUE).size())
                .isEqualTo(Integer.MAX_VALUE);
    }

    // 5 stabilization

    @Test
    void a_pool_shrinks_only_to_the_highest_want_of_the_window() {
        Story story = new Story(limits(Duration.ofMinutes(5), NONE, NONE), 10);
        assertThat(story.beat(0, 10)).isEqualTo(10);
        assertThat(story.beat(60, 4)).isEqualTo(10);
        assertThat(story.beat(120, 6)).isEqualTo(10);
        assertThat(story.beat(180, 3)).isEqualTo(10);
        assertThat(story.beat(299, 3)).isEqualTo(10);
        assertThat(story.beat(301, 3)).isEqualTo(6);
        assertThat(story.beat(421, 3)).isEqualTo(3);
    }

    @Test
    void growth_waits_for_no_window() {
        Story story = new Story(limits(Duration.ofMinutes(5), NONE, NONE), 10);
        story.beat(0, 2);
        assertThat(story.beat(10, 30)).isEqualTo(30);
    }

    @Test
    void an_old_high_want_does_not_raise_a_pool_again() {
        Story story = new Story(limits(Duration.ofMinutes(5), NONE, NONE), 10);
        story.beat(0, 40);
        story.shows(12); // somebody set it
        assertThat(story.beat(10, 11)).isEqualTo(12);
    }

    @Test
    void a_new_memory_begins_with_the_present_size_so_the_first_look_never_shrinks_a_pool() {
        Story story = new Story(limits(Duration.ofMinutes(5), NONE, NONE), 10);
        assertThat(story.beat(0, 1)).isEqualTo(10);
        assertThat(story.beat(299, 1)).isEqualTo(10);
        assertThat(story.beat(301, 1)).isEqualTo(1);
    }

    @Test
    void after_a_silence_longer_than_the_window_it_begins_anew() {
        Story story = new Story(limits(Duration.ofMinutes(5), NONE, NONE), 10);
        story.beat(0, 1);
        assertThat(story.beat(3600, 1)).isEqualTo(10);
        assertThat(story.beat(3700, 1)).isEqualTo(10);
        assertThat(story.beat(3901, 1)).isEqualTo(1);
    }

    @Test
    void a_blackout_counts_as_wanting_the_present_size() {
        Story story = new Story(limits(Duration.ofMinutes(5), NONE, NONE), 10);
        story.beat(0, 10);
        story.beat(200, new Absent("gone"));
        story.beat(400, new Absent("gone"));
        assertThat(story.beat(600, 2)).isEqualTo(10);
        assertThat(story.beat(701, 2)).isEqualTo(2);
    }

    // 6 cool-downs

    @Test
    void growth_waits_after_growth() {
        Story story = new Story(limits(NONE, Duration.ofSeconds(30), NONE), 10);
        assertThat(story.beat(0, 12)).isEqualTo(12);
        assertThat(story.beat(29, 20)).isEqualTo(12);
        assertThat(story.beat(30, 20)).isEqualTo(20);
    }

    @Test
    void growth_does_not_wait_after_shrinking() {
        Story story = new Story(limits(NONE, Duration.ofSeconds(30), NONE), 10);
        assertThat(story.beat(0, 8)).isEqualTo(8);
        assertThat(story.beat(1, 20)).isEqualTo(20);
    }

    @Test
    void shrinking_waits_after_any_change() {
        Story story = new Story(limits(NONE, NONE, Duration.ofSeconds(60)), 10);
        assertThat(story.beat(0, 12)).isEqualTo(12);
        assertThat(story.beat(59, 5)).isEqualTo(12);
        assertThat(story.beat(60, 8)).isEqualTo(8);
        assertThat(story.beat(119, 5)).isEqualTo(8);
        assertThat(story.beat(120, 5)).isEqualTo(5);
    }

    @Test
    void a_size_that_somebody_set_by_hand_starts_the_cool_down_too() {
        Story story = new Story(limits(NONE, NONE, Duration.ofSeconds(60)), 10);
        story.beat(0, 10);
        story.shows(20);
        assertThat(story.beat(10, 10)).isEqualTo(20);
        assertThat(story.beat(69, 10)).isEqualTo(20);
        assertThat(story.beat(70, 10)).isEqualTo(10);
    }

    @Test
    void a_change_stamped_in_the_future_counts_as_now_and_still_ends() {
        Memory future = new Memory(List.of(), 10, NOON.plusSeconds(100_000), null);
        Limits limits = limits(NONE, Duration.ofSeconds(30), NONE);
        Decision first = decide(new Rules(WIDE, List.of(LOAD), limits), 10, 20, future);
        assertThat(first.size()).isEqualTo(10);
        Decision later = Decider.decide(
                new Rules(WIDE, List.of(LOAD), limits),
                new Beat(
                        NOON.plusSeconds(30),
                        new PoolSeen(10, 10, 10, 10),
                        Map.of("a", new Fresh(20, NOON.plusSeconds(30)))),
                first.after());
        assertThat(later.size()).isEqualTo(20);
    }

    // as a whole

    @Test
    void the_same_inputs_make_the_same_decision() {
        var rules = new Rules(new Bounds(1, 50), List.of(LOAD, QUEUE), Limits.DEFAULT);
        Decision once = Decider.decide(rules, beat(9, new Fresh(33, NOON)), Memory.NONE);
        assertThat(Decider.decide(once.rules(), once.beat(), once.before())).isEqualTo(once);
    }

    @Test
    void every_step_that_changes_something_says_so_in_order() {
        Limits limits = new Limits(EXACT, new StepLimit(4, 0), StepLimit.NONE, NONE, Duration.ofMinutes(1), NONE);
        Memory grown = Memory.NONE.seen(8, NOON.minusSeconds(11)).seen(10, NOON.minusSeconds(10));
        Decision decision = decide(new Rules(new Bounds(0, 30), List.of(LOAD), limits), 10, 99, grown);
        assertThat(decision.size()).isEqualTo(10);
        assertThat(decision.reasons().stream().map(Reason::step))
                .containsExactly(Step.SAFEST, Step.BOUNDS, Step.STEP_LIMIT, Step.COOL_DOWN);
        assertThat(decision.why())
                .isEqualTo(
                        "load: a 99 ÷ 1 per machine = 99; 99 wanted, at most 30 allowed; one step up from 10 ends at 14; "
                                + "14 waits 50 s more, the size changed at 2026-03-02T11:59:50Z");
    }

    @Test
    void a_memory_stays_small_however_long_its_window() {
        Memory memory = Memory.NONE;
        for (int i = 0; i < 10_000; i++) {
            memory = memory.wanted(i % 17, 5, NOON.plusSeconds(i), Duration.ofDays(1));
        }
        assertThat(memory.wants().size()).isLessThanOrEqualTo(17);
        assertThat(memory.highestWant().size()).isEqualTo(16);
    }

    private static Limits limits(Duration window, Duration up, Duration down) {
        return new Limits(EXACT, StepLimit.NONE, StepLimit.NONE, window, up, down);
    }

    private static ScalingPolicy tracking(String name, String metric) {
        return new TotalTracking(name, metric, BigDecimal.ONE, Doubt.UP_ONLY);
    }

    private static ScalingPolicy schedule(String name, String from, String until, Bounds bounds) {
        return new ScheduleBounds(name, new Recurrence(from), new Recurrence(until), ZoneOffset.UTC, bounds);
    }

    private static Decision decide(Rules rules, int present, int wanted) {
        return decide(rules, present, wanted, Memory.NONE);
    }

    private static Decision decide(Rules rules, int present, int wanted, Memory memory) {
        return Decider.decide(rules, beat(present, new Fresh(wanted, NOON)), memory);
    }

    private static Decision decide(int present, MetricSample a, MetricSample b) {
        return Decider.decide(
                new Rules(WIDE, List.of(LOAD, QUEUE), FREE),
                new Beat(NOON, new PoolSeen(present, present, present, present), Map.of("a", a, "b", b)),
                Memory.NONE);
    }

    private static Beat beat(int present, MetricSample a) {
        return new Beat(NOON, new PoolSeen(present, present, present, present), Map.of("a", a));
    }

    /** One pool over time: what is decided is what the adapter shows at the next beat. */
    private static final class Story {
        private final Rules rules;
        private Memory memory = Memory.NONE;
        private int size;

        Story(Limits limits, int size) {
            this.rules = new Rules(WIDE, List.of(LOAD), limits);
            this.size = size;
        }

        void shows(int newSize) {
            size = newSize;
        }

        int beat(int second, int wanted) {
            return beat(second, new Fresh(wanted, NOON.plusSeconds(second)));
        }

        int beat(int second, MetricSample sample) {
            Instant now = NOON.plusSeconds(second);
            Decision decision = Decider.decide(
                    rules, new Beat(now, new PoolSeen(size, size, size, size), Map.of("a", sample)), memory);
            size = decision.size();
            memory = decision.after().seen(size, now);
            return size;
        }
    }
}
