package io.weir.api;

import java.util.List;

/** The pools of an adapter, by name. */
public record PoolList(List<PoolEntry> pools) {
    public PoolList {
        pools = List.copyOf(pools);
    }
}
