package io.weir.autoscaler.policy;

import io.weir.autoscaler.metric.MetricSample;
import io.weir.autoscaler.metric.MetricSample.Fresh;
import io.weir.autoscaler.metric.MetricSample.Partial;
import io.weir.autoscaler.policy.Recommendation.Holds;
import io.weir.autoscaler.policy.Recommendation.Wants;
import io.weir.autoscaler.policy.Recommendation.WantsAtLeast;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a value per machine (utilisation, requests each) at its target: running machines × value ÷ target, rounded up.
 * The machines that run are the ones the value was measured on; those that still boot are no part of it. Without a running
 * machine there is nothing to measure, so it holds.
 */
public record PerMachineTracking(String name, String metric, BigDecimal target, Doubt doubt) implements ScalingPolicy {
    public PerMachineTracking {
        if (target.signum() <= 0) {
            throw new IllegalArgumentException("target must be above 0, is " + target);
        }
        target = target.stripTrailingZeros();
    }

    @Override
    public Recommendation recommend(Beat beat) {
        @Nullable Integer running = beat.pool().running();
        if (running == null) {
            return new Holds("how many machines run is not known");
        }
        if (running == 0) {
            return new Holds("no machine runs yet that " + metric + " could be measured on");
        }
        MetricSample sample = beat.sample(metric);
        return switch (sample) {
            case Fresh fresh ->
                new Wants(needed(running, fresh.value()), reason(running, sample, needed(running, fresh.value())));
            case Partial partial
            when doubt == Doubt.UP_ONLY ->
                new WantsAtLeast(
                        needed(running, partial.value()), reason(running, sample, needed(running, partial.value())));
            default -> new Holds(metric + " is " + sample.told());
        };
    }

    private MachineCount needed(int running, double value) {
        return MachineCount.forLoad(value, target).times(running);
    }

    private String reason(int running, MetricSample sample, MachineCount machines) {
        return running + " running × " + metric + " " + sample.told() + " ÷ " + target.toPlainString() + " = "
                + machines;
    }
}
