package io.weir.autoscaler.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.api.client.Patience;
import io.weir.autoscaler.app.MetricConfig.Prometheus;
import io.weir.autoscaler.app.MetricConfig.Scrape;
import io.weir.autoscaler.decide.Limits;
import io.weir.autoscaler.decide.StepLimit;
import io.weir.autoscaler.policy.Bounds;
import io.weir.autoscaler.policy.Doubt;
import io.weir.autoscaler.policy.PerMachineTracking;
import io.weir.autoscaler.policy.Recurrence;
import io.weir.autoscaler.policy.ScheduleBounds;
import io.weir.autoscaler.policy.TotalTracking;
import io.weir.autoscaler.source.Combine;
import io.weir.autoscaler.source.PrometheusSource.Range;
import io.weir.autoscaler.source.PrometheusSource.Take;
import io.weir.certs.DevelopmentCerts;
import io.weir.certs.Role;
import io.weir.service.config.ConfigFile;
import io.weir.service.config.ConfigProblems;
import io.weir.service.json.Fields;
import io.weir.service.json.Problems;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {
    /** Everything that can be said. */
    private static final String WHOLE = """
            server:
              host: 0.0.0.0
              port: 9445
              managementHost: 127.0.0.1
              managementPort: 9446
              certificate: server.pem
              key: server.key
              ca: /etc/fleet/ca.pem
              subjects:
                CN=anna: operator
            store: data/autoscaler.db
            targets:
              - name: web
                adapter:
                  url: https://adapter.example:8443
                  pool: web
                  certificate: scaler.pem
                  key: scaler.key
                  ca: ca.pem
                  connectTimeout: 2s
                  timeout: 20s
                min: 0
                max: 40
                metrics:
                  requests:
                    scrape:
                      endpoints: [http://lb-1/metrics, https://lb-2/metrics]
                      series: http_requests_total{job="web",code!~"5.."}
                      combine: sum
                      rate: 1m
                    maxAge: 45s
                    maxAhead: 2s
                    timeout: 3s
                    existsAtZero: true
                    authorization: file:/run/secrets/token
                    ca: lb-ca.pem
                  cpu:
                    prometheus:
                      url: http://prometheus:9090
                      query: avg(cpu)
                      range: {window: 5m, step: 30s, take: avg}
                      ageQuery: time() - min(timestamp(cpu))
                policies:
                  - name: load
                    total: {metric: requests, capacityPerMachine: 12.5, whenPartial: hold}
                  - name: cpu
                    perMachine: {metric: cpu, target: 0.6}
                  - name: office
                    schedule: {from: 0 8 * * MON-FRI, until: 0 18 * * *, zone: Europe/Berlin, min: 4}
                every: 10s
                heartbeat: 5m
                unhealthyAfter: 3m
                longestBackOff: 4m
                limits:
                  tolerance: {up: 0.02, down: 0.2}
                  stepUp: {machines: 4, percent: 50}
                  stepDown: {machines: 2}
                  stabilization: 10m
                  coolDownUp: 30s
                  coolDownDown: 2m
            """;

    private static final String LEAST = """
            targets:
              - name: web
                min: 1
                max: 40
                metrics:
                  load:
                    scrape: {endpoints: [http://lb/metrics], series: load}
                policies:
                  - name: load
                    total: {metric: load, capacityPerMachine: 100}
            """;

    @TempDir
    private Path folder;

    @Test
    void everything_that_can_be_said_is_read() throws IOException {
        AutoscalerConfig config = alone(WHOLE);
        assertThat(config.serving().main().port()).isEqualTo(9445);
        assertThat(config.serving().management().port()).isEqualTo(9446);
        assertThat(config.serving().tls().certificate()).isEqualTo(folder.resolve("server.pem"));
        assertThat(config.serving().tls().trust()).isEqualTo(Path.of("/etc/fleet/ca.pem"));
        assertThat(config.serving().subjects()).containsEntry("CN=anna", Role.OPERATOR);
        assertThat(config.store()).isEqualTo(folder.resolve("data/autoscaler.db"));

        TargetConfig web = config.targets().getFirst();
        assertThat(web.name()).isEqualTo("web");
        assertThat(web.adapter().address()).isEqualTo("https://adapter.example:8443/pools/web");
        assertThat(web.adapter().patience())
                .isEqualTo(
                        new Patience(Duration.ofSeconds(2), Duration.ofSeconds(20), Patience.DEFAULT.maxAnswerBytes()));
        assertThat(web.rules().bounds()).isEqualTo(new Bounds(0, 40));

        MetricConfig requests = Objects.requireNonNull(web.metrics().get("requests"));
        assertThat(requests.from()).isInstanceOfSatisfying(Scrape.class, scrape -> {
            assertThat(scrape.endpoints())
                    .containsExactly(URI.create("http://lb-1/metrics"), URI.create("https://lb-2/metrics"));
            assertThat(scrape.combine()).isEqualTo(Combine.SUM);
            assertThat(scrape.rate()).isEqualTo(Duration.ofMinutes(1));
        });
        assertThat(requests.freshness().maxAge()).isEqualTo(Duration.ofSeconds(45));
        assertThat(requests.timeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(requests.ca()).isEqualTo(folder.resolve("lb-ca.pem"));
        MetricConfig cpu = Objects.requireNonNull(web.metrics().get("cpu"));
        assertThat(cpu.from())
                .isEqualTo(new Prometheus(
                        URI.create("http://prometheus:9090"),
                        "avg(cpu)",
                        new Range(Duration.ofMinutes(5), Duration.ofSeconds(30), Take.AVG),
                        "time() - min(timestamp(cpu))"));

        assertThat(web.rules().policies())
                .containsExactly(
                        new TotalTracking("load", "requests", new BigDecimal("12.5"), Doubt.HOLD),
                        new PerMachineTracking("cpu", "cpu", new BigDecimal("0.6"), Doubt.UP_ONLY),
                        new ScheduleBounds(
                                "office",
                                new Recurrence("0 8 * * MON-FRI"),
                                new Recurrence("0 18 * * *"),
                                ZoneId.of("Europe/Berlin"),
                                new Bounds(4, 1_000_000)));
        Limits limits = web.rules().limits();
        assertThat(limits.tolerance().down()).isEqualByComparingTo("0.2");
        assertThat(limits.up()).isEqualTo(new StepLimit(4, 50));
        assertThat(limits.down()).isEqualTo(new StepLimit(2, 0));
        assertThat(limits.stabilization()).isEqualTo(Duration.ofMinutes(10));
        assertThat(limits.coolDownUp()).isEqualTo(Duration.ofSeconds(30));
        assertThat(limits.coolDownDown()).isEqualTo(Duration.ofMinutes(2));
        assertThat(web.rhythm().every()).isEqualTo(Duration.ofSeconds(10));
        assertThat(web.rhythm().heartbeat()).isEqualTo(Duration.ofMinutes(5));
        assertThat(web.rhythm().unhealthyAfter()).isEqualTo(Duration.ofMinutes(3));
        assertThat(web.rhythm().backOff().longest()).isEqualTo(Duration.ofMinutes(4));
        assertThat(web.countsRunning()).isTrue();
    }

    @Test
    void the_example_of_the_documentation_is_read() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "autoscaler.md"));
        int begin = page.indexOf("```yaml\n") + "```yaml\n".length();
        AutoscalerConfig config = alone(page.substring(begin, page.indexOf("```", begin)));
        TargetConfig web = config.targets().getFirst();
        assertThat(web.adapter().address()).isEqualTo("https://adapter.example:8443/pools/web");
        assertThat(web.rules().policies()).hasSize(3);
        assertThat(web.rules().limits())
                .as("the limits it shows are the usual ones")
                .isEqualTo(Limits.DEFAULT);
    }

    @Test
    void in_a_home_little_has_to_be_said() throws IOException {
        AutoscalerConfig config = inHome(LEAST);
        TargetConfig web = config.targets().getFirst();
        assertThat(web.adapter().url()).isNull();
        assertThat(web.adapter().path()).isEqualTo("/pools/default");
        assertThat(web.adapter().tls().certificate()).isEqualTo(folder.resolve("certs/autoscaler.pem"));
        assertThat(web.rules().limits()).isEqualTo(Limits.DEFAULT);
        assertThat(web.rhythm().every()).isEqualTo(Duration.ofSeconds(15));
        assertThat(web.countsRunning()).isFalse();
        assertThat(config.serving().main().port()).isZero();
        assertThat(config.store()).isEqualTo(folder.resolve("autoscaler.db"));
    }

    @Test
    void without_a_home_certificates_store_and_adapter_have_to_be_named() {
        assertThatThrownBy(() -> alone(LEAST))
                .isInstanceOf(ConfigProblems.class)
                .hasMessageContaining("server: is missing")
                .hasMessageContaining("store: is missing")
                .hasMessageContaining("targets[0].adapter: is missing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max: 40 | max: 0 | targets[0].max: must not be below min (1), is 0",
                "max: 40 | max: 2.5 | targets[0].max: must be a whole number",
                "max: 40 | max: 1e3 | targets[0].max: must be a whole number",
                "max: 40 | maximum: 40 | targets[0].maximum: is not a known field",
                "max: 40 | mx: 40 | did you mean \"max\"",
                "name: web | name: Web! | targets[0].name: must be small letters, digits and dashes",
                "series: load | series: 'sum(load)' | targets[0].metrics.load.scrape.series: \"sum(load)\" selects no series",
                "series: load | series: 'load{a=~\"(\"}' | is no pattern",
                "http://lb/metrics | ftp://lb/metrics | must be a URL beginning with http:// or https://",
                "http://lb/metrics | http://u:p@lb/metrics | must not hold a password",
                "http://lb/metrics | \"\" | targets[0].metrics.load.scrape.endpoints[0]: must not be empty",
                "metric: load, | metric: laod, | uses the metric laod, which is not declared in metrics",
                "metric: load, | metric: laod, | targets[0].metrics.load: is used by no policy",
                "capacityPerMachine: 100 | capacityPerMachine: 0 | must be a number from",
                "capacityPerMachine: 100 | capacityPerMachine: .nan | is not a number that can be read",
                "capacityPerMachine: 100 | capacityPerMachine: '100' | must be a number from",
                "capacityPerMachine: 100 | capacityPerMachine: 100, whenPartial: maybe | must be one of hold, up-only",
                "total: | totals: | one of total, perMachine and schedule is due, and only one",
                "scrape: | scrap: | one of scrape and prometheus is due, and only one",
                "min: 1 | min: 0 | existsAtZero: true",
                "min: 1 | min: 1\\n    every: 0s | targets[0].every: must be from 1s to 1h",
                "min: 1 | min: 1\\n    heartbeat: 1s | targets[0].heartbeat: must be from 15s",
                "min: 1 | min: 1\\n    limits: {stabilization: 20s} | must be 0s, or at least two beats",
                "min: 1 | min: 1\\n    limits: {stepUp: {}} | a step of 0 machines and 0 percent would never move",
                "min: 1 | min: 1\\n    limits: {tolerance: {up: 2}} | must be a number from 0 to 1",
                "min: 1 | min: 1\\n    adapter: {url: 'http://plain'} | must be a URL beginning with https://",
                "min: 1 | min: 1\\n    adapter: {pool: ../x} | targets[0].adapter.pool",
                "min: 1 | min: 1\\n    min: 2 | is given twice",
                "min: 1 | min: null | must not be null",
            })
    void what_is_wrong_is_told_with_its_place(String right, String wrong, String told) {
        String config = LEAST.replace(right.strip(), wrong.strip().replace("\\n", "\n"));
        assertThat(config).isNotEqualTo(LEAST);
        assertThatThrownBy(() -> inHome(config))
                .isInstanceOf(ConfigProblems.class)
                .hasMessageContaining(told.strip());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "from: 0 8 * * MON-FRI | from: 0 25 * * * | \"0 25 * * *\" is no cron expression of five fields",
                "from: 0 8 * * MON-FRI | from: '@daily!' | is no cron expression",
                "zone: Europe/Berlin | zone: Berlin | must be a time zone such as Europe/Berlin",
                ", min: 4} | } | schedule.min: min or max is due, or both",
                ", min: 4} | , min: 4, max: 3} | max 3 is below min 4",
                "CN=anna: operator | CN=anna: boss | must be viewer, monitor, autoscaler, operator or admin",
                "window: 5m | window: 10s | a window is at least one step",
                "authorization: file:/run/secrets/token | authorization: sesame | must be a reference to a secret",
                "name: cpu | name: load | is the name of two policies",
                "port: 9445 | port: 99999 | server.port: must be a whole number from 0 to 65535",
            })
    void what_is_wrong_in_a_long_one_is_told_too(String right, String wrong, String told) {
        String config = WHOLE.replace(right.strip(), wrong.strip());
        assertThat(config).isNotEqualTo(WHOLE);
        assertThatThrownBy(() -> alone(config))
                .isInstanceOf(ConfigProblems.class)
                .hasMessageContaining(told.strip());
    }

    @Test
    void all_problems_are_told_at_once() {
        String config = LEAST.replace("max: 40", "mxa: 40")
                .replace("capacityPerMachine: 100", "capacityPerMachine: -1")
                .replace("http://lb/metrics", "lb")
                .replace("name: web", "name: web\n    colour: blue");
        assertThatThrownBy(() -> inHome(config))
                .isInstanceOf(ConfigProblems.class)
                .hasMessageContaining("has 5 problems")
                .hasMessageContaining("targets[0].mxa")
                .hasMessageContaining("targets[0].max: is missing")
                .hasMessageContaining("targets[0].colour")
                .hasMessageContaining("capacityPerMachine")
                .hasMessageContaining("endpoints");
    }

    @Test
    void prometheus_is_refused_where_time_runs_faster() {
        var around = new Surroundings(folder, null, null, true);
        assertThatThrownBy(() -> read(WHOLE, around))
                .isInstanceOf(ConfigProblems.class)
                .hasMessageContaining("targets[0].metrics.cpu.prometheus.url: is stamped in real time");
    }

    @Test
    void the_embedded_default_is_a_document_like_any_other() {
        var embedded = new EmbeddedDefault(
                List.of(URI.create("http://127.0.0.1:9/metrics")),
                "load",
                Duration.ofMinutes(1),
                new BigDecimal("2.5"),
                0,
                9,
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                Duration.ofMinutes(1),
                "default");
        var problems = new Problems();
        AutoscalerConfig config = Fields.read(embedded.document(), problems, new ConfigReader(home())::read);
        assertThat(problems.lines()).isEmpty();
        TargetConfig target = Objects.requireNonNull(config).targets().getFirst();
        assertThat(target.rules().policies())
                .containsExactly(new TotalTracking("load", "load", new BigDecimal("2.5"), Doubt.UP_ONLY));
        assertThat(target.rules().bounds()).isEqualTo(new Bounds(0, 9));
        assertThat(target.rhythm().every()).isEqualTo(Duration.ofSeconds(30));
    }

    private AutoscalerConfig alone(String yaml) throws IOException {
        return read(yaml, new Surroundings(folder, null, null, false));
    }

    private AutoscalerConfig inHome(String yaml) throws IOException {
        return read(yaml, home());
    }

    private Surroundings home() {
        return new Surroundings(
                folder,
                new DevelopmentCerts(folder.resolve("certs"), List.of()),
                folder.resolve("autoscaler.db"),
                false);
    }

    private AutoscalerConfig read(String yaml, Surroundings around) throws IOException {
        return ConfigFile.read(Files.writeString(folder.resolve("f.yml"), yaml), new ConfigReader(around)::read);
    }
}
