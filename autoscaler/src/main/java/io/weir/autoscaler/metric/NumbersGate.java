package io.weir.autoscaler.metric;

import io.weir.autoscaler.metric.MetricSample.Fresh;
import io.weir.autoscaler.metric.MetricSample.FutureStamped;
import io.weir.autoscaler.metric.MetricSample.Infinite;
import io.weir.autoscaler.metric.MetricSample.NotANumber;
import io.weir.autoscaler.metric.MetricSample.OutOfRange;
import io.weir.autoscaler.metric.MetricSample.Partial;
import io.weir.autoscaler.metric.MetricSample.Stale;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The one gate between measured numbers and sizes (G7). A cast would make NaN zero, and zero would end a pool.
 *
 * <ol>
 *   <li>Not a number, infinite, negative or above {@link #HIGHEST}: no number.
 *   <li>Stamped further ahead than clocks may differ, or older than allowed: no number to act upon.
 *   <li>Something is missing: a lower bound.
 *   <li>Otherwise: fresh.
 * </ol>
 */
public final class NumbersGate {
    /** Above this a double no longer counts single requests. */
    public static final double HIGHEST = 1e15;

    private NumbersGate() {}

    public static MetricSample pass(
            double value, Instant at, Freshness freshness, Instant now, @Nullable String missing) {
        if (Double.isNaN(value)) {
            return new NotANumber();
        }
        if (Double.isInfinite(value)) {
            return new Infinite();
        }
        if (value < 0 || value > HIGHEST) {
            return new OutOfRange(value);
        }
        double unsigned = value + 0.0; // -0.0 becomes 0.0
        Duration age = Duration.between(at, now);
        if (age.negated().compareTo(freshness.maxAhead()) > 0) {
            return new FutureStamped(unsigned, at, age.negated());
        }
        if (age.compareTo(freshness.maxAge()) > 0) {
            return new Stale(unsigned, at, age);
        }
        return missing == null ? new Fresh(unsigned, at) : new Partial(unsigned, at, missing);
    }
}
