package io.weir.autoscaler.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.autoscaler.ManualClock;
import io.weir.autoscaler.decide.Decider;
import io.weir.autoscaler.decide.Decision;
import io.weir.autoscaler.decide.Limits;
import io.weir.autoscaler.decide.Rules;
import io.weir.autoscaler.decide.StepLimit;
import io.weir.autoscaler.decide.Tolerance;
import io.weir.autoscaler.metric.MetricSample;
import io.weir.autoscaler.metric.MetricSample.Absent;
import io.weir.autoscaler.metric.MetricSample.Fresh;
import io.weir.autoscaler.policy.Bounds;
import io.weir.autoscaler.policy.Doubt;
import io.weir.autoscaler.policy.TotalTracking;
import io.weir.autoscaler.source.MetricSource;
import io.weir.autoscaler.store.DecisionJson;
import io.weir.autoscaler.store.ForgetfulStore;
import io.weir.autoscaler.target.Hold;
import io.weir.autoscaler.target.Posted;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
    private static final Tolerance EXACT = new Tolerance(BigDecimal.ZERO, BigDecimal.ZERO);
    private static final Limits QUICK =
            new Limits(EXACT, StepLimit.NONE, StepLimit.NONE, Duration.ZERO, Duration.ZERO, Duration.ofMinutes(1));
    private static final Limits CALM =
            new Limits(EXACT, StepLimit.NONE, StepLimit.NONE, Duration.ofMinutes(5), Duration.ZERO, Duration.ZERO);

    private final ManualClock clock = new ManualClock(NOON);
    private final FakeAdapter adapter = new FakeAdapter(2);
    private final ForgetfulStore store = new ForgetfulStore();
    private MetricSample sample = new Fresh(2, NOON);
    private Target target = target(QUICK);

    // posting

    @Test
    void a_change_is_posted_with_its_reason() {
        beatAfter(0, 7);
        assertThat(adapter.size).isEqualTo(7);
        assertThat(adapter.reasons).containsExactly("load: rps 7 ÷ 1 per machine = 7");
    }

    @Test
    void an_unchanged_size_is_posted_at_first_and_then_once_a_heartbeat() {
        for (int i = 0; i < 80; i++) {
            beatAfter(15, 2);
        }
        assertThat(adapter.posts).containsExactly(2, 2);
        assertThat(adapter.looks).isEqualTo(80);
    }

    @Test
    void what_changed_behind_our_back_is_decided_again_from_what_is_there_now() {
        adapter.changesBehindOurBack = 1;
        beatAfter(0, 7);
        assertThat(adapter.size).isEqualTo(7);
        assertThat(decision().from())
                .as("the size that somebody else set meanwhile")
                .isEqualTo(3);
    }

    @Test
    void a_size_that_changes_all_the_time_is_left_to_the_next_beat() {
        adapter.changesBehindOurBack = 100;
        beatAfter(0, 70);
        assertThat(adapter.looks).isEqualTo(3);
        assertThat(adapter.posts).isEmpty();

        adapter.changesBehindOurBack = 0;
        beatAfter(15, 70);
        assertThat(adapter.size).isEqualTo(70);
    }

    @Test
    void an_adapter_without_tags_takes_sizes_all_the_same() {
        adapter.knowsTags = false;
        adapter.changesBehindOurBack = 1;
        beatAfter(0, 7);
        assertThat(adapter.size).isEqualTo(7);
    }

    // hold

    @Test
    void a_held_size_is_waited_for_and_shown_and_set_when_the_hold_ends() {
        adapter.hold = new Hold("operator anna", "release", NOON.plusSeconds(900));
        beatAfter(0, 7);
        assertThat(adapter.size).isEqualTo(2);
        assertThat(target.view().hold()).isEqualTo(adapter.hold);
        assertThat(target.problems()).as("a hold is nobody's fault").isEmpty();

        adapter.hold = null;
        beatAfter(15, 7);
        assertThat(adapter.size).isEqualTo(7);
        assertThat(target.view().hold()).isNull();
    }

    @Test
    void a_hold_that_is_only_told_when_a_size_is_posted_is_shown_too() {
        adapter.showsHolds = false;
        adapter.hold = new Hold("operator anna", "release", NOON.plusSeconds(900));
        beatAfter(0, 7);
        assertThat(target.view().hold()).isEqualTo(adapter.hold);
        assertThat(adapter.size).isEqualTo(2);

        adapter.hold = null;
        beatAfter(15, 7);
        assertThat(adapter.size).isEqualTo(7);
        assertThat(target.view().hold()).isNull();
    }

    // trouble with the adapter

    @Test
    void an_adapter_that_is_away_is_left_in_peace_for_longer_and_longer_and_never_for_ever() {
        adapter.away = true;
        for (int i = 0; i < 240; i++) {
            beatAfter(15, 7);
        }
        assertThat(adapter.looks).isBetween(30, 120);
        adapter.away = false;
        for (int i = 0; i < 9; i++) {
            beatAfter(15, 7);
        }
        assertThat(adapter.size).as("after two minutes at most").isEqualTo(7);
    }

    @Test
    void an_adapter_that_is_away_makes_the_target_unhealthy_after_a_while_and_well_again_when_it_is_back() {
        beatAfter(0, 2);
        assertThat(target.problems()).isEmpty();
        adapter.away = true;
        beatAfter(15, 2);
        assertThat(target.problems()).as("at once it is no problem yet").isEmpty();
        assertThat(target.view().adapter()).isNotNull();
        for (int i = 0; i < 20; i++) {
            beatAfter(15, 2);
        }
        assertThat(target.problems()).containsOnlyKeys("adapter");
        adapter.away = false;
        for (int i = 0; i < 9; i++) {
            beatAfter(15, 2);
        }
        assertThat(target.problems()).isEmpty();
        assertThat(target.view().adapter()).isNull();
    }

    @Test
    void while_the_adapter_is_away_nothing_is_decided_from_an_old_look() {
        beatAfter(0, 2);
        adapter.away = true;
        beatAfter(15, 50);
        assertThat(decision().size()).isEqualTo(2);
    }

    @Test
    void a_lost_answer_is_repeated_and_counts_once() {
        adapter.losesAnswers = true;
        beatAfter(0, 7);
        assertThat(adapter.size).isEqualTo(7);
        assertThat(target.view().adapter()).isNotNull();
        adapter.losesAnswers = false;
        for (int i = 0; i < 9; i++) {
            beatAfter(15, 7);
        }
        assertThat(target.view().adapter()).isNull();
        assertThat(adapter.posts).containsExactly(7, 7);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 429, 500, 502})
    void a_refused_size_is_shown_and_makes_the_target_unhealthy(int status) {
        adapter.refusesWith = status;
        for (int i = 0; i < 30; i++) {
            beatAfter(15, 7);
        }
        assertThat(target.problems().get("adapter")).contains("refused with " + status);
        adapter.refusesWith = 0;
        for (int i = 0; i < 9; i++) {
            beatAfter(15, 7);
        }
        assertThat(adapter.size).isEqualTo(7);
        assertThat(target.problems()).isEmpty();
    }

    // trouble with a metric

    @Test
    void while_a_metric_is_missing_the_pool_stays_and_after_a_while_the_target_is_unhealthy() {
        beatAfter(0, 2);
        for (int i = 0; i < 20; i++) {
            beatAfter(15, new Absent("no series"));
        }
        assertThat(adapter.size).isEqualTo(2);
        assertThat(target.problems().get("metric")).contains("rps is absent: no series");
        beatAfter(15, 2);
        assertThat(target.problems()).isEmpty();
    }

    @Test
    void a_target_that_never_beat_is_not_healthy() {
        assertThat(target.problems()).containsOnlyKeys("beat");
    }

    // pause

    @Test
    void a_paused_target_shows_what_it_would_do_and_does_nothing() {
        target.pause("operator anna", "load test");
        beatAfter(0, 7);
        assertThat(adapter.posts).isEmpty();
        assertThat(decision().size()).isEqualTo(7);
        assertThat(target.view().pause()).isNotNull();

        target.resume("operator anna", "done");
        beatAfter(15, 7);
        assertThat(adapter.size).isEqualTo(7);
    }

    @Test
    void a_pause_survives_a_restart() {
        target.pause("operator anna", "load test");
        target = target(QUICK);
        beatAfter(0, 7);
        assertThat(adapter.posts).isEmpty();
        assertThat(Objects.requireNonNull(target.view().pause()).reason()).isEqualTo("load test");
    }

    @Test
    void a_pause_that_comes_while_a_beat_runs_is_not_lost() {
        target = target(QUICK, () -> {
            target.pause("operator anna", "now");
            return new Fresh(7, clock.instant());
        });
        target.beat();
        assertThat(target.view().pause()).isNotNull();
        assertThat(adapter.posts).isEmpty();
    }

    // memory

    @Test
    void cool_downs_survive_a_restart() {
        beatAfter(0, 7);
        target = target(QUICK);
        beatAfter(30, 3);
        assertThat(adapter.size).isEqualTo(7);
        beatAfter(30, 3);
        assertThat(adapter.size).isEqualTo(3);
    }

    @Test
    void a_kill_between_the_post_and_the_memory_of_it_does_not_shorten_a_cool_down() {
        beatAfter(0, 2);
        adapter.losesAnswers = true; // the adapter took it, we never heard
        beatAfter(15, 7);
        adapter.losesAnswers = false;
        target = target(QUICK);
        beatAfter(15, 3);
        assertThat(adapter.size).isEqualTo(7);
        beatAfter(59, 3);
        assertThat(adapter.size).isEqualTo(7);
        beatAfter(1, 3);
        assertThat(adapter.size).isEqualTo(3);
    }

    @Test
    void stabilization_survives_a_restart() {
        target = target(CALM);
        beatAfter(0, 9);
        target = target(CALM);
        beatAfter(200, 3);
        assertThat(adapter.size).isEqualTo(9);
        beatAfter(101, 3);
        assertThat(adapter.size).isEqualTo(3);
    }

    @Test
    void what_cannot_be_kept_is_not_posted_and_is_shown() {
        beatAfter(0, 2);
        store.breaks(true);
        for (int i = 0; i < 10; i++) {
            beatAfter(15, 7);
        }
        assertThat(adapter.size).isEqualTo(2);
        assertThat(target.problems()).containsOnlyKeys("inside");
        store.breaks(false);
        beatAfter(15, 7);
        assertThat(adapter.size).isEqualTo(7);
        assertThat(target.problems()).isEmpty();
    }

    @Test
    void of_decisions_that_say_the_same_only_the_first_is_kept() {
        for (int i = 0; i < 50; i++) {
            beatAfter(15, 2);
        }
        assertThat(store.all()).hasSize(1);
        beatAfter(15, 3);
        assertThat(store.all()).hasSize(2);
    }

    @Test
    void a_decision_that_was_kept_is_made_again_byte_for_byte() {
        target = target(Limits.DEFAULT);
        for (int load : new int[] {2, 40, 3, 3, 90, 1, 0, 55}) {
            beatAfter(70, load);
        }
        beatAfter(15, new Absent("no series"));
        assertThat(store.all()).hasSizeGreaterThan(5).allSatisfy(kept -> {
            Decision read = DecisionJson.decision(kept.document());
            Decision again = Decider.decide(read.rules(), read.beat(), read.before());
            assertThat(DecisionJson.text(again)).isEqualTo(kept.document());
        });
    }

    @Test
    void decisions_and_posts_are_counted_by_what_became_of_them() {
        var heard = new ArrayList<String>();
        Tally tally = new Tally() {
            @Override
            public void decided(String name, Decision decision) {
                heard.add(decision.from() + ">" + decision.size());
            }

            @Override
            public void posted(String name, Posted posted) {
                heard.add(posted.outcome());
            }

            @Override
            public void beat(String name, Duration took) {
                heard.add("beat");
            }
        };
        target = target(QUICK, () -> sample, tally);
        adapter.changesBehindOurBack = 1;
        beatAfter(0, 7);
        assertThat(heard).containsExactly("2>7", "outdated", "3>7", "taken", "beat");
    }

    private Decision decision() {
        return Objects.requireNonNull(target.view().decision());
    }

    private void beatAfter(int seconds, double value) {
        clock.pass(Duration.ofSeconds(seconds));
        sample = new Fresh(value, clock.instant());
        target.beat();
    }

    private void beatAfter(int seconds, MetricSample brought) {
        clock.pass(Duration.ofSeconds(seconds));
        sample = brought;
        target.beat();
    }

    private Target target(Limits limits) {
        return target(limits, () -> sample);
    }

    private Target target(Limits limits, MetricSource source) {
        return target(limits, source, Tally.NONE);
    }

    private Target target(Limits limits, MetricSource source, Tally tally) {
        var rules = new Rules(
                new Bounds(1, 100), List.of(new TotalTracking("load", "rps", BigDecimal.ONE, Doubt.UP_ONLY)), limits);
        Rhythm rhythm = Rhythm.of(Duration.ofSeconds(15), Duration.ofMinutes(10));
        return new Target("web", rules, rhythm, Map.of("rps", source), adapter, store, clock, new Random(1), tally);
    }
}
