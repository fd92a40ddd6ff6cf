package io.weir.http;

import io.weir.journal.Journal;
import io.weir.reconcile.Fleet;
import io.weir.reconcile.Meter;
import io.weir.reconcile.WatchSettings;
import io.weir.service.log.LogFormat;
import io.weir.service.log.LogLevel;
import io.weir.service.log.Logs;
import io.weir.simulated.Delay;
import io.weir.simulated.Dials;
import io.weir.simulated.SimulatedCloud;
import io.weir.simulated.SimulatedDriver;
import io.weir.store.JdbcStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Random;

/** Real pools in a real store, on a simulated cloud in this process, behind the real door. */
final class LiveFleet implements AutoCloseable {
    static final Duration STALE_AFTER = Duration.ofSeconds(2);
    static final Dials QUICK = Dials.DEFAULT.turned(turn -> {
        turn.boot = new Delay.Uniform(0.05, 0.1);
        turn.end = new Delay.Uniform(0.05, 0.1);
    });

    final SimulatedCloud cloud = new SimulatedCloud(Clock.systemUTC(), 7, QUICK);
    final Adapter adapter;
    private final JdbcStore store;
    private final Fleet fleet;

    /** @param certs where the certificates go; the store lies beside */
    LiveFleet(Path certs) {
        Logs.configure(LogFormat.TEXT, LogLevel.ERROR);
        store = JdbcStore.open(certs.resolveSibling("store.db"), new Random(7));
        fleet = new Fleet(
                store,
                new SimulatedDriver(cloud, "sim-1", Clock.systemUTC(), SimulatedDriver.PROMISES),
                Clock.systemUTC(),
                new WatchSettings(
                        Duration.ofMillis(200), Duration.ofMillis(100), STALE_AFTER, Duration.ofSeconds(10), 1),
                Meter.NONE,
                Thread.ofVirtual().name("pool-", 0).factory(),
                pool -> Journal.NONE,
                Map.of());
        fleet.start(false);
        adapter = new Adapter(certs, fleet);
    }

    @Override
    public void close() {
        adapter.close();
        fleet.close();
        store.close();
    }
}
