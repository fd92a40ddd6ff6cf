package io.weir.app;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.weir.pool.PoolName;
import io.weir.reconcile.Meter;
import io.weir.service.metrics.Metrics;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/** What the loop did, as metrics. */
final class PoolMeter implements Meter {
    private static final double SECONDS_PER_NANO = 1e-9;

    private final LongSupplier nanos;
    private final Histogram listings;
    private final Histogram plans;
    private final Counter turns;
    private final Counter acts;

    PoolMeter(Metrics metrics, LongSupplier nanos) {
        this.nanos = nanos;
        listings = Histogram.builder()
                .name("weir_listing_seconds")
                .help("How long listings took, real time, by whether they succeeded.")
                .labelNames("connection", "succeeded")
                .classicOnly()
                .classicUpperBounds(0.01, 0.03, 0.1, 0.3, 1, 3, 10)
                .register(metrics.registry());
        plans = Histogram.builder()
                .name("weir_plan_seconds")
                .help("How long planning took, real time.")
                .labelNames("pool")
                .classicOnly()
                .classicUpperBounds(0.0001, 0.0003, 0.001, 0.003, 0.01, 0.1)
                .register(metrics.registry());
        turns = Counter.builder()
                .name("weir_turns_total")
                .help("Turns by outcome: done, blind (the listing failed), store_failed or failed.")
                .labelNames("pool", "outcome")
                .register(metrics.registry());
        acts = Counter.builder()
                .name("weir_machines_asked_total")
                .help("Machines that something was asked for of the cloud, by what and outcome.")
                .labelNames("pool", "action", "outcome")
                .register(metrics.registry());
    }

    @Override
    public long nanos() {
        return nanos.getAsLong();
    }

    @Override
    public void listing(String connection, Duration took, boolean succeeded) {
        listings.labelValues(connection, String.valueOf(succeeded)).observe(took.toNanos() * SECONDS_PER_NANO);
    }

    @Override
    public void turned(PoolName pool, String outcome) {
        turns.labelValues(pool.value(), outcome).inc();
    }

    @Override
    public void planned(PoolName pool, Duration took) {
        plans.labelValues(pool.value()).observe(took.toNanos() * SECONDS_PER_NANO);
    }

    @Override
    public void acted(PoolName pool, String action, String outcome, int count) {
        acts.labelValues(pool.value(), action, outcome.toLowerCase(Locale.ROOT)).inc(count);
    }
}
