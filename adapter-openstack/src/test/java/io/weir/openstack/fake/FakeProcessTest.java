package io.weir.openstack.fake;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.openstack.recorded.Access;
import io.weir.openstack.recorded.Wire;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fake as a process: it is found where it was, and knows what it knew. */
class FakeProcessTest {
    @TempDir
    Path home;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private @Nullable Process process;

    @AfterEach
    void end() {
        if (process != null) {
            process.destroyForcibly();
        }
        http.close();
    }

    private JsonNode start() throws IOException {
        Path where = home.resolve("fake.json");
        long before = Files.exists(where)
                ? Books.JSON.readTree(Files.readString(where)).path("pid").asLong()
                : 0;
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FakeProcess.class.getName(),
                        home.toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("fake.log").toFile())
                .start();
        Awaitility.await()
                .atMost(java.time.Duration.ofMinutes(1))
                .until(() -> Files.exists(where)
                        && Books.JSON
                                        .readTree(Files.readString(where))
                                        .path("pid")
                                        .asLong()
                                != before);
        return Books.JSON.readTree(Files.readString(where));
    }

    private Wire wire(JsonNode where) {
        Access.Person person = new Access.Person(
                where.path("user").asText(),
                where.path("password").asText(),
                where.path("user").asText());
        Access.Faults none = new Access.Faults() {
            @Override
            public void begin(String fault, double seconds, String part) {}

            @Override
            public void end(String fault) {}
        };
        return new Wire(http, new Access(where.path("authUrl").asText(), person, person, none), () -> {});
    }

    private JsonNode control(JsonNode where, String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(where.path("control").asText() + path))
                .method(method, BodyPublishers.ofString(body))
                .build();
        return Books.JSON.readTree(http.send(request, BodyHandlers.ofString()).body());
    }

    @Test
    void killed_and_started_again_it_is_where_it_was_and_knows_its_servers() throws Exception {
        JsonNode first = start();
        Wire wire = wire(first);
        ObjectNode server = Wire.JSON.createObjectNode();
        server.put("name", "a").put("flavorRef", "1").put("networks", "none");
        server.put(
                "imageRef",
                wire.get("image", "/v2/images").at("images").path(0).path("id").asText());
        String id = wire.call("compute", "POST", "/servers", Map.of("server", server), "2.93")
                .at("server")
                .path("id")
                .asText();
        assertThat(id).isNotEmpty();

        Objects.requireNonNull(process).destroyForcibly().waitFor();
        JsonNode second = start();

        assertThat(second.path("authUrl")).isEqualTo(first.path("authUrl"));
        Wire again = wire(second);
        assertThat(again.get("compute", "/servers/" + id).status()).isEqualTo(200);
        assertThat(control(second, "GET", "/ledger", "")).hasSize(1);
        assertThat(wire.get("compute", "/servers").status())
                .as("tokens are not kept")
                .isEqualTo(401);
    }

    @Test
    void its_dials_are_turned_and_its_faults_made_through_the_door_behind() throws Exception {
        JsonNode where = start();
        Wire wire = wire(where);
        wire.get("compute", "/servers");

        JsonNode dials = control(where, "PATCH", "/dials", "{\"maxLimit\": 7, \"zones\": [\"z1\"]}");
        control(
                where,
                "POST",
                "/faults",
                "{\"calls\": \"GET compute/servers\", \"kind\": \"PROXY\", \"p\": 1, \"count\": 1, \"status\": 502}");

        assertThat(dials.path("maxLimit").asInt()).isEqualTo(7);
        assertThat(control(where, "PATCH", "/dials", "{\"noSuchDial\": 1}").asText())
                .contains("noSuchDial");
        assertThat(wire.get("compute", "/servers").status()).isEqualTo(502);
        assertThat(wire.get("compute", "/servers").status()).isEqualTo(200);
        assertThat(control(where, "GET", "/calls", "")
                        .path("calls")
                        .path("GET compute/servers")
                        .asInt())
                .isEqualTo(3);
        assertThat(control(where, "GET", "/nope", "").asText()).contains("there is no");
    }
}
