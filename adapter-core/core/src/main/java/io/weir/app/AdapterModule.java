package io.weir.app;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import io.weir.driver.CloudDriver;
import io.weir.guard.BoundedDriver;
import io.weir.guard.MeteredDriver;
import io.weir.http.Documents;
import io.weir.journal.JournalFiles;
import io.weir.reconcile.Fleet;
import io.weir.reconcile.Meter;
import io.weir.service.ScaledClock;
import io.weir.service.metrics.Metrics;
import io.weir.service.metrics.Readiness;
import io.weir.store.JdbcStore;
import io.weir.store.Store;
import java.security.SecureRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/** How the parts of an adapter fit together, whichever cloud it serves. */
final class AdapterModule extends AbstractModule {
    private final AdapterSettings settings;
    private final ScaledClock clock;
    private final CloudDriver driver;
    private final Documents documents;

    /** @param documents reads pool documents with the section of this cloud */
    AdapterModule(AdapterSettings settings, ScaledClock clock, CloudDriver driver, Documents documents) {
        this.settings = settings;
        this.clock = clock;
        this.driver = driver;
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

    /** The driver behind its decorators: a bound on every call, and counts of what became of it. */
    @Provides
    @Singleton
    CloudDriver driver(Metrics metrics) {
        ExecutorService calls = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("cloud-", 0).factory());
        return new MeteredDriver(
                new BoundedDriver(driver, calls, settings.watch().callBound()), metrics.registry(), System::nanoTime);
    }

    @Provides
    @Singleton
    Fleet fleet(Store store, CloudDriver guarded, Meter meter, JournalFiles journals) {
        ThreadFactory threads =
                Thread.ofPlatform().name("pool-", 0).daemon(true).factory();
        return new Fleet(store, guarded, clock, settings.watch(), meter, threads, journals::of, settings.pools());
    }
}
