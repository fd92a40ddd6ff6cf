package io.weir.app;

import com.google.inject.Inject;
import io.weir.http.Documents;
import io.weir.http.Door;
import io.weir.probe.Prober;
import io.weir.reconcile.Fleet;
import io.weir.reconcile.Pools;
import io.weir.service.ScaledClock;
import io.weir.service.caller.Refusals;
import io.weir.service.metrics.Metrics;
import io.weir.service.metrics.Readiness;
import io.weir.service.server.ServiceSettings;
import io.weir.service.server.WeirService;
import io.weir.store.Store;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An adapter from its start to its end: once its ports are its own the pools go on where they were, and then the door opens. */
final class RunningAdapter {
    private final AdapterSettings settings;
    private final ScaledClock clock;
    private final Store store;
    private final Fleet fleet;
    private final Documents documents;
    private final Metrics metrics;
    private final Readiness readiness;
    private final Prober prober;
    private @Nullable WeirService service;

    @Inject
    RunningAdapter(
            AdapterSettings settings,
            ScaledClock clock,
            Store store,
            Fleet fleet,
            Documents documents,
            Metrics metrics,
            Readiness readiness,
            Prober prober) {
        this.settings = settings;
        this.clock = clock;
        this.store = store;
        this.fleet = fleet;
        this.documents = documents;
        this.metrics = metrics;
        this.readiness = readiness;
        this.prober = prober;
    }

    void start() {
        for (String connection : settings.connections().keySet()) {
            readiness.check(
                    "connection " + connection,
                    () -> fleet.wasListed(connection) ? Optional.empty() : Optional.of("no listing was tried yet"));
        }
        readiness.fact("timeScale", clock::scale);
        PoolMetrics.register(fleet, clock, metrics);
        metrics.clockSkew(clock::skew);
        fleet.load(settings.resetFromFile());
        ServiceSettings served = ServiceSettings.of("adapter", settings.tls())
                .withMain(settings.host(), settings.port(), "--port")
                .withManagement(settings.managementHost(), settings.managementPort(), "--management-port")
                .withSubjects(settings.subjects())
                .withWarmUp(hasDefaultPool() ? new String[] {"/pool", "/pool/size"} : new String[] {"/pools"});
        service = WeirService.start(
                served, Door.resources(fleet, fleet, documents), metrics, readiness, Refusals.UNHEARD, fleet::run);
        Thread.ofVirtual().name("prober").start(prober);
    }

    boolean hasDefaultPool() {
        return fleet.find(Pools.DEFAULT).isPresent();
    }

    URI url() {
        return started().url();
    }

    URI managementUrl() {
        return started().managementUrl();
    }

    private WeirService started() {
        if (service == null) {
            throw new IllegalStateException("not started");
        }
        return service;
    }

    /** Answers and looks no more, then lets the pools' threads end, then closes the store. */
    void stop() {
        if (service != null) {
            service.stop();
        }
        prober.close();
        fleet.close();
        store.close();
    }
}
