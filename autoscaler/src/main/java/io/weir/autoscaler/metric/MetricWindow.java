package io.weir.autoscaler.metric;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Points of one series, oldest first, at most one for each instant. */
public record MetricWindow(List<Point> points) {
    /** No window holds more; the oldest leave first. */
    public static final int MOST = 11_000;

    public static final MetricWindow EMPTY = new MetricWindow(List.of());

    public record Point(Instant at, double value) {}

    public MetricWindow {
        points = List.copyOf(points);
        for (int i = 1; i < points.size(); i++) {
            if (!points.get(i).at().isAfter(points.get(i - 1).at())) {
                throw new IllegalArgumentException("points are not in the order of time");
            }
        }
    }

    /** With one more point, and without those that no longer matter to a look back over {@code length}. A point that is not newer than the last changes nothing. */
    public MetricWindow with(Point point, Duration length) {
        if (!points.isEmpty() && !point.at().isAfter(points.getLast().at())) {
            return this;
        }
        var kept = new ArrayList<Point>(points);
        kept.add(point);
        Instant start = point.at().minus(length);
        // One point at or before the start stays: it says what the value was when the window began.
        while (kept.size() > 2 && (!kept.get(1).at().isAfter(start) || kept.size() > MOST)) {
            kept.removeFirst();
        }
        return new MetricWindow(kept);
    }

    /**
     * How fast a counter grew, per second, between the first and the last point. A counter that fell was reset: what it
     * shows is what it has counted since. Empty with fewer than two points.
     */
    public OptionalDouble perSecond() {
        if (points.size() < 2) {
            return OptionalDouble.empty();
        }
        double grown = 0;
        for (int i = 1; i < points.size(); i++) {
            double before = points.get(i - 1).value();
            double after = points.get(i).value();
            grown += after < before ? after : after - before;
        }
        Duration took =
                Duration.between(points.getFirst().at(), points.getLast().at());
        return OptionalDouble.of(grown / (took.toNanos() / 1e9));
    }
}
