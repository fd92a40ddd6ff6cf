package io.weir.aws.fake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.simulated.CloudJson;
import io.weir.simulated.DialsDesk;
import io.weir.simulated.LedgerJudge;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What people and tests do with the fake besides calling EC2, under {@code /_fake}: look at the ledger and have it judged, turn dials, end
 * instances. {@code PATCH /_fake/dials} merges a part into the whole (RFC 7396).
 */
final class Control {
    static final String PREFIX = "/_fake";
    private static final Set<String> DELAYS = Set.of("boot", "end");

    private final Ec2Cloud cloud;
    private final Calls calls;
    private final InstantSource clock;
    private final Consumer<JsonNode> keep;

    /** @param keep where turned dials are kept */
    Control(Ec2Cloud cloud, Calls calls, InstantSource clock, Consumer<JsonNode> keep) {
        this.cloud = cloud;
        this.calls = calls;
        this.clock = clock;
        this.keep = keep;
    }

    Answer answer(String method, String path, @Nullable String query, String body) {
        List<String> words = List.of(path.substring(PREFIX.length()).split("/", -1)).stream()
                .filter(word -> !word.isEmpty())
                .toList();
        String route = method + " " + String.join("/", words.subList(0, Math.min(1, words.size())));
        try {
            return switch (route) {
                case "GET health" -> json(Map.of("status", "up", "now", clock.instant()));
                case "GET dials" -> json(cloud.dials());
                case "PATCH dials" -> turn(CloudJson.STRICT.readTree(body));
                case "GET region" -> json(cloud.region());
                case "GET ledger" -> ledger();
                case "GET calls" -> json(calls.table());
                case "POST judgement" ->
                    json(LedgerJudge.judge(
                            cloud.ledger(),
                            CloudJson.STRICT
                                    .readValue(body, LedgerJudge.Question.class)
                                    .until(clock.instant())));
                case "POST instances" -> end(words);
                case "POST kill" ->
                    kill(new Query(query == null ? Map.of() : Query.parse(query).values()));
                default -> new Answer(404, "text/plain", "there is no " + method + " " + path + "\n");
            };
        } catch (JsonProcessingException | IllegalArgumentException wrong) {
            return new Answer(400, "text/plain", wrong.getMessage() + "\n");
        }
    }

    private static Answer json(Object value) {
        return Answer.json(200, "application/json", value);
    }

    private Answer turn(JsonNode patch) throws JsonProcessingException {
        Ec2Dials dials = merged(cloud.dials(), patch);
        cloud.set(dials);
        keep.accept(CloudJson.STRICT.valueToTree(dials));
        return json(dials);
    }

    static Ec2Dials merged(Ec2Dials dials, JsonNode patch) throws JsonProcessingException {
        ObjectNode tree = CloudJson.STRICT.valueToTree(dials);
        ObjectNode defaults = CloudJson.STRICT.valueToTree(Ec2Dials.DEFAULT);
        patch.properties().forEach(entry -> DialsDesk.merge(tree, defaults, DELAYS, entry.getKey(), entry.getValue()));
        return CloudJson.STRICT.treeToValue(tree, Ec2Dials.class);
    }

    private Answer ledger() {
        String lines =
                cloud.ledger().stream().map(line -> json(line).body() + "\n").collect(Collectors.joining());
        return new Answer(200, "application/jsonl", lines);
    }

    /** {@code POST /_fake/instances/{id}/kill} or {@code /interrupt}. */
    private Answer end(List<String> words) {
        if (words.size() != 3) {
            throw new IllegalArgumentException("POST /_fake/instances/{id}/kill or /interrupt");
        }
        String id = words.get(1);
        boolean done =
                switch (words.get(2)) {
                    case "kill" -> cloud.kill(id);
                    case "interrupt" -> cloud.interrupt(id);
                    default -> throw new IllegalArgumentException("kill or interrupt");
                };
        return done ? json(Map.of("ended", id)) : new Answer(404, "text/plain", "no living instance " + id + "\n");
    }

    /** {@code POST /_fake/kill?count=n&pool=name}. */
    private Answer kill(Query query) {
        int count = Integer.parseInt(query.text("count").orElse("1"));
        return json(Map.of("killed", cloud.kill(count, query.text("pool").orElse(null))));
    }
}
