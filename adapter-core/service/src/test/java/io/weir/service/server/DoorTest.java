package io.weir.service.server;

import static io.weir.service.server.StrictInputTest.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.weir.certs.FleetCa;
import io.weir.certs.Issued;
import io.weir.certs.Pem;
import io.weir.certs.Role;
import io.weir.certs.Tls;
import io.weir.certs.TlsSettings;
import io.weir.service.caller.Caller;
import io.weir.service.error.ErrorCode;
import io.weir.service.metrics.Metrics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class DoorTest {
    @TempDir
    static Path home;

    static Stranger stranger;
    static Fleet fleet;

    @BeforeAll
    static void start() {
        stranger = Stranger.in(home);
        fleet = new Fleet(home, stranger);
    }

    @AfterAll
    static void stop() {
        fleet.close();
    }

    @Test
    void an_answer_has_times_with_milliseconds_nulls_and_its_fields_in_order() {
        var answer = fleet.get(Role.VIEWER, "/pool/size");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .matches("\\{\"timestamp\":\"2026-11-24T10:00:00.000Z\",\"desiredSize\":\\d+,"
                        + "\"caller\":\"viewer viewer\",\"nothing\":null}");
        assertThat(answer.headers().firstValue("Server")).isEmpty();
    }

    @Test
    void a_role_that_may_changes_something() {
        var answer = fleet.postJson(Role.OPERATOR, "/pool/size", "{\"desiredSize\":7}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(fleet.pool.size).hasValue(7);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /pool/size, 'VIEWER MONITOR AUTOSCALER OPERATOR ADMIN'",
        "POST, /pool/size, 'AUTOSCALER OPERATOR ADMIN'",
        "POST, /pool/i-1/attach, 'OPERATOR ADMIN'",
        "PUT, /pools/web, ADMIN",
        "GET, /pools/web/pool/size, 'VIEWER MONITOR AUTOSCALER OPERATOR ADMIN'",
        "POST, /pools/web/pool/size, 'AUTOSCALER OPERATOR ADMIN'",
        "GET, /pools/web/forgotten, ''",
        "GET, /forgotten, ''",
        "OPTIONS, /pool/size, ''"
    })
    void each_role_may_what_its_method_says_and_nothing_else(String method, String path, String allowed) {
        for (Role role : Role.values()) {
            var answer = fleet.send(role, method, path, BodyPublishers.noBody());
            if (Arrays.asList(allowed.split(" ")).contains(role.name())) {
                assertThat(answer.statusCode())
                        .as(role + " " + method + " " + path)
                        .isNotEqualTo(403);
            } else {
                error(answer, 403, "FORBIDDEN");
            }
        }
    }

    @Test
    void a_refusal_is_decided_before_the_body_is_looked_at_and_heard_by_the_audit() {
        fleet.refusals.clear();
        int changes = fleet.pool.changes.get();
        error(fleet.postJson(Role.VIEWER, "/pool/size", "nonsense"), 403, "FORBIDDEN");
        assertThat(fleet.pool.changes).hasValue(changes);
        assertThat(fleet.refusals).singleElement().satisfies(refusal -> {
            assertThat(refusal.caller()).isEqualTo(new Caller(Role.VIEWER, "viewer"));
            assertThat(refusal.method()).isEqualTo("POST");
            assertThat(refusal.path()).isEqualTo("/pool/size");
            assertThat(refusal.code()).isEqualTo(ErrorCode.FORBIDDEN);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"/pool/size", "/healthz", "/nowhere"})
    void a_certificate_without_a_role_is_refused_whatever_it_asks_for(String path) throws Exception {
        fleet.refusals.clear();
        try (HttpClient nobody = Fleet.client(fleet.certs.server())) {
            // The fleet's server certificate is trusted, but says nothing of a role; it may not be a client's at all.
            assertThatThrownBy(() -> get(nobody, path)).isInstanceOf(IOException.class);
        }
        try (HttpClient nobody = Fleet.client(stranger.calling(fleet.certs.authority()))) {
            error(get(nobody, path), 403, "FORBIDDEN");
        }
        assertThat(fleet.refusals).singleElement().satisfies(refusal -> {
            assertThat(refusal.caller()).isNull();
            assertThat(refusal.subject()).contains("CN=stranger");
        });
    }

    @Test
    void a_subject_of_the_configuration_has_the_role_of_its_row() throws Exception {
        WeirService service = WeirService.start(
                ServiceSettings.of("rows", fleet.tls).withSubjects(Map.of("O=Example, CN=stranger", Role.AUTOSCALER)),
                List.of(fleet.pool),
                new Metrics(),
                fleet.readiness,
                refusal -> {});
        try (HttpClient client = Fleet.client(stranger.calling(fleet.certs.authority()))) {
            var request = HttpRequest.newBuilder(URI.create(service.url() + "/pool/size"))
                    .build();
            assertThat(client.send(request, BodyHandlers.ofString()).body()).contains("autoscaler stranger");
        } finally {
            service.stop();
        }
    }

    @Test
    void no_certificate_ends_at_the_handshake() throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(Pem.trustStore(fleet.certs.authority()));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), new SecureRandom());
        try (HttpClient client = HttpClient.newBuilder().sslContext(context).build()) {
            assertThatThrownBy(() -> get(client, "/healthz")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_foreign_certificate_ends_at_the_handshake() throws Exception {
        FleetCa foreign = FleetCa.create(home.resolve("foreign"), "foreign", FleetCa.LIFE, Clock.systemUTC());
        Issued issued = foreign.issueClient(Role.ADMIN, "mallory");
        Path chain = Files.writeString(home.resolve("mallory.pem"), issued.certificatePem());
        Path key = Files.writeString(home.resolve("mallory.key"), issued.keyPem());
        try (HttpClient client = Fleet.client(new TlsSettings(chain, key, fleet.certs.authority()))) {
            assertThatThrownBy(() -> get(client, "/healthz")).isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void both_versions_of_tls_are_spoken(String version) throws IOException {
        try (SSLSocket socket = handshake(version)) {
            assertThat(socket.getSession().getProtocol()).isEqualTo(version);
        }
    }

    @Test
    void nothing_older_than_tls_1_2_is_spoken() {
        assertThatThrownBy(() -> handshake("TLSv1.1").close()).isInstanceOf(SSLException.class);
    }

    private static SSLSocket handshake(String version) throws IOException {
        var socket = (SSLSocket) Tls.context(fleet.certs.client(Role.VIEWER), Clock.systemUTC())
                .getSocketFactory()
                .createSocket("127.0.0.1", fleet.service.port());
        socket.setEnabledProtocols(new String[] {version});
        socket.startHandshake();
        return socket;
    }

    @Test
    void unknown_paths_and_methods_are_error_documents_too() {
        error(fleet.get(Role.ADMIN, "/nowhere"), 404, "NOT_FOUND");
        error(fleet.get(Role.ADMIN, "/missing"), 404, "NOT_FOUND");
        var answer = fleet.send(Role.ADMIN, "DELETE", "/pool/size", BodyPublishers.noBody());
        error(answer, 405, "METHOD_NOT_ALLOWED");
        assertThat(Set.of(answer.headers().firstValue("Allow").orElse("").split(",", -1)))
                .contains("POST");
        answer = fleet.send(Role.ADMIN, "GET", "/pool/size", BodyPublishers.noBody(), "Accept", "text/html");
        error(answer, 406, "NOT_ACCEPTABLE");
        error(fleet.get(Role.ADMIN, "/wordless"), 409, "CONFLICT");
        error(fleet.get(Role.ADMIN, "/pool/..%2fsize"), 400, "INVALID_INPUT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/fail", "/overflow", "/unwritable"})
    void what_nobody_foresaw_says_nothing_but_an_id_that_is_found_in_the_log(String path) {
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        var log = (Logger) LoggerFactory.getLogger("io.weir.service.errors");
        log.addAppender(lines);
        try {
            JsonNode error = error(fleet.get(Role.ADMIN, path), 500, "INTERNAL");
            String id = error.path("errorId").asText();
            assertThat(lines.list).singleElement().satisfies(line -> {
                assertThat(line.getFormattedMessage())
                        .contains(id)
                        .contains(path)
                        .contains("admin admin");
                assertThat(line.getThrowableProxy()).isNotNull();
            });
        } finally {
            log.detachAppender(lines);
        }
    }

    @Test
    void an_input_of_none_needs_no_body_and_no_type_and_one_is_ignored() {
        int changes = fleet.pool.changes.get();
        var bare = fleet.send(Role.OPERATOR, "POST", "/pool/i-1/attach", BodyPublishers.noBody());
        assertThat(bare.statusCode()).isEqualTo(200);
        for (String type : new String[] {"application/json", "application/x-www-form-urlencoded", "text/plain"}) {
            var typed = fleet.send(
                    Role.OPERATOR, "POST", "/pool/i-1/attach", BodyPublishers.noBody(), "Content-Type", type);
            assertThat(typed.statusCode()).as(type).isEqualTo(200);
        }
        assertThat(fleet.pool.changes).hasValue(changes + 4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "application/json; charset=utf-8",
                "application/json;charset=\"UTF-8\"",
                "Application/JSON"
            })
    void json_in_utf_8_is_taken_however_it_is_spelt(String type) {
        var answer = fleet.send(
                Role.OPERATOR,
                "POST",
                "/pool/size",
                BodyPublishers.ofString("{\"desiredSize\":7}"),
                "Content-Type",
                type);
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void the_whole_pool_document_comes_back_as_it_was_read() {
        var answer = fleet.send(
                Role.ADMIN,
                "PUT",
                "/pools/web",
                BodyPublishers.ofString(
                        "{\"max\":5,\"min\":1,\"dataVolumes\":[{\"sizeGb\":10}],\"labels\":{\"b\":\"1\",\"a\":\"ü\"}}"),
                "Content-Type",
                "application/json");
        assertThat(answer.body())
                .isEqualTo("{\"min\":1,\"max\":5,\"dataVolumes\":[{\"sizeGb\":10,\"encrypted\":false}],"
                        + "\"labels\":{\"b\":\"1\",\"a\":\"ü\"}}");
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void the_vitals_are_on_the_main_port_for_every_role(Role role) {
        for (String path : new String[] {"/healthz", "/readyz", "/metrics"}) {
            assertThat(fleet.get(role, path).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void requests_are_counted_by_route_and_not_by_path() {
        fleet.send(Role.OPERATOR, "POST", "/pool/i-xyzzy/attach", BodyPublishers.noBody());
        fleet.get(Role.ADMIN, "/nowhere/xyzzy");
        fleet.get(Role.ADMIN, "/pools/xyzzy/pool/size");
        // A request is counted right after its answer is sent.
        org.awaitility.Awaitility.await().untilAsserted(() -> assertThat(
                        fleet.get(Role.VIEWER, "/metrics").body())
                .contains("route=\"/pools/{name}/pool/size\""));
        String metrics = fleet.get(Role.VIEWER, "/metrics").body();
        assertThat(metrics)
                .contains("weir_http_requests_total{method=\"POST\",route=\"/pool/{machine}/attach\",status=\"200\"}")
                .contains("route=\"unmatched\"")
                .contains("route=\"/pools/{name}/pool/size\"")
                .doesNotContain("xyzzy")
                .contains("weir_certificate_days_left{certificate=\"server\"}")
                .contains("weir_certificate_days_left{certificate=\"authority\"}")
                .contains("jvm_memory_used_bytes");
    }

    private static HttpResponse<String> get(HttpClient client, String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(fleet.uri(path))
                        .timeout(Duration.ofSeconds(5))
                        .build(),
                BodyHandlers.ofString());
    }
}
