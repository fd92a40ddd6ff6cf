package io.weir.autoscaler.demo;

import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The lines of the live table: plain text, of one width, so that they are as good in a file as on a terminal. Colours only
 * where somebody asked for them, bars of blocks only where they can be written.
 */
public final class LiveTable {
    private static final int NUMBERS = 47;
    private static final int REASON = 44;
    private static final int LEAST = 10;
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);

    private final boolean colours;
    private final boolean blocks;
    private final int most;
    private final int cells;
    private final int reason;

    /**
     * @param most the most machines that a bar has to show
     * @param width how wide a line may be; the bar gets a cell for each machine if there is room
     * @param blocks whether the output can show block characters
     */
    public LiveTable(int most, int width, boolean colours, boolean blocks) {
        this.colours = colours;
        this.blocks = blocks;
        this.most = most;
        this.cells = Math.clamp((long) width - NUMBERS - REASON - 3, LEAST, most);
        this.reason = Math.max(LEAST, width - NUMBERS - cells - 3);
    }

    /** What is seen at one moment. */
    public record Row(LocalTime time, double load, int needed, int desired, int running, int pending, String reason) {}

    public String head() {
        String bar = pad((blocks ? "█" : "#") + "running " + (blocks ? "▒" : "+") + "pending |needed", cells + 1);
        return bold(" time     load needed desired running pending  " + bar + "  last reason");
    }

    public String row(Row row) {
        String numbers = String.format(
                Locale.ROOT,
                "%s %8s %6d %7d %7d %7d  ",
                CLOCK.format(row.time()),
                load(row.load()),
                row.needed(),
                row.desired(),
                row.running(),
                row.pending());
        return numbers + bar(row) + "  " + shortened(row.reason());
    }

    /** A line between the rows. */
    public String happening(LocalTime time, String text) {
        String line = CLOCK.format(time) + " " + (blocks ? "──" : "--") + " " + text;
        return colours ? "\u001b[1;33m" + line + "\u001b[0m" : line;
    }

    private String bar(Row row) {
        int running = cell(row.running());
        int pending = cell(row.running() + row.pending()) - running;
        int mark = cell(row.needed());
        var bar = new StringBuilder();
        for (int cell = 0; cell <= cells; cell++) {
            if (cell == mark) {
                bar.append(row.running() < row.needed() ? red("|") : "|");
            } else if (cell < running) {
                bar.append(green(blocks ? "█" : "#"));
            } else if (cell < running + pending) {
                bar.append(yellow(blocks ? "▒" : "+"));
            } else {
                bar.append(' ');
            }
        }
        return bar.toString();
    }

    private int cell(int machines) {
        return Math.min(cells, machines * cells / most);
    }

    private static String load(double load) {
        return load >= 100 ? String.format(Locale.ROOT, "%.0f", load) : String.format(Locale.ROOT, "%.1f", load);
    }

    private String shortened(String text) {
        return text.length() <= reason ? text : text.substring(0, reason - 1) + (blocks ? "…" : ".");
    }

    private static String pad(String text, int width) {
        return text.length() >= width ? text : text + " ".repeat(width - text.length());
    }

    private String bold(String text) {
        return colours ? "\u001b[1m" + text + "\u001b[0m" : text;
    }

    private String green(String text) {
        return colours ? "\u001b[32m" + text + "\u001b[0m" : text;
    }

    private String yellow(String text) {
        return colours ? "\u001b[33m" + text + "\u001b[0m" : text;
    }

    private String red(String text) {
        return colours ? "\u001b[1;31m" + text + "\u001b[0m" : text;
    }
}
