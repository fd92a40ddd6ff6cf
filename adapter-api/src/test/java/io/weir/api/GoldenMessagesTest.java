package io.weir.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.api.client.WireJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every published message is read into our record, and our record writes every published field with the same value. */
class GoldenMessagesTest {
    private static final ObjectMapper JSON = WireJson.mapper();

    private static final Map<String, Class<?>> RECORDS = Map.ofEntries(
            Map.entry("2.0/machine-pool.answer.json", MachinePool.class),
            Map.entry("2.0/machine-pool-requested.answer.json", MachinePool.class),
            Map.entry("2.0/pool-size.answer.json", PoolSize.class),
            Map.entry("2.0/error.answer.json", ErrorDocument.class),
            Map.entry("2.0/set-desired-size.request.json", SetDesiredSize.class),
            Map.entry("2.0/terminate-machine.request.json", TerminateMachine.class),
            Map.entry("2.0/detach-machine.request.json", DetachMachine.class),
            Map.entry("2.0/set-service-state.request.json", SetServiceState.class),
            Map.entry("5.0/machine-pool.answer.json", MachinePool.class),
            Map.entry("5.0/machine-pool-requested.answer.json", MachinePool.class),
            Map.entry("5.0/pool-size.answer.json", PoolSize.class),
            Map.entry("5.0/status.answer.json", PoolStatus.class),
            Map.entry("5.0/error.answer.json", ErrorDocument.class),
            Map.entry("5.0/set-desired-size.request.json", SetDesiredSize.class),
            Map.entry("5.0/terminate-machine.request.json", TerminateMachine.class),
            Map.entry("5.0/detach-machine.request.json", DetachMachine.class),
            Map.entry("5.0/attach-machine.request.json", AttachMachine.class),
            Map.entry("5.0/set-service-state.request.json", SetServiceState.class),
            Map.entry("5.0/set-membership-status.request.json", SetMembershipStatus.class));

    @TestFactory
    Stream<DynamicTest> a_published_answer_is_read_and_written_again_with_every_field() {
        return RECORDS.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(".answer.json"))
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    JsonNode published = golden(entry.getKey());
                    JsonNode ours = JSON.valueToTree(JSON.treeToValue(published, entry.getValue()));
                    assertHolds(entry.getKey(), published, ours);
                }));
    }

    @TestFactory
    Stream<DynamicTest> a_request_of_ours_is_a_published_one_and_nothing_more() {
        return RECORDS.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(".request.json"))
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    JsonNode published = golden(entry.getKey());
                    assertThat(JSON.<JsonNode>valueToTree(JSON.treeToValue(published, entry.getValue())))
                            .isEqualTo(published);
                }));
    }

    @Test
    void no_golden_file_goes_unread() throws Exception {
        Path folder = Path.of(java.util.Objects.requireNonNull(GoldenMessagesTest.class.getResource("/golden"))
                .toURI());
        try (Stream<Path> files = Files.walk(folder)) {
            Set<String> names = files.filter(file -> file.toString().endsWith(".json"))
                    .map(file -> folder.relativize(file).toString())
                    .collect(Collectors.toSet());
            assertThat(names).isEqualTo(RECORDS.keySet());
        }
    }

    @Test
    void one_document_serves_readers_of_both_versions() {
        var launched = Instant.parse("2026-11-24T04:00:00.120Z");
        var machine = new Machine(
                "i-1",
                "RUNNING",
                null,
                null,
                "Simulated",
                "here",
                "small",
                null,
                launched,
                null,
                null,
                null,
                null,
                null);
        JsonNode ours = JSON.valueToTree(new MachinePool(launched, List.of(machine)));

        JsonNode one = ours.path("machines").path(0);
        assertThat(one.path("launchtime").asText()).isEqualTo("2026-11-24T04:00:00.120Z");
        assertThat(one.path("launchTime")).isEqualTo(one.path("launchtime"));
        assertThat(one.path("membershipStatus").path("evictable").booleanValue())
                .isTrue();
        assertThat(one.path("publicIps").isArray()).isTrue();
    }

    @Test
    void the_sizes_of_one_version_follow_from_those_of_the_other() throws Exception {
        PoolSize two = JSON.treeToValue(golden("2.0/pool-size.answer.json"), PoolSize.class);
        PoolSize five = JSON.treeToValue(golden("5.0/pool-size.answer.json"), PoolSize.class);

        assertThat(two.active()).isEqualTo(3);
        assertThat(five.outOfService()).isEqualTo(1);
    }

    @Test
    void a_field_without_a_value_is_written_as_null() {
        JsonNode error = JSON.valueToTree(ErrorDocument.of("no", "because"));

        assertThat(error.has("field")).isTrue();
        assertThat(error.path("field").isNull()).isTrue();
    }

    private static void assertHolds(String where, JsonNode published, JsonNode ours) {
        assertThat(ours.getNodeType()).as(where).isEqualTo(published.getNodeType());
        if (published.isObject()) {
            published.properties().forEach(field -> {
                assertThat(ours.has(field.getKey()))
                        .as(where + "." + field.getKey())
                        .isTrue();
                assertHolds(where + "." + field.getKey(), field.getValue(), ours.path(field.getKey()));
            });
        } else if (published.isArray()) {
            assertThat(ours.size()).as(where).isEqualTo(published.size());
            for (int i = 0; i < published.size(); i++) {
                assertHolds(where + "[" + i + "]", published.path(i), ours.path(i));
            }
        } else {
            assertThat(ours).as(where).isEqualTo(published);
        }
    }

    private static JsonNode golden(String name) throws IOException {
        try (InputStream in = GoldenMessagesTest.class.getResourceAsStream("/golden/" + name)) {
            return JSON.readTree(java.util.Objects.requireNonNull(in, name));
        }
    }
}
