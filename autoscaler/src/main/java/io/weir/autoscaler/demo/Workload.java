package io.weir.autoscaler.demo;

import io.weir.autoscaler.traffic.Playing;
import io.weir.autoscaler.traffic.Trace;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;

/**
 * A stretch of traffic as work for machines.
 *
 * @param capacity requests a minute that one machine can serve: so many that the peak takes some thirty machines
 * @param load requests of each minute
 * @param needed the machines that each minute needs
 */
public record Workload(BigDecimal capacity, double[] load, int[] needed) {
    static final int PEAK_MACHINES = 32;
    private static final BigDecimal LOADED = new BigDecimal("0.8");
    private static final double LEAST = 0.01;

    public static Workload of(Trace trace) {
        var playing = new Playing(trace, trace.start(), false);
        double peak = trace.peak() * 60_000 / trace.step().toMillis();
        BigDecimal capacity =
                new BigDecimal(Math.max(LEAST, peak / PEAK_MACHINES), new MathContext(2, RoundingMode.UP));
        int minutes = Math.toIntExact(trace.length().toMinutes());
        double[] load = new double[minutes];
        int[] needed = new int[minutes];
        for (int i = 0; i < minutes; i++) {
            load[i] = playing.perMinute(trace.start().plus(Duration.ofMinutes(i)));
            needed[i] = needed(load[i], capacity);
        }
        return new Workload(capacity, load, needed);
    }

    public int needed(double load) {
        return needed(load, capacity);
    }

    private static int needed(double load, BigDecimal capacity) {
        return (int) Math.max(1, Math.ceil(load / capacity.doubleValue()));
    }

    /** What the autoscaler is told: four fifths of the capacity, the rest is for what comes while machines boot. */
    public BigDecimal target() {
        return capacity.multiply(LOADED).stripTrailingZeros();
    }
}
