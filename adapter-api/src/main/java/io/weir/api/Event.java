package io.weir.api;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a pool, or that Weir did to it, and why.
 *
 * @param id grows within an adapter; where a reader goes on from
 * @param machine the machine it is about, if it is about one
 * @param by who asked for it, if somebody did
 */
public record Event(
        long id,
        Instant at,
        String pool,
        String kind,
        String text,
        @Nullable String by,
        @Nullable String machine,
        Map<String, Object> details) {
    public Event {
        details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }
}
