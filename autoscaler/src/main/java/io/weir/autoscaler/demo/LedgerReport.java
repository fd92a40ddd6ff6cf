package io.weir.autoscaler.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the cloud's own ledger says of a pool; the adapter's view of itself is no witness here, only its wishes are taken.
 *
 * <ol>
 *   <li>A machine is alive from its launch until its end is accepted or comes by itself, and works from running until then.
 *   <li><b>Double</b>: two machines of one name alive at the same time.
 *   <li><b>Too many</b>: a launch after which more machines are alive than the highest wish in force, plus those out of
 *       service. In force is every wish from {@code inFlight} before the launch on, for so long a call may have been on its way
 *       (and {@code clocks} after it, by which the clocks of two processes may differ). What an adapter that died had
 *       called or decided to call is called again by the next one: for a launch no later than {@code inFlight} after it was
 *       back, the wishes in force are counted from {@code inFlight} before it died.
 *   <li><b>Orphan</b>: alive at the end with the pool's mark, and no member by id or by name.
 *   <li><b>Short</b>: fewer machines work than are needed. <b>Paid</b> is every minute of a life, also a booting one.
 *   <li>The <b>ideal</b> is the {@link Oracle}'s, with the median boot of that time in whole minutes, rounded up.
 * </ol>
 */
public final class LedgerReport {
    /**
     * The judge's questions.
     *
     * @param end when the ledger was read; what is launched later is not judged
     * @param needs the time over which load was played
     * @param needed the machines that each minute of it needed
     * @param silences when there was no adapter
     * @param members the ids and names of all members at the end
     */
    public record Asked(
            String pool,
            Instant end,
            Span needs,
            int[] needed,
            Steps wishes,
            Steps outOfService,
            List<Span> silences,
            Duration inFlight,
            Duration clocks,
            Set<String> members) {}

    /** A launch that made too many. */
    public record TooMany(LedgerRow launch, int alive, int allowed) {}

    private final List<LedgerRow> rows;
    private final Asked asked;
    private final Steps alive;
    private final Steps working;
    private final Steps needed;
    private final Steps shortage;
    private final List<LedgerRow> doubles;
    private final List<TooMany> tooMany;
    private final List<LedgerRow> orphans;
    private final int bootMinutes;

    public LedgerReport(Collection<LedgerRow> ledger, Asked asked) {
        this.rows = ledger.stream()
                .filter(row -> !row.launched().isAfter(asked.end()))
                .sorted(Comparator.comparing(LedgerRow::launched).thenComparing(LedgerRow::id))
                .toList();
        this.asked = asked;
        this.alive = Steps.count(rows.stream().map(LedgerRow::alive).toList());
        this.working =
                Steps.count(rows.stream().flatMap(row -> row.working().stream()).toList());
        this.needed = needs();
        this.shortage = needed.with(working, (need, work) -> Math.max(0, need - work));
        this.doubles = findDoubles();
        this.tooMany = findTooMany();
        this.orphans = findOrphans();
        this.bootMinutes = medianBoot();
    }

    private Steps needs() {
        Map<Instant, Integer> minutes = new LinkedHashMap<>();
        for (int i = 0; i < asked.needed().length; i++) {
            minutes.put(asked.needs().from().plus(Duration.ofMinutes(i)), asked.needed()[i]);
        }
        minutes.put(asked.needs().until(), 0);
        return Steps.of(minutes);
    }

    private List<LedgerRow> findDoubles() {
        List<LedgerRow> found = new ArrayList<>();
        Map<String, Instant> aliveUntil = new LinkedHashMap<>();
        for (LedgerRow row : rows) {
            @Nullable Instant before = aliveUntil.get(row.name());
            if (before != null && row.launched().isBefore(before)) {
                found.add(row);
            }
            if (before == null || before.isBefore(row.gone())) {
                aliveUntil.put(row.name(), row.gone());
            }
        }
        return found;
    }

    private List<TooMany> findTooMany() {
        List<TooMany> found = new ArrayList<>();
        for (LedgerRow row : rows) {
            Instant at = row.launched();
            Instant from = inForceFrom(at);
            Instant until = at.plus(asked.clocks());
            int allowed =
                    asked.wishes().highest(from, until) + asked.outOfService().highest(from, until);
            int there = alive.at(at);
            if (there > allowed) {
                found.add(new TooMany(row, there, allowed));
            }
        }
        return found;
    }

    private Instant inForceFrom(Instant launch) {
        Instant from = launch.minus(asked.inFlight());
        for (Span silence : asked.silences()) {
            if (!launch.isBefore(silence.from()) && from.isBefore(silence.until())) {
                Instant beforeItDied = silence.from().minus(asked.inFlight());
                from = beforeItDied.isBefore(from) ? beforeItDied : from;
            }
        }
        return from;
    }

    private List<LedgerRow> findOrphans() {
        return rows.stream()
                .filter(row -> row.alive().holds(asked.end()))
                .filter(row -> asked.pool().equals(row.pool()))
                .filter(row ->
                        !asked.members().contains(row.id()) && !asked.members().contains(row.name()))
                .toList();
    }

    private int medianBoot() {
        long[] boots = rows.stream()
                .filter(row -> row.running() != null && asked.needs().holds(row.launched()))
                .mapToLong(
                        row -> Duration.between(row.launched(), row.running()).toMillis())
                .sorted()
                .toArray();
        return boots.length == 0 ? 1 : (int) Math.max(1, Math.ceilDiv(boots[boots.length / 2], 60_000));
    }

    /** Machines whose name was alive already. */
    public List<LedgerRow> doubles() {
        return doubles;
    }

    public List<TooMany> tooMany() {
        return tooMany;
    }

    /** Launches that should not have been, each counted once. */
    public int doubleLaunches() {
        Set<String> ids = new HashSet<>();
        doubles.forEach(row -> ids.add(row.id()));
        tooMany.forEach(launch -> ids.add(launch.launch().id()));
        return ids.size();
    }

    public List<LedgerRow> orphans() {
        return orphans;
    }

    public boolean isClean() {
        return doubleLaunches() == 0 && orphans.isEmpty();
    }

    public int launched() {
        return rows.size();
    }

    /** Machines that ended although nobody had asked for it. */
    public long died() {
        return rows.stream()
                .filter(row -> row.ended() != null && row.terminating() == null)
                .count();
    }

    public int bootMinutes() {
        return bootMinutes;
    }

    /** The time over which load was played. */
    public Span span() {
        return asked.needs();
    }

    public Steps alive() {
        return alive;
    }

    public Steps working() {
        return working;
    }

    public Steps needed() {
        return needed;
    }

    public Duration timeShort() {
        return shortage.above0(asked.needs());
    }

    /** How much of the time short was while the adapter was dead. */
    public Duration timeShortInSilence() {
        Duration sum = Duration.ZERO;
        for (Span silence : asked.silences()) {
            Instant from = later(silence.from(), asked.needs().from());
            Instant until = earlier(silence.until(), asked.needs().until());
            if (from.isBefore(until)) {
                sum = sum.plus(shortage.above0(new Span(from, until)));
            }
        }
        return sum;
    }

    public double machineMinutesShort() {
        return shortage.minutes(asked.needs());
    }

    public double machineMinutesNeeded() {
        return needed.minutes(asked.needs());
    }

    public double machineMinutesPaid() {
        return alive.minutes(asked.needs());
    }

    public long machineMinutesIdeal() {
        return Oracle.minutes(asked.needed(), bootMinutes);
    }

    /** What is paid more than ideal, as a share; below 0 where savings were bought with shortage. */
    public double overhead() {
        return machineMinutesPaid() / machineMinutesIdeal() - 1;
    }

    /** The regret with a missing machine-minute at k paid ones. */
    public double regret(int k) {
        return (machineMinutesPaid() + k * machineMinutesShort()) / machineMinutesIdeal() - 1;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
