package io.weir.gce.fake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.cloud.compute.v1.Image;
import com.google.cloud.compute.v1.Subnetwork;
import io.weir.simulated.CloudJson;
import io.weir.simulated.DialsDesk;
import io.weir.simulated.LedgerJudge;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What people and tests do with the fake besides calling Compute, under {@code /_fake}: look at the ledger and have it judged, turn dials, end
 * instances. {@code PATCH /_fake/dials} merges a part into the whole (RFC 7396).
 */
final class Control {
    static final String PREFIX = "/_fake";
    private static final Set<String> DELAYS = Set.of("boot", "end", "failure", "start");

    private final ComputeCloud cloud;
    private final Calls calls;
    private final InstantSource clock;
    private final Consumer<JsonNode> keep;

    /** @param keep where turned dials are kept */
    Control(ComputeCloud cloud, Calls calls, InstantSource clock, Consumer<JsonNode> keep) {
        this.cloud = cloud;
        this.calls = calls;
        this.clock = clock;
        this.keep = keep;
    }

    Door.Answer answer(String method, String path, String query, String body) {
        List<String> words = List.of(path.substring(PREFIX.length()).split("/", -1)).stream()
                .filter(word -> !word.isEmpty())
                .toList();
        String route = method + " " + String.join("/", words.subList(0, Math.min(1, words.size())));
        try {
            return switch (route) {
                case "GET health" -> json(Map.of("status", "up", "now", clock.instant()));
                case "GET dials" -> json(cloud.dials());
                case "PATCH dials" -> turn(CloudJson.STRICT.readTree(body));
                case "GET project" -> json(project());
                case "GET ledger" -> ledger();
                case "GET bearing" -> json(cloud.bearing(one(query, "label").orElse("weir-pool")));
                case "GET calls" -> json(calls.table());
                case "POST judgement" ->
                    json(LedgerJudge.judge(
                            cloud.ledger(),
                            CloudJson.STRICT
                                    .readValue(body, LedgerJudge.Question.class)
                                    .until(clock.instant())));
                case "POST instances" -> end(words);
                case "POST kill" -> kill(query);
                default -> new Door.Answer(404, "text/plain", "there is no " + method + " " + path + "\n");
            };
        } catch (JsonProcessingException | IllegalArgumentException wrong) {
            return new Door.Answer(400, "text/plain", wrong.getMessage() + "\n");
        }
    }

    private static Door.Answer json(Object value) {
        return Door.json(200, value);
    }

    private Door.Answer turn(JsonNode patch) throws JsonProcessingException {
        GceDials dials = merged(cloud.dials(), patch);
        cloud.set(dials);
        keep.accept(CloudJson.STRICT.valueToTree(dials));
        return json(dials);
    }

    static GceDials merged(GceDials dials, JsonNode patch) throws JsonProcessingException {
        ObjectNode tree = CloudJson.STRICT.valueToTree(dials);
        ObjectNode defaults = CloudJson.STRICT.valueToTree(GceDials.DEFAULT);
        patch.properties().forEach(entry -> DialsDesk.merge(tree, defaults, DELAYS, entry.getKey(), entry.getValue()));
        return CloudJson.STRICT.treeToValue(tree, GceDials.class);
    }

    private Door.Answer ledger() {
        String lines =
                cloud.ledger().stream().map(line -> json(line).body() + "\n").collect(Collectors.joining());
        return new Door.Answer(200, "application/jsonl", lines);
    }

    /** {@code POST /_fake/instances/{id}/kill} or {@code /preempt}. */
    private Door.Answer end(List<String> words) {
        if (words.size() != 3) {
            throw new IllegalArgumentException("POST /_fake/instances/{id}/kill or /preempt");
        }
        String id = words.get(1);
        boolean done =
                switch (words.get(2)) {
                    case "kill" -> cloud.kill(id);
                    case "preempt" -> cloud.preempt(id);
                    default -> throw new IllegalArgumentException("kill or preempt");
                };
        return done ? json(Map.of("ended", id)) : new Door.Answer(404, "text/plain", "no living instance " + id + "\n");
    }

    /** {@code POST /_fake/kill?count=n&pool=name}. */
    private Door.Answer kill(String query) {
        int count = Integer.parseInt(one(query, "count").orElse("1"));
        return json(Map.of("killed", cloud.kill(count, one(query, "pool").orElse(null))));
    }

    private static Optional<String> one(String query, String name) {
        return Schema.parameters(query).getOrDefault(name, List.of()).stream().findFirst();
    }

    /** What can be launched, by name. */
    private Map<String, Object> project() {
        ExampleProject project = cloud.project();
        return Map.of(
                "project", ExampleProject.NAME,
                "zones", project.zones(),
                "machineTypes", project.types(),
                "images", project.images().stream().map(Image::getSelfLink).toList(),
                "subnetworks",
                        project.subnetworks().stream()
                                .map(Subnetwork::getSelfLink)
                                .toList());
    }
}
