package io.weir.reconcile;

import io.weir.pool.Author;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolName;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** All pools of an adapter. */
public interface Pools {
    PoolName DEFAULT = new PoolName("default");

    List<Pool> all();

    Optional<Pool> find(PoolName name);

    /**
     * Creates or replaces a pool. Checks the document against the cloud first: what the cloud cannot serve is refused whole.
     *
     * @param expected with a revision: only a pool that has it; see {@code onlyIfAbsent}
     * @param onlyIfAbsent only if there is none (If-None-Match: *)
     */
    Put put(PoolName name, PoolDocument document, OptionalLong expected, boolean onlyIfAbsent, Author by);

    /** Makes a pool that has no effect before it is started. Refuses with STALE where there is one. */
    Put putStopped(PoolName name, PoolDocument document, Author by);

    /** Refuses with HAS_MEMBERS while machines are left and {@code removal} does not say what becomes of them. */
    void delete(PoolName name, Removal removal, Author by);

    void freezeAll(String reason, Author by);

    void unfreezeAll(String reason, Author by);

    enum Removal {
        ONLY_IF_EMPTY,
        /** The pool shrinks to nothing at its pace and then goes. */
        TERMINATE,
        /** The machines run on and belong to nobody. */
        RELEASE
    }

    record Put(boolean created, long revision) {}
}
