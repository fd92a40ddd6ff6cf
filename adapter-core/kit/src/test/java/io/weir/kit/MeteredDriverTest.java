package io.weir.kit;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.weir.guard.CloudCalls;
import io.weir.guard.MeteredDriver;

class MeteredDriverTest extends CloudDriverContract {
    @Override
    protected CloudTarget target() {
        return new InProcessTarget(
                SimulatedTarget.Kind.WITH_TOKENS,
                driver ->
                        new MeteredDriver(driver, new CloudCalls(new PrometheusRegistry()), "east", System::nanoTime));
    }
}
