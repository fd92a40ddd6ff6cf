package io.weir.plan;

import java.util.List;
import java.util.Map;

/**
 * What a turn does, and why.
 *
 * @param reason one sentence: the counts that the plan was made from
 * @param guards what is closed: the guard's name and why
 */
public record Plan(List<Action> actions, String reason, Map<String, String> guards) {
    public Plan {
        actions = List.copyOf(actions);
        guards = Map.copyOf(guards);
    }

    public boolean isEmpty() {
        return actions.isEmpty();
    }

    public <A extends Action> List<A> all(Class<A> kind) {
        return actions.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
