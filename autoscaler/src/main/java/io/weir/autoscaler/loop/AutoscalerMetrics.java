package io.weir.autoscaler.loop;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.weir.autoscaler.decide.Decision;
import io.weir.autoscaler.metric.MetricSample;
import io.weir.autoscaler.policy.PoolSeen;
import io.weir.autoscaler.target.Posted;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What the autoscaler shows of itself to Prometheus. Ages and durations are those of the service's clock. */
public final class AutoscalerMetrics implements Tally {
    private final PrometheusRegistry registry;
    private final Counter decisions;
    private final Counter posts;
    private final Histogram beats;

    public AutoscalerMetrics(PrometheusRegistry registry) {
        this.registry = registry;
        decisions = Counter.builder()
                .name("weir_autoscaler_decisions_total")
                .help("Decisions, by target and direction (up, down, same).")
                .labelNames("target", "direction")
                .register(registry);
        posts = Counter.builder()
                .name("weir_autoscaler_posts_total")
                .help("Sizes posted, by target and outcome (taken, outdated, held, refused, lost).")
                .labelNames("target", "outcome")
                .register(registry);
        beats = Histogram.builder()
                .name("weir_autoscaler_beat_seconds")
                .help("How long a beat took, by target.")
                .labelNames("target")
                .classicOnly()
                .classicUpperBounds(0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30)
                .register(registry);
    }

    @Override
    public void decided(String target, Decision decision) {
        int change = Integer.compare(decision.size(), decision.from());
        decisions
                .labelValues(target, change > 0 ? "up" : change < 0 ? "down" : "same")
                .inc();
    }

    @Override
    public void posted(String target, Posted posted) {
        posts.labelValues(target, posted.outcome()).inc();
    }

    @Override
    public void beat(String target, Duration took) {
        beats.labelValues(target).observe(took.toNanos() / 1e9);
    }

    /** Shows the present state of these targets, looked up at each scrape. */
    public void show(List<Target> targets, InstantSource clock) {
        gauge(targets, "decided_size", "The size decided last.", view -> decided(view.decision()));
        gauge(
                targets,
                "pool_desired",
                "The size wished for, as the adapter showed it last.",
                view -> seen(view.pool(), PoolSeen::desired));
        gauge(
                targets,
                "pool_allocated",
                "The machines there are or will be, as the adapter showed them last.",
                view -> seen(view.pool(), PoolSeen::allocated));
        gauge(targets, "paused", "Whether a target is paused.", view -> flag(view.pause() != null));
        gauge(targets, "held", "Whether somebody holds the size.", view -> flag(view.hold() != null));
        GaugeWithCallback.builder()
                .name("weir_autoscaler_healthy")
                .help("Whether metric, adapter and the autoscaler itself are well.")
                .labelNames("target")
                .callback(gauge -> targets.forEach(
                        target -> gauge.call(flag(target.problems().isEmpty()), target.name())))
                .register(registry);
        GaugeWithCallback.builder()
                .name("weir_autoscaler_problem")
                .help("1 for each thing that is not well: a metric, the adapter, the store or the beat itself.")
                .labelNames("target", "problem")
                .callback(gauge -> targets.forEach(
                        target -> target.problems().keySet().forEach(what -> gauge.call(1, target.name(), what))))
                .register(registry);
        samples(targets, "sample", "The last sample of a metric that is a number.", AutoscalerMetrics::value);
        samples(targets, "sample_age_seconds", "How old the last sample of a metric is.", sample -> {
            Instant at = at(sample);
            return at == null
                    ? Double.NaN
                    : Duration.between(at, clock.instant()).toMillis() / 1e3;
        });
    }

    private void gauge(List<Target> targets, String name, String help, ToDoubleFunction<TargetView> value) {
        GaugeWithCallback.builder()
                .name("weir_autoscaler_" + name)
                .help(help)
                .labelNames("target")
                .callback(gauge -> targets.forEach(target -> {
                    double now = value.applyAsDouble(target.view());
                    if (!Double.isNaN(now)) {
                        gauge.call(now, target.name());
                    }
                }))
                .register(registry);
    }

    private void samples(List<Target> targets, String name, String help, ToDoubleFunction<MetricSample> value) {
        GaugeWithCallback.builder()
                .name("weir_autoscaler_" + name)
                .help(help)
                .labelNames("target", "metric")
                .callback(gauge ->
                        targets.forEach(target -> target.view().samples().forEach((metric, sample) -> {
                            double now = value.applyAsDouble(sample);
                            if (!Double.isNaN(now)) {
                                gauge.call(now, target.name(), metric);
                            }
                        })))
                .register(registry);
    }

    private static @Nullable Instant at(MetricSample sample) {
        return switch (sample) {
            case MetricSample.Fresh fresh -> fresh.at();
            case MetricSample.Partial partial -> partial.at();
            case MetricSample.Stale stale -> stale.at();
            default -> null;
        };
    }

    private static double value(MetricSample sample) {
        return switch (sample) {
            case MetricSample.Fresh fresh -> fresh.value();
            case MetricSample.Partial partial -> partial.value();
            case MetricSample.Stale stale -> stale.value();
            default -> Double.NaN;
        };
    }

    private static double decided(@Nullable Decision decision) {
        return decision == null ? Double.NaN : decision.size();
    }

    private static double seen(@Nullable PoolSeen pool, ToDoubleFunction<PoolSeen> figure) {
        return pool == null ? Double.NaN : figure.applyAsDouble(pool);
    }

    private static double flag(boolean set) {
        return set ? 1 : 0;
    }
}
