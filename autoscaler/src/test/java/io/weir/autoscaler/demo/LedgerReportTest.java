package io.weir.autoscaler.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LedgerReportTest {
    private static final Instant ZERO = Instant.parse("2026-11-24T10:00:00Z");

    private final List<LedgerRow> ledger = new ArrayList<>();
    private final Map<Instant, Integer> wishes = new TreeMap<>();
    private final List<Span> silences = new ArrayList<>();
    private Map<Instant, Integer> outOfService = Map.of();
    private Set<String> members = Set.of();
    private int[] needed = new int[60];

    private static Instant minute(double minutes) {
        return ZERO.plusMillis((long) (minutes * 60_000));
    }

    private static @Nullable Instant maybe(double minutes) {
        return minutes < 0 ? null : minute(minutes);
    }

    /** A negative minute never comes. */
    private LedgerRow machine(String name, double launched, double running, double terminating, double ended) {
        LedgerRow row = new LedgerRow(
                name,
                "i-" + ledger.size(),
                "default",
                "zone-a",
                minute(launched),
                maybe(running),
                maybe(terminating),
                maybe(ended),
                null);
        ledger.add(row);
        return row;
    }

    private LedgerReport report() {
        return new LedgerReport(
                ledger,
                new LedgerReport.Asked(
                        "default",
                        minute(60),
                        new Span(ZERO, minute(60)),
                        needed,
                        Steps.of(wishes),
                        Steps.of(outOfService),
                        silences,
                        Duration.ofMinutes(2),
                        Duration.ofSeconds(10),
                        members));
    }

    @Test
    void a_pool_that_follows_its_wish_is_clean() {
        wishes.put(minute(0), 2);
        machine("a", 1, 2, -1, -1);
        machine("b", 1, 2, -1, -1);
        members = Set.of("i-0", "i-1");

        assertThat(report().isClean()).isTrue();
        assertThat(report().launched()).isEqualTo(2);
        assertThat(report().alive().highest()).isEqualTo(2);
    }

    @Test
    void two_living_machines_of_one_name_are_a_double() {
        wishes.put(minute(0), 5);
        machine("a", 1, 2, 10, 11);
        LedgerRow second = machine("a", 9, 10, -1, -1);
        members = Set.of("a");

        assertThat(report().doubles()).containsExactly(second);
        assertThat(report().doubleLaunches()).isEqualTo(1);
        assertThat(report().isClean()).isFalse();
    }

    @Test
    void a_name_may_come_again_once_the_end_of_the_first_is_accepted() {
        wishes.put(minute(0), 5);
        machine("a", 1, 2, 10, 11);
        machine("a", 10, 12, -1, -1);
        members = Set.of("a");

        assertThat(report().isClean()).isTrue();
    }

    @Test
    void a_third_one_of_a_name_is_compared_with_the_longest_lived() {
        wishes.put(minute(0), 5);
        machine("a", 1, 2, 20, 21);
        machine("a", 3, 4, 5, 6);
        machine("a", 10, 12, -1, -1);
        members = Set.of("a");

        assertThat(report().doubles()).hasSize(2);
    }

    @Test
    void a_launch_above_the_highest_wish_in_force_is_a_double() {
        wishes.put(minute(0), 1);
        machine("a", 1, 2, -1, -1);
        LedgerRow tooMany = machine("b", 5, 6, -1, -1);
        members = Set.of("a", "b");

        assertThat(report().tooMany()).containsExactly(new LedgerReport.TooMany(tooMany, 2, 1));
        assertThat(report().doubleLaunches()).isEqualTo(1);
    }

    @Test
    void a_call_on_its_way_still_counts_with_the_wish_it_was_made_for() {
        wishes.put(minute(0), 2);
        wishes.put(minute(4), 1);
        machine("a", 1, 2, -1, -1);
        machine("b", 5.9, 7, -1, -1);
        members = Set.of("a", "b");
        assertThat(report().isClean()).isTrue();

        ledger.clear();
        machine("a", 1, 2, -1, -1);
        machine("b", 6.1, 7, -1, -1);
        assertThat(report().tooMany()).hasSize(1);
    }

    @Test
    void clocks_of_two_processes_may_differ_a_little() {
        wishes.put(minute(5), 1);
        machine("a", 4.9, 6, -1, -1);
        members = Set.of("a");
        assertThat(report().isClean()).isTrue();

        ledger.clear();
        machine("a", 4.8, 6, -1, -1);
        assertThat(report().isClean()).isFalse();
    }

    @Test
    void what_a_dead_adapter_had_called_is_judged_by_the_wishes_before_its_death() {
        wishes.put(minute(0), 2);
        wishes.put(minute(9), 1);
        machine("a", 1, 2, -1, -1);
        machine("b", 16, 17, -1, -1);
        members = Set.of("a", "b");
        assertThat(report().isClean()).isFalse();

        silences.add(new Span(minute(10), minute(15)));
        assertThat(report().isClean()).isTrue();

        ledger.clear();
        machine("a", 1, 2, -1, -1);
        machine("b", 17.1, 18, -1, -1);
        assertThat(report().isClean()).isFalse();
    }

    @Test
    void a_machine_out_of_service_may_be_replaced() {
        wishes.put(minute(0), 1);
        machine("a", 1, 2, -1, -1);
        machine("b", 5, 6, -1, -1);
        members = Set.of("a", "b");
        outOfService = Map.of(minute(4), 1);

        assertThat(report().isClean()).isTrue();
    }

    @Test
    void a_lowered_wish_makes_no_doubles_of_machines_that_are_still_there() {
        wishes.put(minute(0), 3);
        wishes.put(minute(10), 1);
        machine("a", 1, 2, -1, -1);
        machine("b", 1, 2, 30, 31);
        machine("c", 1, 2, 40, 41);
        members = Set.of("a");

        assertThat(report().isClean()).isTrue();
    }

    @Test
    void an_orphan_is_alive_with_our_mark_and_no_member() {
        wishes.put(minute(0), 9);
        machine("member-by-id", 1, 2, -1, -1);
        machine("member-by-name", 1, 2, -1, -1);
        machine("ending", 1, 2, 59, -1);
        machine("dead", 1, 2, -1, 58);
        LedgerRow orphan = machine("orphan", 1, 2, -1, -1);
        ledger.add(new LedgerRow("released", "i-9", null, "zone-a", minute(1), minute(2), null, null, null));
        members = Set.of("i-0", "member-by-name");

        assertThat(report().orphans()).containsExactly(orphan);
        assertThat(report().isClean()).isFalse();
    }

    @Test
    void what_is_launched_after_the_end_is_not_judged() {
        machine("late", 61, 62, -1, -1);
        assertThat(report().isClean()).isTrue();
        assertThat(report().launched()).isZero();
    }

    @Test
    void short_is_the_time_in_which_fewer_work_than_are_needed() {
        for (int i = 10; i < 20; i++) {
            needed[i] = 2;
        }
        wishes.put(minute(0), 2);
        machine("a", 1, 2, -1, -1);
        machine("b", 11, 13.5, 18, 19);

        assertThat(report().timeShort()).isEqualTo(Duration.ofSeconds(210 + 120));
        assertThat(report().machineMinutesShort()).isEqualTo(5.5);
        assertThat(report().machineMinutesNeeded()).isEqualTo(20);
    }

    @Test
    void the_time_short_while_the_adapter_was_dead_is_told_apart() {
        for (int i = 10; i < 20; i++) {
            needed[i] = 1;
        }
        silences.add(new Span(minute(15), minute(40)));

        assertThat(report().timeShort()).isEqualTo(Duration.ofMinutes(10));
        assertThat(report().timeShortInSilence()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void paid_is_every_minute_of_a_life_within_the_time_played() {
        machine("a", -5, 2, 10, 20);
        machine("b", 50, -1, -1, -1);
        assertThat(report().machineMinutesPaid()).isEqualTo(10 + 10);
    }

    @Test
    void the_ideal_boots_as_slowly_as_the_median_of_the_ledger() {
        Arrays.fill(needed, 1);
        machine("a", 1, 2.5, -1, -1);
        machine("b", 1, 2.2, -1, -1);
        machine("c", 1, 9, -1, -1);
        assertThat(report().bootMinutes()).isEqualTo(2);
        assertThat(report().machineMinutesIdeal()).isEqualTo(60);
        assertThat(report().overhead()).isCloseTo(59 * 3 / 60.0 - 1, offset(1e-9));
    }

    @Test
    void the_regret_adds_what_was_missing_at_its_price() {
        Arrays.fill(needed, 1);
        machine("a", 0, 6, -1, -1);
        assertThat(report().regret(20)).isCloseTo((60 + 20 * 6) / 60.0 - 1, offset(1e-9));
    }

    @Test
    void a_machine_that_nobody_ended_died() {
        machine("a", 1, 2, 10, 11);
        machine("b", 1, 2, -1, 11);
        assertThat(report().died()).isEqualTo(1);
    }

    @Test
    void the_summary_names_what_is_bad() {
        wishes.put(minute(0), 1);
        machine("a", 1, 2, -1, -1);
        machine("a", 5, 6, -1, -1);
        List<Summary.Line> lines = Summary.of(report());

        assertThat(lines).filteredOn(Summary.Line::bad).hasSize(2);
        assertThat(lines.get(0).text()).startsWith("1: a was alive already").contains("2 alive with 1 allowed");
        assertThat(lines.get(1).text()).isEqualTo("2: i-0, i-1");
    }

    @Test
    void the_cloud_s_lines_are_read() {
        List<LedgerRow> rows = LedgerRow.read("""
                {"name":"default-1","id":"i-1","pool":"default","batch":"b1","token":"t","zone":"zone-a","type":"small",\
                "market":"on-demand","state":"TERMINATED","launched":"2026-11-24T10:01:00Z","running":"2026-11-24T10:02:00.5Z",\
                "terminating":null,"ended":"2026-11-24T10:03:00Z","cause":"killed","tags":{"weir-pool":"default"},"pools":[]}

                {"name":"x","id":"i-2","pool":null,"zone":"zone-b","launched":"2026-11-24T10:01:00Z","running":null,\
                "terminating":null,"ended":null,"cause":null,"tags":{}}
                """);
        assertThat(rows).hasSize(2);
        assertThat(rows.getFirst().gone()).isEqualTo(minute(3));
        assertThat(rows.getFirst().cause()).isEqualTo("killed");
        assertThat(rows.getFirst().working()).contains(new Span(minute(2).plusMillis(500), minute(3)));
        assertThat(rows.getLast().pool()).isNull();
        assertThat(rows.getLast().working()).isEmpty();
        assertThat(rows.getLast().alive().holds(minute(1000))).isTrue();
    }
}
