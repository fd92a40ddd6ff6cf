package io.weir.plan;

import static io.weir.plan.PaperPool.SILENCE;
import static io.weir.plan.PaperPool.names;
import static io.weir.plan.PaperPool.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.pool.FailureKind;
import io.weir.pool.Gate;
import io.weir.pool.Launch;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.MachineState;
import io.weir.pool.Outcome;
import io.weir.pool.PoolStates;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the outcome of a call does to what a pool knows. */
class LearnTest {

    @Test
    void an_accepted_launch_is_a_member_at_once() {
        PaperPool pool = PaperPool.empty();
        pool.wish(2);
        pool.accept(pool.plan());

        assertThat(pool.members()).hasSize(2).allSatisfy(member -> assertThat(member.state())
                .isEqualTo(MachineState.PENDING));
        assertThat(pool.state.launches()).isEmpty();
    }

    @Test
    void a_refusal_answers_only_its_own_call() {
        PaperPool pool = PaperPool.empty();
        pool.wish(1);
        Plan plan = pool.plan();
        MachineName name = names(plan).get(0);
        pool.call(plan, SILENCE);
        pool.pass(Duration.ofSeconds(5));
        pool.call(pool.plan(), refused(FailureKind.NO_CAPACITY));

        Launch launch = java.util.Objects.requireNonNull(pool.state.launches().get(name));
        assertThat(launch.holdsSlot()).as("the first call may have launched it").isTrue();
        assertThat(launch.repeats()).isFalse();
        pool.pass(Duration.ofMinutes(1));
        assertThat(pool.plan().isEmpty()).isTrue();
    }

    @Test
    void a_call_that_was_being_made_when_the_process_died_is_unanswered() {
        PaperPool pool = PaperPool.empty();
        pool.wish(1);
        Plan plan = pool.plan();
        pool.edit(edit -> Remember.callingLaunch(edit, names(plan)));
        pool.edit(PoolStates::restart);

        assertThat(pool.state.launches().values()).singleElement().satisfies(launch -> assertThat(launch.phase())
                .isEqualTo(Launch.Phase.UNANSWERED));
    }

    @ParameterizedTest
    @EnumSource(names = {"THROTTLED", "WITHHELD", "UNAVAILABLE"})
    void not_now_is_asked_again_under_the_same_name(FailureKind kind) {
        PaperPool pool = PaperPool.empty();
        pool.wish(1);
        Plan plan = pool.plan();
        pool.call(plan, refused(kind));
        pool.pass(Duration.ofMinutes(2).plusSeconds(1));

        assertThat(pool.plan().all(Action.Repeat.class).get(0).names()).isEqualTo(names(plan));
    }

    @Test
    void refused_credentials_close_every_effect_and_one_that_passes_opens_them() {
        PaperPool pool = PaperPool.empty();
        pool.wish(3);
        pool.call(pool.plan(), refused(FailureKind.UNAUTHORIZED));
        assertThat(pool.state.gates()).containsOnlyKeys(Gate.Kind.UNAUTHORIZED);

        pool.pass(Duration.ofMinutes(1));
        pool.accept(pool.plan());
        assertThat(pool.state.gates()).isEmpty();
    }

    @Test
    void an_accepted_end_is_no_capacity_any_more() {
        PaperPool pool = PaperPool.running(2);
        pool.wish(1);
        pool.accept(pool.plan());

        assertThat(pool.members().stream().filter(member -> member.isLeaving())).hasSize(1);
        assertThat(PaperPool.launches(pool.plan())).isZero();
    }

    @Test
    void an_end_without_an_answer_still_holds_its_place_and_is_called_again() {
        PaperPool pool = PaperPool.running(2);
        pool.wish(1);
        MachineId id = PaperPool.ends(pool.plan()).get(0);
        end(pool, id, new Outcome.Unknown("no answer"));
        pool.wish(2);

        Plan plan = pool.plan();

        assertThat(PaperPool.launches(plan)).as("at most two may be alive").isZero();
        assertThat(plan.all(Action.CallEnd.class)).containsExactly(new Action.CallEnd(List.of(id)));
    }

    @Test
    void what_is_gone_already_is_ended() {
        PaperPool pool = PaperPool.running(2);
        pool.wish(1);
        MachineId id = PaperPool.ends(pool.plan()).get(0);
        end(pool, id, new Outcome.Refused(FailureKind.NOT_FOUND, "no such machine"));

        assertThat(Optional.ofNullable(pool.state.members().get(id)).filter(member -> !member.isLeaving()))
                .isEmpty();
    }

    @Test
    void a_protected_machine_is_tried_again_after_a_minute() {
        PaperPool pool = PaperPool.running(2);
        pool.wish(1);
        MachineId id = PaperPool.ends(pool.plan()).get(0);
        end(pool, id, new Outcome.Refused(FailureKind.CONFLICT, "protected"));
        assertThat(pool.plan().all(Action.CallEnd.class)).isEmpty();

        pool.pass(Duration.ofSeconds(61));
        pool.listing();
        assertThat(pool.plan().all(Action.CallEnd.class)).hasSize(1);
    }

    private static void end(PaperPool pool, MachineId id, Outcome outcome) {
        pool.edit(edit -> Remember.callingEnds(edit, List.of(id)));
        pool.edit(edit -> Learn.ended(edit, id, outcome));
    }
}
