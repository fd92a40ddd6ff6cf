package io.weir.pool;

import java.util.List;

/** One launch, exactly as it was written down before the first call, and repeated unchanged. */
public record Batch(
        BatchId id,
        PoolName pool,
        Choice choice,
        String frozen,
        List<MachineName> names,
        Marks marks,
        String cloudProvider,
        String region) {
    public Batch {
        names = List.copyOf(names);
    }

    /** The same batch for some of its names: for clouds without a token, where what is settled must not be asked again. */
    public Batch only(List<MachineName> some) {
        return new Batch(id, pool, choice, frozen, some, marks, cloudProvider, region);
    }
}
