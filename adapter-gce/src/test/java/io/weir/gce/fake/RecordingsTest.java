package io.weir.gce.fake;

import static io.weir.gce.fake.Bench.A;
import static io.weir.gce.fake.Bench.PROJECT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.InstanceAggregatedList;
import com.google.cloud.compute.v1.InstanceGroupManagerList;
import com.google.cloud.compute.v1.InstanceGroupManagersListManagedInstancesResponse;
import com.google.cloud.compute.v1.InstanceList;
import com.google.cloud.compute.v1.InstanceTemplateList;
import com.google.cloud.compute.v1.InstancesSetLabelsRequest;
import com.google.cloud.compute.v1.Operation;
import com.google.cloud.compute.v1.ServiceAccount;
import com.google.cloud.compute.v1.SetLabelsInstanceRequest;
import com.google.cloud.compute.v1.Tags;
import com.google.protobuf.Message;
import io.weir.gce.fake.Change.Failure;
import io.weir.gce.fake.Change.Fault;
import io.weir.simulated.CloudJson;
import io.weir.simulated.Delay;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The fake's answers have the fields that recorded answers of Compute Engine have, with the same types; every difference is named here with
 * its reason. Recordings are read by the client's own messages, strictly but for what Google's schema has lost since.
 */
class RecordingsTest {
    private static final Path FOLDER = Path.of("src", "test", "resources", "recordings");

    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    private static JsonNode recording(String name) throws IOException {
        JsonNode whole =
                CloudJson.LENIENT.readTree(FOLDER.resolve(name + ".json").toFile());
        return whole.has("body") ? whole.path("body") : whole;
    }

    /** As the wire has it. */
    private JsonNode raw(String path) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return CloudJson.LENIENT.readTree(http.send(
                            HttpRequest.newBuilder(
                                            URI.create(bench.fake.url() + "/compute/v1/projects/" + PROJECT + path))
                                    .build(),
                            BodyHandlers.ofString())
                    .body());
        }
    }

    /** Paths of fields with the types of their values; places in a list are one, and what is in a table of labels is not told. */
    private static Set<String> fields(JsonNode node) {
        Set<String> fields = new TreeSet<>();
        collect(node, "", fields);
        return fields;
    }

    private static void collect(JsonNode node, String path, Set<String> fields) {
        if (node.isObject() && !path.endsWith("labels")) {
            node.properties().forEach(entry -> collect(entry.getValue(), path + "/" + entry.getKey(), fields));
        } else if (node.isArray()) {
            node.forEach(one -> collect(one, path, fields));
        } else {
            fields.add(path + " " + (node.isObject() ? "table" : node.getNodeType()));
        }
    }

    private static Set<String> without(Set<String> fields, String... paths) {
        Set<String> left = new TreeSet<>(fields);
        for (String path : paths) {
            assertThat(left.removeIf(field -> field.startsWith(path))).as(path).isTrue();
        }
        return left;
    }

    @Test
    void an_instance_has_the_fields_of_a_recorded_one() throws Exception {
        bench.insert("web-1", one -> one.clearLabels().setTags(Tags.newBuilder().addItems("foo")));
        bench.settle();
        bench.cloud().stop(A + ":web-1", true);
        bench.settle();

        assertThat(without(
                        fields(raw("/zones/" + A + "/instances/web-1")),
                        // Stopped, where the recorded one is suspended.
                        "/lastStopTimestamp",
                        // Asked for by whoever launched it; the recorded one was launched without any.
                        "/description"))
                .isEqualTo(without(
                        fields(recording("c7n_get_instance_suspended")),
                        "/lastSuspendedTimestamp",
                        // Keys of the firmware, which the fake has none of.
                        "/disks/shieldedInstanceInitialState"));
    }

    @Test
    void an_aggregated_listing_has_the_fields_of_a_recorded_one() throws Exception {
        bench.insert("web-1", one -> one.setTags(Tags.newBuilder().addItems("web"))
                .addServiceAccounts(ServiceAccount.newBuilder()
                        .setEmail(ExampleProject.ACCOUNT)
                        .addScopes("https://www.googleapis.com/auth/cloud-platform")));
        bench.settle();
        Set<String> ours = zoneless(fields(raw("/aggregated/instances")));
        Set<String> theirs = zoneless(fields(recording("c7n_aggregatedList_instances")));

        assertThat(theirs).as("what was recorded in 2018 is there").isSubsetOf(ours);
        ours.removeAll(theirs);
        assertThat(ours)
                .allMatch(field ->
                        // Empty scopes were left out when it was recorded.
                        field.contains("/warning/")
                                // What Compute tells of an instance since: all of it is in the recording of 2023.
                                || Stream.of(
                                                "/fingerprint STRING",
                                                "/stackType",
                                                "/networkTier",
                                                "/diskSizeGb",
                                                "/architecture",
                                                "/provisioningModel",
                                                "/shieldedInstance",
                                                "/lastStartTimestamp")
                                        .anyMatch(field::contains));
    }

    private static Set<String> zoneless(Set<String> fields) {
        return fields.stream()
                .map(field -> field.replaceAll("^/items/zones/[a-z0-9-]+", "/items/*"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void a_listing_after_a_delete_shows_what_a_recorded_one_shows() throws Exception {
        bench.insert("web-1", one -> one.clearLabels()
                .addServiceAccounts(ServiceAccount.newBuilder()
                        .setEmail("default")
                        .addScopes("https://www.googleapis.com/auth/logging.write")));
        bench.settle();
        bench.delete("web-1");
        bench.pass(Duration.ofSeconds(3));
        JsonNode ours = raw("/zones/" + A + "/instances?filter=name%20=%20web-1");
        JsonNode theirs = recording("c7n_list_instances_after_delete");

        assertThat(fields(theirs)).isSubsetOf(fields(ours));
        assertThat(ours.path("items").path(0).path("status").asText())
                .isEqualTo(theirs.path("items").path(0).path("status").asText())
                .isEqualTo("STOPPING");
        assertThat(ours.path("items").path(0).path("labelFingerprint"))
                .isEqualTo(theirs.path("items").path(0).path("labelFingerprint"));
        assertThat(ours.path("items").path(0).path("tags"))
                .isEqualTo(theirs.path("items").path(0).path("tags"));
    }

    /** The operation, as the fake's wire has it. */
    private JsonNode wire(Operation operation) throws Exception {
        return raw("/zones/" + A + "/operations/" + operation.getName());
    }

    @Test
    void an_insert_is_pending_with_the_fields_of_a_recorded_one() throws Exception {
        assertThat(fields(wire(bench.insert("web-1"))))
                .isEqualTo(without(
                        fields(recording("libcloud_insert_operation_pending")),
                        // Of 2013; a PENDING operation recorded since has none.
                        "/startTime"));
    }

    @Test
    void an_insert_is_done_with_the_fields_of_a_recorded_one() throws Exception {
        Operation begun = bench.insert("web-1");
        bench.settle();

        assertThat(fields(wire(begun))).isEqualTo(fields(recording("libcloud_insert_operation_done")));
    }

    @Test
    void an_insert_whose_name_is_taken_fails_with_the_fields_and_words_of_a_recorded_one() throws Exception {
        bench.insert("web-1");
        bench.cloud().turn(turn -> turn.conflictsInOperation = true);
        Operation begun = bench.insert("web-1");
        bench.settle();
        JsonNode ours = wire(begun);
        JsonNode theirs = recording("libcloud_insert_operation_error_409_RESOURCE_ALREADY_EXISTS");

        assertThat(without(fields(ours), "/endTime"))
                .as("the recorded one was looked at without its end")
                .isEqualTo(fields(theirs));
        for (String field : List.of("status", "progress", "httpErrorStatusCode", "httpErrorMessage")) {
            assertThat(ours.path(field)).isEqualTo(theirs.path(field));
        }
        JsonNode fault = ours.path("error").path("errors").path(0);
        JsonNode known = theirs.path("error").path("errors").path(0);
        assertThat(fault.path("code")).isEqualTo(known.path("code"));
        assertThat(fault.path("message").asText())
                .matches("The resource 'projects/.*/zones/.*/instances/.*' already exists");
    }

    @Test
    void a_failed_operation_has_the_fields_of_a_recorded_one() throws Exception {
        Instant at = Bench.START;
        Change.Op failed = new Change.Op(
                "operation-1",
                "1122640775725896976",
                A,
                "setMachineType",
                "zones/" + A + "/instances/web-1",
                "10940055899777330894",
                Access.WEIR,
                at,
                at,
                at,
                Failure.of(400, "BAD REQUEST", new Fault("RESOURCE_NOT_READY", "The resource is not ready")),
                null,
                null,
                null,
                null);

        assertThat(fields(CloudJson.LENIENT.readTree(Schema.json(Operations.view(failed, at.toEpochMilli())))))
                .isEqualTo(fields(recording("libcloud_operation_error_RESOURCE_NOT_READY")));
    }

    @Test
    void a_delete_is_pending_with_the_fields_of_a_recorded_one() throws Exception {
        bench.insert("web-1");
        bench.settle();
        bench.cloud().turn(turn -> turn.start = new Delay.Fixed(5));

        assertThat(fields(wire(bench.delete("web-1")))).isEqualTo(fields(recording("c7n_delete_instance_operation")));
    }

    @Test
    void new_labels_run_with_the_fields_of_a_recorded_operation() throws Exception {
        bench.insert("web-1");
        bench.settle();
        bench.cloud().turn(turn -> turn.start = new Delay.Fixed(0));
        Operation begun = bench.instances
                .setLabelsCallable()
                .call(SetLabelsInstanceRequest.newBuilder()
                        .setProject(PROJECT)
                        .setZone(A)
                        .setInstance("web-1")
                        .setInstancesSetLabelsRequestResource(InstancesSetLabelsRequest.newBuilder()
                                .setLabelFingerprint(bench.get("web-1").getLabelFingerprint())
                                .putLabels("team", "blue"))
                        .build());

        for (String name :
                List.of("c7n_setLabels_operation", "c7n_suspend_operation", "c7n_patch_autoscaler_operation")) {
            assertThat(fields(wire(begun))).as(name).isEqualTo(fields(recording(name)));
            assertThat(wire(begun).path("status")).isEqualTo(recording(name).path("status"));
        }
        assertThat(without(fields(wire(begun)), "/zone"))
                .as("a global operation has no zone")
                .isEqualTo(fields(recording("c7n_delete_instanceTemplate_operation")));
    }

    @Test
    void instance_templates_have_the_fields_of_a_recorded_listing() throws Exception {
        Set<String> ours = fields(raw("/global/instanceTemplates"));
        Set<String> theirs = fields(recording("c7n_list_instanceTemplates"));

        assertThat(ours)
                .filteredOn(field -> !field.contains("/properties/"))
                .isEqualTo(theirs.stream()
                        .filter(field -> !field.contains("/properties/"))
                        .toList());
    }

    private static Stream<Path> recordings() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".json")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void every_recording_is_a_message_of_the_schema(Path file) throws Exception {
        String name = String.valueOf(file.getFileName()).replace(".json", "");
        JsonNode body = recording(name);
        Message.Builder message = name.contains("operation")
                ? Operation.newBuilder()
                : switch (name) {
                    case "c7n_aggregatedList_instances" -> InstanceAggregatedList.newBuilder();
                    case "c7n_list_instances_after_delete" -> InstanceList.newBuilder();
                    case "c7n_get_instance_suspended" -> Instance.newBuilder();
                    case "c7n_list_instanceTemplates" -> InstanceTemplateList.newBuilder();
                    case "c7n_list_instanceGroupManagers" -> InstanceGroupManagerList.newBuilder();
                    default -> InstanceGroupManagersListManagedInstancesResponse.newBuilder();
                };

        Message read = Schema.read(body.toString(), message).build();
        assertThat(read.getAllFields()).isNotEmpty();
        assertThat(fields(CloudJson.LENIENT.readTree(Schema.json(read)))).isEqualTo(fields(body));
    }
}
