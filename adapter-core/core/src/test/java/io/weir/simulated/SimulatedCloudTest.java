package io.weir.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.weir.pool.MachineState;
import io.weir.simulated.ApiFailure.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SimulatedCloudTest {

    @Test
    void a_machine_boots_ends_when_asked_and_leaves_a_tombstone_for_a_while() throws Exception {
        Bench bench = new Bench();
        String id = bench.launched("b", 1).get(0);
        assertThat(bench.listed()).extracting(machine -> machine.state).containsExactly(MachineState.PENDING);
        bench.pass(5);
        assertThat(bench.listed()).extracting(machine -> machine.state).containsExactly(MachineState.RUNNING);
        assertThat(bench.cloud.terminate(List.of(id))).containsExactly(new SimulatedApi.Done(id, null, null));
        assertThat(bench.listed()).extracting(machine -> machine.state).containsExactly(MachineState.TERMINATING);
        bench.pass(2);
        assertThat(bench.listed()).extracting(machine -> machine.state).containsExactly(MachineState.TERMINATED);
        bench.pass(120);
        assertThat(bench.listed()).isEmpty();
        assertThat(bench.cloud.machine(id)).isEmpty();
        SimulatedApi.LedgerLine line = bench.cloud.ledger().get(0);
        assertThat(line.cause()).isEqualTo("asked");
        assertThat(line.launched()).isEqualTo(Bench.START);
        assertThat(line.terminating()).isEqualTo(Bench.START.plusSeconds(5));
        assertThat(Duration.between(Bench.START, line.running()))
                .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(5));
    }

    @Test
    void the_same_seed_clock_and_calls_make_the_same_ledger() throws Exception {
        List<List<SimulatedApi.LedgerLine>> ledgers = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            Bench bench = new Bench(turn -> {
                turn.boot = new Delay.Lognormal(30, 1);
                turn.lostAnswers = 0.3;
                turn.diesYoung = new Dials.DiesYoung(0.3, 20);
                turn.lagSeconds = 20;
                turn.lateCalls = new Dials.LateCalls(0.2, 20);
            });
            for (int i = 0; i < 30; i++) {
                quietly(() -> bench.launched("b" + bench.instant().getEpochSecond(), 2));
                quietly(bench::listed);
                bench.pass(10);
            }
            ledgers.add(bench.cloud.ledger());
        }
        assertThat(ledgers.get(0)).hasSizeGreaterThan(20).isEqualTo(ledgers.get(1));
    }

    @Test
    void a_token_means_the_same_machines_as_long_as_it_is_remembered() throws Exception {
        Bench bench = new Bench();
        List<String> first = bench.launched("b", 2);
        assertThat(bench.launched("b", 2)).isEqualTo(first);
        bench.cloud.kill(first.get(0));
        assertThat(bench.launched("b", 2)).as("dead ones too").isEqualTo(first);
        bench.pass(86_401);
        assertThat(bench.launched("b", 2)).doesNotContainAnyElementsOf(first);
    }

    @Test
    void a_token_with_other_parameters_is_refused_and_nothing_is_launched() throws Exception {
        Bench bench = new Bench();
        bench.launched("b", 2);
        refused(Code.INVALID_TEMPLATE, () -> bench.cloud.launch(Bench.launch("b", "b", "zone-b", 2)));
        assertThat(bench.cloud.ledger()).hasSize(2);
    }

    @Test
    void without_tokens_a_launch_repeated_launches_again() throws Exception {
        Bench bench = new Bench(turn -> turn.tokens = false);
        bench.launched("b", 2);
        bench.launched("b", 2);
        assertThat(bench.cloud.ledger())
                .extracting(SimulatedApi.LedgerLine::name)
                .containsExactly("b-0", "b-1", "b-0", "b-1");
    }

    @Test
    void a_lost_request_changes_nothing_and_a_lost_answer_hides_a_change() throws Exception {
        Bench bench = new Bench();
        bench.cloud.loseRequests(1);
        refused(Code.UNKNOWN, () -> bench.launched("b", 1));
        assertThat(bench.cloud.ledger()).isEmpty();
        bench.cloud.loseAnswers(1);
        refused(Code.UNKNOWN, () -> bench.launched("b", 1));
        assertThat(bench.cloud.ledger()).hasSize(1);
        assertThat(bench.launched("b", 1))
                .containsExactly(bench.cloud.ledger().get(0).id());
        assertThat(bench.cloud.faults().of(Fault.LOST_REQUEST, Call.LAUNCH)).isEqualTo(1);
        assertThat(bench.cloud.faults().of(Fault.LOST_ANSWER, Call.LAUNCH)).isEqualTo(1);
    }

    @Test
    void a_late_call_lands_with_its_own_time() throws Exception {
        Bench bench = new Bench(turn -> turn.lateCalls = new Dials.LateCalls(1, 30));
        refused(Code.UNKNOWN, () -> bench.launched("b", 1));
        assertThat(bench.cloud.yetToLand()).isEqualTo(1);
        bench.pass(300);
        SimulatedApi.LedgerLine line = bench.cloud.ledger().get(0);
        assertThat(line.launched()).isBetween(Bench.START, Bench.START.plusSeconds(30));
        assertThat(line.state()).isEqualTo(MachineState.RUNNING);
        assertThat(bench.cloud.yetToLand()).isZero();
    }

    @Test
    void a_lagging_listing_jumps_back_and_forth_within_the_lag() throws Exception {
        Bench bench = new Bench(turn -> turn.lagSeconds = 30);
        bench.launched("b", 20);
        Set<Integer> sizes = new HashSet<>();
        int shrunk = 0;
        int last = 0;
        for (int i = 0; i < 40; i++) {
            bench.pass(0.5);
            int size = bench.listed().size();
            sizes.add(size);
            shrunk += size < last ? 1 : 0;
            last = size;
        }
        assertThat(sizes).hasSizeGreaterThan(5);
        assertThat(shrunk).isPositive();
        bench.pass(30);
        assertThat(bench.listed()).as("older than the lag").hasSize(20);
        assertThat(bench.cloud.faults().of(Fault.LAG)).isPositive();
    }

    @Test
    void a_tag_written_is_seen_after_the_lag_at_the_latest() throws Exception {
        Bench bench = new Bench(turn -> turn.lagSeconds = 30);
        String id = bench.launched("b", 1).get(0);
        bench.pass(60);
        Map<String, @Nullable String> release = new HashMap<>();
        release.put("weir-pool", null);
        bench.cloud.tag(Map.of(id, release));
        int seen = 0;
        for (int i = 0; i < 20; i++) {
            seen += bench.listed().size();
        }
        assertThat(seen).isPositive();
        bench.pass(30);
        assertThat(bench.listed()).isEmpty();
        assertThat(bench.cloud.ledger().get(0).pools())
                .extracting(SimulatedApi.Membership::pool)
                .containsExactly("web", null);
    }

    @Test
    void a_missing_zone_is_named_and_its_machines_are_not_shown() throws Exception {
        Bench bench = new Bench();
        bench.launched("a", 1);
        bench.cloud.launch(Bench.launch("c", "c", "zone-c", 1));
        bench.cloud.turn(Dials.DEFAULT.turned(turn -> turn.missingScopes = Set.of("zone-c")));
        SimulatedApi.Page page = bench.cloud.machines(Set.of("web"), null);
        assertThat(page.missing()).containsExactly("zone-c");
        assertThat(page.machines()).extracting(machine -> machine.zone).containsExactly("zone-a");
    }

    @Test
    void a_dark_zone_answers_no_change_and_carries_out_about_half() {
        Bench bench = new Bench(turn -> turn.darkZones = Set.of("zone-a"));
        for (int i = 0; i < 40; i++) {
            String batch = "b" + i;
            refused(Code.UNKNOWN, () -> bench.launched(batch, 1));
        }
        assertThat(bench.cloud.ledger()).hasSizeBetween(8, 32);
    }

    @Test
    void capacity_is_of_a_zone_and_of_a_type_and_comes_back_when_machines_end() throws Exception {
        Bench bench = new Bench(turn -> turn.capacity = Map.of("zone-a", 3, "zone-b/small", 1));
        List<SimulatedApi.Launched> answers = bench.cloud.launch(Bench.launch("a", "a", "zone-a", 5));
        assertThat(answers)
                .extracting(SimulatedApi.Launched::kind)
                .containsExactly(null, null, null, Code.NO_CAPACITY, Code.NO_CAPACITY);
        assertThat(bench.cloud.launch(Bench.launch("b", "b", "zone-b", 2)))
                .extracting(SimulatedApi.Launched::kind)
                .containsExactly(null, Code.NO_CAPACITY);
        bench.cloud.kill(String.valueOf(answers.get(0).id()));
        assertThat(bench.launched("again", 1)).doesNotContain("null");
    }

    @Test
    void a_quota_counts_every_machine() throws Exception {
        Bench bench = new Bench(turn -> turn.quota = Map.of("instances", 2));
        bench.launched("a", 1);
        assertThat(bench.cloud.launch(Bench.launch("b", "b", "zone-b", 2)))
                .extracting(SimulatedApi.Launched::kind)
                .containsExactly(null, Code.QUOTA_EXCEEDED);
    }

    @Test
    void a_throttled_call_says_when_to_come_again_and_other_kinds_go_on() throws Exception {
        Bench bench = new Bench(turn -> turn.throttle = Map.of(Call.LIST, new Dials.Bucket(2, 0.1)));
        bench.listed();
        bench.listed();
        assertThatThrownBy(bench::listed).isInstanceOfSatisfying(ApiFailure.class, failure -> {
            assertThat(failure.code()).isEqualTo(Code.THROTTLED);
            assertThat(failure.retryAfter()).contains(Duration.ofSeconds(10));
        });
        bench.launched("b", 1);
        bench.pass(10);
        assertThat(bench.listed()).hasSize(1);
    }

    @Test
    void some_machines_never_boot_die_young_or_hang_in_termination() throws Exception {
        Bench bench = new Bench(turn -> {
            turn.neverBoots = 0.3;
            turn.diesYoung = new Dials.DiesYoung(0.3, 20);
            turn.hangsInTermination = 0.5;
        });
        List<String> ids = bench.launched("b", 60);
        bench.pass(30);
        assertThat(bench.listed())
                .extracting(machine -> machine.state)
                .contains(MachineState.PENDING, MachineState.RUNNING, MachineState.TERMINATED);
        bench.cloud.terminate(ids);
        bench.pass(3600);
        List<SimulatedApi.LedgerLine> hung = bench.cloud.ledger().stream()
                .filter(line -> line.state() == MachineState.TERMINATING)
                .toList();
        assertThat(hung).isNotEmpty();
        assertThat(bench.cloud.kill(hung.get(0).id())).isTrue();
        assertThat(bench.cloud.ledger())
                .extracting(SimulatedApi.LedgerLine::cause)
                .contains("died young", "asked", "killed");
    }

    @Test
    void a_late_refusal_was_accepted_first_and_is_reported_then() throws Exception {
        Bench bench = new Bench(turn -> turn.lateRefusals = new Dials.LateRefusals(1, 10, Code.QUOTA_EXCEEDED));
        bench.launched("b", 1);
        bench.pass(10);
        assertThat(bench.cloud.machines(Set.of("web"), null).refusals())
                .extracting(SimulatedApi.Refusal::name, SimulatedApi.Refusal::pool, SimulatedApi.Refusal::kind)
                .containsExactly(tuple("b-0", "web", Code.QUOTA_EXCEEDED));
        assertThat(bench.listed()).extracting(machine -> machine.state).containsExactly(MachineState.TERMINATED);
        bench.pass(700);
        assertThat(bench.cloud.machines(Set.of("web"), null).refusals()).isEmpty();
    }

    @Test
    void what_remains_of_a_late_refusal_is_shown_and_takes_room_until_it_is_ended() throws Exception {
        Bench bench = new Bench(turn -> {
            turn.lateRefusals = new Dials.LateRefusals(1, 10, Code.NO_CAPACITY, true);
            turn.quota = Map.of(Dials.INSTANCES, 1);
        });
        String id = bench.launched("b", 1).get(0);
        bench.pass(1000);
        assertThat(bench.listed()).extracting(machine -> machine.state).containsExactly(MachineState.REJECTED);
        assertThat(bench.cloud.machines(Set.of("web"), null).refusals())
                .extracting(SimulatedApi.Refusal::id)
                .containsExactly(id);
        assertThat(bench.launched("c", 1)).containsExactly("null");

        bench.cloud.terminate(List.of(id));
        bench.pass(1000);

        assertThat(bench.listed()).isEmpty();
        assertThat(bench.cloud.machines(Set.of("web"), null).refusals()).isEmpty();
        assertThat(bench.launched("d", 1)).doesNotContain("null");
    }

    @Test
    void a_protected_machine_is_a_conflict_of_its_own() throws Exception {
        Bench bench = new Bench();
        List<String> ids = bench.launched("b", 2);
        bench.cloud.turn(Dials.DEFAULT.turned(turn -> turn.protectedMachines = Set.of(ids.get(0))));
        assertThat(bench.cloud.terminate(ids))
                .extracting(SimulatedApi.Done::kind)
                .containsExactly(Code.CONFLICT, null);
    }

    @Test
    void a_cloud_that_is_unavailable_or_bars_us_changes_nothing() {
        Bench bench = new Bench(turn -> turn.unavailable = true);
        refused(Code.UNAVAILABLE, () -> bench.launched("b", 1));
        bench.cloud.turn(Dials.DEFAULT.turned(turn -> turn.unauthorized = true));
        refused(Code.UNAUTHORIZED, bench::listed);
        assertThat(bench.cloud.ledger()).isEmpty();
    }

    @Test
    void pages_together_are_the_listing() throws Exception {
        Bench bench = new Bench(turn -> turn.pageSize = 3);
        List<String> ids = bench.launched("b", 7);
        List<String> seen = new ArrayList<>();
        String next = null;
        int pages = 0;
        do {
            SimulatedApi.Page page = bench.cloud.machines(Set.of("web"), next);
            page.machines().forEach(machine -> seen.add(machine.id));
            next = page.next();
            pages++;
        } while (next != null);
        assertThat(seen).isEqualTo(ids);
        assertThat(pages).isEqualTo(3);
    }

    @Test
    void kills_are_drawn_among_those_meant() throws Exception {
        Bench bench = new Bench();
        bench.launched("b", 5);
        String stranger = bench.cloud.launchAtConsole("stranger", "zone-a", "small", Map.of());
        assertThat(bench.cloud.kill(3, "web", null)).hasSize(3).doesNotContain(stranger);
        assertThat(bench.cloud.alive("web")).isEqualTo(2);
        assertThat(bench.cloud.kill(10, "web", MachineState.RUNNING))
                .as("none runs yet")
                .isEmpty();
    }

    @Test
    void dials_that_make_no_sense_are_refused() {
        assertThatThrownBy(() -> Dials.DEFAULT.turned(turn -> turn.lostAnswers = 2))
                .hasMessageContaining("lostAnswers");
        assertThatThrownBy(() -> Dials.DEFAULT.turned(turn -> turn.lagSeconds = Double.NaN))
                .hasMessageContaining("lagSeconds");
        assertThatThrownBy(() -> Dials.DEFAULT.turned(turn -> turn.missingScopes = Set.of("zone-x")))
                .hasMessageContaining("zone-x");
        assertThatThrownBy(() -> Dials.DEFAULT.turned(turn -> turn.capacity = Map.of("zone-a/huge", 1)))
                .hasMessageContaining("zone-a/huge");
    }

    private static void refused(Code code, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(ApiFailure.class, failure -> assertThat(failure.code())
                .isEqualTo(code));
    }

    private static void quietly(ThrowingCallable call) {
        try {
            call.call();
        } catch (Throwable lost) {
            assertThat(lost).isInstanceOf(ApiFailure.class);
        }
    }
}
