package io.weir.autoscaler.app;

import io.weir.autoscaler.decide.Rules;
import io.weir.autoscaler.loop.Rhythm;
import io.weir.autoscaler.policy.PerMachineTracking;
import java.util.Map;

/** One pool that is to be kept at its level, and by what. */
record TargetConfig(String name, AdapterConfig adapter, Map<String, MetricConfig> metrics, Rules rules, Rhythm rhythm) {
    TargetConfig {
        metrics = Map.copyOf(metrics);
    }

    /** Whether a policy multiplies by the machines that run, which have to be counted then. */
    boolean countsRunning() {
        return rules.policies().stream().anyMatch(PerMachineTracking.class::isInstance);
    }
}
