package io.weir.reconcile;

import io.weir.pool.Author;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** The connections of an adapter. */
public interface Connections {
    /** In the order of their names. */
    List<ConnectionView> connections();

    /**
     * Forgets what a connection remembers of the cloud's catalogs; its pools look at their documents again.
     *
     * @throws Refusal NOT_FOUND
     */
    void refresh(String connection, Author by);

    /**
     * Which connection a pool's document means: the one it names, else the only one, else the one named {@value Connection#DEFAULT}.
     *
     * @throws Refusal with the field
     */
    static String meant(Optional<String> asked, Collection<String> there) {
        String names = String.join(", ", new TreeSet<>(there));
        if (asked.isPresent()) {
            if (there.contains(asked.get())) {
                return asked.get();
            }
            throw Refusal.field("connection", "there is no connection \"" + asked.get() + "\"; there is " + names);
        }
        if (there.size() == 1) {
            return there.iterator().next();
        }
        if (there.contains(Connection.DEFAULT)) {
            return Connection.DEFAULT;
        }
        throw Refusal.field("connection", "must name one of this adapter's connections: " + names);
    }
}
