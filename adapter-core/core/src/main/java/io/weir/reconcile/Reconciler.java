package io.weir.reconcile;

import io.weir.plan.Action;
import io.weir.plan.Limits;
import io.weir.plan.Plan;
import io.weir.plan.PlanCheck;
import io.weir.plan.Planner;
import io.weir.plan.Remember;
import io.weir.plan.Settler;
import io.weir.pool.Author;
import io.weir.pool.Declared;
import io.weir.pool.Gate;
import io.weir.pool.MachineId;
import io.weir.pool.Observation;
import io.weir.pool.PoolState;
import io.weir.pool.Template;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One turn: settle what a listing shows, plan, remember the intents, act, learn. Level-based: a turn does not know why it was
 * woken. What was refused for lack of capacity is planned again at once, for the next choice.
 */
final class Reconciler {
    /** A turn plans at most this often: each round exhausts a choice, or ends. */
    private static final int ROUNDS = 8;

    private final PoolCell cell;
    private final Effects effects;
    private final Limits limits;
    private final Meter meter;

    Reconciler(PoolCell cell, Effects effects, Limits limits, Meter meter) {
        this.cell = cell;
        this.effects = effects;
        this.limits = limits;
        this.meter = meter;
    }

    /** @param seen empty: the listing failed, and nothing was observed */
    Plan turn(Optional<Observation> seen, Optional<Template> template) {
        seen.ifPresent(listing -> cell.change(edit -> {
            Settler.settle(edit, listing, limits);
            return true;
        }));
        boolean blind = seen.isEmpty();
        Plan plan = round(template, blind);
        Plan first = plan;
        for (int round = 1; round < ROUNDS && act(plan); round++) {
            plan = round(template, blind);
        }
        return first;
    }

    /** Plans on the state as it is, and writes the intents down with it: no wish can come between. */
    private Plan round(Optional<Template> template, boolean blind) {
        return cell.change(edit -> {
            PoolState state = edit.state();
            Optional<Template> launchable = state.declared().removal().isPresent() ? Optional.empty() : template;
            long began = meter.nanos();
            Plan plan = Planner.plan(state, launchable, blind, limits, edit.now());
            meter.planned(state.name(), Duration.ofNanos(meter.nanos() - began));
            Optional<String> objection = PlanCheck.objection(state, plan, edit.now());
            if (objection.isPresent()) {
                edit.gates.put(
                        Gate.Kind.CONTRADICTION,
                        new Gate(Gate.Kind.CONTRADICTION, edit.now(), objection.get(), Author.WEIR));
                edit.tell("guard.closed", "no effect passes until an operator unfreezes the pool: " + objection.get());
                return new Plan(List.of(), plan.reason(), plan.guards());
            }
            if (state.gates().containsKey(Gate.Kind.UNAUTHORIZED)
                    && plan.actions().stream().anyMatch(Action::isEffect)) {
                Remember.probing(edit);
            }
            Remember.plan(edit, plan);
            return plan;
        });
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
