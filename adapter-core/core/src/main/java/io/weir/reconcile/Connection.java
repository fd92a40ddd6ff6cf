package io.weir.reconcile;

import io.weir.driver.Catalogs;
import io.weir.driver.CloudDriver;
import io.weir.driver.Leftovers;

/**
 * A connection to the cloud as pools use it.
 *
 * @param driver behind all of its guards
 */
public record Connection(String name, CloudDriver driver, Catalogs catalogs, Leftovers leftovers) {
    public Connection(String name, CloudDriver driver, Catalogs catalogs) {
        this(name, driver, catalogs, Leftovers.NONE);
    }

    /** What a pool's document means when it names none. */
    public static final String DEFAULT = "default";
}
