package io.weir.kit.simulation;

import io.weir.driver.CloudDriver;
import io.weir.driver.CloudException;
import io.weir.driver.TemplateProblems;
import io.weir.plan.Limits;
import io.weir.pool.Gate;
import io.weir.pool.Member;
import io.weir.pool.Observation;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolState;
import io.weir.pool.PoolStates;
import io.weir.pool.StoreId;
import io.weir.pool.Template;
import io.weir.reconcile.PoolCore;
import io.weir.simulated.SimulatedDriver;
import io.weir.store.Store;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** One process over one store: it lives, dies and starts again from what is durable. */
final class Adapter {
    private final World world;
    private final Limits limits;
    private final CloudDriver driver;
    private final DoomedStore store;
    private final Store seenStore;
    private PoolCore core;
    private Optional<Template> template = Optional.empty();
    Instant nextTurn;

    Adapter(World world, StoreId id, PoolDocument document) {
        this.world = world;
        var promises = world.promises;
        limits = new Limits(
                promises.lag(), promises.lateness(), promises.tokenMemory(), promises.batchMax(), World.CALL_BOUND);
        driver = world.mutation.driver(
                new WorldDriver(new SimulatedDriver(world.cloud, "simulated-1", world.clock, promises), world, this));
        store = new DoomedStore(id, world.clock, world.doom, world.testimony, world::told);
        seenStore = world.mutation.store(store);
        Instant now = world.clock.instant();
        PoolState fresh = PoolStates.fresh(World.POOL, id, document, now);
        seenStore.save(Optional.empty(), fresh, java.util.List.of());
        core = new PoolCore(fresh, seenStore, driver, world.clock, limits, world.journals.get());
        nextTurn = now;
    }

    PoolCore core() {
        return core;
    }

    DoomedStore store() {
        return store;
    }

    PoolState state() {
        return core.state();
    }

    void restart(Instant at) {
        store.next = Optional.empty();
        store.wishing = false;
        store.commanding = false;
        core = new PoolCore(seenStore.load().get(0), seenStore, driver, world.clock, limits, world.journals.get());
        core.change(edit -> {
            PoolStates.restart(edit);
            return true;
        });
        template = Optional.empty();
        nextTurn = at;
    }

    void turn() {
        Optional<Observation> seen;
        try {
            seen = Optional.of(driver.list(Set.of(World.POOL)).of(World.POOL));
        } catch (CloudException failed) {
            seen = Optional.empty();
        }
        if (template.isEmpty() || state().breaker().isOpen()) {
            resolve();
        }
        if (seen.isEmpty()) {
            store.next = Optional.empty();
        }
        core.turn(seen, template);
        nextTurn = world.clock.instant().plus(isBusy() ? world.scenario.busy() : world.scenario.quiet());
    }

    private void resolve() {
        try {
            template = Optional.of(driver.resolve(state().document()));
        } catch (CloudException | TemplateProblems notNow) {
            // The next turn tries again; nothing is launched until then.
        }
    }

    private boolean isBusy() {
        PoolState state = state();
        if (!state.gates().isEmpty()
                && !state.gates().containsKey(Gate.Kind.SIZE_UNKNOWN)
                && !state.gates().containsKey(Gate.Kind.UNAUTHORIZED)) {
            return false;
        }
        if (state.gates().containsKey(Gate.Kind.SIZE_UNKNOWN)) {
            return true;
        }
        int active = 0;
        for (Member member : state.members().values()) {
            if (member.isUnanswered()
                    || member.absence().isPresent()
                    || member.ending().filter(end -> !member.isLeaving()).isPresent()
                    || (member.running().isEmpty() && !member.isLeaving())) {
                return true;
            }
            if (member.membership().active() && !member.isLeaving()) {
                active++;
            }
        }
        return state.launches().values().stream().anyMatch(launch -> launch.holdsSlot())
                || state.desired().map(wish -> wish.size()).orElse(0) != active;
    }
}
