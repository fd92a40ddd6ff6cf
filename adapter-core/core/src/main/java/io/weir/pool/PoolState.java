package io.weir.pool;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * All that a pool remembers, as one immutable value: what is saved before every effect, and what a restart goes on from.
 *
 * @param desired empty while the size is unknown: a store that never saw the pool
 * @param sequence the number of batches made; part of their names
 * @param dead ids that are no more, and since when: a lagging row must not revive them
 * @param released ids that were detached, as long as they are seen, with the highest revision of their marks
 * @param strays machines that bear our mark and that nobody launched: told of, never counted nor touched
 * @param lost members of a scope that an operator declared lost: members again when they show
 */
public record PoolState(
        PoolName name,
        StoreId store,
        Declared declared,
        boolean started,
        Optional<Desired> desired,
        Optional<Hold> hold,
        long sequence,
        SortedMap<BatchId, Batch> batches,
        SortedMap<MachineName, Launch> launches,
        SortedMap<MachineId, Member> members,
        SortedMap<MachineId, java.time.Instant> dead,
        SortedMap<MachineId, Released> released,
        SortedMap<MachineId, Stray> strays,
        SortedMap<MachineId, Member> lost,
        SortedMap<StoreId, Foreign> foreign,
        List<Gone> gone,
        List<Charge> charges,
        SortedMap<Choice.Key, Exhaustion> exhausted,
        Breaker breaker,
        SortedMap<Gate.Kind, Gate> gates,
        Watch watch) {

    public PoolDocument document() {
        return declared.document();
    }

    /** Whether any effect may pass now. */
    public boolean mayAct() {
        return started && gates.isEmpty();
    }

    /** @param due its marks must be taken away (again) */
    public record Released(java.time.Instant at, java.time.Instant lastSeen, MarkWrite marks) {}

    public record Stray(java.time.Instant firstSeen, java.time.Instant lastSeen, String why) {}
}
