package io.weir.driver;

import java.time.Instant;
import java.util.Optional;

/** What a connection remembers of its cloud's catalogs: images, machine types, networks. */
public interface Catalogs {
    /** A connection that remembers nothing. */
    Catalogs NONE = new Catalogs() {
        @Override
        public Optional<Instant> since() {
            return Optional.empty();
        }

        @Override
        public void forget() {}
    };

    /** When the oldest of what is remembered was read; empty: nothing is. */
    Optional<Instant> since();

    /** The next one who needs a catalog reads it. */
    void forget();
}
