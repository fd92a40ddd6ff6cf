package io.weir.autoscaler.app;

import io.weir.autoscaler.app.MetricConfig.Prometheus;
import io.weir.autoscaler.app.MetricConfig.Scrape;
import io.weir.autoscaler.source.HttpReader;
import io.weir.autoscaler.source.MetricSource;
import io.weir.autoscaler.source.PrometheusSource;
import io.weir.autoscaler.source.ScrapeSource;
import io.weir.certs.CertsProblem;
import io.weir.certs.Pem;
import io.weir.service.json.Secret;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Makes the sources of metrics that were declared. */
final class Sources implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final InstantSource clock;
    private final HttpClient usual = builder().build();
    private final List<HttpClient> clients = new ArrayList<>(List.of(usual));

    Sources(InstantSource clock) {
        this.clock = clock;
    }

    MetricSource source(MetricConfig config) {
        var reader = new HttpReader(client(config.ca()), config.timeout(), headers(config.authorization()));
        return switch (config.from()) {
            case Scrape scrape ->
                new ScrapeSource(
                        reader,
                        scrape.endpoints(),
                        scrape.series(),
                        scrape.combine(),
                        scrape.rate(),
                        config.freshness(),
                        clock);
            case Prometheus prometheus ->
                new PrometheusSource(
                        reader,
                        prometheus.url(),
                        prometheus.query(),
                        prometheus.range(),
                        prometheus.ageQuery(),
                        config.freshness(),
                        clock);
        };
    }

    private static Supplier<Map<String, String>> headers(@Nullable Secret authorization) {
        return authorization == null ? Map::of : () -> Map.of("Authorization", authorization.reveal());
    }

    private HttpClient client(@Nullable Path ca) {
        if (ca == null) {
            return usual;
        }
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(Pem.trustStore(ca));
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, trust.getTrustManagers(), null);
            HttpClient client = builder().sslContext(tls).build();
            clients.add(client);
            return client;
        } catch (GeneralSecurityException e) {
            throw new CertsProblem("the certificates in " + ca + " cannot be trusted: " + e.getMessage(), e);
        }
    }

    private static HttpClient.Builder builder() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT);
    }

    @Override
    public void close() {
        clients.forEach(HttpClient::shutdownNow);
    }
}
