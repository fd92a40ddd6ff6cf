package io.weir.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.pool.Ledger;
import io.weir.pool.MachineId;
import io.weir.pool.Member;
import io.weir.pool.MembershipStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The second look objects to plans that no planner should make. */
class PlanCheckTest {

    @Test
    void the_planners_own_plans_pass() {
        PaperPool pool = PaperPool.running(4);
        pool.wish(9);
        assertThat(objection(pool, plan(pool))).isEmpty();
        pool.wish(1);
        assertThat(objection(pool, plan(pool))).isEmpty();
    }

    @Test
    void one_launch_too_many_is_a_contradiction() {
        PaperPool pool = PaperPool.running(4);
        pool.wish(6);
        Plan plan = plan(pool);
        pool.wish(5);

        assertThat(objection(pool, plan).orElseThrow()).contains("launches 2", "for a wish of 5");
    }

    @Test
    void so_is_one_end_too_many() {
        PaperPool pool = PaperPool.running(4);
        pool.wish(2);
        Plan plan = plan(pool);
        pool.wish(3);

        assertThat(objection(pool, plan).orElseThrow()).contains("ends 2 of 4");
    }

    @Test
    void so_is_ending_a_machine_twice_a_blessed_one_or_one_that_is_no_member() {
        PaperPool pool = PaperPool.running(4);
        pool.wish(2);
        Member member = pool.members().get(0);
        Action.End end = new Action.End(member.id(), Ledger.REPAIR, "a test");

        assertThat(objection(pool, of(List.of(end, end)))).isPresent();
        assertThat(objection(pool, of(List.of(new Action.End(new MachineId("i-none"), Ledger.REPAIR, "a test")))))
                .isPresent();
        pool.edit(edit -> edit.members.put(
                member.id(),
                member.told(MembershipStatus.BLESSED, Optional.empty(), member.service(), Optional.empty())));
        assertThat(objection(pool, of(List.of(end))).orElseThrow()).contains("must not be terminated");
    }

    private static Plan plan(PaperPool pool) {
        return Planner.plan(pool.state, Optional.of(pool.template), false, pool.limits, pool.now);
    }

    private static Plan of(List<Action> actions) {
        return new Plan(new ArrayList<>(actions), "a test", Map.of());
    }

    private static Optional<String> objection(PaperPool pool, Plan plan) {
        return PlanCheck.objection(pool.state, plan, pool.now);
    }
}
