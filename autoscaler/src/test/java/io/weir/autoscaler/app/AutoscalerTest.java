package io.weir.autoscaler.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.autoscaler.app.PlainAdapter.Version;
import io.weir.autoscaler.decide.Decider;
import io.weir.autoscaler.decide.Decision;
import io.weir.autoscaler.store.DecisionJson;
import io.weir.autoscaler.store.JdbcTargetStore;
import io.weir.certs.DevelopmentCerts;
import io.weir.certs.FleetCa;
import io.weir.certs.Issued;
import io.weir.certs.Role;
import io.weir.certs.Tls;
import io.weir.certs.TlsSettings;
import io.weir.service.ScaledClock;
import io.weir.service.config.ConfigFile;
import io.weir.service.database.Database;
import io.weir.service.run.RunFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole autoscaler over real mutual TLS, against an adapter that speaks only what was published. */
class AutoscalerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path home;

    private DevelopmentCerts certs;
    private LoadPage load;
    private @Nullable Autoscaler autoscaler;
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeEach
    void prepare() throws IOException {
        certs = DevelopmentCerts.ensure(home.resolve("certs"), Clock.systemUTC());
        load = opened(new LoadPage(2));
    }

    @AfterEach
    void close() throws Exception {
        stop();
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    // scaling

    @ParameterizedTest
    @EnumSource(Version.class)
    void the_pool_of_any_published_adapter_follows_the_load(Version version) throws Exception {
        PlainAdapter adapter = adapter(version, 2);
        start(total(adapter.url()));
        await().until(() -> readyz() == 200);
        load.show(7.5);
        await().until(() -> adapter.size.get() == 8);
        load.show(3);
        await().until(() -> adapter.size.get() == 3);
        assertThat(adapter.bodies).contains("{\"desiredSize\":8}", "{\"desiredSize\":3}");
        assertThat(adapter.faults).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void a_value_per_machine_counts_the_machines_that_run_and_are_in_service(Version version) throws Exception {
        PlainAdapter adapter = adapter(version, 4);
        adapter.running.set(3);
        load.show(0.9);
        start(perMachine(adapter.url()));
        await().until(() -> adapter.size.get() == 5); // ceil(3 × 0.9 ÷ 0.6)
        assertThat(target().at("/adapter/pool/running").asInt()).isEqualTo(3);
        assertThat(adapter.faults).isEmpty();
    }

    @Test
    void while_the_metric_is_missing_the_pool_keeps_its_size_and_both_are_told() throws Exception {
        PlainAdapter adapter = adapter(Version.TWO, 5);
        load.show(5);
        start(total(adapter.url()));
        await().until(() -> readyz() == 200);
        load.showNothing();
        await().until(() -> readyz() == 503);
        assertThat(target().at("/samples/load/kind").asText()).isEqualTo("absent");
        assertThat(target().at("/problems/metric").asText()).contains("load is absent");
        assertThat(healthz().path("status").asText()).isEqualTo("unhealthy");
        assertThat(adapter.size).hasValue(5);
        load.show(5);
        await().until(() -> readyz() == 200);
        assertThat(healthz().path("status").asText()).isEqualTo("ok");
    }

    // trust

    @Test
    void an_adapter_whose_certificate_has_another_name_is_not_spoken_to() throws Exception {
        FleetCa fleet = FleetCa.load(home.resolve("certs"), Clock.systemUTC());
        PlainAdapter adapter = opened(new PlainAdapter(Version.TWO, server(fleet.issueServer("other.example")), 2));
        assertNotSpokenTo(adapter);
    }

    @Test
    void an_adapter_of_another_authority_is_not_spoken_to() throws Exception {
        FleetCa strangers =
                FleetCa.create(home.resolve("strangers"), "Strangers", Duration.ofDays(30), Clock.systemUTC());
        PlainAdapter adapter =
                opened(new PlainAdapter(Version.TWO, server(strangers.issueServer("localhost", "127.0.0.1")), 2));
        assertNotSpokenTo(adapter);
    }

    private void assertNotSpokenTo(PlainAdapter adapter) throws Exception {
        load.show(9);
        start(total(adapter.url()));
        await().until(() -> target().at("/adapter/failure").isTextual());
        assertThat(readyz()).isEqualTo(503);
        assertThat(adapter.bodies).isEmpty();
        assertThat(adapter.size).hasValue(2);
    }

    private TlsSettings server(Issued issued) throws IOException {
        Path certificate = Files.writeString(home.resolve("odd.pem"), issued.certificatePem());
        Path key = Files.writeString(home.resolve("odd.key"), issued.keyPem());
        return new TlsSettings(certificate, key, certs.authority());
    }

    // trouble

    @Test
    void an_adapter_that_fails_is_told_of_and_used_again_when_it_is_back() throws Exception {
        PlainAdapter adapter = adapter(Version.FIVE, 2);
        start(total(adapter.url()));
        await().until(() -> readyz() == 200);
        adapter.failsWith = 502;
        await().until(() -> readyz() == 503);
        assertThat(target().at("/problems/adapter").asText()).contains("502").contains("the cloud is away");
        load.show(6);
        adapter.failsWith = 0;
        await().until(() -> adapter.size.get() == 6);
        await().until(() -> readyz() == 200);
    }

    // the door

    @Test
    void a_paused_target_is_left_alone_until_it_is_resumed_also_over_a_restart() throws Exception {
        PlainAdapter adapter = adapter(Version.TWO, 2);
        start(total(adapter.url()));
        assertThat(post(Role.OPERATOR, "/targets/web/pause", "{\"reason\":\"load test\"}")
                        .statusCode())
                .isEqualTo(200);
        load.show(9);
        await().until(() -> target().at("/decision/size").asInt() == 9);
        assertThat(adapter.size).hasValue(2);

        stop();
        start(total(adapter.url()));
        await().until(() -> target().at("/decision/size").asInt() == 9);
        assertThat(target().at("/pause/reason").asText()).isEqualTo("load test");
        assertThat(target().at("/pause/by").asText()).startsWith("operator ");
        assertThat(adapter.size).hasValue(2);

        assertThat(post(Role.OPERATOR, "/targets/web/resume", "{\"reason\":\"done\"}")
                        .statusCode())
                .isEqualTo(200);
        await().until(() -> adapter.size.get() == 9);
    }

    @Test
    void decisions_are_paged_newest_first_with_reasons_and_inputs() throws Exception {
        PlainAdapter adapter = adapter(Version.TWO, 2);
        start(total(adapter.url()));
        for (int wanted : new int[] {4, 6, 8}) {
            load.show(wanted);
            await().until(() -> adapter.size.get() == wanted);
        }
        JsonNode first = json(get(Role.VIEWER, "/targets/web/decisions?limit=2"));
        assertThat(first.path("decisions")).hasSize(2);
        JsonNode newest = first.path("decisions").get(0);
        assertThat(newest.path("size").asInt()).isEqualTo(8);
        assertThat(newest.at("/reasons/0/text").asText()).startsWith("load: load 8");
        assertThat(newest.at("/inputs/beat/samples/load/value").asDouble()).isEqualTo(8);
        assertThat(newest.at("/inputs/rules/bounds/max").asInt()).isEqualTo(50);
        assertThat(newest.at("/recommendations/load/kind").asText()).isEqualTo("wants");
        JsonNode second = json(get(
                Role.VIEWER,
                "/targets/web/decisions?limit=200&before=" + first.path("next").asLong()));
        assertThat(second.path("next").isNull()).isTrue();
        assertThat(second.path("decisions").get(0).path("id").asLong())
                .isLessThan(first.path("decisions").get(1).path("id").asLong());
    }

    @Test
    void what_ran_is_made_again_from_the_store_byte_for_byte() throws Exception {
        PlainAdapter adapter = adapter(Version.FIVE, 2);
        start(total(adapter.url()));
        for (int wanted : new int[] {4, 9, 3}) {
            load.show(wanted);
            await().until(() -> adapter.size.get() == wanted);
        }
        stop();
        try (Database database = Database.open(home.resolve("autoscaler.db"), JdbcTargetStore.MIGRATIONS)) {
            assertThat(new JdbcTargetStore(database).decisions("web", null, 100))
                    .hasSizeGreaterThanOrEqualTo(3)
                    .allSatisfy(kept -> {
                        Decision read = DecisionJson.decision(kept.document());
                        assertThat(DecisionJson.text(Decider.decide(read.rules(), read.beat(), read.before())))
                                .isEqualTo(kept.document());
                    });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "VIEWER, 200, 403",
        "MONITOR, 200, 403",
        "AUTOSCALER, 200, 403",
        "OPERATOR, 200, 200",
        "ADMIN, 200, 200",
    })
    void every_role_may_read_and_only_operators_may_pause(Role role, int read, int pause) throws Exception {
        start(total(adapter(Version.TWO, 2).url()));
        for (String path : List.of("/targets", "/targets/web", "/targets/web/decisions")) {
            assertThat(get(role, path).statusCode()).isEqualTo(read);
        }
        assertThat(post(role, "/targets/web/pause", "{\"reason\":\"x\"}").statusCode())
                .isEqualTo(pause);
        assertThat(post(role, "/targets/web/resume", "{\"reason\":\"x\"}").statusCode())
                .isEqualTo(pause);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"reason\":null}",
                "{\"reason\":\"\"}",
                "{\"reason\":7}",
                "{\"reason\":\"x\",\"until\":1}",
                "[]",
                "x"
            })
    void a_pause_without_a_reason_or_with_anything_else_is_refused(String body) throws Exception {
        start(total(adapter(Version.TWO, 2).url()));
        HttpResponse<String> answer = post(Role.OPERATOR, "/targets/web/pause", body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("message").asText()).isNotEmpty();
        assertThat(target().path("pause").isNull()).isTrue();
    }

    @Test
    void what_is_not_there_is_404_and_what_is_no_number_400() throws Exception {
        start(total(adapter(Version.TWO, 2).url()));
        assertThat(get(Role.VIEWER, "/targets/other").statusCode()).isEqualTo(404);
        assertThat(get(Role.VIEWER, "/targets/other/decisions").statusCode()).isEqualTo(404);
        assertThat(post(Role.OPERATOR, "/targets/other/pause", "{\"reason\":\"x\"}")
                        .statusCode())
                .isEqualTo(404);
        for (String query :
                List.of("before=x", "before=0", "before=-1", "limit=0", "limit=201", "limit=1.5", "limit=")) {
            assertThat(get(Role.VIEWER, "/targets/web/decisions?" + query).statusCode())
                    .as(query)
                    .isEqualTo(400);
        }
    }

    @Test
    void a_target_shows_what_was_declared_without_its_secrets() throws Exception {
        String config = total(adapter(Version.TWO, 2).url())
                .replace("maxAge: 5s", "maxAge: 5s\n        authorization: env:PATH");
        start(config);
        JsonNode document = target().path("document");
        assertThat(document.at("/metrics/load/authorization").asText()).isEqualTo("***");
        assertThat(document.at("/max").asInt()).isEqualTo(50);
        assertThat(target().toString()).doesNotContain("env:PATH");
    }

    @Test
    void its_metrics_tell_of_decisions_posts_and_samples() throws Exception {
        PlainAdapter adapter = adapter(Version.TWO, 2);
        start(total(adapter.url()));
        load.show(7);
        await().until(() -> adapter.size.get() == 7);
        await().until(() -> management("/metrics").body().contains("weir_autoscaler_pool_desired{target=\"web\"} 7.0"));
        assertThat(management("/metrics").body())
                .contains("weir_autoscaler_decisions_total{direction=\"up\",target=\"web\"} ")
                .contains("weir_autoscaler_posts_total{outcome=\"taken\",target=\"web\"} ")
                .contains("weir_autoscaler_sample{metric=\"load\",target=\"web\"} 7.0")
                .contains("weir_autoscaler_sample_age_seconds{metric=\"load\",target=\"web\"} ")
                .contains("weir_autoscaler_healthy{target=\"web\"} 1.0")
                .contains("weir_autoscaler_paused{target=\"web\"} 0.0");
    }

    // a home

    @Test
    void its_metrics_are_those_of_the_documentation_with_their_types_and_labels() throws Exception {
        PlainAdapter adapter = adapter(Version.TWO, 2);
        load.show(4);
        start(total(adapter.url()));
        await().until(() -> adapter.size.get() == 4);
        adapter.close();
        await().until(() -> readyz() == 503);
        assertThat(get(Role.VIEWER, "/targets").statusCode()).isEqualTo(200);

        assertThat(scraped(management("/metrics").body())).isEqualTo(documented());
    }

    /** Name, type and labels of every metric that the page says an autoscaler has. */
    private static SortedSet<String> documented() throws IOException {
        String page = Files.readString(Path.of("../docs/metrics.md"));
        SortedSet<String> rows = new TreeSet<>();
        for (String heading : List.of("\n## Both services\n", "\n## The autoscaler\n")) {
            String section =
                    page.substring(page.indexOf(heading) + heading.length()).split("\n## ")[0];
            for (String line : section.split("\n")) {
                String[] cells = line.split("\\|");
                if (line.startsWith("| `weir_")) {
                    rows.add(bare(cells[1]) + " " + bare(cells[2]) + " "
                            + new TreeSet<>(List.of(bare(cells[3]).split(", "))));
                }
            }
        }
        return rows;
    }

    private static String bare(String cell) {
        return cell.replace("`", "").trim();
    }

    private static SortedSet<String> scraped(String page) {
        SortedSet<String> rows = new TreeSet<>();
        String type = "";
        for (String line : page.split("\n")) {
            if (line.startsWith("# TYPE weir_")) {
                type = line.substring("# TYPE ".length());
            } else if (line.startsWith("weir_") && !line.contains("_sum") && !line.contains("_count")) {
                String labels = line.replaceAll("[^{]*\\{?(.*)}? [^ ]+", "$1").replaceAll("=\"[^\"]*\"}?", "");
                SortedSet<String> names = new TreeSet<>(List.of((line.contains("{") ? labels : "").split(",")));
                names.remove("le");
                rows.add(type + " " + names);
            }
        }
        return rows;
    }

    @Test
    void in_a_home_the_adapter_is_found_when_it_comes_and_when_it_moves() throws Exception {
        load.show(6);
        String config = total(URI.create("https://none")).replaceFirst("(?m)^    adapter:.*\\n", "");
        start(config);
        await().until(() -> target().at("/adapter/failure").asText().contains("no adapter yet"));
        assertThat(readyz()).isEqualTo(503);

        PlainAdapter first = adapter(Version.TWO, 2);
        enter(first);
        await().until(() -> first.size.get() == 6);
        PlainAdapter second = adapter(Version.FIVE, 3);
        enter(second);
        first.close();
        await().until(() -> second.size.get() == 6);
    }

    /** As the adapter does it: its pools are below its URL. */
    private void enter(PlainAdapter adapter) throws IOException {
        Files.writeString(
                home.resolve("run.json"),
                "{\"adapter\":{\"pid\":1,\"url\":\"" + adapter.url() + "\"},\"cloud\":{\"pid\":2}}");
    }

    // tools

    private PlainAdapter adapter(Version version, int size) throws IOException {
        return opened(new PlainAdapter(version, certs.server(), size));
    }

    private String total(URI url) {
        return config(url, "total: {metric: load, capacityPerMachine: 1}");
    }

    private String perMachine(URI url) {
        return config(url, "perMachine: {metric: load, target: 0.6}");
    }

    private String config(URI url, String policy) {
        return """
                targets:
                  - name: web
                    adapter: {url: "%s", connectTimeout: 2s, timeout: 2s}
                    min: 1
                    max: 50
                    metrics:
                      load:
                        scrape: {endpoints: ["%s"], series: load}
                        maxAge: 5s
                    policies:
                      - name: load
                        %s
                    every: 1s
                    unhealthyAfter: 1s
                    longestBackOff: 1s
                    limits:
                      stabilization: 0s
                      coolDownUp: 0s
                      coolDownDown: 0s
                      stepUp: {machines: 50}
                      stepDown: {machines: 50}
                """.formatted(url, load.url(), policy);
    }

    private void start(String yaml) throws IOException {
        Path file = Files.writeString(home.resolve("autoscaler.yml"), yaml);
        var around = new Surroundings(home, certs, home.resolve("autoscaler.db"), false);
        AutoscalerConfig config = ConfigFile.read(file, new ConfigReader(around)::read);
        autoscaler = Autoscaler.start(config, ScaledClock.real(), new RunFile(home));
    }

    private void stop() {
        if (autoscaler != null) {
            autoscaler.close();
            autoscaler = null;
        }
    }

    private Autoscaler running() {
        if (autoscaler == null) {
            throw new IllegalStateException("not started");
        }
        return autoscaler;
    }

    private JsonNode target() throws IOException {
        return json(get(Role.VIEWER, "/targets/web"));
    }

    private int readyz() {
        return management("/readyz").statusCode();
    }

    private JsonNode healthz() throws IOException {
        HttpResponse<String> answer = management("/healthz");
        assertThat(answer.statusCode()).isEqualTo(200);
        return json(answer);
    }

    private HttpResponse<String> management(String path) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return sent(() -> client.send(
                    HttpRequest.newBuilder(URI.create(running().managementUrl() + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString()));
        }
    }

    private HttpResponse<String> get(Role role, String path) {
        return send(role, HttpRequest.newBuilder(URI.create(running().url() + path)));
    }

    private HttpResponse<String> post(Role role, String path, String body) {
        return send(
                role,
                HttpRequest.newBuilder(URI.create(running().url() + path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> send(Role role, HttpRequest.Builder request) {
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(Tls.context(certs.client(role), Clock.systemUTC()))
                .build()) {
            return sent(() -> client.send(request.build(), HttpResponse.BodyHandlers.ofString()));
        }
    }

    private static HttpResponse<String> sent(Callable<HttpResponse<String>> call) {
        try {
            return call.call();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body());
    }

    private <T extends AutoCloseable> T opened(T one) {
        open.add(one);
        return one;
    }
}
