package io.weir.pool;

import java.time.Instant;
import java.util.Optional;

/**
 * The document in force.
 *
 * @param revision grows with every replacement
 * @param file the hash of the document that the configuration file last seeded or reset
 * @param fromApi it was replaced through the API since
 */
public record Declared(PoolDocument document, long revision, Optional<String> file, boolean fromApi, Instant at) {}
