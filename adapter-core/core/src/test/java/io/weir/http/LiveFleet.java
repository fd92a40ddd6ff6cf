package io.weir.http;

import io.weir.driver.Catalogs;
import io.weir.driver.CloudDriver;
import io.weir.journal.Journal;
import io.weir.pool.PoolName;
import io.weir.reconcile.Connection;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Real pools in a real store, on simulated clouds in this process, one for each connection, behind the real door. */
final class LiveFleet implements AutoCloseable {
    static final Duration STALE_AFTER = Duration.ofSeconds(2);
    static final Duration INTERVAL = Duration.ofMillis(200);
    static final Dials QUICK = Dials.DEFAULT.turned(turn -> {
        turn.boot = new Delay.Uniform(0.05, 0.1);
        turn.end = new Delay.Uniform(0.05, 0.1);
    });

    final SimulatedCloud cloud;
    final Adapter adapter;
    final Fleet fleet;
    private final Map<String, SimulatedCloud> clouds = new LinkedHashMap<>();
    private final Map<String, AtomicInteger> listings = new ConcurrentHashMap<>();
    private final JdbcStore store;

    /** @param certs where the certificates go; the store lies beside */
    LiveFleet(Path certs) {
        this(certs, Map.of("sim", Catalogs.NONE));
    }

    /** @param connections and what each remembers of its catalogs */
    LiveFleet(Path certs, Map<String, Catalogs> connections) {
        this(certs, connections, driver -> driver);
    }

    /** @param guards between the pools and each connection's driver */
    LiveFleet(Path certs, Map<String, Catalogs> connections, UnaryOperator<CloudDriver> guards) {
        Logs.configure(LogFormat.TEXT, LogLevel.ERROR);
        store = JdbcStore.open(certs.resolveSibling("store.db"), new Random(7));
        List<Connection> made = new ArrayList<>();
        connections.forEach((name, catalogs) -> {
            SimulatedCloud one = new SimulatedCloud(Clock.systemUTC(), 7, QUICK);
            clouds.put(name, one);
            listings.put(name, new AtomicInteger());
            made.add(new Connection(
                    name,
                    guards.apply(new SimulatedDriver(one, name, Clock.systemUTC(), SimulatedDriver.PROMISES)),
                    catalogs));
        });
        cloud = clouds.values().iterator().next();
        fleet = new Fleet(
                store,
                made,
                Clock.systemUTC(),
                new WatchSettings(INTERVAL, Duration.ofMillis(100), STALE_AFTER, Duration.ofSeconds(10), 1),
                new Counting(),
                Thread.ofVirtual().name("pool-", 0).factory(),
                pool -> Journal.NONE,
                Map.of());
        fleet.start(false);
        adapter = new Adapter(certs, fleet);
    }

    /** The cloud that a connection leads to. */
    SimulatedCloud cloud(String connection) {
        return Objects.requireNonNull(clouds.get(connection));
    }

    /** How many listings were made on a connection. */
    int listings(String connection) {
        return Objects.requireNonNull(listings.get(connection)).get();
    }

    @Override
    public void close() {
        adapter.close();
        fleet.close();
        store.close();
    }

    private final class Counting implements Meter {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void listing(String connection, Duration took, boolean succeeded) {
            Objects.requireNonNull(listings.get(connection)).incrementAndGet();
        }

        @Override
        public void turned(PoolName pool, String outcome) {}

        @Override
        public void planned(PoolName pool, Duration took) {}

        @Override
        public void acted(PoolName pool, String action, String outcome, int count) {}
    }
}
