package io.weir.simulated.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpServer;
import io.weir.simulated.ApiFailure;
import io.weir.simulated.ApiFailure.Code;
import io.weir.simulated.CloudJson;
import io.weir.simulated.Dials;
import io.weir.simulated.DialsDesk;
import io.weir.simulated.HttpSimulatedApi;
import io.weir.simulated.Machine;
import io.weir.simulated.SimulatedApi;
import io.weir.simulated.SimulatedCloud;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CloudServerTest {
    private final SimulatedCloud cloud = new SimulatedCloud(Clock.systemUTC(), 1, Dials.DEFAULT);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client = HttpClient.newHttpClient();
    private CloudServer server;
    private HttpSimulatedApi api;

    @BeforeEach
    void start() throws Exception {
        server = CloudServer.start(
                cloud, new DialsDesk(cloud, 1, document -> {}), Clock.systemUTC(), 0, threads, () -> {});
        api = new HttpSimulatedApi(client, server::url, Duration.ofSeconds(10));
    }

    @AfterEach
    void stop() {
        server.close();
        threads.close();
    }

    private static SimulatedApi.Launch launch(String batch) {
        return new SimulatedApi.Launch(
                batch,
                batch,
                "zone-a",
                "small",
                "SPOT",
                "img-1",
                List.of(batch + "-0"),
                Map.of("weir-pool", "web", "awkward", "a \"b\" \\ ü 🚀\n\t/"),
                JsonNodeFactory.instance.objectNode().put("publicAddress", true));
    }

    @Test
    void everything_the_driver_uses_passes_through() throws Exception {
        String id = api.launch(launch("b")).get(0).id();
        Machine machine = api.machine(String.valueOf(id)).orElseThrow();
        assertThat(machine)
                .usingRecursiveComparison()
                .isEqualTo(cloud.machine(machine.id).orElseThrow());
        assertThat(machine.tags).containsEntry("awkward", "a \"b\" \\ ü 🚀\n\t/");
        assertThat(api.machines(Set.of("web", "other"), null).machines()).hasSize(1);
        assertThat(api.tag(Map.of(machine.id, Map.of("x", "y"))))
                .extracting(SimulatedApi.Done::kind)
                .containsOnlyNulls();
        assertThat(api.terminate(List.of(machine.id, "i-none")))
                .extracting(SimulatedApi.Done::kind)
                .containsExactly(null, Code.NOT_FOUND);
        assertThat(api.machine("i-none")).isEmpty();
        assertThat(api.catalog()).isEqualTo(cloud.catalog());
    }

    @Test
    void silence_stays_silence() {
        cloud.loseAnswers(1);
        assertThatThrownBy(() -> api.launch(launch("b"))).satisfies(failure -> failed(failure, Code.UNKNOWN));
        assertThat(cloud.ledger()).as("and was carried out once").hasSize(1);
        cloud.loseRequests(1);
        assertThatThrownBy(() -> api.launch(launch("c"))).satisfies(failure -> failed(failure, Code.UNKNOWN));
        assertThat(cloud.ledger()).hasSize(1);
    }

    @Test
    void a_cloud_that_is_not_there_was_certainly_not_reached() {
        server.close();
        assertThatThrownBy(() -> api.launch(launch("b"))).satisfies(failure -> failed(failure, Code.UNAVAILABLE));
    }

    @Test
    void somebody_elses_answer_is_not_believed() throws Exception {
        for (int status : List.of(200, 404, 500)) {
            HttpServer stranger = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
            stranger.createContext("/", exchange -> {
                exchange.sendResponseHeaders(status, 0);
                exchange.getResponseBody().write("<html>what?</html>".getBytes(UTF_8));
                exchange.close();
            });
            stranger.start();
            try {
                URI there =
                        URI.create("http://127.0.0.1:" + stranger.getAddress().getPort());
                HttpSimulatedApi lost = new HttpSimulatedApi(client, () -> there, Duration.ofSeconds(10));
                assertThatThrownBy(() -> lost.launch(launch("b"))).satisfies(failure -> failed(failure, Code.UNKNOWN));
                assertThatThrownBy(() -> lost.machine("i-1")).satisfies(failure -> failed(failure, Code.UNKNOWN));
            } finally {
                stranger.stop(0);
            }
        }
    }

    @Test
    void refusals_carry_their_kind_and_the_time_to_wait() throws Exception {
        cloud.turn(Dials.DEFAULT.turned(
                turn -> turn.throttle = Map.of(io.weir.simulated.Call.CATALOG, new Dials.Bucket(1, 0.01))));
        api.catalog();
        assertThatThrownBy(api::catalog).satisfies(failure -> {
            failed(failure, Code.THROTTLED);
            assertThat(((ApiFailure) failure).retryAfter()).hasValueSatisfying(wait -> assertThat(wait)
                    .isBetween(Duration.ofSeconds(90), Duration.ofSeconds(100)));
        });
        HttpResponse<String> answer = call("GET", "/catalog", Optional.empty());
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(json(answer).path("kind").asText()).isEqualTo("THROTTLED");
    }

    @Test
    void people_turn_dials_kill_machines_and_read_the_ledger() throws Exception {
        api.launch(launch("b"));
        api.launch(launch("c"));
        assertThat(call("GET", "/", Optional.empty()).body()).contains("PATCH /dials");
        assertThat(json(call("PATCH", "/dials", Optional.of("{\"lostAnswers\": 0.5}")))
                        .path("lostAnswers")
                        .asDouble())
                .isEqualTo(0.5);
        assertThat(cloud.dials().lostAnswers()).isEqualTo(0.5);
        assertThat(json(call("POST", "/machines/i-00000001/kill", Optional.empty()))
                        .path("killed"))
                .hasSize(1);
        assertThat(call("POST", "/machines/i-00000001/kill", Optional.empty()).statusCode())
                .isEqualTo(404);
        assertThat(json(call("POST", "/machines/kill?count=5&pool=web", Optional.empty()))
                        .path("killed"))
                .hasSize(1);
        List<String> lines =
                call("GET", "/ledger", Optional.empty()).body().lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(CloudJson.LENIENT.readTree(lines.get(0)).path("cause").asText())
                .isEqualTo("killed");
        assertThat(json(call("GET", "/faults", Optional.empty()))
                        .path("KILLED")
                        .path("terminate")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void what_cannot_be_understood_changes_nothing() throws Exception {
        for (String body :
                List.of("", "{}", "{\"ids\": [1]}", "{\"ids\": [null]}", "{\"ids\": [], \"more\": 1}", "[", "null")) {
            HttpResponse<String> answer = call("POST", "/terminations", Optional.of(body));
            assertThat(answer.statusCode()).as(body).isEqualTo(400);
            assertThat(json(answer).path("kind").asText()).isEqualTo("INVALID_TEMPLATE");
        }
        assertThat(call("POST", "/tags", Optional.of("{\"machines\": {\"i\": null}}"))
                        .statusCode())
                .isEqualTo(400);
        assertThat(call("POST", "/launches", Optional.of("{\"batch\": \"b\"}")).body())
                .contains("zone: is due");
        assertThat(call("POST", "/machines/kill?cout=1", Optional.empty()).statusCode())
                .isEqualTo(400);
        assertThat(call("GET", "/nothing", Optional.empty()).statusCode()).isEqualTo(404);
        assertThat(call("PATCH", "/dials", Optional.of("{\"lagSecond\": 1}")).body())
                .contains("did you mean");
    }

    @Test
    void the_judge_answers_for_a_pool_up_to_now() throws Exception {
        api.launch(launch("b"));
        JsonNode judgement = json(call("POST", "/judgement", Optional.of("""
                        {"pool": "web", "wishes": [{"at": "2020-01-01T00:00:00Z", "value": 1}], "graceSeconds": 0,
                         "members": [], "from": "2020-01-01T00:00:00Z", "to": "2999-01-01T00:00:00Z"}
                        """)));
        assertThat(judgement.path("doubles")).isEmpty();
        assertThat(judgement.path("orphans").get(0).asText()).contains("b-0");
        assertThat(judgement.path("clean").asBoolean(true)).isFalse();
        assertThat(judgement.path("machineHours").asDouble()).isLessThan(1);
        assertThat(call("POST", "/judgement", Optional.of("{\"pool\": \"web\"}"))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void a_web_page_is_not_answered() throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create(server.url() + "/ledger"))
                        .header("Origin", "https://example.org")
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(403);
    }

    private HttpResponse<String> call(String method, String path, Optional<String> body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(server.url() + path))
                        .method(method, body.map(BodyPublishers::ofString).orElse(BodyPublishers.noBody()))
                        .build(),
                BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        return CloudJson.LENIENT.readTree(answer.body());
    }

    private static void failed(Throwable failure, Code code) {
        assertThat(failure).isInstanceOfSatisfying(ApiFailure.class, it -> assertThat(it.code())
                .isEqualTo(code));
    }
}
