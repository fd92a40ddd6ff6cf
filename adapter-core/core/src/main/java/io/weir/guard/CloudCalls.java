package io.weir.guard;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.weir.cloud.RequestMeter;
import java.time.Duration;

/** What is counted of the calls to a cloud, by connection: those of the SPI, and the requests that they become. */
public final class CloudCalls {
    private static final double SECONDS_PER_NANO = 1e-9;
    private static final double[] SECONDS = {0.01, 0.03, 0.1, 0.3, 1, 3, 10};

    private final Counter calls;
    private final Histogram callSeconds;
    private final Counter requests;
    private final Histogram requestSeconds;

    public CloudCalls(PrometheusRegistry registry) {
        calls = Counter.builder()
                .name("weir_cloud_calls_total")
                .help(
                        "Calls to the cloud, by kind and outcome: accepted, mixed, unknown, or why all of it was refused.")
                .labelNames("connection", "call", "outcome")
                .register(registry);
        callSeconds = Histogram.builder()
                .name("weir_cloud_call_seconds")
                .help("How long calls to the cloud took, real time, by kind.")
                .labelNames("connection", "call")
                .classicOnly()
                .classicUpperBounds(SECONDS)
                .register(registry);
        requests = Counter.builder()
                .name("weir_cloud_requests_total")
                .help("Requests that calls to the cloud became, in the cloud's own words, by outcome.")
                .labelNames("connection", "operation", "outcome")
                .register(registry);
        requestSeconds = Histogram.builder()
                .name("weir_cloud_request_seconds")
                .help("How long requests to the cloud took, real time.")
                .labelNames("connection", "operation")
                .classicOnly()
                .classicUpperBounds(SECONDS)
                .register(registry);
    }

    /** What a connection tells its requests. */
    public RequestMeter requests(String connection) {
        return (operation, outcome, took) -> {
            requests.labelValues(connection, operation, outcome).inc();
            requestSeconds.labelValues(connection, operation).observe(seconds(took));
        };
    }

    void called(String connection, String call, String outcome, Duration took) {
        calls.labelValues(connection, call, outcome).inc();
        callSeconds.labelValues(connection, call).observe(seconds(took));
    }

    private static double seconds(Duration took) {
        return took.toNanos() * SECONDS_PER_NANO;
    }
}
