package io.weir.plan;

import io.weir.pool.Author;
import io.weir.pool.Gate;
import io.weir.pool.PoolEdit;
import io.weir.pool.PoolState;
import io.weir.pool.Template;
import java.util.List;
import java.util.Optional;

/**
 * One round of planning, as a function of a state and an instant.
 *
 * <ol>
 *   <li>The planner makes a plan; for a pool that is being deleted it launches nothing.
 *   <li>A second look at it: an objection freezes the pool, and nothing is done.
 *   <li>The plan's intents are written down with it.
 * </ol>
 */
public final class Planning {
    private Planning() {}

    /**
     * @param template empty while the document could not be resolved
     * @param blind the last listing failed
     */
    public static Plan plan(PoolEdit edit, Optional<Template> template, boolean blind, Limits limits) {
        PoolState state = edit.state();
        Optional<Template> launchable = state.declared().removal().isPresent() ? Optional.empty() : template;
        Plan plan = Planner.plan(state, launchable, blind, limits, edit.now());
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
    }
}
