package io.weir.reconcile;

import io.weir.pool.MachineId;
import io.weir.pool.PoolName;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * Sees to it that a machine is a member of one pool: each pool has a thread of its own, and what the cloud shows of a machine may be
 * older than what another pool just made of it.
 */
final class Attaching {
    private final Map<MachineId, PoolName> underWay = new ConcurrentHashMap<>();
    private final BiFunction<PoolName, MachineId, Optional<PoolName>> holder;

    /** @param holder the pool, other than one, that holds a machine as a member */
    Attaching(BiFunction<PoolName, MachineId, Optional<PoolName>> holder) {
        this.holder = holder;
    }

    /** For a pool that is alone. */
    static Attaching alone() {
        return new Attaching((pool, id) -> Optional.empty());
    }

    /** @throws Refusal another pool holds the machine, or is attaching it now */
    <R> R exclusively(PoolName pool, MachineId id, Supplier<R> attach) {
        Optional<PoolName> first = Optional.ofNullable(underWay.putIfAbsent(id, pool));
        if (first.isPresent()) {
            throw Refusal.field("machineId", id + " is being attached to pool " + first.get());
        }
        try {
            Optional<PoolName> other = holder.apply(pool, id);
            if (other.isPresent()) {
                throw Refusal.field("machineId", id + " belongs to pool " + other.get());
            }
            return attach.get();
        } finally {
            underWay.remove(id);
        }
    }
}
