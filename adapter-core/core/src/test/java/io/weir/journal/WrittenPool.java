package io.weir.journal;

import io.weir.driver.CloudDriver;
import io.weir.driver.CloudException;
import io.weir.driver.TemplateProblems;
import io.weir.plan.Limits;
import io.weir.pool.BatchId;
import io.weir.pool.Desired;
import io.weir.pool.Gate;
import io.weir.pool.Launch;
import io.weir.pool.MachineName;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolName;
import io.weir.pool.PoolState;
import io.weir.pool.PoolStates;
import io.weir.pool.Template;
import io.weir.reconcile.PoolCore;
import io.weir.simulated.Dials;
import io.weir.simulated.SimulatedCloud;
import io.weir.simulated.SimulatedDriver;
import io.weir.store.JdbcStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** A pool on a simulated cloud, whose clock the test turns and whose turns are written into a journal. */
public final class WrittenPool implements AutoCloseable {
    public static final PoolName WEB = new PoolName("web");

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T10:00:00.123456789Z"));
    private final SimulatedCloud cloud = new SimulatedCloud(now::get, 7, Dials.DEFAULT);
    private final CloudDriver driver = new SimulatedDriver(cloud, "sim-1", now::get, SimulatedDriver.PROMISES);
    private final JdbcStore store;
    private final Template template;
    private PoolCore core;

    /** @param folder where the store is */
    public WrittenPool(Path folder, Journal journal) {
        store = JdbcStore.open(folder.resolve("store.db"), new Random(7));
        PoolDocument document = PoolDocument.of(0, 200, 0);
        try {
            template = driver.resolve(document);
        } catch (TemplateProblems | CloudException impossible) {
            throw new IllegalStateException(impossible);
        }
        PoolState fresh = PoolStates.fresh(WEB, store.id(), document, now.get());
        store.save(Optional.empty(), fresh, List.of());
        core = core(fresh, journal);
        core.change(edit -> {
            edit.gates.remove(Gate.Kind.SIZE_UNKNOWN);
            return true;
        });
    }

    private PoolCore core(PoolState state, Journal journal) {
        var promises = driver.promises();
        Limits limits = new Limits(
                promises.lag(),
                promises.lateness(),
                promises.tokenMemory(),
                promises.batchMax(),
                Duration.ofSeconds(10));
        return new PoolCore(state, store, driver, now::get, limits, journal);
    }

    /** The process dies and another goes on. */
    public void restart(Journal journal) {
        core = core(store.load().getFirst(), journal);
    }

    public Instant now() {
        return now.get();
    }

    public void pass(Duration time) {
        now.updateAndGet(was -> was.plus(time));
    }

    public void wish(int size) {
        core.change(edit -> {
            edit.desired = Optional.of(edit.desired
                    .map(wish -> wish.wish(size, "operator/a", edit.now(), Optional.empty()))
                    .orElseGet(() -> new Desired(size, 1, "operator/a", edit.now(), Optional.empty())));
            return true;
        });
    }

    /** A memory that contradicts itself: the planner fails on a launch without its batch. */
    public void contradict() {
        core.change(edit -> {
            MachineName name = new MachineName("web-" + store.id() + "-zz-0");
            edit.launches.put(name, Launch.planned(name, new BatchId("web-" + store.id() + "-zz"), edit.now()));
            return true;
        });
    }

    public void kill(int machines) {
        cloud.kill(machines, WEB.value(), null);
    }

    public void turn() {
        try {
            core.turn(Optional.of(driver.list(Set.of(WEB)).of(WEB)), Optional.of(template));
        } catch (CloudException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A turn whose listing failed. */
    public void blindTurn() {
        core.turn(Optional.empty(), Optional.of(template));
    }

    /** Turns with some time between. */
    public void turns(int count, Duration between) {
        for (int i = 0; i < count; i++) {
            turn();
            pass(between);
        }
    }

    /** Some machines come, one dies and is replaced, some go. */
    public void live() {
        turns(2, Duration.ofSeconds(5));
        wish(6);
        turns(10, Duration.ofSeconds(5));
        kill(1);
        turns(30, Duration.ofSeconds(10));
        wish(2);
        turns(10, Duration.ofSeconds(30));
    }

    @Override
    public void close() {
        store.close();
    }
}
