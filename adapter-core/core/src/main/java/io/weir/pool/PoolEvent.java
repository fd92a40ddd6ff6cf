package io.weir.pool;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that happened to a pool, for people.
 *
 * @param kind a short constant word, as {@code machine.launched}
 * @param text one sentence with the reason
 * @param machine the machine's id, or its name while it has none
 */
public record PoolEvent(Instant at, PoolName pool, String kind, String text, Optional<String> machine, String by) {}
