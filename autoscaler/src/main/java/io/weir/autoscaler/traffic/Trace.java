package io.weir.autoscaler.traffic;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/**
 * A recording of load: the requests that came in each step, without a gap. Within a step they are taken to come evenly,
 * because what was between is not known.
 */
public final class Trace {
    private final String name;
    private final Instant start;
    private final Duration step;
    private final double[] values;
    private final double[] sums;

    public Trace(String name, Instant start, Duration step, double[] values) {
        if (step.isNegative() || step.isZero() || values.length == 0) {
            throw new IllegalArgumentException("a trace has a step and values");
        }
        this.name = name;
        this.start = start;
        this.step = step;
        this.values = values.clone();
        this.sums = new double[values.length + 1];
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i]) || values[i] < 0) {
                throw new IllegalArgumentException(values[i] + " is no load");
            }
            sums[i + 1] = sums[i] + values[i];
        }
    }

    public String name() {
        return name;
    }

    public Instant start() {
        return start;
    }

    public Duration step() {
        return step;
    }

    public int size() {
        return values.length;
    }

    public double value(int index) {
        return values[index];
    }

    public Duration length() {
        return step.multipliedBy(values.length);
    }

    public Instant end() {
        return start.plus(length());
    }

    public double peak() {
        return Arrays.stream(values).max().orElseThrow();
    }

    /** The value of the step that holds this moment; before the first step the first one, after the last step the last one. */
    public double at(Instant moment) {
        return values[Math.clamp(index(moment), 0, values.length - 1)];
    }

    /** All that came from the start until this moment, a running step by its share. */
    public double totalUntil(Instant moment) {
        int index = Math.clamp(index(moment), 0, values.length);
        if (index == values.length || moment.isBefore(start)) {
            return sums[index];
        }
        Duration into = Duration.between(start.plus(step.multipliedBy(index)), moment);
        return sums[index] + values[index] * into.toNanos() / step.toNanos();
    }

    /** The part that begins at this moment (a step that holds it is the first) and is this long, or as long as there is. */
    public Trace part(Instant from, Duration length) {
        int first = Math.clamp(index(from), 0, values.length - 1);
        int steps = (int) Math.clamp(length.dividedBy(step), 1, values.length - first);
        return new Trace(
                name, start.plus(step.multipliedBy(first)), step, Arrays.copyOfRange(values, first, first + steps));
    }

    /** The part of this length with the highest sum. */
    public Trace busiest(Duration length) {
        int steps = (int) Math.clamp(length.dividedBy(step), 1, values.length);
        int best = 0;
        for (int i = 1; i + steps <= values.length; i++) {
            if (sums[i + steps] - sums[i] > sums[best + steps] - sums[best]) {
                best = i;
            }
        }
        return part(start.plus(step.multipliedBy(best)), length);
    }

    private int index(Instant moment) {
        return Math.toIntExact(Math.floorDiv(Duration.between(start, moment).toMillis(), step.toMillis()));
    }
}
