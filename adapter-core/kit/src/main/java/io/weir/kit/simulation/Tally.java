package io.weir.kit.simulation;

import io.weir.simulated.Call;
import io.weir.simulated.Fault;
import io.weir.simulated.FaultCounts;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/** What happened in a number of runs. */
public final class Tally {
    private final FaultCounts faults = new FaultCounts();
    private final Map<CrashPoint, Long> crashes = new EnumMap<>(CrashPoint.class);
    private final Map<Trouble, Long> troubles = new EnumMap<>(Trouble.class);
    private final Map<Row, Worst> worst = new EnumMap<>(Row.class);
    private final Map<String, Long> sums = new TreeMap<>();

    /** The longest time to be exact again among the runs of one row. */
    public record Worst(long runs, Duration longest, Duration allowed, long seed, double share, Duration sum) {}

    void crash(CrashPoint point) {
        crashes.merge(point, 1L, Long::sum);
    }

    void trouble(Trouble trouble) {
        troubles.merge(trouble, 1L, Long::sum);
    }

    void count(String what, long many) {
        sums.merge(what, many, Long::sum);
    }

    void faults(FaultCounts more) {
        faults.add(more);
    }

    void exact(Row row, long seed, Duration after, Duration allowed) {
        double share = (double) after.toMillis() / allowed.toMillis();
        worst.merge(row, new Worst(1, after, allowed, seed, share, after), Tally::worse);
    }

    private static Worst worse(Worst a, Worst b) {
        Worst w = a.longest.compareTo(b.longest) >= 0 ? a : b;
        return new Worst(a.runs + b.runs, w.longest, w.allowed, w.seed, Math.max(a.share, b.share), a.sum.plus(b.sum));
    }

    public void add(Tally more) {
        faults.add(more.faults);
        more.crashes.forEach((point, count) -> crashes.merge(point, count, Long::sum));
        more.troubles.forEach((trouble, count) -> troubles.merge(trouble, count, Long::sum));
        more.worst.forEach((row, one) -> worst.merge(row, one, Tally::worse));
        more.sums.forEach((what, many) -> sums.merge(what, many, Long::sum));
    }

    public long of(Fault fault) {
        return faults.of(fault);
    }

    public long of(CrashPoint point) {
        return crashes.getOrDefault(point, 0L);
    }

    public long of(Trouble trouble) {
        return troubles.getOrDefault(trouble, 0L);
    }

    public long of(String what) {
        return sums.getOrDefault(what, 0L);
    }

    public Map<Row, Worst> worst() {
        return Map.copyOf(worst);
    }

    /** For people. */
    public String table() {
        StringJoiner lines = new StringJoiner("\n");
        lines.add("faults of the cloud, and the calls they befell:");
        for (Map.Entry<Fault, Map<Call, Long>> row : faults.byFault().entrySet()) {
            lines.add(String.format("  %-24s %,12d  %s", row.getKey(), faults.of(row.getKey()), row.getValue()));
        }
        lines.add("troubles of operators, stores and listings:");
        for (Trouble trouble : Trouble.values()) {
            lines.add(String.format("  %-24s %,12d", trouble, of(trouble)));
        }
        lines.add("crashes by point:");
        for (CrashPoint point : CrashPoint.values()) {
            lines.add(String.format("  %-40s %,9d", point, of(point)));
        }
        lines.add("time to be exact again after the fault ended, by row of the guards' table:");
        lines.add(String.format(
                "  %-18s %7s %10s %10s %10s %8s  %s", "row", "runs", "mean", "worst", "allowed", "seed", "guard"));
        for (Row row : Row.values()) {
            Worst one = worst.get(row);
            if (one != null) {
                lines.add(String.format(
                        "  %-18s %,7d %10s %10s %10s %8d  %s",
                        row,
                        one.runs,
                        shown(one.sum.dividedBy(one.runs)),
                        shown(one.longest),
                        shown(one.allowed),
                        one.seed,
                        row.guard));
            }
        }
        lines.add("and:");
        sums.forEach((what, many) -> lines.add(String.format("  %-60s %,12d", what, many)));
        return lines.toString();
    }

    private static String shown(Duration time) {
        return time.toMinutes() + ":" + String.format("%02d", time.toSecondsPart());
    }
}
