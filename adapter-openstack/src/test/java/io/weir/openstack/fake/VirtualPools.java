package io.weir.openstack.fake;

import io.weir.cloud.RequestMeter;
import io.weir.driver.CloudDriver;
import io.weir.driver.CloudException;
import io.weir.driver.Listing;
import io.weir.driver.Promises;
import io.weir.driver.TemplateProblems;
import io.weir.journal.Journal;
import io.weir.kit.MemoryStore;
import io.weir.openstack.nova.Account;
import io.weir.openstack.nova.OpenstackConnection;
import io.weir.plan.Limits;
import io.weir.pool.Desired;
import io.weir.pool.Pace;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolName;
import io.weir.pool.PoolState;
import io.weir.pool.PoolStates;
import io.weir.pool.Rate;
import io.weir.pool.StoreId;
import io.weir.pool.Template;
import io.weir.reconcile.PoolCore;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Pools of the production code over the fake in virtual time: the real loop, the real driver and its HTTP, one listing for all pools of the
 * connection, as the service does it.
 */
final class VirtualPools implements AutoCloseable {
    private static final StoreId STORE = new StoreId("f1gur3s0");

    final HandClock clock = new HandClock();
    final FakeOpenStack fake;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CloudDriver driver;
    private final Map<PoolName, PoolCore> pools = new LinkedHashMap<>();
    private final Map<PoolName, Template> templates = new LinkedHashMap<>();

    VirtualPools(int count, PoolDocument document) {
        this(count, document, Map.of());
    }

    /** @param elastisys pools to take over, by the names that elastisys knows them by */
    VirtualPools(int count, PoolDocument document, Map<String, PoolName> elastisys) {
        FakeDials dials = new FakeDials();
        dials.zones = List.of("zone-a", "zone-b");
        dials.quota = Map.of("instances", -1L, "floatingip", -1L, "volumes", -1L);
        fake = FakeOpenStack.start(clock, 1, dials, threads);
        Promises promises = new Promises(Duration.ofSeconds(5), Duration.ofMinutes(2), Optional.empty(), 16);
        Account account = new Account(
                fake.authUrl(),
                Site.REGION,
                "public",
                new Account.Password(name(), fake.person("demo").password(), name()));
        driver = new OpenstackConnection(
                        new OpenstackConnection.Settings(
                                () -> account,
                                Site.REGION,
                                Optional.empty(),
                                Map.of(),
                                elastisys,
                                promises,
                                8,
                                Duration.ofSeconds(3),
                                Duration.ofMinutes(1)),
                        new OpenstackConnection.Tools(clock, clock, System::nanoTime, threads, RequestMeter.NONE))
                .driver();
        Limits limits = new Limits(promises.lag(), promises.lateness(), Optional.empty(), 16, Duration.ofSeconds(10));
        for (int i = 0; i < count; i++) {
            PoolName pool = new PoolName("pool-" + i);
            MemoryStore store = new MemoryStore(STORE);
            PoolState fresh = PoolStates.fresh(pool, STORE, document, clock.instant());
            store.save(Optional.empty(), fresh, List.of());
            pools.put(pool, new PoolCore(fresh, store, driver, clock, limits, Journal.NONE));
        }
    }

    private static Account.Name name() {
        return new Account.Name(Optional.empty(), Optional.of("demo"), Optional.empty(), Optional.of("Default"));
    }

    static PoolDocument document(List<PoolDocument.DataVolume> volumes, boolean publicAddress, String section) {
        PoolDocument bare = PoolDocument.of(0, 1000, 0);
        Pace fast = new Pace(
                Pace.WISH_CEILING,
                Pace.DEFAULT.repair(),
                Pace.DEFAULT.cleanup(),
                new Rate(1000, 100, Duration.ofMinutes(1)));
        return new PoolDocument(
                bare.min(),
                bare.max(),
                bare.size(),
                Optional.of("dummy"),
                List.of("m1.tiny"),
                List.of(),
                volumes,
                Optional.empty(),
                publicAddress,
                bare.connectionPolicy(),
                Optional.empty(),
                Optional.of("demo-net"),
                Map.of(),
                Optional.empty(),
                List.of(),
                bare.health(),
                bare.victimPolicy(),
                Optional.empty(),
                fast,
                bare.timeouts(),
                section);
    }

    PoolState state(PoolName pool) {
        return Objects.requireNonNull(pools.get(pool)).state();
    }

    void wish(int size) {
        pools.values()
                .forEach(pool -> pool.change(edit -> {
                    edit.desired = Optional.of(edit.desired
                            .map(wish -> wish.wish(size, "operator/figures", edit.now(), Optional.empty()))
                            .orElseGet(() -> new Desired(size, 1, "operator/figures", edit.now(), Optional.empty())));
                    return true;
                }));
    }

    /** One listing, and a turn of each pool on it. */
    void turn() throws CloudException, TemplateProblems {
        Listing listing = driver.list(pools.keySet());
        for (Map.Entry<PoolName, PoolCore> entry : pools.entrySet()) {
            Template known = templates.get(entry.getKey());
            if (known == null) {
                known = driver.resolve(entry.getValue().state().document());
                templates.put(entry.getKey(), known);
            }
            entry.getValue().turn(Optional.of(listing.of(entry.getKey())), Optional.of(known));
        }
    }

    /** Turns until every pool is exact. */
    boolean becomes(int size, Duration interval, Duration atMost) throws CloudException, TemplateProblems {
        Instant end = clock.instant().plus(atMost);
        while (clock.instant().isBefore(end)) {
            turn();
            if (pools.values().stream().allMatch(pool -> isExact(pool.state(), size))) {
                return true;
            }
            clock.pass(interval);
        }
        return false;
    }

    private static boolean isExact(PoolState state, int size) {
        return state.launches().isEmpty()
                && state.members().size() == size
                && state.members().values().stream()
                        .allMatch(member -> member.running().isPresent() && !member.isLeaving());
    }

    void steady(Duration interval, Duration time) throws CloudException, TemplateProblems {
        Instant end = clock.instant().plus(time);
        while (clock.instant().isBefore(end)) {
            turn();
            clock.pass(interval);
        }
    }

    @Override
    public void close() {
        fake.close();
        threads.close();
    }
}
