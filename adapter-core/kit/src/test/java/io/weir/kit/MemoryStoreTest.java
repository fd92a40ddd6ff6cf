package io.weir.kit;

import io.weir.pool.StoreId;
import io.weir.store.Store;

class MemoryStoreTest extends StoreContract {
    @Override
    protected Store open() {
        return new MemoryStore(new StoreId("memory01"));
    }

    @Override
    protected Store reopen(Store left) {
        return ((MemoryStore) left).afterCrash();
    }
}
