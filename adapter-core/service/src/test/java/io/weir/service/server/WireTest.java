package io.weir.service.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.certs.Role;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the door does with clients that do not speak as they should, or too slowly, or too much. */
class WireTest {
    private static final String HEAD = "HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

    @TempDir
    static Path home;

    Fleet fleet;

    @BeforeEach
    void start() {
        fleet = new Fleet(home);
    }

    @AfterEach
    void stop() {
        fleet.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NONSENSE\\r\\n\\r\\n | 400 | INVALID_INPUT",
                "GET /pool/size HTTP/9.9\\r\\n\\r\\n | 505 | INTERNAL",
                "GET /pool/size HTTP/1.1\\r\\n\\r\\n | 400 | INVALID_INPUT",
                "GET /pool/size HTTP/1.1\\r\\nHost: a\\r\\nBad Header: 1\\r\\n\\r\\n | 400 | INVALID_INPUT",
                "POST /pool/size HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: many\\r\\n\\r\\n | 400 | INVALID_INPUT",
                "POST /pool/size HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 3\\r\\nContent-Length: 4\\r\\n\\r\\nabc | 400 | INVALID_INPUT",
                "POST /pool/size HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 3\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nabc | 400 | INVALID_INPUT",
                "GET /%zz HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n | 400 | INVALID_INPUT",
                "GET /pool/size HTTP/1.1\\r\\nHost: a\\r\\nExpect: wonders\\r\\n\\r\\n | 417 | INVALID_INPUT"
            })
    void what_is_no_request_is_an_error_document_too(String text, int status, String code) throws IOException {
        try (Wire wire = Wire.of(fleet, Role.ADMIN)) {
            Wire.Answer answer = wire.say(text.replace("\\r\\n", "\r\n")).answer();
            assertThat(answer.status()).isEqualTo(status);
            error(answer, code);
        }
    }

    @Test
    void a_path_that_is_ambiguous_is_refused_with_the_reason() throws IOException {
        try (Wire wire = Wire.of(fleet, Role.ADMIN)) {
            Wire.Answer answer = wire.say("GET //pool/size " + HEAD + "\r\n").answer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains("empty segment");
        }
    }

    @Test
    void headers_larger_than_8_kib_are_refused() throws IOException {
        try (Wire wire = Wire.of(fleet, Role.ADMIN)) {
            Wire.Answer answer = wire.say("GET /pool/size " + HEAD + "X: " + "x".repeat(9_000) + "\r\n\r\n")
                    .answer();
            assertThat(answer.status()).isEqualTo(431);
            error(answer, "HEADERS_TOO_LARGE");
        }
        try (Wire wire = Wire.of(fleet, Role.ADMIN)) {
            Wire.Answer answer =
                    wire.say("GET /" + "x".repeat(9_000) + " " + HEAD + "\r\n").answer();
            assertThat(answer.status()).isEqualTo(414);
            error(answer, "INVALID_INPUT");
        }
    }

    @Test
    void a_connection_is_kept_over_answers_and_refusals() throws IOException {
        try (Wire wire = Wire.of(fleet, Role.VIEWER)) {
            for (int i = 0; i < 3; i++) {
                assertThat(get(wire).status()).isEqualTo(200);
                assertThat(post(wire, "{\"desiredSize\":1}").status()).isEqualTo(403);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100_000, 1_000_000, 2_000_000})
    void a_client_that_reads_only_after_writing_sees_why_it_is_refused(int bytes) throws IOException {
        try (Wire wire = Wire.of(fleet, Role.VIEWER)) {
            assertThat(post(wire, " ".repeat(bytes)).status()).isEqualTo(403);
            assertThat(get(wire).status()).as("the connection is still good").isEqualTo(200);
        }
        try (Wire wire = Wire.of(fleet, Role.OPERATOR)) {
            assertThat(post(wire, " ".repeat(bytes)).status()).isEqualTo(413);
            assertThat(wire.say("POST /nowhere " + HEAD + "Content-Length: " + bytes + "\r\n\r\n" + " ".repeat(bytes))
                            .answer()
                            .status())
                    .isEqualTo(404);
            assertThat(wire.say("POST /pool/size HTTP/1.1\r\nHost: a\r\nContent-Length: " + bytes + "\r\n\r\n"
                                    + " ".repeat(bytes))
                            .answer()
                            .status())
                    .isEqualTo(415);
        }
    }

    @Test
    void a_refusal_does_not_wait_for_the_body() throws IOException {
        try (Wire wire = Wire.of(fleet, Role.VIEWER)) {
            long begun = System.nanoTime();
            Wire.Answer answer = wire.say("POST /pool/size " + HEAD + "Content-Length: 1000\r\n\r\n")
                    .answer();
            assertThat(answer.status()).isEqualTo(403);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofMillis(1_900));
        }
    }

    @Test
    void a_client_that_asks_first_is_told_to_go_on_or_refused_before_it_sends() throws IOException {
        String asking = "POST /pool/size " + HEAD + "Expect: 100-continue\r\nContent-Length: 17\r\n\r\n";
        try (Wire wire = Wire.of(fleet, Role.OPERATOR)) {
            assertThat(wire.say(asking).answer().status()).isEqualTo(100);
            assertThat(wire.say("{\"desiredSize\":4}").answer().status()).isEqualTo(200);
        }
        try (Wire wire = Wire.of(fleet, Role.VIEWER)) {
            assertThat(wire.say(asking).answer().status()).isEqualTo(403);
        }
        assertThat(fleet.pool.size).hasValue(4);
        try (Wire wire = Wire.of(fleet, Role.OPERATOR)) {
            String chunked = "POST /pool/size " + HEAD + "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n";
            assertThat(wire.say(chunked).answer().status()).isEqualTo(100);
            wire.say("186A0\r\n" + " ".repeat(100_000) + "\r\n0\r\n\r\n");
            assertThat(wire.answer().status())
                    .as("told to go on, then found too large")
                    .isEqualTo(413);
            assertThat(get(wire).status()).isEqualTo(200);
        }
    }

    @Test
    void a_body_that_does_not_begin_is_408_and_changes_nothing() throws IOException {
        try (Wire wire = Wire.of(fleet, Role.OPERATOR)) {
            long begun = System.nanoTime();
            Wire.Answer answer = wire.say("POST /pool/size " + HEAD + "Content-Length: 17\r\n\r\n")
                    .answer();
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(Duration.ofMillis(1_900), Duration.ofSeconds(10));
            assertThat(answer.status()).isEqualTo(408);
            error(answer, "TOO_SLOW");
            assertThat(answer.headers()).containsEntry("connection", "close");
            assertThat(wire.ended()).isTrue();
        }
        assertThat(fleet.pool.changes).hasValue(0);
    }

    @Test
    void a_body_that_trickles_is_408() throws Exception {
        try (Wire wire = Wire.of(fleet, Role.OPERATOR);
                ExecutorService trickle = Executors.newVirtualThreadPerTaskExecutor()) {
            wire.say("POST /pool/size " + HEAD + "Content-Length: 1000\r\n\r\n");
            Future<Void> writer = trickle.submit(() -> {
                for (int i = 0; i < 100; i++) {
                    wire.say(" ");
                    Thread.sleep(50);
                }
                return null;
            });
            assertThat(wire.answer().status()).isEqualTo(408);
            writer.cancel(true);
        }
    }

    @Test
    void slow_bodies_of_all_roles_together_keep_nobody_waiting() throws Exception {
        List<Wire> slow = new ArrayList<>();
        try {
            for (Role role : List.of(Role.AUTOSCALER, Role.OPERATOR, Role.ADMIN)) {
                for (int i = 0; i < 31; i++) {
                    slow.add(Wire.of(fleet, role).say("POST /pool/size " + HEAD + "Content-Length: 17\r\n\r\n{"));
                }
            }
            List<Duration> waits = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                long begun = System.nanoTime();
                assertThat(fleet.get(Role.MONITOR, "/pool/size").statusCode()).isEqualTo(200);
                waits.add(Duration.ofNanos(System.nanoTime() - begun));
            }
            assertThat(waits).allMatch(wait -> wait.compareTo(Duration.ofMillis(1_500)) < 0);
            for (Wire wire : slow) {
                assertThat(wire.answer().status()).isEqualTo(408);
            }
        } finally {
            for (Wire wire : slow) {
                wire.close();
            }
        }
    }

    @Test
    void one_identity_has_at_most_32_requests_at_once_and_others_do_not_feel_it() throws Exception {
        List<Wire> held = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                held.add(Wire.of(fleet, Role.OPERATOR).say("POST /pool/size " + HEAD + "Content-Length: 17\r\n\r\n"));
            }
            assertThat(fleet.get(Role.VIEWER, "/pool/size").statusCode()).isEqualTo(200);
            int refused = 0;
            int slow = 0;
            for (Wire wire : held) {
                Wire.Answer answer = wire.answer();
                if (answer.status() == 429) {
                    error(answer, "TOO_MANY_REQUESTS");
                    assertThat(answer.headers()).containsKey("retry-after");
                    refused++;
                } else {
                    assertThat(answer.status()).isEqualTo(408);
                    slow++;
                }
            }
            assertThat(refused).isPositive();
            assertThat(slow).isGreaterThanOrEqualTo(32);
        } finally {
            for (Wire wire : held) {
                wire.close();
            }
        }
    }

    @Test
    void a_flood_is_429_until_it_ebbs() throws Exception {
        try (Wire wire = Wire.of(fleet, Role.AUTOSCALER)) {
            int refused = 0;
            for (int i = 0; i < 5_000 && refused < 50; i++) {
                Wire.Answer answer = get(wire);
                if (answer.status() == 429) {
                    refused++;
                }
            }
            assertThat(refused).isPositive();
            assertThat(fleet.refusals).as("a flood is told once a second").hasSizeBetween(1, 10);
            assertThat(fleet.get(Role.VIEWER, "/pool/size").statusCode()).isEqualTo(200);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(3))
                    .until(() -> get(wire).status() == 200);
        }
    }

    @Test
    void many_at_once_are_all_answered() throws Exception {
        List<Callable<Integer>> calls = new ArrayList<>();
        for (Role role : Role.values()) {
            for (int i = 0; i < 20; i++) {
                calls.add(() -> fleet.get(role, "/pool/size").statusCode());
            }
        }
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> answer : clients.invokeAll(calls)) {
                assertThat(answer.get()).isEqualTo(200);
            }
        }
    }

    @Test
    void the_management_port_has_the_vitals_and_nothing_else() throws IOException {
        fleet.readiness.fact("timeScale", () -> 60);
        assertThat(manage("GET /healthz").body())
                .isEqualTo("{\"status\":\"ok\",\"service\":\"sample\",\"timeScale\":60}");
        assertThat(manage("GET /readyz").body()).isEqualTo("{\"ready\":true,\"checks\":{}}");
        fleet.readiness.check("store", () -> Optional.of("the store does not open"));
        Wire.Answer unready = manage("GET /readyz");
        assertThat(unready.status()).isEqualTo(503);
        assertThat(unready.body()).isEqualTo("{\"ready\":false,\"checks\":{\"store\":\"the store does not open\"}}");
        assertThat(manage("GET /metrics").headers().get("content-type")).startsWith("text/plain; version=0.0.4");
        for (String other : List.of("GET /", "GET /pool/size", "GET /tasks/gc", "GET /ping", "GET /healthz/x")) {
            Wire.Answer answer = manage(other);
            assertThat(answer.status()).as(other).isEqualTo(404);
            error(answer, "NOT_FOUND");
        }
        assertThat(manage("POST /healthz").status()).isEqualTo(405);
        assertThat(manage("HEAD /healthz").body()).isEmpty();
    }

    @Test
    void a_stop_lets_a_running_request_end_and_takes_less_than_five_seconds() throws Exception {
        try (Wire idle = Wire.of(fleet, Role.VIEWER);
                Wire running = Wire.of(fleet, Role.OPERATOR)) {
            assertThat(get(idle).status()).isEqualTo(200);
            running.say("POST /pool/size " + HEAD + "Expect: 100-continue\r\nContent-Length: 17\r\n\r\n");
            assertThat(running.answer().status()).as("it is inside").isEqualTo(100);
            long begun = System.nanoTime();
            try (ExecutorService stopping = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<?> stop = stopping.submit(fleet.service::stop);
                running.say("{\"desiredSize\":9}");
                assertThat(running.answer().status()).isEqualTo(200);
                stop.get();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
            assertThat(fleet.pool.size).hasValue(9);
        }
    }

    private Wire.Answer manage(String request) throws IOException {
        try (Wire wire = new Wire(new Socket("127.0.0.1", fleet.service.managementPort()))) {
            return request.startsWith("HEAD")
                    ? new Wire.Answer(200, Map.of(), headOnly(wire, request))
                    : wire.say(request + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                            .answer();
        }
    }

    private static String headOnly(Wire wire, String request) throws IOException {
        wire.say(request + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        return wire.rest().replaceAll("(?s)^.*?\r\n\r\n", "");
    }

    private static Wire.Answer get(Wire wire) throws IOException {
        return wire.say("GET /pool/size HTTP/1.1\r\nHost: localhost\r\n\r\n").answer();
    }

    private static Wire.Answer post(Wire wire, String body) throws IOException {
        return wire.say("POST /pool/size " + HEAD + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                .answer();
    }

    private static void error(Wire.Answer answer, String code) throws IOException {
        assertThat(answer.headers()).containsEntry("content-type", "application/json");
        assertThat(new ObjectMapper().readTree(answer.body()).path("code").asText())
                .isEqualTo(code);
        assertThat(answer.body()).doesNotContain("jetty", "java.", "Exception", "<html");
    }
}
