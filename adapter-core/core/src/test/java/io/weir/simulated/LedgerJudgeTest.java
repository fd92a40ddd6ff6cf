package io.weir.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.pool.MachineState;
import io.weir.simulated.LedgerJudge.Judgement;
import io.weir.simulated.LedgerJudge.Question;
import io.weir.simulated.LedgerJudge.Step;
import io.weir.simulated.SimulatedApi.LedgerLine;
import io.weir.simulated.SimulatedApi.Membership;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LedgerJudgeTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private final List<LedgerLine> ledger = new ArrayList<>();

    private static Instant minute(double minute) {
        return NOON.plusMillis((long) (minute * 60_000));
    }

    private static @Nullable Instant maybe(double minute) {
        return minute < 0 ? null : minute(minute);
    }

    /** A machine of pool web; a negative minute is never. */
    private void machine(String name, double launched, double running, double terminating, double ended) {
        machine(name, launched, running, terminating, ended, List.of(new Membership(minute(launched), "web")));
    }

    private void machine(
            String name, double launched, double running, double terminating, double ended, List<Membership> pools) {
        ledger.add(new LedgerLine(
                name,
                "i-" + ledger.size(),
                pools.get(pools.size() - 1).pool(),
                "b",
                null,
                "zone-a",
                "small",
                "ON_DEMAND",
                new BigDecimal("0.2"),
                ended < 0 ? MachineState.RUNNING : MachineState.TERMINATED,
                minute(launched),
                maybe(running),
                maybe(terminating),
                maybe(ended),
                null,
                Map.of(),
                pools));
    }

    private Judgement judge(double grace, @Nullable Set<String> members, Step... wishes) {
        return LedgerJudge.judge(
                ledger, new Question("web", List.of(wishes), null, grace, members, null, NOON, minute(60)));
    }

    private static Step at(double minute, int value) {
        return new Step(minute(minute), value);
    }

    @Test
    void a_pool_that_was_filled_shrunk_and_mended_is_clean() {
        machine("a", 0, 1, -1, 20);
        machine("b", 0, 1, 31, 32);
        machine("c", 21, 22, -1, -1);
        assertThat(judge(0, Set.of("i-2"), at(0, 2), at(30, 1)).isClean()).isTrue();
    }

    @Test
    void one_name_alive_twice_is_a_double() {
        machine("a", 0, 1, -1, -1);
        machine("a", 5, 6, 7, 8);
        assertThat(judge(0, null, at(0, 5)).doubles())
                .singleElement()
                .asString()
                .contains("i-0 and i-1");
    }

    @Test
    void one_name_one_life_after_another_is_none() {
        machine("a", 0, 1, 5, 6);
        machine("a", 5, 6, -1, -1);
        assertThat(judge(0, null, at(0, 1)).doubles()).isEmpty();
    }

    @Test
    void more_alive_than_ever_wished_is_a_double_once_for_each_excursion() {
        for (int i = 0; i < 4; i++) {
            machine("m" + i, i, i, i < 2 ? 10 : -1, -1);
        }
        machine("again", 12, 12, -1, -1);
        assertThat(judge(0, null, at(0, 2)).doubles()).hasSize(2);
    }

    @Test
    void a_lowered_wish_stays_in_force_until_the_pool_has_come_down() {
        machine("a", 0, 1, 12, 13);
        machine("b", 0, 1, 14, 15);
        machine("c", 0, 1, -1, -1);
        machine("late", 13, 13, 16, 16);
        assertThat(judge(0, null, at(0, 3), at(10, 1)).doubles()).isEmpty();
        machine("too late", 20, 20, -1, -1);
        assertThat(judge(0, null, at(0, 3), at(10, 1)).doubles()).hasSize(1);
        assertThat(judge(900, null, at(0, 3), at(10, 1)).doubles())
                .as("within the grace")
                .isEmpty();
    }

    @Test
    void machines_out_of_service_do_not_count_against_the_wish() {
        machine("a", 0, 1, -1, -1);
        machine("b", 5, 6, -1, -1);
        Question question = new Question("web", List.of(at(0, 1)), List.of(at(4, 1)), 0, null, null, NOON, minute(60));
        assertThat(LedgerJudge.judge(ledger, question).doubles()).isEmpty();
    }

    @Test
    void a_released_machine_is_of_the_pool_no_more() {
        machine("a", 0, 1, -1, -1, List.of(new Membership(minute(0), "web"), new Membership(minute(5), null)));
        machine("b", 6, 7, -1, -1);
        Judgement judgement = judge(0, Set.of("i-1"), at(0, 1));
        assertThat(judgement.isClean()).isTrue();
        assertThat(judgement.machineHours()).isCloseTo((5 + 54) / 60.0, within(1e-9));
    }

    @Test
    void what_lives_with_our_mark_and_is_no_member_is_an_orphan() {
        machine("a", 0, 1, -1, -1);
        machine("b", 0, 1, -1, -1);
        machine("dead", 0, 1, 2, 3);
        assertThat(judge(0, Set.of("i-0"), at(0, 3)).orphans()).containsExactly("i-1 (b)");
    }

    @Test
    void shortness_is_what_ran_against_what_was_needed() {
        machine("a", 0, 2, -1, -1);
        machine("b", 0, 6, 30, 31);
        Question question =
                new Question("web", List.of(at(0, 2)), null, 0, null, List.of(at(0, 2), at(40, 1)), NOON, minute(60));
        Judgement judgement = LedgerJudge.judge(ledger, question);
        assertThat(judgement.minutesShort()).isCloseTo(6 + 10, within(1e-9));
        assertThat(judgement.machineMinutesShort()).isCloseTo(2 * 2 + 4 + 10, within(1e-9));
        assertThat(judgement.machineHours()).isCloseTo((60 + 30) / 60.0, within(1e-9));
        assertThat(judgement.cost()).isCloseTo(1.5 * 0.2, within(1e-9));
        assertThat(judgement.idealMachineHours()).isCloseTo((40 * 2 + 20) / 60.0, within(1e-9));
    }
}
