package io.weir.kit;

import io.weir.driver.Rates;
import io.weir.driver.Rates.Bucket;
import io.weir.driver.Rates.Kind;
import io.weir.guard.PacedDriver;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;

/** With tokens enough nobody sees it, but after a call that the cloud throttled. What it withholds is in {@link PacesTest}. */
class PacedDriverTest extends CloudDriverContract {
    @Override
    protected CloudTarget target() {
        Map<Kind, Bucket> ample = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            ample.put(kind, new Bucket(1000, 1000));
        }
        return new InProcessTarget(
                SimulatedTarget.Kind.WITH_TOKENS,
                (driver, clock) -> new PacedDriver(driver, new Rates(ample), clock, new Random(1)));
    }
}
