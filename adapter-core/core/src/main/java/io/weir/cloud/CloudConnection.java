package io.weir.cloud;

import io.weir.driver.Catalogs;
import io.weir.driver.CloudDriver;
import io.weir.driver.Leftovers;
import io.weir.driver.Rates;

/**
 * One connection to a cloud, ready for use.
 *
 * @param driver without any decorator: bounds, pace and counts are put around it
 * @param rates what the cloud is known to bear, of all pools of the connection together
 * @param catalogs what it remembers of the cloud, such as images and flavors
 * @param preflight what {@code weir check} asks of it
 * @param leftovers what the cloud keeps of machines that are gone
 */
public record CloudConnection(
        CloudDriver driver, Rates rates, Catalogs catalogs, Preflight preflight, Leftovers leftovers) {
    /** Of a cloud where everything goes with its machine. */
    public CloudConnection(CloudDriver driver, Rates rates, Catalogs catalogs, Preflight preflight) {
        this(driver, rates, catalogs, preflight, Leftovers.NONE);
    }
}
