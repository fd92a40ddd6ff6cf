package io.weir.pool;

import java.time.Instant;

/** A closed gate: no effect of the pool passes. */
public record Gate(Kind kind, Instant since, String reason, Author by) {
    public enum Kind {
        /** An operator froze the pool (G11). */
        FROZEN,
        /** An operator froze every pool. */
        FLEET_FROZEN,
        /** Something inside contradicts itself (G20). */
        CONTRADICTION,
        /** Members carry another store's id, or another store is alive on a machine of ours (G4, G9). */
        FOREIGN_STORE,
        /** A store that never saw this pool waits for complete listings. */
        SIZE_UNKNOWN,
        /** The cloud refuses our credentials. */
        UNAUTHORIZED
    }
}
