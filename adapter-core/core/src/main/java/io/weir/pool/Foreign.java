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
 * @param absence the complete listings, far enough apart, that show nothing of it any more
 */
public record Foreign(
        Instant firstSeen,
        Instant lastSeen,
        Optional<Instant> heartbeat,
        Instant silentSince,
        boolean heir,
        boolean adopted,
        Optional<Absence> absence) {

    /** A complete listing showed nothing of it. */
    public Foreign unseen(Absence more) {
        return new Foreign(firstSeen, lastSeen, heartbeat, silentSince, heir, adopted, Optional.of(more));
    }

    /** Three listings show nothing of it: one that lies, or two that lag, are no proof (G3). */
    public boolean isGone() {
        return absence.map(Absence::listings).orElse(0) >= 3;
    }
}
