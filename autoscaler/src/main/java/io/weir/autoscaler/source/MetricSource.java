package io.weir.autoscaler.source;

import io.weir.autoscaler.metric.MetricSample;

/** Somewhere a metric can be looked up. A look never throws: what went wrong is a sample that says so. */
public interface MetricSource {
    MetricSample read();
}
