package io.weir.api;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One pool: its document as {@code PUT} takes it, the document's revision (its ETag), and what stands in its way.
 *
 * @param drift the document differs from the one in the configuration file
 * @param missingScopes the parts of the cloud that the last listing did not show, and since when
 * @param paceLeft how many endings or launches each ledger lets through now
 * @param lastReason why the last turn did what it did
 * @param size null while it is not known
 */
public record PoolView(
        String name,
        String base,
        long revision,
        boolean drift,
        boolean started,
        boolean frozen,
        @Nullable Instant observedAt,
        List<GateView> gates,
        List<GuardView> guards,
        Map<String, Instant> missingScopes,
        Map<String, Integer> paceLeft,
        @Nullable String lastReason,
        @Nullable PoolSize size,
        Map<String, Object> document) {
    public PoolView {
        gates = List.copyOf(gates);
        guards = List.copyOf(guards);
        missingScopes = Collections.unmodifiableMap(new LinkedHashMap<>(missingScopes));
        paceLeft = Collections.unmodifiableMap(new LinkedHashMap<>(paceLeft));
        document = Collections.unmodifiableMap(new LinkedHashMap<>(document));
    }
}
