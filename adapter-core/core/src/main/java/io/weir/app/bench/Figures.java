package io.weir.app.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What was measured, a row for each thing, and on what machine; {@link #table} aligns them. */
final class Figures {
    private static final List<String> HEAD = List.of("", "n", "min", "median", "p99");
    private static final String NONE = "-";

    private final List<List<String>> rows = new ArrayList<>();
    private final String before = load();

    /** How a figure reads. */
    interface Unit {
        String text(double figure);
    }

    /** Seconds, in the unit that reads best. */
    static String time(double seconds) {
        if (seconds < 1e-3) {
            return String.format(Locale.ROOT, "%.0f µs", seconds * 1e6);
        }
        if (seconds < 1) {
            return String.format(Locale.ROOT, seconds < 0.1 ? "%.1f ms" : "%.0f ms", seconds * 1e3);
        }
        return String.format(Locale.ROOT, "%.2f s", seconds);
    }

    static String megabytes(double bytes) {
        return String.format(Locale.ROOT, "%.0f MB", bytes / 1e6);
    }

    static String number(double figure) {
        return String.format(Locale.ROOT, figure < 100 ? "%.1f" : "%,.0f", figure);
    }

    /** Repetitions of one thing. */
    void row(String what, Unit unit, Collection<Double> figures) {
        double[] sorted =
                figures.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        rows.add(List.of(
                what,
                String.format(Locale.ROOT, "%,d", sorted.length),
                unit.text(sorted[0]),
                unit.text(at(sorted, 0.5)),
                unit.text(at(sorted, 0.99))));
    }

    /** One figure, made of so many things or none. */
    void row(String what, Unit unit, double figure) {
        rows.add(List.of(what, NONE, NONE, unit.text(figure), NONE));
    }

    /** The smallest figure that this share of all is not above. */
    private static double at(double[] sorted, double share) {
        return sorted[(int) Math.ceil(share * sorted.length) - 1];
    }

    /** How many programs want a processor, on average of the last minute. */
    private static String load() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return load < 0 ? "unknown" : number(load);
    }

    /** Figures of a machine with other things to do say little: how busy it was belongs to them. */
    String machine() {
        return String.format(
                Locale.ROOT,
                "%d processors, Java %s, load average %s before and %s after",
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                before,
                load());
    }

    /** The rows under their head, each column as wide as its widest cell, figures to the right. */
    String table() {
        List<List<String>> all = new ArrayList<>(List.of(HEAD));
        all.addAll(rows);
        int[] widths = IntStream.range(0, HEAD.size())
                .map(column -> all.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        return all.stream()
                .map(row -> IntStream.range(0, widths.length)
                        .mapToObj(column ->
                                String.format((column == 0 ? "%-" : "%") + widths[column] + "s", row.get(column)))
                        .collect(Collectors.joining("  ")))
                .collect(Collectors.joining(System.lineSeparator()));
    }
}
