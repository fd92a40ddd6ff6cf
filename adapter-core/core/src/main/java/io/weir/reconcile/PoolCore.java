package io.weir.reconcile;

import io.weir.driver.CloudDriver;
import io.weir.driver.Leftovers;
import io.weir.journal.Journal;
import io.weir.plan.Limits;
import io.weir.plan.Plan;
import io.weir.pool.Author;
import io.weir.pool.MembershipStatus;
import io.weir.pool.Observation;
import io.weir.pool.PoolEdit;
import io.weir.pool.PoolState;
import io.weir.pool.ServiceState;
import io.weir.pool.Template;
import io.weir.reconcile.Pool.Accepted;
import io.weir.store.Store;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/**
 * One pool without its thread: whoever holds it says when a turn is, and what was listed. This is how a simulation drives the
 * code that the loop runs.
 */
public final class PoolCore {
    private final PoolCell cell;
    private final Reconciler reconciler;
    private final Commands commands;
    private final Tidying tidying;
    private final InstantSource clock;

    /** On a cloud where everything goes with its machine. */
    public PoolCore(
            PoolState state, Store store, CloudDriver driver, InstantSource clock, Limits limits, Journal journal) {
        this(state, store, driver, Leftovers.NONE, clock, limits, journal);
    }

    public PoolCore(
            PoolState state,
            Store store,
            CloudDriver driver,
            Leftovers leftovers,
            InstantSource clock,
            Limits limits,
            Journal journal) {
        this.clock = clock;
        cell = new PoolCell(state, store, clock, (after, events) -> {});
        Effects effects = new Effects(cell, driver, Meter.NONE);
        reconciler = new Reconciler(cell, effects, limits, Meter.NONE, journal);
        commands = new Commands(cell, effects, driver, Attaching.alone());
        tidying = new Tidying(cell, leftovers);
    }

    public PoolState state() {
        return cell.state();
    }

    /** @param seen empty: the listing failed; @param template empty: the document could not be resolved */
    public Plan turn(Optional<Observation> seen, Optional<Template> template) {
        Plan plan = reconciler.turn(seen, template);
        if (seen.isPresent()) {
            tidying.turn(clock.instant());
        }
        return plan;
    }

    /** A change of the state that calls no cloud: a wish, a freeze. */
    public <R> R change(Function<PoolEdit, R> change) {
        return cell.change(change);
    }

    public Accepted terminate(String machine, boolean decrement, Author by) {
        return commands.terminate(machine, decrement, by);
    }

    public Accepted detach(String machine, boolean decrement, Author by) {
        return commands.detach(machine, decrement, by);
    }

    public Accepted attach(String machine, Author by) {
        return commands.attach(machine, by);
    }

    public Accepted serviceState(String machine, ServiceState state, boolean replaces, Author by) {
        return commands.serviceState(machine, state, replaces, by);
    }

    public Accepted membership(String machine, MembershipStatus membership, Author by) {
        return commands.membership(machine, membership, by);
    }
}
