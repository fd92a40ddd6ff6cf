package io.weir.autoscaler.app;

import io.weir.autoscaler.metric.Freshness;
import io.weir.autoscaler.source.Combine;
import io.weir.autoscaler.source.PrometheusSource.Range;
import io.weir.autoscaler.source.SeriesSelector;
import io.weir.service.json.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One metric of a target.
 *
 * @param existsAtZero it is measured also while there is no machine, so it can tell when the first one is needed
 * @param authorization the whole value of an Authorization header
 * @param ca whom to believe if the source speaks TLS; null for the authorities of the JDK
 */
record MetricConfig(
        From from,
        Freshness freshness,
        Duration timeout,
        boolean existsAtZero,
        @Nullable Secret authorization,
        @Nullable Path ca) {

    sealed interface From {}

    record Scrape(
            List<URI> endpoints,
            SeriesSelector series,
            Combine combine,
            @Nullable Duration rate) implements From {
        Scrape {
            endpoints = List.copyOf(endpoints);
        }
    }

    record Prometheus(
            URI url,
            String query,
            @Nullable Range range,
            @Nullable String ageQuery) implements From {}
}
