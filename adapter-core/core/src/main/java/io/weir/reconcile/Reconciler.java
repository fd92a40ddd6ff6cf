package io.weir.reconcile;

import io.weir.journal.Journal;
import io.weir.journal.Journal.Considering;
import io.weir.journal.Journal.Entry;
import io.weir.journal.Journal.Settling;
import io.weir.plan.Action;
import io.weir.plan.Limits;
import io.weir.plan.Plan;
import io.weir.plan.Planning;
import io.weir.plan.Settler;
import io.weir.pool.Declared;
import io.weir.pool.MachineId;
import io.weir.pool.Observation;
import io.weir.pool.PoolState;
import io.weir.pool.Template;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One turn: settle what a listing shows, plan, remember the intents, write it all into the journal, act, learn. Level-based: a
 * turn does not know why it was woken. What was refused for lack of capacity is planned again at once, for the next choice.
 */
final class Reconciler {
    /** A turn plans at most this often: each round exhausts a choice, or ends. */
    private static final int ROUNDS = 8;

    private final PoolCell cell;
    private final Effects effects;
    private final Limits limits;
    private final Meter meter;
    private final Journal journal;

    Reconciler(PoolCell cell, Effects effects, Limits limits, Meter meter, Journal journal) {
        this.cell = cell;
        this.effects = effects;
        this.limits = limits;
        this.meter = meter;
        this.journal = journal;
    }

    /** @param seen empty: the listing failed, and nothing was observed */
    Plan turn(Optional<Observation> seen, Optional<Template> template) {
        Optional<Settling> settled = seen.map(this::settle);
        boolean blind = seen.isEmpty();
        Plan first = round(settled, template, blind);
        Plan plan = first;
        for (int round = 1; round < ROUNDS && act(plan); round++) {
            plan = round(Optional.empty(), template, blind);
        }
        return first;
    }

    private Settling settle(Observation seen) {
        return cell.change(edit -> {
            PoolState before = edit.state();
            try {
                Settler.settle(edit, seen, limits);
            } catch (RuntimeException bug) {
                Settling failed = new Settling(before, seen, edit.now(), before);
                journal.write(
                        new Entry(limits, Optional.of(failed), Optional.empty(), Optional.of(String.valueOf(bug))));
                throw bug;
            }
            return new Settling(before, seen, edit.now(), edit.state());
        });
    }

    /** Plans on the state as it is, and writes the intents down with it: no wish can come between. */
    private Plan round(Optional<Settling> settled, Optional<Template> template, boolean blind) {
        Considering made = cell.change(edit -> {
            PoolState before = edit.state();
            long began = meter.nanos();
            try {
                Plan plan = Planning.plan(edit, template, blind, limits);
                return new Considering(before, template, blind, edit.now(), Optional.of(plan), edit.state());
            } catch (RuntimeException bug) {
                Considering failed = new Considering(before, template, blind, edit.now(), Optional.empty(), before);
                journal.write(new Entry(limits, settled, Optional.of(failed), Optional.of(String.valueOf(bug))));
                throw bug;
            } finally {
                meter.planned(edit.name, Duration.ofNanos(meter.nanos() - began));
            }
        });
        journal.write(new Entry(limits, settled, Optional.of(made), Optional.empty()));
        return made.plan().orElseThrow();
    }

    private boolean act(Plan plan) {
        List<MachineId> ends =
                plan.all(Action.End.class).stream().map(Action.End::id).toList();
        boolean refused = false;
        boolean ended = false;
        for (Action action : plan.actions()) {
            if (!(action instanceof Action.End)) {
                refused |= effects.carryOut(action);
            } else if (!ended) {
                effects.end(ends); // all that were decided, in one call
                ended = true;
            }
        }
        return refused
                && cell.state()
                        .declared()
                        .removal()
                        .map(how -> how != Declared.Removal.RELEASE)
                        .orElse(true);
    }
}
