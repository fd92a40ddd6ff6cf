package io.weir.driver;

import io.weir.pool.Leftover;
import io.weir.pool.PoolName;
import java.util.List;
import java.util.Set;

/**
 * What a cloud keeps of machines that are gone: volumes, ports, addresses that were made for one and bear its mark. They are left
 * when a launch, or an end, was broken off half way.
 *
 * <p>A driver decides nothing here either: it shows what serves no machine now, and whether that is anybody's is judged by who
 * knows the pool.
 */
public interface Leftovers {
    /** A connection to a cloud where everything goes with its machine. */
    Leftovers NONE = new Leftovers() {
        @Override
        public List<Leftover> list(Set<PoolName> pools) {
            return List.of();
        }

        @Override
        public void takeAway(Leftover leftover) {}
    };

    /** What bears one of these pools' marks and serves no machine. */
    List<Leftover> list(Set<PoolName> pools) throws CloudException;

    /** @throws CloudException CONFLICT: it serves a machine by now, or is gone already */
    void takeAway(Leftover leftover) throws CloudException;
}
