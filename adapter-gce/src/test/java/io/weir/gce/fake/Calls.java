package io.weir.gce.fake;

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
     * @param method as {@code instances.insert}; {@code none}: there is no such path
     * @param outcome {@code 200}, the reason of a refusal, or why there was no answer
     * @param needs the permissions that it took, as far as it came
     */
    record Call(int number, Instant at, String method, String caller, String outcome, List<String> needs) {
        boolean isChange() {
            return method.matches(".*\\.(insert|bulkInsert|delete|set\\w+)");
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

    int count(String method) {
        return count(call -> call.method.equals(method));
    }

    /** How often each method was called. */
    Map<String, Integer> counted() {
        Map<String, Integer> counted = new TreeMap<>();
        all().forEach(call -> counted.merge(call.method, 1, Integer::sum));
        return counted;
    }

    /** How often each method had each outcome. */
    Map<String, Map<String, Integer>> table() {
        Map<String, Map<String, Integer>> table = new TreeMap<>();
        for (Call call : all()) {
            table.computeIfAbsent(call.method, first -> new TreeMap<>()).merge(call.outcome, 1, Integer::sum);
        }
        return table;
    }
}
