package io.weir.autoscaler.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A ledger's report as lines of a name and what is to be said of it, for the terminal and the page alike. */
public final class Summary {
    /** @param bad whether this line alone makes the demo a failure */
    public record Line(String name, String text, boolean bad) {}

    private Summary() {}

    public static List<Line> of(LedgerReport report) {
        List<Line> lines = new ArrayList<>();
        lines.add(new Line(
                "double launches",
                report.doubleLaunches() == 0
                        ? "0 (no name was alive twice, no launch went above the highest wish in force)"
                        : report.doubleLaunches() + ": " + told(report),
                report.doubleLaunches() > 0));
        lines.add(new Line(
                "orphans",
                report.orphans().isEmpty()
                        ? "0 (every machine alive at the end with our mark is a member)"
                        : report.orphans().size() + ": "
                                + String.join(
                                        ", ",
                                        report.orphans().stream()
                                                .map(LedgerRow::id)
                                                .toList()),
                !report.orphans().isEmpty()));
        lines.add(new Line(
                "machines",
                report.launched() + " launched, " + report.alive().highest() + " at once at most, " + report.died()
                        + " died",
                false));
        lines.add(new Line("time short", timeShort(report), false));
        lines.add(new Line(
                "machine-hours",
                text("%.1f paid, ideal %.1f", hours(report.machineMinutesPaid()), hours(report.machineMinutesIdeal()))
                        + text(": %+.0f %%", 100 * report.overhead())
                        + " (the ideal knows the future and is never short; a boot takes "
                        + report.bootMinutes()
                        + " min)",
                false));
        lines.add(new Line(
                "regret",
                text("%.0f %%", 100 * report.regret(20))
                        + " with a missing machine at 20 times the price of a paid one, "
                        + text("%.0f %%", 100 * report.regret(100))
                        + " at 100 times",
                false));
        return lines;
    }

    private static String timeShort(LedgerReport report) {
        Duration silent = report.timeShortInSilence();
        double missing = report.machineMinutesShort();
        return text(
                        "%.1f of %.0f min",
                        minutes(report.timeShort()), minutes(report.span().length()))
                + text(
                        ", %.0f machine-minutes (%.1f %% of those needed)",
                        missing, 100 * missing / report.machineMinutesNeeded())
                + (silent.isZero() ? "" : text("; %.1f min of it while the adapter was dead", minutes(silent)));
    }

    private static String told(LedgerReport report) {
        List<String> words = new ArrayList<>();
        report.doubles().forEach(row -> words.add(row.name() + " was alive already at " + row.launched()));
        report.tooMany()
                .forEach(many -> words.add(many.alive() + " alive with " + many.allowed() + " allowed at "
                        + many.launch().launched()));
        return String.join(", ", words);
    }

    private static double minutes(Duration duration) {
        return duration.toMillis() / 60_000.0;
    }

    private static double hours(double minutes) {
        return minutes / 60;
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
