package io.weir.app;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import io.weir.cloud.CloudConnection;
import io.weir.cloud.Supplies;
import io.weir.driver.CloudDriver;
import io.weir.guard.BoundedDriver;
import io.weir.guard.CloudCalls;
import io.weir.guard.ForgetfulDriver;
import io.weir.guard.MeteredDriver;
import io.weir.guard.PacedDriver;
import io.weir.http.Documents;
import io.weir.journal.JournalFiles;
import io.weir.probe.Prober;
import io.weir.probe.SocketLook;
import io.weir.reconcile.Connection;
import io.weir.reconcile.Fleet;
import io.weir.reconcile.Meter;
import io.weir.service.ScaledClock;
import io.weir.service.metrics.Metrics;
import io.weir.service.metrics.Readiness;
import io.weir.store.JdbcStore;
import io.weir.store.Store;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;

/** How the parts of an adapter fit together, whichever cloud it serves. */
final class AdapterModule extends AbstractModule {
    private final AdapterSettings settings;
    private final ScaledClock clock;
    private final Documents documents;

    /** @param documents reads pool documents with the section of this cloud */
    AdapterModule(AdapterSettings settings, ScaledClock clock, Documents documents) {
        this.settings = settings;
        this.clock = clock;
        this.documents = documents;
    }

    @Override
    protected void configure() {
        binder().requireExplicitBindings();
        binder().disableCircularProxies();
        bind(AdapterSettings.class).toInstance(settings);
        bind(ScaledClock.class).toInstance(clock);
        bind(Metrics.class).toInstance(new Metrics().withJvm());
        bind(Readiness.class).toInstance(new Readiness());
        bind(Documents.class).toInstance(documents);
        bind(RunningAdapter.class);
    }

    @Provides
    @Singleton
    Store store() {
        return JdbcStore.open(settings.home().resolve("store.db"), new SecureRandom());
    }

    @Provides
    @Singleton
    JournalFiles journals(Metrics metrics) {
        JournalFiles journals = new JournalFiles(settings.home().resolve("journal"), settings.journal());
        PoolMetrics.register(journals, metrics);
        return journals;
    }

    @Provides
    @Singleton
    Meter meter(Metrics metrics) {
        return new PoolMeter(metrics, System::nanoTime);
    }

    @Provides
    @Singleton
    CloudCalls cloudCalls(Metrics metrics) {
        return new CloudCalls(metrics.registry());
    }

    /**
     * Each connection's driver behind its decorators, from the inside out: a bound on every call; catalogs that forget; its pace;
     * counts of what became of each call.
     */
    @Provides
    @Singleton
    List<Connection> connections(CloudCalls calls, Metrics metrics) {
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("cloud-", 0).factory());
        List<Connection> connections = new ArrayList<>();
        Map<String, PacedDriver> paces = new TreeMap<>();
        settings.connections().forEach((name, plan) -> {
            CloudConnection cloud = plan.settings()
                    .connect(new Supplies(
                            name,
                            clock,
                            Clock.systemUTC(),
                            threads,
                            calls.requests(name),
                            settings.watch().callBound()));
            CloudDriver bounded =
                    new BoundedDriver(cloud.driver(), threads, settings.watch().callBound());
            PacedDriver paced = new PacedDriver(
                    new ForgetfulDriver(bounded, cloud.catalogs()),
                    cloud.rates().with(plan.limits()),
                    clock,
                    RandomGenerator.getDefault());
            paces.put(name, paced);
            connections.add(new Connection(
                    name,
                    new MeteredDriver(paced, calls, name, System::nanoTime),
                    cloud.catalogs(),
                    cloud.leftovers()));
        });
        PoolMetrics.tokens(paces, metrics);
        return List.copyOf(connections);
    }

    @Provides
    @Singleton
    Prober prober(Fleet fleet, Metrics metrics) {
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("probe-", 0).factory());
        return new Prober(fleet, new SocketLook(System::nanoTime), clock, threads, PoolMetrics.probes(metrics));
    }

    @Provides
    @Singleton
    Fleet fleet(Store store, List<Connection> connections, Meter meter, JournalFiles journals) {
        ThreadFactory threads =
                Thread.ofPlatform().name("pool-", 0).daemon(true).factory();
        return new Fleet(store, connections, clock, settings.watch(), meter, threads, journals::of, settings.pools());
    }
}
