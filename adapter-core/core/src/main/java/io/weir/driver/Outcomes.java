package io.weir.driver;

import io.weir.pool.Outcome;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** One outcome for each thing asked for; what a driver left out is {@link Outcome.Unknown}. */
public record Outcomes<K>(Map<K, Outcome> byKey) {
    public Outcomes {
        byKey = Map.copyOf(byKey);
    }

    public static <K> Outcomes<K> each(Collection<K> keys, Function<K, Outcome> outcome) {
        Map<K, Outcome> outcomes = new LinkedHashMap<>();
        keys.forEach(key -> outcomes.put(key, outcome.apply(key)));
        return new Outcomes<>(outcomes);
    }

    public Outcome of(K key) {
        Outcome outcome = byKey.get(key);
        return outcome == null ? new Outcome.Unknown("the driver said nothing of " + key) : outcome;
    }
}
