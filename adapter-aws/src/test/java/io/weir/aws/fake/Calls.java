package io.weir.aws.fake;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Every call that reached the fake's socket, in order. */
final class Calls {

    /**
     * @param at by the fake's clock
     * @param action with its service, as {@code ec2:RunInstances}
     * @param outcome {@code 200}, the code of a refusal, or why there was no answer
     * @param needs the permissions that it took, as far as it came
     */
    record Call(int number, Instant at, String action, String caller, String outcome, List<Action.Need> needs) {
        boolean wasAnswered() {
            return outcome.equals("200");
        }
    }

    private final List<Call> calls = new ArrayList<>();

    synchronized void add(Call call) {
        calls.add(call);
    }

    synchronized List<Call> all() {
        return List.copyOf(calls);
    }

    synchronized void forget() {
        calls.clear();
    }

    int count(Predicate<Call> which) {
        return (int) all().stream().filter(which).count();
    }

    int count(String action) {
        return count(call -> call.action.equals(action));
    }

    /** How often each action had each outcome. */
    Map<String, Map<String, Integer>> table() {
        Map<String, Map<String, Integer>> table = new TreeMap<>();
        for (Call call : all()) {
            table.computeIfAbsent(call.action, first -> new TreeMap<>()).merge(call.outcome, 1, Integer::sum);
        }
        return table;
    }
}
