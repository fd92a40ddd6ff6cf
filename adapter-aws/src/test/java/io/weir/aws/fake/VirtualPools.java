package io.weir.aws.fake;

import io.weir.aws.ec2.Ec2;
import io.weir.driver.CloudDriver;
import io.weir.driver.CloudException;
import io.weir.driver.Listing;
import io.weir.driver.Promises;
import io.weir.driver.TemplateProblems;
import io.weir.guard.PacedDriver;
import io.weir.journal.Journal;
import io.weir.kit.MemoryStore;
import io.weir.plan.Limits;
import io.weir.pool.Desired;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolName;
import io.weir.pool.PoolState;
import io.weir.pool.PoolStates;
import io.weir.pool.StoreId;
import io.weir.pool.Template;
import io.weir.reconcile.PoolCore;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Pools of the production code over the fake in virtual time: the real loop, the real driver inside EC2's rates, the real SDK over the wire,
 * and one listing for all pools of the connection, as the service does it.
 */
final class VirtualPools implements AutoCloseable {
    private static final StoreId STORE = new StoreId("f1gur3s0");

    final Bench.Hands clock = new Bench.Hands();
    final FakeEc2 fake = FakeEc2.start(clock);
    private final Ec2 ec2 = Bench.door(fake.url(), clock);
    private final CloudDriver driver = new PacedDriver(ec2.driver(), Ec2.RATES, clock);
    private final Map<PoolName, PoolCore> pools = new LinkedHashMap<>();
    private final Map<PoolName, Template> templates = new LinkedHashMap<>();

    VirtualPools(int count, PoolDocument document) {
        fake.cloud().turn(turn -> turn.throttle = Ec2Buckets.all());
        Promises promises = driver.promises();
        Limits limits = new Limits(
                promises.lag(),
                promises.lateness(),
                promises.tokenMemory(),
                promises.batchMax(),
                Duration.ofSeconds(10));
        for (int i = 0; i < count; i++) {
            PoolName pool = new PoolName("pool-" + i);
            MemoryStore store = new MemoryStore(STORE);
            PoolState fresh = PoolStates.fresh(pool, STORE, document, clock.instant());
            store.save(Optional.empty(), fresh, List.of());
            pools.put(pool, new PoolCore(fresh, store, driver, clock, limits, Journal.NONE));
        }
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
    private void turn() {
        Optional<Listing> listing = listing();
        pools.forEach((name, pool) -> pool.turn(listing.map(seen -> seen.of(name)), template(name, pool)));
    }

    private Optional<Listing> listing() {
        try {
            return Optional.of(driver.list(pools.keySet()));
        } catch (CloudException notNow) {
            return Optional.empty();
        }
    }

    private Optional<Template> template(PoolName name, PoolCore pool) {
        if (!templates.containsKey(name)) {
            try {
                templates.put(name, driver.resolve(pool.state().document()));
            } catch (CloudException | TemplateProblems notNow) {
                return Optional.empty();
            }
        }
        return Optional.ofNullable(templates.get(name));
    }

    /** Turns until every pool is exact; false: they were not within this time. */
    boolean become(int size, Duration interval, Duration atMost) {
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

    void steady(Duration interval, Duration time) {
        Instant end = clock.instant().plus(time);
        while (clock.instant().isBefore(end)) {
            turn();
            clock.pass(interval);
        }
    }

    /** How often each action was called since they were last forgotten. */
    Map<String, Integer> calls() {
        Map<String, Integer> calls = new TreeMap<>();
        fake.calls().all().forEach(call -> calls.merge(call.action(), 1, Integer::sum));
        return calls;
    }

    @Override
    public void close() {
        ec2.close();
        fake.close();
    }
}
