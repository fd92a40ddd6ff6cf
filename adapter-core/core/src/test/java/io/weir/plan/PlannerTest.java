package io.weir.plan;

import static io.weir.plan.PaperPool.SILENCE;
import static io.weir.plan.PaperPool.choice;
import static io.weir.plan.PaperPool.ends;
import static io.weir.plan.PaperPool.launches;
import static io.weir.plan.PaperPool.names;
import static io.weir.plan.PaperPool.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.pool.Choice;
import io.weir.pool.FailureKind;
import io.weir.pool.Gate;
import io.weir.pool.MachineId;
import io.weir.pool.MachineState;
import io.weir.pool.Member;
import io.weir.pool.MembershipStatus;
import io.weir.pool.PoolDocument;
import io.weir.pool.ServiceState;
import io.weir.pool.VictimPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What one turn does, rule by rule. */
class PlannerTest {

    // Growth

    @Test
    void the_difference_to_the_wish_is_launched_spread_over_the_zones_as_the_first_type() {
        PaperPool pool = PaperPool.empty();
        pool.wish(7);

        Plan plan = pool.plan();

        Map<Choice, Integer> chosen = plan.all(Action.Launch.class).stream()
                .collect(Collectors.toMap(
                        launch -> launch.batch().choice(),
                        launch -> launch.batch().names().size()));
        assertThat(chosen)
                .containsOnlyKeys(choice("zone-a", "large"), choice("zone-b", "large"), choice("zone-c", "large"))
                .containsValues(3, 2, 2);
    }

    @Test
    void what_is_in_flight_is_capacity() {
        PaperPool pool = PaperPool.empty();
        pool.wish(5);
        Plan plan = pool.plan();

        assertThat(launches(pool.plan())).isZero();
        pool.call(plan, SILENCE);
        assertThat(launches(pool.plan())).isZero();
    }

    @Test
    void a_batch_is_no_larger_than_one_call_may_be() {
        PaperPool pool = PaperPool.empty();
        pool.limits = new Limits(PaperPool.LAG, PaperPool.LAG, Optional.empty(), 2, PaperPool.LAG);
        pool.wish(9);

        assertThat(pool.plan().all(Action.Launch.class))
                .allSatisfy(launch -> assertThat(launch.batch().names()).hasSizeLessThanOrEqualTo(2));
    }

    @Test
    void an_unanswered_launch_is_repeated_unchanged_where_there_are_tokens() {
        PaperPool pool = PaperPool.empty();
        pool.wish(1);
        Plan first = pool.plan();
        pool.call(first, SILENCE);
        pool.template =
                new io.weir.pool.Template("r2", pool.template.choices(), "{\"image\":\"new\"}", "Paper", "here");
        pool.pass(Duration.ofSeconds(5));

        Plan second = pool.plan();

        assertThat(second.all(Action.Repeat.class)).hasSize(1);
        assertThat(second.all(Action.Repeat.class).get(0).names()).isEqualTo(names(first));
        assertThat(pool.state.batches().values()).singleElement().satisfies(batch -> assertThat(batch.frozen())
                .isEqualTo("{}"));
    }

    @Test
    void without_tokens_it_is_repeated_only_after_a_complete_listing_that_does_not_show_it() {
        PaperPool pool = PaperPool.empty();
        pool.limits = new Limits(PaperPool.LAG, PaperPool.LAG, Optional.empty(), 100, PaperPool.LAG);
        pool.wish(1);
        Plan first = pool.plan();
        pool.call(first, SILENCE);

        pool.pass(Duration.ofSeconds(15));
        pool.listing();
        assertThat(pool.plan().all(Action.Repeat.class)).as("it may land yet").isEmpty();

        pool.pass(Duration.ofSeconds(10));
        pool.listing(first.all(Action.Launch.class).get(0).batch().choice().zone());
        assertThat(pool.plan().all(Action.Repeat.class))
                .as("its zone was not seen")
                .isEmpty();

        pool.pass(Duration.ofSeconds(1));
        pool.listing();
        assertThat(pool.plan().all(Action.Repeat.class)).hasSize(1);
    }

    @Test
    void a_token_that_the_cloud_may_have_forgotten_is_not_used_again() {
        PaperPool pool = PaperPool.empty();
        pool.wish(1);
        pool.call(pool.plan(), SILENCE);
        pool.pass(Duration.ofHours(24));

        assertThat(pool.plan().all(Action.Repeat.class)).isEmpty();
    }

    @Test
    void no_capacity_in_one_choice_is_the_next_choice_at_once() {
        PaperPool pool = PaperPool.empty();
        pool.wish(1);
        Plan first = pool.plan();
        pool.call(first, refused(FailureKind.NO_CAPACITY));

        Plan second = pool.plan();

        assertThat(launches(second)).isEqualTo(1);
        assertThat(second.all(Action.Launch.class).get(0).batch().choice())
                .isNotEqualTo(first.all(Action.Launch.class).get(0).batch().choice());
    }

    @Test
    void when_every_choice_is_exhausted_one_machine_is_tried_every_two_minutes() {
        PaperPool pool = PaperPool.empty();
        pool.wish(6);
        for (int i = 0; i < 6; i++) {
            pool.call(pool.plan(), refused(FailureKind.QUOTA_EXCEEDED));
        }

        assertThat(launches(pool.plan())).isZero();
        pool.pass(Duration.ofSeconds(121));
        assertThat(launches(pool.plan())).isEqualTo(1);
    }

    @Test
    void launches_keep_their_pace() {
        PaperPool pool = PaperPool.empty(PoolDocument.of(0, 1000, 0).withPolicy(VictimPolicy.NEWEST, Optional.empty()));
        pool.wish(3);
        pool.accept(pool.plan());
        pool.wish(40);

        int first = launches(pool.plan());

        assertThat(first)
                .as("no more than the wish in one minute, what was launched before counts too")
                .isEqualTo(37);
    }

    @Test
    void an_open_breaker_lets_one_machine_through_after_a_minute() {
        PaperPool pool = PaperPool.empty();
        pool.wish(3);
        pool.call(pool.plan(), refused(FailureKind.INVALID_TEMPLATE));
        assertThat(pool.state.breaker().isOpen()).isTrue();

        assertThat(launches(pool.plan())).isZero();
        pool.pass(Duration.ofSeconds(61));
        Plan probe = pool.plan();
        assertThat(launches(probe)).isEqualTo(1);
        assertThat(probe.all(Action.Launch.class).get(0).probe()).isTrue();
        pool.accept(probe);
        assertThat(launches(pool.plan())).as("one at a time").isZero();
    }

    // Shrinking

    @Test
    void a_surplus_ends_the_newest_first() {
        PaperPool pool = PaperPool.running(5);
        List<MachineId> oldestFirst = byAge(pool);
        pool.wish(3);

        assertThat(ends(pool.plan())).containsExactlyInAnyOrder(oldestFirst.get(3), oldestFirst.get(4));
    }

    @Test
    void or_the_oldest_if_the_document_says_so() {
        PaperPool pool =
                PaperPool.running(5, PoolDocument.of(0, 100, 0).withPolicy(VictimPolicy.OLDEST, Optional.empty()));
        List<MachineId> oldestFirst = byAge(pool);
        pool.wish(3);

        assertThat(ends(pool.plan())).containsExactlyInAnyOrder(oldestFirst.get(0), oldestFirst.get(1));
    }

    @Test
    void or_from_the_fullest_zones() {
        PaperPool pool = PaperPool.running(
                7, PoolDocument.of(0, 100, 0).withPolicy(VictimPolicy.ZONE_BALANCING, Optional.empty()));
        pool.wish(3);
        List<MachineId> ended = ends(pool.plan());

        Map<String, Long> left = pool.members().stream()
                .filter(member -> !ended.contains(member.id()))
                .collect(Collectors.groupingBy(member -> member.choice().zone(), Collectors.counting()));
        assertThat(left).hasSize(3).containsValues(1L, 1L, 1L);
    }

    @Test
    void or_what_is_closest_to_the_end_of_the_time_that_is_paid_for() {
        PaperPool pool = PaperPool.running(
                5,
                PoolDocument.of(0, 100, 0)
                        .withPolicy(VictimPolicy.BILLING_PERIOD_END, Optional.of(Duration.ofHours(1))));
        List<MachineId> oldestFirst = byAge(pool);
        Member third = pool.member(oldestFirst.get(2));
        pool.now = third.requested().plus(Duration.ofMinutes(59)).plusSeconds(30);
        pool.listing();
        pool.wish(4);

        assertThat(ends(pool.plan())).containsExactly(third.id());
    }

    @Test
    void what_does_not_run_yet_goes_first_and_without_pace() {
        PaperPool pool = PaperPool.running(4);
        pool.wish(30);
        pool.accept(pool.plan());
        pool.pass(Duration.ofSeconds(1));
        pool.listing();
        pool.wish(4);

        Plan plan = pool.plan();

        assertThat(ends(plan))
                .hasSize(26)
                .allSatisfy(id -> assertThat(pool.member(id).state()).isEqualTo(MachineState.PENDING));
    }

    @Test
    void a_launch_that_was_not_called_is_dropped_before_one_that_was() {
        PaperPool pool = PaperPool.empty();
        pool.wish(1);
        pool.call(pool.plan(), SILENCE);
        pool.wish(2);
        Plan second = pool.plan();
        pool.wish(1);

        Plan plan = pool.plan();

        assertThat(plan.all(Action.Cancel.class)).containsExactly(new Action.Cancel(names(second)));
        assertThat(pool.state.launches()).hasSize(1);
    }

    @Test
    void a_cancelled_launch_that_is_wanted_again_is_taken_back_before_anything_new() {
        PaperPool pool = PaperPool.empty();
        pool.wish(2);
        pool.call(pool.plan(), SILENCE);
        pool.wish(0);
        pool.plan();
        pool.wish(3);

        Plan plan = pool.plan();

        assertThat(plan.all(Action.TakeBack.class).get(0).launches()).hasSize(2);
        assertThat(launches(plan)).isEqualTo(1);
    }

    @Test
    void a_blessed_machine_is_never_ended() {
        PaperPool pool = PaperPool.running(2);
        MachineId blessed = byAge(pool).get(1);
        status(pool, blessed, MembershipStatus.BLESSED);
        pool.wish(0);

        Plan plan = pool.plan();

        assertThat(ends(plan)).hasSize(1).doesNotContain(blessed);
    }

    @Test
    void ends_for_the_wish_keep_their_pace() {
        PaperPool pool = PaperPool.running(40);
        pool.wish(0);
        Plan first = pool.plan();

        assertThat(ends(first)).as("a quarter of 40").hasSize(10);
        pool.accept(first);
        assertThat(ends(pool.plan())).as("in the same minute").isEmpty();
        pool.pass(Duration.ofSeconds(61));
        pool.listing();
        assertThat(ends(pool.plan())).as("a quarter of 30").hasSize(7);
    }

    @Test
    void a_machine_without_our_marks_is_not_ended() {
        PaperPool pool = PaperPool.running(2);
        pool.rows.replaceAll((id, row) -> PaperPool.row(id, row.name(), row.choice(), row.state(), Optional.empty()));
        pool.pass(Duration.ofMinutes(1));
        pool.listing();
        pool.wish(0);

        Plan plan = pool.plan();

        assertThat(ends(plan)).isEmpty();
        assertThat(plan.all(Action.Mark.class)).as("it is marked again first").isNotEmpty();
    }

    // Doubt

    @Test
    void machines_of_a_zone_that_cannot_be_seen_are_neither_replaced_nor_ended() {
        PaperPool pool = PaperPool.running(6);
        pool.pass(Duration.ofMinutes(5));
        pool.listing("zone-a");
        Plan plan = pool.plan();
        assertThat(launches(plan)).isZero();

        pool.wish(4);
        assertThat(ends(pool.plan())).as("4 surely stay").isEmpty();
        pool.wish(3);
        assertThat(ends(pool.plan()))
                .hasSize(1)
                .allSatisfy(id -> assertThat(pool.member(id).choice().zone()).isNotEqualTo("zone-a"));
    }

    @Test
    void after_a_failed_listing_a_pool_grows_and_ends_nothing() {
        PaperPool pool = PaperPool.running(3);
        pool.wish(4);
        assertThat(launches(pool.plan(true))).isEqualTo(1);
        pool.wish(1);
        assertThat(ends(pool.plan(true))).isEmpty();
    }

    @Test
    void a_machine_that_two_listings_do_not_show_is_asked_for_and_not_replaced_before_the_answer() {
        PaperPool pool = PaperPool.running(3);
        MachineId hidden = byAge(pool).get(0);
        pool.rows.remove(hidden);
        pool.pass(Duration.ofMinutes(1));
        pool.listing();
        assertThat(pool.plan().all(Action.Confirm.class)).isEmpty();
        pool.pass(Duration.ofSeconds(31));
        pool.listing();

        Plan plan = pool.plan();
        assertThat(plan.all(Action.Confirm.class)).containsExactly(new Action.Confirm(List.of(hidden)));
        assertThat(launches(plan)).isZero();

        pool.edit(edit -> Settler.confirmed(edit, hidden, Optional.empty()));
        assertThat(launches(pool.plan())).isEqualTo(1);
    }

    @Test
    void when_most_of_a_pool_is_missing_a_third_listing_must_confirm_it() {
        PaperPool pool = PaperPool.running(4);
        pool.rows.clear();
        for (int i = 0; i < 2; i++) {
            pool.pass(Duration.ofSeconds(31));
            pool.listing();
        }
        assertThat(pool.plan().all(Action.Confirm.class)).isEmpty();
        pool.pass(Duration.ofSeconds(31));
        pool.listing();
        assertThat(pool.plan().all(Action.Confirm.class).get(0).ids()).hasSize(4);
    }

    // Repair

    @Test
    void a_machine_that_does_not_run_in_time_is_ended_and_replaced() {
        PaperPool pool = PaperPool.empty();
        pool.wish(1);
        pool.accept(pool.plan());
        pool.pass(Duration.ofMinutes(10).plusSeconds(1));
        pool.listing();

        Plan plan = pool.plan();
        assertThat(ends(plan)).hasSize(1);
        pool.accept(plan);
        assertThat(launches(pool.plan())).isEqualTo(1);
    }

    @Test
    void machines_that_ran_and_have_failed_by_the_clouds_own_word_are_ended_inside_the_repair_pace() {
        PaperPool pool = PaperPool.running(5);
        List<MachineId> ids = byAge(pool);
        pool.row(ids.get(0), MachineState.REJECTED);
        pool.row(ids.get(1), MachineState.REJECTED);
        pool.pass(Duration.ofSeconds(1));
        pool.listing();

        Plan plan = pool.plan();

        assertThat(ends(plan)).as("one in ten minutes").hasSize(1);
        assertThat(plan.all(Action.End.class).get(0).reason()).contains("failed");
        assertThat(launches(plan)).as("it counts until it is ended").isZero();
    }

    @Test
    void a_disposable_machine_is_replaced_at_once_and_ended_inside_the_repair_pace() {
        PaperPool pool = PaperPool.running(5);
        List<MachineId> ids = byAge(pool);
        status(pool, ids.get(0), MembershipStatus.DISPOSABLE);
        status(pool, ids.get(1), MembershipStatus.DISPOSABLE);

        Plan plan = pool.plan();

        assertThat(launches(plan)).isEqualTo(2);
        assertThat(ends(plan)).as("one in ten minutes").hasSize(1);
    }

    @Test
    void a_machine_out_of_service_is_replaced_and_kept() {
        PaperPool pool = PaperPool.running(3);
        status(pool, byAge(pool).get(0), MembershipStatus.AWAITING_SERVICE);

        Plan plan = pool.plan();

        assertThat(launches(plan)).isEqualTo(1);
        assertThat(ends(plan)).isEmpty();
    }

    @Test
    void unhealthy_is_no_reason_to_end_a_machine_unless_the_document_says_so() {
        PaperPool pool = PaperPool.running(3);
        Member sick = pool.member(byAge(pool).get(0));
        pool.edit(edit -> edit.members.put(
                sick.id(),
                sick.told(sick.membership(), Optional.empty(), ServiceState.UNHEALTHY, Optional.of(pool.now))));
        pool.pass(Duration.ofHours(1));
        pool.listing();

        assertThat(ends(pool.plan())).isEmpty();
    }

    // Gates

    @Test
    void a_pool_whose_size_is_unknown_does_nothing() {
        PaperPool pool = new PaperPool(PoolDocument.of(0, 10, 5));
        pool.listing();

        assertThat(pool.plan().isEmpty()).isTrue();
    }

    @Test
    void behind_a_closed_gate_nothing_passes_but_looks() {
        PaperPool pool = PaperPool.running(3);
        pool.rows.remove(byAge(pool).get(0));
        for (int i = 0; i < 2; i++) {
            pool.pass(Duration.ofSeconds(31));
            pool.listing();
        }
        pool.wish(9);
        pool.close(Gate.Kind.FROZEN);

        assertThat(pool.plan().actions()).hasOnlyElementsOfType(Action.Confirm.class);
    }

    @Test
    void behind_refused_credentials_one_effect_a_minute_passes() {
        PaperPool pool = PaperPool.running(3);
        pool.close(Gate.Kind.UNAUTHORIZED);
        pool.wish(9);
        Plan probe = pool.plan();
        assertThat(launches(probe)).isEqualTo(1);

        pool.edit(Remember::probing);
        pool.pass(Duration.ofSeconds(30));
        assertThat(pool.plan().actions().stream().filter(Action::isEffect)).isEmpty();
    }

    @Test
    void a_change_of_mind_passes_with_it() {
        PaperPool pool = PaperPool.empty();
        pool.wish(5);
        pool.plan();
        pool.close(Gate.Kind.UNAUTHORIZED);
        pool.wish(0);

        pool.plan();

        assertThat(pool.state.launches()).isEmpty();
    }

    // As a function

    @Test
    void the_same_state_makes_the_same_plan() {
        PaperPool pool = PaperPool.running(6);
        pool.wish(20);

        Plan once = Planner.plan(pool.state, Optional.of(pool.template), false, pool.limits, pool.now);

        assertThat(Planner.plan(pool.state, Optional.of(pool.template), false, pool.limits, pool.now))
                .isEqualTo(once);
    }

    private static List<MachineId> byAge(PaperPool pool) {
        return pool.members().stream()
                .sorted(java.util.Comparator.comparing(Member::requested))
                .map(Member::id)
                .toList();
    }

    private static void status(PaperPool pool, MachineId id, MembershipStatus status) {
        Member member = pool.member(id);
        pool.edit(edit ->
                edit.members.put(id, member.told(status, Optional.empty(), member.service(), Optional.empty())));
    }
}
