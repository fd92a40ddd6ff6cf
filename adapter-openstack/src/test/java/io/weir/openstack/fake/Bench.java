package io.weir.openstack.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.kit.HandClock;
import io.weir.openstack.recorded.Wire;
import io.weir.openstack.recorded.Wire.Answer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A fake and a plain client of its project {@code demo}, for tests of the fake itself. */
final class Bench implements AutoCloseable {
    static final String NEWEST = "2.93";

    final HandClock clock;
    final FakeOpenStack fake;
    final Wire wire;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Bench() {
        clock = new HandClock(FakeOpenStack.BEGINNING);
        fake = FakeOpenStack.start(clock, 1, dials(), threads);
        wire = wire();
    }

    /** One that goes on from its books. */
    Bench(HandClock clock, Path books) throws IOException {
        this.clock = clock;
        fake = FakeOpenStack.start(clock, 1, dials(), threads, books, java.util.Map.of());
        wire = wire();
    }

    private static FakeDials dials() {
        FakeDials dials = new FakeDials();
        dials.zones = List.of("zone-a", "zone-b");
        dials.boot = new io.weir.simulated.Delay.Fixed(3);
        dials.end = new io.weir.simulated.Delay.Fixed(1);
        return dials;
    }

    Wire wire() {
        return new Wire(http, fake.access("demo"), () -> pass(0.3));
    }

    void pass(double seconds) {
        clock.pass(Duration.ofMillis((long) (seconds * 1000)));
    }

    /** What a launch needs at least. */
    ObjectNode plain(String name) {
        ObjectNode server = Wire.JSON.createObjectNode();
        server.put("name", name).put("flavorRef", "1").put("networks", "none");
        return server.put(
                "imageRef",
                wire.get("image", "/v2/images").at("images").path(0).path("id").asText());
    }

    Answer launch(ObjectNode server) {
        ObjectNode body = Wire.JSON.createObjectNode();
        body.set("server", server);
        return wire.call("compute", "POST", "/servers", body, NEWEST);
    }

    String launched(String name) {
        return launched(name, server -> {});
    }

    String launched(String name, Consumer<ObjectNode> more) {
        ObjectNode server = plain(name);
        more.accept(server);
        Answer answer = launch(server);
        if (answer.status() != 202) {
            throw new IllegalStateException(answer.raw().body());
        }
        return answer.at("server").path("id").asText();
    }

    JsonNode server(String id) {
        return wire.call("compute", "GET", "/servers/" + id, null, NEWEST).at("server");
    }

    String status(String id) {
        return server(id).path("status").asText("none");
    }

    int delete(String id) {
        return wire.call("compute", "DELETE", "/servers/" + id, null, NEWEST).status();
    }

    List<String> listed(String query) {
        return listed(query, NEWEST);
    }

    List<String> listed(String query, @Nullable String version) {
        List<String> names = new ArrayList<>();
        wire.call("compute", "GET", "/servers/detail" + query, null, version)
                .at("servers")
                .forEach(server -> names.add(
                        server.path("name").asText(server.path("status").asText())));
        return names;
    }

    List<String> volumes() {
        List<String> states = new ArrayList<>();
        wire.get("volumev3", "/volumes/detail")
                .at("volumes")
                .forEach(volume -> states.add(volume.path("status").asText()));
        return states;
    }

    @Override
    public void close() {
        fake.close();
        http.close();
        threads.close();
    }
}
