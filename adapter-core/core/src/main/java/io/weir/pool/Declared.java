package io.weir.pool;

import java.time.Instant;
import java.util.Optional;

/**
 * The document in force.
 *
 * @param revision grows with every replacement
 * @param file the hash of the document that the configuration file last seeded or reset
 * @param fromApi it was replaced through the API since
 * @param removal the pool is being deleted: its machines are terminated, or released
 */
public record Declared(
        PoolDocument document,
        long revision,
        Optional<String> file,
        boolean fromApi,
        Instant at,
        Optional<Removal> removal) {

    public enum Removal {
        TERMINATE,
        RELEASE
    }

    /** The same revision, said more exactly. */
    public Declared with(PoolDocument exact) {
        return new Declared(exact, revision, file, fromApi, at, removal);
    }

    public Declared removed(Removal how) {
        return new Declared(document, revision, file, fromApi, at, Optional.of(how));
    }
}
