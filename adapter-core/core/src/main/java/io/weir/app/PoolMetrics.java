package io.weir.app;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback.Callback;
import io.weir.guard.PacedDriver;
import io.weir.journal.JournalFiles;
import io.weir.pool.Gate;
import io.weir.pool.MachineState;
import io.weir.pool.PoolName;
import io.weir.reconcile.MachineView;
import io.weir.reconcile.Pool;
import io.weir.reconcile.PoolView;
import io.weir.reconcile.Pools;
import io.weir.service.metrics.Metrics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** What each pool's view says, read at each scrape. */
final class PoolMetrics {
    private static final double MILLIS = 1e-3;

    private PoolMetrics() {}

    static void register(Pools pools, InstantSource clock, Metrics metrics) {
        gauge(pools, metrics, "weir_pool_desired", "The wished number of machines.", (view, gauge) -> view.desired()
                .ifPresent(wish -> gauge.call(wish.size(), view.name().value())));
        gauge(
                pools,
                metrics,
                "weir_pool_active",
                "Allocated machines that count.",
                (view, gauge) -> gauge.call(view.active(), view.name().value()));
        gauge(
                pools,
                metrics,
                "weir_pool_out_of_service",
                "Allocated machines that do not count.",
                (view, gauge) -> gauge.call(view.outOfService(), view.name().value()));
        gauge(pools, metrics, "weir_pool_generation", "The wish's generation.", (view, gauge) -> view.desired()
                .ifPresent(wish -> gauge.call(wish.generation(), view.name().value())));
        gauge(
                pools,
                metrics,
                "weir_pool_observed_generation",
                "The generation a turn last acted upon.",
                (view, gauge) ->
                        gauge.call(view.observedGeneration(), view.name().value()));
        gauge(
                pools,
                metrics,
                "weir_pool_document_revision",
                "The revision of the pool's document.",
                (view, gauge) ->
                        gauge.call(view.declared().revision(), view.name().value()));
        gauge(
                pools,
                metrics,
                "weir_pool_drift",
                "1 if the document differs from the file's.",
                (view, gauge) -> gauge.call(view.drift() ? 1 : 0, view.name().value()));
        gauge(
                pools,
                metrics,
                "weir_pool_breaker_open",
                "1 while launches that never become useful have stopped launching.",
                (view, gauge) ->
                        gauge.call(view.breaker().isOpen() ? 1 : 0, view.name().value()));
        gauge(
                pools,
                metrics,
                "weir_listing_age_seconds",
                "How old the last listing is, by the service's clock.",
                (view, gauge) -> view.observedAt()
                        .ifPresent(at -> gauge.call(
                                Duration.between(at, clock.instant()).toMillis() * MILLIS,
                                view.name().value())));
        labelled(
                pools,
                metrics,
                "weir_pool_machines",
                "Machines by state; REQUESTED ones are launches in flight.",
                "state",
                PoolMetrics::byState);
        labelled(
                pools,
                metrics,
                "weir_pool_in_flight",
                "Machines for which a launch, an end or a mark was called and is not settled.",
                "what",
                (view, gauge) -> view.inFlight()
                        .forEach((what, count) -> gauge.call(count, view.name().value(), what)));
        labelled(
                pools,
                metrics,
                "weir_pace_left",
                "How many each pace lets through now.",
                "pace",
                (view, gauge) -> view.paceLeft()
                        .forEach((pace, left) -> gauge.call(left, view.name().value(), pace)));
        labelled(pools, metrics, "weir_guard_active", "1 for each guard that is closed.", "guard", PoolMetrics::guards);
    }

    /** What each connection may still ask of its cloud. */
    static void tokens(Map<String, PacedDriver> paces, Metrics metrics) {
        GaugeWithCallback.builder()
                .name("weir_connection_tokens_left")
                .help("Tokens left of each limit of a connection; below zero while it owes some.")
                .labelNames("connection", "limit")
                .callback(gauge -> paces.forEach((connection, pace) -> pace.tokensLeft()
                        .forEach((kind, left) -> gauge.call(left, connection, PacedDriver.word(kind)))))
                .register(metrics.registry());
    }

    static void register(JournalFiles journals, Metrics metrics) {
        CounterWithCallback.builder()
                .name("weir_journal_bytes_total")
                .help("Bytes written into the turn journal.")
                .callback(counter -> counter.call(journals.written()))
                .register(metrics.registry());
        CounterWithCallback.builder()
                .name("weir_journal_failures_total")
                .help("Turns that could not be written into the journal; they went on without.")
                .callback(counter -> counter.call(journals.failures()))
                .register(metrics.registry());
    }

    /** Where looks at services are counted. */
    static BiConsumer<PoolName, String> probes(Metrics metrics) {
        Counter looks = Counter.builder()
                .name("weir_health_probes_total")
                .help("Looks at services of machines: healthy, failed, or unreachable for want of an address.")
                .labelNames("pool", "outcome")
                .register(metrics.registry());
        return (pool, outcome) -> looks.labelValues(pool.value(), outcome).inc();
    }

    private static void byState(PoolView view, Callback gauge) {
        Map<MachineState, Integer> counts = new EnumMap<>(MachineState.class);
        for (MachineState state : MachineState.values()) {
            counts.put(state, 0);
        }
        for (MachineView machine : view.machines()) {
            counts.merge(machine.state(), 1, Integer::sum);
        }
        counts.forEach((state, count) ->
                gauge.call(count, view.name().value(), state.name().toLowerCase(Locale.ROOT)));
    }

    private static void guards(PoolView view, Callback gauge) {
        Set<String> closed = new TreeSet<>(view.guards().keySet());
        for (Gate gate : view.gates()) {
            closed.add(gate.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        closed.forEach(guard -> gauge.call(1, view.name().value(), guard));
    }

    private static void gauge(
            Pools pools, Metrics metrics, String name, String help, BiConsumer<PoolView, Callback> each) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames("pool")
                .callback(gauge -> pools.all().stream().map(Pool::view).forEach(view -> each.accept(view, gauge)))
                .register(metrics.registry());
    }

    private static void labelled(
            Pools pools, Metrics metrics, String name, String help, String label, BiConsumer<PoolView, Callback> each) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames("pool", label)
                .callback(gauge -> pools.all().stream().map(Pool::view).forEach(view -> each.accept(view, gauge)))
                .register(metrics.registry());
    }
}
