package io.weir.autoscaler.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The pool over the time, as an SVG picture: what was needed, what was wished, what lived and what worked, with a numbered
 * mark for each happening; and below it the load. Its colours are the page's classes.
 */
public final class Plot {
    private static final int WIDTH = 1120;
    private static final int HEIGHT = 520;
    private static final int LOAD_HEIGHT = 96;
    private static final int GAP = 22;
    private static final int LEFT = 44;
    private static final int RIGHT = 12;
    private static final int TOP = 26;
    private static final int BOTTOM = 30;

    private final Span span;
    private final Duration toRecorded;
    private final double top;
    private final int floor = HEIGHT - BOTTOM - LOAD_HEIGHT - GAP;
    private final StringBuilder svg = new StringBuilder();

    private Plot(Span span, Instant recordedFrom, double most) {
        this.span = span;
        this.toRecorded = Duration.between(span.from(), recordedFrom);
        this.top = Math.max(4, most * 1.08);
    }

    /**
     * @param load requests of each minute
     * @param recordedFrom the time of the recording at the beginning of the span, which the axis shows
     */
    public static String of(
            LedgerReport report, double[] load, Steps wishes, List<Happening> happenings, Instant recordedFrom) {
        Span span = report.span();
        int most = Math.max(
                report.needed().highest(),
                Math.max(
                        wishes.highest(span.from(), span.until()),
                        report.alive().highest(span.from(), span.until())));
        return new Plot(span, recordedFrom, most).draw(report, load, wishes, happenings);
    }

    private String draw(LedgerReport report, double[] load, Steps wishes, List<Happening> happenings) {
        svg.append(
                text("<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"machines over the time\">", WIDTH, HEIGHT));
        axes();
        svg.append("<path class=\"alive\" d=\"").append(area(report.alive())).append("\"/>");
        svg.append("<path class=\"working\" d=\"")
                .append(area(report.working()))
                .append("\"/>");
        svg.append("<path class=\"needed\" d=\"").append(line(report.needed())).append("\"/>");
        svg.append("<path class=\"desired\" d=\"").append(line(wishes)).append("\"/>");
        drawLoad(load);
        for (int i = 0; i < happenings.size(); i++) {
            mark(i + 1, happenings.get(i));
        }
        return svg.append("</svg>").toString();
    }

    private void axes() {
        int every = top <= 12 ? 2 : top <= 30 ? 5 : top <= 80 ? 10 : 25;
        for (int machines = 0; machines <= top; machines += every) {
            svg.append(text(
                    "<path class=\"grid\" d=\"M%d %.1fH%d\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%d</text>",
                    LEFT, y(machines), WIDTH - RIGHT, LEFT - 6, y(machines) + 4, machines));
        }
        Duration tick = tick();
        Instant recorded = span.from().plus(toRecorded);
        long first = Math.ceilDiv(recorded.getEpochSecond(), tick.toSeconds()) * tick.toSeconds();
        for (Instant at = Instant.ofEpochSecond(first);
                !at.minus(toRecorded).isAfter(span.until());
                at = at.plus(tick)) {
            svg.append(text(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                    x(at.minus(toRecorded)), HEIGHT - 10, at.toString().substring(11, 16)));
        }
    }

    private Duration tick() {
        for (int minutes : new int[] {5, 10, 15, 30, 60, 120, 180, 360}) {
            if (span.length().toMinutes() / minutes <= 12) {
                return Duration.ofMinutes(minutes);
            }
        }
        return Duration.ofDays(1);
    }

    private void mark(int number, Happening happening) {
        double x = x(happening.at());
        svg.append(text(
                "<g class=\"mark %s\"><path d=\"M%.1f %dV%d\"/><circle cx=\"%.1f\" cy=\"%d\" r=\"9\"/>"
                        + "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text></g>",
                happening.kind().name().toLowerCase(Locale.ROOT),
                x,
                TOP,
                HEIGHT - BOTTOM,
                x,
                TOP - 12,
                x,
                TOP - 8,
                number));
    }

    private String area(Steps steps) {
        return line(steps)
                + text("V%.1fH%d", y(0), LEFT) // down to the axis and back to its beginning
                + "Z";
    }

    private String line(Steps steps) {
        var path = new StringBuilder(text("M%d %.1f", LEFT, y(steps.at(span.from()))));
        for (Steps.Piece piece : steps.pieces(span)) {
            path.append(text("V%.1fH%.1f", y(piece.value()), x(piece.span().until())));
        }
        return path.toString();
    }

    private void drawLoad(double[] load) {
        double most = Math.max(1, Arrays.stream(load).max().orElse(1));
        int bottom = HEIGHT - BOTTOM;
        var path = new StringBuilder(text("M%d %d", LEFT, bottom));
        for (int minute = 0; minute < load.length; minute++) {
            path.append(text(
                    "V%.1fH%.1f",
                    bottom - load[minute] / most * LOAD_HEIGHT, x(span.from().plus(Duration.ofMinutes(minute + 1)))));
        }
        svg.append("<path class=\"load\" d=\"").append(path).append(text("V%dZ\"/>", bottom));
        svg.append(text("<path class=\"grid\" d=\"M%d %dH%d\"/>", LEFT, bottom, WIDTH - RIGHT));
        svg.append(text("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">0</text>", LEFT - 6, bottom + 4));
        svg.append(text(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%.0f</text>", LEFT - 6, bottom - LOAD_HEIGHT + 4, most));
    }

    private double x(Instant at) {
        double share = (double) Duration.between(span.from(), at).toMillis()
                / span.length().toMillis();
        return LEFT + Math.clamp(share, 0, 1) * (WIDTH - LEFT - RIGHT);
    }

    private double y(double machines) {
        return floor - machines / top * (floor - TOP);
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
