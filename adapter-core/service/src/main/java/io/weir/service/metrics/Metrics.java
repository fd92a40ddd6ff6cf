package io.weir.service.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a service counts: a registry that its rooms add to, and what every service has: the JVM's figures, requests by route, method
 * and status with their duration, and the days left to each certificate.
 */
public final class Metrics {
    private static final double SECONDS_PER_NANO = 1e-9;
    private static final double DAY = Duration.ofDays(1).toSeconds();

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final PrometheusTextFormatWriter writer =
            PrometheusTextFormatWriter.builder().build();
    private final List<Consumer<GaugeWithCallback.Callback>> shownCertificates = new CopyOnWriteArrayList<>();
    private final Counter requests = Counter.builder()
            .name("weir_http_requests_total")
            .help("Requests answered, by route, method and status.")
            .labelNames("route", "method", "status")
            .register(registry);
    private final Histogram durations = Histogram.builder()
            .name("weir_http_request_seconds")
            .help("How long requests took, by route and method.")
            .labelNames("route", "method")
            .classicOnly()
            .classicUpperBounds(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10)
            .register(registry);

    public Metrics() {
        GaugeWithCallback.builder()
                .name("weir_certificate_days_left")
                .help("Days until a certificate that this service uses ends.")
                .labelNames("certificate")
                .callback(gauge -> shownCertificates.forEach(some -> some.accept(gauge)))
                .register(registry);
    }

    /** Where the rooms of a service register their own. */
    public PrometheusRegistry registry() {
        return registry;
    }

    /** Adds the figures of the JVM itself. */
    public Metrics withJvm() {
        JvmMetrics.builder().register(registry);
        return this;
    }

    public void answered(String route, String method, int status, long nanos) {
        requests.labelValues(route, method, Integer.toString(status)).inc();
        durations.labelValues(route, method).observe(nanos * SECONDS_PER_NANO);
    }

    /**
     * Shows the days until each of these certificates ends, read anew at each scrape.
     *
     * @param certificates by a name; of a chain, or of several authorities, the one that ends first counts
     */
    public void certificates(Supplier<Map<String, List<X509Certificate>>> certificates, InstantSource clock) {
        shownCertificates.add(gauge -> certificates.get().forEach((name, chain) -> chain.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Comparator.naturalOrder())
                .ifPresent(
                        end -> gauge.call(Duration.between(clock.instant(), end).toSeconds() / DAY, name))));
    }

    /** Shows how far the machine's own clock has moved away from the one that this service goes by. */
    public void clockSkew(Supplier<Duration> skew) {
        GaugeWithCallback.builder()
                .name("weir_clock_skew_seconds")
                .help("How far the machine's clock has moved away from the service's since its start.")
                .callback(gauge -> gauge.call(skew.get().toMillis() / 1000.0))
                .register(registry);
    }

    /** Everything, in Prometheus' text format 0.0.4. */
    public byte[] text() {
        var out = new ByteArrayOutputStream();
        try {
            writer.write(out, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
