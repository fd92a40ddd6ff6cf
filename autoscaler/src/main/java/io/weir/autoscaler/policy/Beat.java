package io.weir.autoscaler.policy;

import io.weir.autoscaler.metric.MetricSample;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Everything that one beat saw: when, the pool, and a sample of each metric by its name. */
public record Beat(Instant at, PoolSeen pool, Map<String, MetricSample> samples) {
    public Beat {
        samples = Collections.unmodifiableMap(new TreeMap<>(samples));
    }

    public MetricSample sample(String metric) {
        MetricSample sample = samples.get(metric);
        return sample == null ? new MetricSample.Absent("no metric " + metric) : sample;
    }
}
