package io.weir.autoscaler.policy;

import io.weir.autoscaler.metric.MetricSample;
import io.weir.autoscaler.metric.MetricSample.Fresh;
import io.weir.autoscaler.metric.MetricSample.Partial;
import io.weir.autoscaler.policy.Recommendation.Holds;
import io.weir.autoscaler.policy.Recommendation.Wants;
import io.weir.autoscaler.policy.Recommendation.WantsAtLeast;
import java.math.BigDecimal;

/**
 * Keeps enough machines for a total: load ÷ capacity of one machine, rounded up. It does not depend on how many machines
 * there are now, so it neither overshoots while machines boot nor needs one to start from.
 */
public record TotalTracking(String name, String metric, BigDecimal capacityPerMachine, Doubt doubt)
        implements ScalingPolicy {
    public TotalTracking {
        if (capacityPerMachine.signum() <= 0) {
            throw new IllegalArgumentException("capacityPerMachine must be above 0, is " + capacityPerMachine);
        }
        capacityPerMachine = capacityPerMachine.stripTrailingZeros();
    }

    @Override
    public Recommendation recommend(Beat beat) {
        MetricSample sample = beat.sample(metric);
        return switch (sample) {
            case Fresh fresh -> new Wants(needed(fresh.value()), reason(sample, needed(fresh.value())));
            case Partial partial
            when doubt == Doubt.UP_ONLY ->
                new WantsAtLeast(needed(partial.value()), reason(sample, needed(partial.value())));
            default -> new Holds(metric + " is " + sample.told());
        };
    }

    private MachineCount needed(double load) {
        return MachineCount.forLoad(load, capacityPerMachine);
    }

    private String reason(MetricSample sample, MachineCount machines) {
        return metric + " " + sample.told() + " ÷ " + capacityPerMachine.toPlainString() + " per machine = " + machines;
    }
}
