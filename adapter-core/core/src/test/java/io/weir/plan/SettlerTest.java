package io.weir.plan;

import static io.weir.plan.PaperPool.NAME;
import static io.weir.plan.PaperPool.SILENCE;
import static io.weir.plan.PaperPool.STORE;
import static io.weir.plan.PaperPool.choice;
import static io.weir.plan.PaperPool.launches;
import static io.weir.plan.PaperPool.names;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.pool.CloudMachine;
import io.weir.pool.FailureKind;
import io.weir.pool.Gate;
import io.weir.pool.LateRefusal;
import io.weir.pool.Launch;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.MachineState;
import io.weir.pool.Marks;
import io.weir.pool.Member;
import io.weir.pool.MembershipStatus;
import io.weir.pool.PoolDocument;
import io.weir.pool.ServiceState;
import io.weir.pool.StoreId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a listing does to what a pool knows. */
class SettlerTest {
    private static final StoreId OTHER = new StoreId("store00b");

    @Test
    void a_new_store_starts_a_pool_of_no_machines_at_its_first_size_after_lag_and_late_bound() {
        PaperPool pool = new PaperPool(PoolDocument.of(0, 10, 4));
        pool.listing();
        assertThat(pool.state.desired()).isEmpty();
        pool.pass(Duration.ofSeconds(19));
        pool.listing();
        assertThat(pool.state.desired()).isEmpty();
        pool.pass(Duration.ofSeconds(1));
        pool.listing();

        assertThat(pool.state.desired().orElseThrow().size()).isEqualTo(4);
        assertThat(pool.state.gates()).isEmpty();
    }

    @Test
    void a_listing_that_misses_a_scope_starts_that_time_anew() {
        PaperPool pool = new PaperPool(PoolDocument.of(0, 10, 4));
        pool.listing();
        pool.pass(Duration.ofSeconds(15));
        pool.listing("zone-b");
        pool.pass(Duration.ofSeconds(10));
        pool.listing();

        assertThat(pool.state.desired()).isEmpty();
    }

    @Test
    void machines_of_a_store_that_was_lost_make_the_size_and_close_the_pool_until_they_are_adopted() {
        PaperPool pool = new PaperPool(PoolDocument.of(0, 10, 9));
        for (int i = 0; i < 3; i++) {
            foreign(pool, "i-" + i, Optional.empty());
        }
        pool.listing();
        pool.pass(Duration.ofSeconds(20));
        pool.listing();
        assertThat(pool.state.desired().orElseThrow().size()).isEqualTo(3);
        assertThat(pool.state.gates()).containsOnlyKeys(Gate.Kind.FOREIGN_STORE);
        assertThat(pool.members()).isEmpty();

        pool.pass(Duration.ofMinutes(15));
        pool.listing();

        assertThat(pool.members()).hasSize(3);
        assertThat(pool.state.gates()).isEmpty();
        assertThat(launches(pool.plan())).isZero();
    }

    @Test
    void a_fresh_heartbeat_of_another_store_closes_the_pool_until_it_ends() {
        PaperPool pool = PaperPool.running(2);
        pool.pass(Duration.ofMinutes(1));
        foreign(pool, "i-9", Optional.of(pool.now));
        pool.listing();
        assertThat(pool.state.gates()).containsKey(Gate.Kind.FOREIGN_STORE);

        pool.rows.remove(new MachineId("i-9"));
        pool.pass(Duration.ofMinutes(10).plusSeconds(1));
        pool.listing();
        assertThat(pool.state.gates()).isEmpty();
    }

    @Test
    void a_machine_with_our_mark_that_nobody_launched_is_told_of_and_left_alone() {
        PaperPool pool = PaperPool.running(1);
        pool.heard();
        MachineId copy = new MachineId("i-copy");
        pool.rows.put(
                copy,
                PaperPool.row(
                        copy,
                        Optional.empty(),
                        choice("zone-a", "large"),
                        MachineState.RUNNING,
                        Optional.of(Marks.first(NAME, STORE))));
        pool.pass(Duration.ofSeconds(5));
        pool.listing();

        assertThat(pool.heard()).contains("machine.stray");
        assertThat(pool.state.members()).doesNotContainKey(copy);
        pool.wish(0);
        assertThat(PaperPool.ends(pool.plan())).doesNotContain(copy);
    }

    @Test
    void a_launch_without_an_answer_that_shows_is_a_member() {
        PaperPool pool = PaperPool.empty();
        pool.wish(1);
        Plan plan = pool.plan();
        pool.call(plan, SILENCE);
        appears(pool, names(plan).get(0), "i-late");
        pool.pass(Duration.ofSeconds(1));
        pool.listing();

        assertThat(pool.members()).extracting(Member::id).containsExactly(new MachineId("i-late"));
        assertThat(pool.state.launches()).isEmpty();
    }

    @Test
    void a_launch_without_an_answer_is_absent_after_two_listings_of_its_zone_begun_after_all_that_may_land() {
        PaperPool pool = PaperPool.empty();
        pool.wish(1);
        Plan plan = pool.plan();
        MachineName name = names(plan).get(0);
        pool.call(plan, SILENCE);
        pool.wish(0);
        pool.plan();

        pool.pass(Duration.ofSeconds(21));
        pool.listing();
        pool.pass(Duration.ofSeconds(29));
        pool.listing();
        assertThat(launch(pool, name).phase()).isEqualTo(Launch.Phase.UNANSWERED);
        pool.pass(Duration.ofSeconds(1));
        pool.listing();
        assertThat(launch(pool, name).phase()).isEqualTo(Launch.Phase.ABSENT);
    }

    @Test
    void one_that_was_held_to_be_absent_and_shows_all_the_same_is_a_member() {
        PaperPool pool = PaperPool.empty();
        pool.wish(1);
        Plan plan = pool.plan();
        pool.call(plan, PaperPool.refused(FailureKind.NO_CAPACITY));
        appears(pool, names(plan).get(0), "i-late");
        pool.pass(Duration.ofSeconds(1));
        pool.listing();

        assertThat(pool.members()).hasSize(1);
    }

    @Test
    void a_launch_in_a_dark_zone_is_given_up_after_a_quarter_of_an_hour_and_its_slot_counts_elsewhere() {
        PaperPool pool = PaperPool.empty();
        pool.wish(1);
        Plan plan = pool.plan();
        String zone = plan.all(Action.Launch.class).get(0).batch().choice().zone();
        pool.call(plan, SILENCE);
        pool.listing(zone);
        pool.pass(Duration.ofMinutes(14));
        pool.listing(zone);
        assertThat(launches(pool.plan())).isZero();
        pool.pass(Duration.ofMinutes(2));
        pool.listing(zone);

        Plan elsewhere = pool.plan();
        assertThat(launches(elsewhere)).isEqualTo(1);
        assertThat(elsewhere.all(Action.Launch.class).get(0).batch().choice().zone())
                .isNotEqualTo(zone);
    }

    @Test
    void what_the_cloud_still_shows_of_a_launch_that_failed_late_leaves_the_count_at_once_and_is_ended() {
        PaperPool pool = PaperPool.empty();
        pool.wish(1);
        Plan plan = pool.plan();
        pool.accept(plan);
        MachineName name = names(plan).get(0);
        MachineId id = PaperPool.id(name);
        pool.row(id, MachineState.REJECTED);
        LateRefusal refusal = new LateRefusal(name, FailureKind.NO_CAPACITY, "no valid host");
        pool.pass(Duration.ofSeconds(1));
        pool.listing(List.of(refusal));
        pool.heard();
        pool.listing(List.of(refusal));

        Plan next = pool.plan();
        assertThat(next.all(Action.CallEnd.class)).singleElement().satisfies(end -> assertThat(end.ids())
                .containsExactly(id));
        assertThat(launches(next)).isEqualTo(1);
        assertThat(next.all(Action.Launch.class).get(0).batch().choice().key())
                .isNotEqualTo(
                        plan.all(Action.Launch.class).get(0).batch().choice().key());
        assertThat(pool.heard()).doesNotContain("choice.exhausted", "machine.end-decided");
    }

    @Test
    void a_launch_without_an_answer_that_shows_as_failed_is_ended_too() {
        PaperPool pool = PaperPool.empty();
        pool.wish(1);
        Plan plan = pool.plan();
        pool.call(plan, SILENCE);
        MachineName name = names(plan).get(0);
        MachineId id = PaperPool.id(name);
        pool.rows.put(id, PaperPool.row(id, name, choice("zone-a", "large"), MachineState.REJECTED));
        pool.pass(Duration.ofSeconds(1));
        pool.listing(List.of(new LateRefusal(name, FailureKind.NO_CAPACITY, "no valid host")));

        assertThat(pool.plan().all(Action.CallEnd.class)).singleElement().satisfies(end -> assertThat(end.ids())
                .containsExactly(id));
    }

    @Test
    void a_refusal_that_names_an_id_which_the_same_listing_does_not_show_changes_nothing() {
        PaperPool pool = PaperPool.empty();
        pool.wish(1);
        Plan plan = pool.plan();
        pool.accept(plan);
        MachineName name = names(plan).get(0);
        pool.rows.clear();
        pool.pass(Duration.ofSeconds(1));
        pool.listing(List.of(
                new LateRefusal(name, Optional.of(PaperPool.id(name)), FailureKind.NO_CAPACITY, "no valid host")));

        assertThat(pool.members()).singleElement().satisfies(member -> assertThat(member.ending())
                .isEmpty());
        assertThat(pool.state.exhausted()).isEmpty();
    }

    @Test
    void a_tombstone_of_a_launch_that_was_refused_late_exhausts_its_choice_too() {
        PaperPool pool = PaperPool.empty();
        pool.wish(1);
        Plan plan = pool.plan();
        pool.accept(plan);
        MachineName name = names(plan).get(0);
        pool.row(PaperPool.id(name), MachineState.TERMINATED);
        pool.pass(Duration.ofSeconds(1));
        pool.listing(List.of(new LateRefusal(name, FailureKind.NO_CAPACITY, "no valid host")));

        assertThat(pool.members()).isEmpty();
        assertThat(pool.state.exhausted())
                .containsKey(
                        plan.all(Action.Launch.class).get(0).batch().choice().key());
    }

    @Test
    void a_late_refusal_takes_the_machine_back_and_exhausts_its_choice() {
        PaperPool pool = PaperPool.empty();
        pool.wish(1);
        Plan plan = pool.plan();
        pool.accept(plan);
        pool.rows.clear();
        pool.pass(Duration.ofSeconds(1));
        pool.listing(List.of(new LateRefusal(names(plan).get(0), FailureKind.NO_CAPACITY, "no valid host")));

        assertThat(pool.members()).isEmpty();
        assertThat(pool.state.exhausted())
                .containsKey(
                        plan.all(Action.Launch.class).get(0).batch().choice().key());
    }

    @Test
    void a_tombstone_counts_at_once_and_a_lagging_row_does_not_revive_it() {
        PaperPool pool = PaperPool.running(2);
        MachineId id = pool.members().get(0).id();
        pool.row(id, MachineState.TERMINATED);
        pool.pass(Duration.ofSeconds(5));
        pool.listing();
        assertThat(pool.state.members()).doesNotContainKey(id);

        pool.row(id, MachineState.RUNNING);
        pool.pass(Duration.ofSeconds(1));
        pool.listing();
        assertThat(pool.state.members()).doesNotContainKey(id);
    }

    @Test
    void a_machine_that_is_not_listed_but_exists_stays_and_is_marked_again() {
        PaperPool pool = PaperPool.running(3);
        MachineId id = pool.members().get(0).id();
        CloudMachine row = java.util.Objects.requireNonNull(pool.rows.remove(id));
        for (int i = 0; i < 2; i++) {
            pool.pass(Duration.ofSeconds(31));
            pool.listing();
        }
        pool.edit(edit -> Settler.confirmed(edit, id, Optional.of(row)));

        assertThat(pool.member(id).absence()).isEmpty();
        assertThat(pool.member(id).marks().due()).isTrue();
    }

    @Test
    void of_two_machines_with_one_name_the_one_in_service_is_kept() {
        PaperPool pool = PaperPool.running(1);
        Member first = pool.members().get(0);
        MachineId twin = new MachineId("i-twin");
        pool.rows.put(
                twin,
                PaperPool.row(
                        twin,
                        first.name(),
                        first.choice(),
                        MachineState.RUNNING,
                        Optional.of(new Marks(
                                Optional.of(NAME),
                                STORE,
                                3,
                                ServiceState.IN_SERVICE,
                                MembershipStatus.DEFAULT,
                                Optional.empty()))));
        pool.pass(Duration.ofSeconds(5));
        pool.listing();

        assertThat(pool.member(first.id()).duplicate()).isTrue();
        assertThat(pool.member(twin).duplicate()).isFalse();
        assertThat(PaperPool.ends(pool.plan())).containsExactly(first.id());
    }

    @Test
    void a_scope_that_an_operator_declares_lost_leaves_the_count_and_returns_with_its_machines() {
        PaperPool pool = PaperPool.running(6);
        pool.pass(Duration.ofMinutes(1));
        pool.listing("zone-a");
        pool.edit(edit -> Settler.scopeLost(edit, new io.weir.pool.Scope("zone-a"), io.weir.pool.Author.WEIR));
        assertThat(launches(pool.plan())).isEqualTo(2);

        pool.pass(Duration.ofSeconds(5));
        pool.listing();
        assertThat(pool.members()).hasSize(6);
    }

    @Test
    void that_most_of_a_pool_is_missing_is_told_once() {
        PaperPool pool = PaperPool.running(4);
        pool.heard();
        pool.rows.clear();
        for (int i = 0; i < 5; i++) {
            pool.pass(Duration.ofSeconds(5));
            pool.listing();
        }

        assertThat(pool.heard()).containsOnlyOnce("members.missing");
    }

    private static Launch launch(PaperPool pool, MachineName name) {
        return java.util.Objects.requireNonNull(pool.state.launches().get(name));
    }

    private static void appears(PaperPool pool, MachineName name, String id) {
        MachineId machine = new MachineId(id);
        pool.rows.put(machine, PaperPool.row(machine, name, choice("zone-a", "large"), MachineState.PENDING));
    }

    private static void foreign(PaperPool pool, String id, Optional<Instant> heartbeat) {
        MachineId machine = new MachineId(id);
        pool.rows.put(
                machine,
                PaperPool.row(
                        machine,
                        Optional.of(new MachineName("web-" + OTHER + "-1-" + id.substring(2))),
                        choice("zone-a", "large"),
                        MachineState.RUNNING,
                        Optional.of(new Marks(
                                Optional.of(NAME),
                                OTHER,
                                2,
                                ServiceState.UNKNOWN,
                                MembershipStatus.DEFAULT,
                                heartbeat))));
    }
}
