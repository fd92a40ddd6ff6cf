package io.weir.pool;

import java.time.Instant;
import java.util.Optional;

/**
 * Another store whose id was seen on machines of the pool.
 *
 * @param heartbeat the newest it wrote
 * @param silentSince when its newest heartbeat was first seen, or when it was first seen at all
 * @param heir it was found by a store that did not know the pool: its machines are adopted once it is silent
 * @param adopted its machines are ours, later ones too
 */
public record Foreign(
        Instant firstSeen,
        Instant lastSeen,
        Optional<Instant> heartbeat,
        Instant silentSince,
        boolean heir,
        boolean adopted) {}
