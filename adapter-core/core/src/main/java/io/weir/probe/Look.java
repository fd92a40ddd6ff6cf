package io.weir.probe;

import io.weir.pool.HealthProbe;
import java.util.Optional;

/** One look at one service. */
@FunctionalInterface
public interface Look {
    /**
     * Waits for at most the probe's timeout.
     *
     * @return empty: the service answered as it should; else what happened instead
     */
    Optional<String> problem(HealthProbe probe, String address);
}
