package io.weir.service.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/** Whether a service is ready for work: every named check has nothing against it. A check that throws speaks against it. */
public final class Readiness {
    private final ConcurrentSkipListMap<String, Supplier<Optional<String>>> checks = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<String, Supplier<Object>> facts = new ConcurrentSkipListMap<>();

    /** Adds a check, or replaces the one of this name. It answers what is missing, or nothing, and must be quick. */
    public void check(String name, Supplier<Optional<String>> missing) {
        checks.put(name, missing);
    }

    /** Adds a fact that health shows beside the verdict, such as the time scale. */
    public void fact(String name, Supplier<Object> value) {
        facts.put(name, value);
    }

    public Map<String, Object> facts() {
        Map<String, Object> shown = new LinkedHashMap<>();
        facts.forEach((name, value) -> shown.put(name, value.get()));
        return shown;
    }

    /** What each check says now: {@code ok}, or what is missing. */
    public Verdict verdict() {
        Map<String, String> said = new LinkedHashMap<>();
        checks.forEach((name, check) -> said.put(name, ask(check).orElse("ok")));
        return new Verdict(said.values().stream().allMatch("ok"::equals), said);
    }

    private static Optional<String> ask(Supplier<Optional<String>> check) {
        try {
            return check.get();
        } catch (RuntimeException e) {
            return Optional.of("the check itself failed");
        }
    }

    public record Verdict(boolean ready, Map<String, String> checks) {}
}
