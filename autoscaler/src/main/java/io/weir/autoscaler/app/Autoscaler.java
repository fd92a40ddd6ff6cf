package io.weir.autoscaler.app;

import io.weir.api.client.PoolClient;
import io.weir.autoscaler.http.ServedTarget;
import io.weir.autoscaler.http.TargetsPaths;
import io.weir.autoscaler.loop.AutoscalerMetrics;
import io.weir.autoscaler.loop.Rhythm;
import io.weir.autoscaler.loop.Target;
import io.weir.autoscaler.loop.TargetLoop;
import io.weir.autoscaler.source.MetricSource;
import io.weir.autoscaler.store.JdbcTargetStore;
import io.weir.autoscaler.target.AdapterPool;
import io.weir.autoscaler.target.FollowedPool;
import io.weir.autoscaler.target.ScaledPool;
import io.weir.certs.CertsProblem;
import io.weir.certs.Pem;
import io.weir.certs.Tls;
import io.weir.service.ScaledClock;
import io.weir.service.caller.Refusals;
import io.weir.service.database.Database;
import io.weir.service.metrics.Metrics;
import io.weir.service.metrics.Readiness;
import io.weir.service.run.RunFile;
import io.weir.service.server.ServiceSettings;
import io.weir.service.server.WeirService;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running autoscaler: store, targets with a thread each, and the door to them.
 *
 * <p>{@code /healthz} is 200 as long as the process lives, and its {@code status} says {@code ok} or {@code unhealthy};
 * {@code /readyz} is 200 only while the store can be read and every target is well: it beats, and neither its metric nor its
 * adapter has failed for longer than {@code unhealthyAfter}. Both become true again by themselves.
 */
final class Autoscaler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Autoscaler.class);
    private static final Duration LONGEST_BEAT = Duration.ofMinutes(1);
    private static final long STOP_SECONDS = 3;

    /** What has to be closed, the newest first. */
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    private final ScaledClock clock;
    private final @Nullable RunFile home;
    private @Nullable WeirService service;

    private Autoscaler(ScaledClock clock, @Nullable RunFile home) {
        this.clock = clock;
        this.home = home;
    }

    /** Starts everything, or nothing: what was opened before a problem is closed again. */
    static Autoscaler start(AutoscalerConfig config, ScaledClock clock, @Nullable RunFile home) {
        var autoscaler = new Autoscaler(clock, home);
        try {
            autoscaler.open(config);
            return autoscaler;
        } catch (RuntimeException e) {
            autoscaler.close();
            throw e;
        }
    }

    private void open(AutoscalerConfig config) {
        Database database = opened(Database.open(config.store(), JdbcTargetStore.MIGRATIONS));
        var store = new JdbcTargetStore(database);
        var metrics = new Metrics().withJvm();
        var tally = new AutoscalerMetrics(metrics.registry());
        Sources sources = opened(new Sources(clock));
        RandomGenerator random = new Random();
        List<Target> targets = new ArrayList<>();
        List<TargetLoop> loops = new ArrayList<>();
        List<ServedTarget> served = new ArrayList<>();
        for (int i = 0; i < config.targets().size(); i++) {
            TargetConfig target = config.targets().get(i);
            var running = new Target(
                    target.name(),
                    target.rules(),
                    beatsAtMost(clock.scaled(LONGEST_BEAT), target.rhythm()),
                    sources(target, sources),
                    pool(target),
                    store,
                    clock,
                    random,
                    tally);
            opened(running::close);
            var loop = new TargetLoop(running, clock, clock.scale());
            targets.add(running);
            loops.add(loop);
            served.add(new ServedTarget(
                    running, target.adapter().address(), config.documents().get(i), loop::wake));
        }
        tally.show(targets, clock);
        metrics.clockSkew(clock::skew);
        metrics.certificates(() -> clientCertificates(config.targets()), Clock.systemUTC());
        WeirService door = WeirService.start(
                settings(config),
                List.of(new TargetsPaths(served, store)),
                metrics,
                readiness(targets, store),
                Refusals.UNHEARD);
        opened(door::stop);
        service = door;
        run(loops);
        LOG.info("keeps {} at their level", targets.stream().map(Target::name).toList());
    }

    private static Rhythm beatsAtMost(Duration longestBeat, Rhythm rhythm) {
        return new Rhythm(rhythm.every(), rhythm.heartbeat(), rhythm.unhealthyAfter(), longestBeat, rhythm.backOff());
    }

    private static Map<String, MetricSource> sources(TargetConfig target, Sources sources) {
        Map<String, MetricSource> made = new HashMap<>();
        target.metrics().forEach((name, metric) -> made.put(name, sources.source(metric)));
        return made;
    }

    private ScaledPool pool(TargetConfig target) {
        AdapterConfig adapter = target.adapter();
        SSLContext tls = Tls.context(adapter.tls(), Clock.systemUTC());
        boolean counts = target.countsRunning();
        if (adapter.url() != null) {
            return new AdapterPool(new PoolClient(adapter.base(adapter.url()), tls, adapter.patience()), counts);
        }
        RunFile run = home;
        return new FollowedPool(
                () -> run == null ? Optional.empty() : adapter(run),
                url -> new AdapterPool(new PoolClient(adapter.base(url), tls, adapter.patience()), counts));
    }

    /** What each target shows its adapter, and whom it believes; what cannot be read now is left out. */
    private static Map<String, List<X509Certificate>> clientCertificates(List<TargetConfig> targets) {
        Map<String, List<X509Certificate>> certificates = new HashMap<>();
        for (TargetConfig target : targets) {
            try {
                certificates.put(
                        "target " + target.name(),
                        Pem.certificates(target.adapter().tls().certificate()));
                certificates.put(
                        "target " + target.name() + " authority",
                        Pem.certificates(target.adapter().tls().trust()));
            } catch (CertsProblem unreadable) {
                continue;
            }
        }
        return certificates;
    }

    private static Optional<URI> adapter(RunFile run) {
        return run.read("adapter")
                .map(RunFile.Entry::url)
                .filter(url -> !url.isEmpty())
                .map(URI::create);
    }

    private static ServiceSettings settings(AutoscalerConfig config) {
        AutoscalerConfig.Serving serving = config.serving();
        return new ServiceSettings(
                "autoscaler",
                serving.main(),
                serving.management(),
                serving.tls(),
                serving.subjects(),
                List.of("/targets"));
    }

    private Readiness readiness(List<Target> targets, JdbcTargetStore store) {
        var readiness = new Readiness();
        readiness.check("store", () -> Optional.ofNullable(store.fault()));
        for (Target target : targets) {
            readiness.check("target " + target.name(), () -> told(target));
        }
        readiness.fact(
                "status",
                () -> targets.stream().allMatch(target -> target.problems().isEmpty()) ? "ok" : "unhealthy");
        readiness.fact("timeScale", clock::scale);
        readiness.fact("time", clock::instant);
        return readiness;
    }

    private static Optional<String> told(Target target) {
        Map<String, String> problems = target.problems();
        return problems.isEmpty()
                ? Optional.empty()
                : Optional.of(String.join(
                        "; ",
                        problems.entrySet().stream()
                                .map(entry -> entry.getKey() + ": " + entry.getValue())
                                .toList()));
    }

    private void run(List<TargetLoop> loops) {
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().daemon().name("target-", 0).factory());
        opened(() -> {
            loops.forEach(TargetLoop::stop);
            threads.shutdownNow();
            if (!threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("a beat did not end in time and is left");
            }
        });
        loops.forEach(threads::execute);
    }

    URI url() {
        return running().url();
    }

    URI managementUrl() {
        return running().managementUrl();
    }

    private WeirService running() {
        if (service == null) {
            throw new IllegalStateException("not started");
        }
        return service;
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        open.push(closeable);
        return closeable;
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                LOG.warn("while stopping", e);
            }
        }
    }
}
