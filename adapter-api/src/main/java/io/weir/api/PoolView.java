package io.weir.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One pool: its document as {@code PUT} takes it, the document's revision (its ETag), and what stands in its way.
 *
 * @param drift null if no file declares the pool
 * @param freeze null if it is not frozen
 */
public record PoolView(
        String name,
        String base,
        String revision,
        boolean started,
        @Nullable FreezeView freeze,
        List<GuardView> guards,
        @Nullable DriftView drift,
        Map<String, Object> document) {
    public PoolView {
        guards = List.copyOf(guards);
        document = Collections.unmodifiableMap(new LinkedHashMap<>(document));
    }
}
