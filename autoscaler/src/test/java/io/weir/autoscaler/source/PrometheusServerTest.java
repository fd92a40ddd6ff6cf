package io.weir.autoscaler.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weir.autoscaler.metric.Freshness;
import io.weir.autoscaler.metric.MetricSample;
import io.weir.autoscaler.metric.MetricSample.Absent;
import io.weir.autoscaler.metric.MetricSample.Ambiguous;
import io.weir.autoscaler.metric.MetricSample.Fresh;
import io.weir.autoscaler.metric.MetricSample.NotANumber;
import io.weir.autoscaler.metric.MetricSample.Stale;
import io.weir.autoscaler.metric.MetricSample.Unreachable;
import io.weir.autoscaler.source.PrometheusSource.Range;
import io.weir.autoscaler.source.PrometheusSource.Take;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real Prometheus server, if one is installed (Debian: {@code apt-get install prometheus}). */
class PrometheusServerTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    static Path folder;

    private static @Nullable Process prometheus;
    private static @Nullable PageServer app;
    private static URI server = URI.create("http://127.0.0.1:1");

    @BeforeAll
    static void start() throws IOException {
        @Nullable Path program = installed();
        if (program == null) {
            System.err.println("SKIPPED: PrometheusServerTest: no program named prometheus on the PATH;"
                    + " .ci/prometheus-test installs Debian's and runs this");
        }
        assumeTrue(program != null, "no program named prometheus on the PATH");
        app = new PageServer().shows("load 300\nparts{p=\"a\"} 1\nparts{p=\"b\"} 2\nnothing NaN\n");
        Path config = Files.writeString(
                folder.resolve("prometheus.yml"), """
                global: {scrape_interval: 1s, scrape_timeout: 1s}
                scrape_configs:
                  - job_name: app
                    static_configs: [{targets: ["%s"]}]
                """.formatted(app.uri("").getAuthority()));
        int port = freePort();
        server = URI.create("http://127.0.0.1:" + port);
        prometheus = new ProcessBuilder(
                        String.valueOf(program),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("tsdb"),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--log.level=warn")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
        await().atMost(Duration.ofSeconds(60)).until(() -> ask("up == 1", null) instanceof Fresh);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (prometheus != null) {
            prometheus.destroy();
            if (!prometheus.waitFor(10, TimeUnit.SECONDS)) {
                prometheus.destroyForcibly().waitFor();
            }
        }
        if (app != null) {
            app.close();
        }
    }

    @Test
    void an_instant_query_brings_what_the_application_exposes() {
        await().untilAsserted(() -> assertThat(ask("sum(load)", null))
                .isInstanceOfSatisfying(
                        Fresh.class, fresh -> assertThat(fresh.value()).isEqualTo(300)));
        assertThat(ask("sum(parts)", null)).isInstanceOfSatisfying(Fresh.class, fresh -> assertThat(fresh.value())
                .isEqualTo(3));
        assertThat(ask("scalar(load) / 2", null)).isInstanceOf(Fresh.class);
    }

    @Test
    void a_range_query_brings_the_highest_of_its_points() {
        assertThat(ask("load", new Range(Duration.ofSeconds(2), Duration.ofSeconds(1), Take.MAX)))
                .isInstanceOfSatisfying(
                        MetricSample.class, sample -> assertThat(sample.told()).contains("300"));
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(
                        ask("load", new Range(Duration.ofSeconds(3), Duration.ofSeconds(1), Take.AVG)))
                .isInstanceOfSatisfying(
                        Fresh.class, fresh -> assertThat(fresh.value()).isEqualTo(300)));
    }

    @Test
    void several_series_no_series_nan_and_nonsense_are_told_apart() {
        assertThat(ask("parts", null)).isInstanceOf(Ambiguous.class);
        assertThat(ask("no_such_series", null)).isInstanceOf(Absent.class);
        assertThat(ask("nothing", null)).isInstanceOf(NotANumber.class);
        assertThat(ask("sum(", null)).isInstanceOfSatisfying(Unreachable.class, sample -> assertThat(sample.why())
                .contains("status 400"));
    }

    @Test
    void an_age_query_tells_how_old_a_series_is_that_the_server_goes_on_showing() {
        // Asked for a moment in the future, the server shows its last sample for five minutes, stamped with that
        // moment.
        Clock ahead = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(20));
        String age = "time() - min(timestamp(load))";
        assertThat(ask("sum(load)", null, age, Duration.ofSeconds(60), ahead))
                .isInstanceOfSatisfying(Fresh.class, fresh -> assertThat(Duration.between(fresh.at(), ahead.instant()))
                        .isGreaterThan(Duration.ofSeconds(15)));
        assertThat(ask("sum(load)", null, age, Duration.ofSeconds(10), ahead))
                .isInstanceOfAny(Stale.class, Absent.class);
        assertThat(ask("sum(load)", null, "no_such_series", Duration.ofSeconds(60), ahead))
                .isInstanceOf(Unreachable.class);
    }

    private static MetricSample ask(String query, @Nullable Range range) {
        return ask(query, range, null, Duration.ofSeconds(30), Clock.systemUTC());
    }

    private static MetricSample ask(
            String query, @Nullable Range range, @Nullable String age, Duration maxAge, Clock clock) {
        var reader = new HttpReader(HTTP, Duration.ofSeconds(5), () -> Map.of());
        return new PrometheusSource(reader, server, query, range, age, Freshness.of(maxAge), clock).read();
    }

    private static @Nullable Path installed() {
        String path = System.getenv("PATH");
        return path == null
                ? null
                : Stream.of(path.split(File.pathSeparator))
                        .map(folder -> Path.of(folder, "prometheus"))
                        .filter(Files::isExecutable)
                        .findFirst()
                        .orElse(null);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
