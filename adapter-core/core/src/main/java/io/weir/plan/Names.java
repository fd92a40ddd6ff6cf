package io.weir.plan;

import io.weir.pool.BatchId;
import io.weir.pool.MachineName;
import io.weir.pool.PoolName;
import io.weir.pool.StoreId;

/** Names are functions of the store and a counter that is durable with the batch: no two intents ever share one. */
final class Names {
    private Names() {}

    static BatchId batch(PoolName pool, StoreId store, long sequence) {
        return new BatchId(pool + "-" + store + "-" + Long.toString(sequence, 36));
    }

    static MachineName machine(BatchId batch, int index) {
        return MachineName.of(batch, index);
    }

    static String batchOf(MachineName name) {
        int dash = name.value().lastIndexOf('-');
        return dash < 0 ? "" : name.value().substring(0, dash);
    }
}
