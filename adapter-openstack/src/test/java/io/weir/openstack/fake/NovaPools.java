package io.weir.openstack.fake;

import io.weir.cloud.RequestMeter;
import io.weir.driver.Promises;
import io.weir.kit.HandClock;
import io.weir.kit.PoolText;
import io.weir.kit.VirtualPools;
import io.weir.kit.VirtualPools.Way;
import io.weir.openstack.Openstack;
import io.weir.openstack.nova.Account;
import io.weir.openstack.nova.OpenstackConnection;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Pools over the fake in virtual time: the real driver and its HTTP. */
final class NovaPools implements AutoCloseable {
    static final PoolName POOL = VirtualPools.name(0);
    /** For each machine a volume, a port and a floating IP. */
    static final String SIDES = """
            publicAddress: true
            dataVolumes: [{sizeGb: 1}]
            openstack: {floatingIpPool: public}
            """;

    private static final Duration BOUND = Duration.ofMinutes(1);
    private static final Promises PROMISES =
            new Promises(Duration.ofSeconds(5), Duration.ofMinutes(2), Optional.empty(), 16);

    final HandClock clock = new HandClock(FakeOpenStack.BEGINNING);
    final FakeOpenStack fake;
    final VirtualPools pools;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, PoolName> elastisys;
    private final AtomicLong waited = new AtomicLong();
    private volatile int jumpAfter = -1;

    /**
     * As fast as a pool's paces may be.
     *
     * @param more lines of it
     */
    static PoolDocument document(String more) {
        return PoolText.read(new Openstack(Map.of()), """
                max: 1000
                image: dummy
                machineTypes: [m1.tiny]
                network: demo-net
                pace:
                  wish: {count: 20, percent: 50}
                  launch: {count: 1000, percent: 100, window: 1m}
                """ + more);
    }

    NovaPools(int count, PoolDocument document) {
        this(count, document, Map.of());
    }

    /** @param elastisys pools to take over, by the names that elastisys knows them by */
    NovaPools(int count, PoolDocument document, Map<String, PoolName> elastisys) {
        this.elastisys = elastisys;
        FakeDials dials = new FakeDials();
        dials.zones = List.of("zone-a", "zone-b");
        dials.quota = Map.of("instances", -1L, "floatingip", -1L, "volumes", -1L);
        fake = FakeOpenStack.start(clock, 1, dials, threads);
        pools = new VirtualPools(count, document, clock, this::way, fake::ledger);
        fake.watch(new FakeOpenStack.Watch() {
            @Override
            public boolean arrives(int number) {
                if (number == jumpAfter) {
                    waited.addAndGet(BOUND.dividedBy(2).toNanos());
                }
                return pools.arrives(number);
            }

            @Override
            public void carriedOut(int number) {
                pools.carriedOut(number);
            }
        });
    }

    /** Half of the time that a driver has for what it is asked next is gone when so many calls more have come. */
    void lose(int after) {
        jumpAfter = fake.count() + after;
    }

    /** A process of its own. */
    Way way() {
        Account account = new Account(
                fake.authUrl(),
                Site.REGION,
                "public",
                new Account.Password(name(), fake.person("demo").password(), name()));
        OpenstackConnection connection = new OpenstackConnection(
                new OpenstackConnection.Settings(
                        () -> account,
                        Site.REGION,
                        Optional.empty(),
                        Map.of(),
                        elastisys,
                        PROMISES,
                        8,
                        Duration.ofSeconds(3),
                        BOUND),
                new OpenstackConnection.Tools(clock, clock, this::nanos, threads, RequestMeter.NONE));
        return new Way(connection.driver(), connection.leftovers());
    }

    private long nanos() {
        return System.nanoTime() + waited.get();
    }

    private static Account.Name name() {
        return new Account.Name(Optional.empty(), Optional.of("demo"), Optional.empty(), Optional.of("Default"));
    }

    @Override
    public void close() {
        fake.close();
        threads.close();
    }
}
