package io.weir.pool;

import java.time.Instant;
import java.util.Optional;

/**
 * Stops launching when what is launched never becomes useful (G6).
 *
 * @param failures launches in a row that never became useful
 * @param open since when it has been open
 * @param nextProbe when one machine may be tried
 * @param probes how many were tried since it opened
 * @param probe the machine being tried
 * @param text the last failure
 * @param byBatch failures per batch, of the latest batches
 */
public record Breaker(
        int failures,
        Optional<Instant> open,
        Optional<Instant> nextProbe,
        int probes,
        Optional<MachineName> probe,
        String text,
        java.util.SortedMap<String, Integer> byBatch) {
    public static final Breaker CLOSED = new Breaker(
            0, Optional.empty(), Optional.empty(), 0, Optional.empty(), "", java.util.Collections.emptySortedMap());

    public boolean isOpen() {
        return open.isPresent();
    }
}
