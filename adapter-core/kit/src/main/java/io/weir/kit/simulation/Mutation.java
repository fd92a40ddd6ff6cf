package io.weir.kit.simulation;

import io.weir.driver.CloudDriver;
import io.weir.store.Store;

/** Something put between the code under test and its world, to see whether the judge notices. */
public interface Mutation {
    Mutation NONE = new Mutation() {};

    default CloudDriver driver(CloudDriver driver) {
        return driver;
    }

    default Store store(Store store) {
        return store;
    }
}
