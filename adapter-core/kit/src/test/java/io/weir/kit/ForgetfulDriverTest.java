package io.weir.kit;

import io.weir.driver.Catalogs;
import io.weir.guard.ForgetfulDriver;

/** What it forgets, and when, is in {@link CatalogMemoryTest}. */
class ForgetfulDriverTest extends CloudDriverContract {
    @Override
    protected CloudTarget target() {
        return new InProcessTarget(
                SimulatedTarget.Kind.WITH_TOKENS, driver -> new ForgetfulDriver(driver, Catalogs.NONE));
    }
}
