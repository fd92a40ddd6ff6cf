package io.weir.autoscaler.metric;

import java.time.Duration;
import java.time.Instant;

/**
 * What one look at a metric brought. Only {@link Fresh} may shrink a pool; {@link Partial} is a lower bound of the truth;
 * everything else says why there is no number, and is never read as zero.
 */
public sealed interface MetricSample {

    /** The look brought a number that can be trusted in both directions. */
    default boolean trusted() {
        return this instanceof Fresh;
    }

    /** What a person is told about this sample. */
    String told();

    /** Finite, not negative, complete, and young enough. */
    record Fresh(double value, Instant at) implements MetricSample {
        public Fresh {
            requireNumber(value);
        }

        @Override
        public String told() {
            return number(value);
        }
    }

    /** A number of which a part is missing: the truth is at least this much. */
    record Partial(double value, Instant at, String missing) implements MetricSample {
        public Partial {
            requireNumber(value);
        }

        @Override
        public String told() {
            return "at least " + number(value) + " (" + missing + ")";
        }
    }

    /** A number that was true once. */
    record Stale(double value, Instant at, Duration age) implements MetricSample {
        public Stale {
            requireNumber(value);
        }

        @Override
        public String told() {
            return "stale: " + number(value) + " is " + age.toSeconds() + " s old";
        }
    }

    /** A number whose stamp lies in the future: one of two clocks is wrong, so its age is unknown. */
    record FutureStamped(double value, Instant at, Duration ahead) implements MetricSample {
        public FutureStamped {
            requireNumber(value);
        }

        @Override
        public String told() {
            return "stamped " + ahead.toSeconds() + " s in the future";
        }
    }

    /** NaN. */
    record NotANumber() implements MetricSample {
        @Override
        public String told() {
            return "not a number";
        }
    }

    /** Above or below every number. */
    record Infinite() implements MetricSample {
        @Override
        public String told() {
            return "infinite";
        }
    }

    /** Finite, but no load that a pool can have. */
    record OutOfRange(double value) implements MetricSample {
        @Override
        public String told() {
            return "out of range: " + number(value);
        }
    }

    /** The source answered, and had nothing. */
    record Absent(String why) implements MetricSample {
        @Override
        public String told() {
            return "absent: " + why;
        }
    }

    /** The source answered something that has no single meaning, such as a counter without a rate, or several series. */
    record Ambiguous(String why) implements MetricSample {
        @Override
        public String told() {
            return "ambiguous: " + why;
        }
    }

    /** The source did not answer, or not in its own format. */
    record Unreachable(String why) implements MetricSample {
        @Override
        public String told() {
            return "source failed: " + why;
        }
    }

    private static void requireNumber(double value) {
        if (!(value >= 0 && value <= NumbersGate.HIGHEST)) {
            throw new IllegalArgumentException(value + " did not pass the numbers gate");
        }
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
