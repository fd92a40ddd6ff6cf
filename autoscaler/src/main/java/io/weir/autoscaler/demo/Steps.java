package io.weir.autoscaler.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.IntBinaryOperator;

/** A number that changes at moments and stands still between them. Before its first change it is 0. */
public final class Steps {
    public static final Steps NONE = new Steps(new TreeMap<>());

    private final NavigableMap<Instant, Integer> changes;

    private Steps(NavigableMap<Instant, Integer> changes) {
        this.changes = changes;
    }

    /** The value from each moment on. */
    public static Steps of(Map<Instant, Integer> values) {
        return new Steps(new TreeMap<>(values));
    }

    /** How many of these spans hold a moment. */
    public static Steps count(List<Span> spans) {
        NavigableMap<Instant, Integer> deltas = new TreeMap<>();
        for (Span span : spans) {
            deltas.merge(span.from(), 1, Integer::sum);
            deltas.merge(span.until(), -1, Integer::sum);
        }
        int sum = 0;
        for (Map.Entry<Instant, Integer> delta : deltas.entrySet()) {
            sum += delta.getValue();
            delta.setValue(sum);
        }
        return new Steps(deltas);
    }

    public int at(Instant moment) {
        Map.Entry<Instant, Integer> last = changes.floorEntry(moment);
        return last == null ? 0 : last.getValue();
    }

    /** The highest value from this moment until that one, which is part of it. */
    public int highest(Instant from, Instant until) {
        int highest = at(from);
        for (int value : changes.subMap(from, true, until, true).values()) {
            highest = Math.max(highest, value);
        }
        return highest;
    }

    public int highest() {
        return changes.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    /** Both at every moment, made one. */
    public Steps with(Steps other, IntBinaryOperator together) {
        NavigableMap<Instant, Integer> both = new TreeMap<>();
        for (Instant moment : changes.keySet()) {
            both.put(moment, together.applyAsInt(at(moment), other.at(moment)));
        }
        for (Instant moment : other.changes.keySet()) {
            both.put(moment, together.applyAsInt(at(moment), other.at(moment)));
        }
        return new Steps(both);
    }

    /** Value × time over the span, in minutes. */
    public double minutes(Span span) {
        double sum = 0;
        for (Piece piece : pieces(span)) {
            sum += piece.value() * minutes(piece.span().length());
        }
        return sum;
    }

    /** For how much of the span the value is above 0. */
    public Duration above0(Span span) {
        Duration sum = Duration.ZERO;
        for (Piece piece : pieces(span)) {
            sum = piece.value() > 0 ? sum.plus(piece.span().length()) : sum;
        }
        return sum;
    }

    /** A stretch without a change. */
    public record Piece(Span span, int value) {}

    public List<Piece> pieces(Span span) {
        List<Piece> pieces = new ArrayList<>();
        Instant from = span.from();
        for (Instant change :
                changes.subMap(span.from(), false, span.until(), false).keySet()) {
            pieces.add(new Piece(new Span(from, change), at(from)));
            from = change;
        }
        if (from.isBefore(span.until())) {
            pieces.add(new Piece(new Span(from, span.until()), at(from)));
        }
        return pieces;
    }

    static double minutes(Duration duration) {
        return duration.toMillis() / 60_000.0;
    }
}
