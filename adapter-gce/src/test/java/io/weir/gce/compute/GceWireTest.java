package io.weir.gce.compute;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static io.weir.gce.compute.Wire.IN_ZONE;
import static io.weir.gce.compute.Wire.ROOT;
import static io.weir.gce.compute.Wire.error;
import static io.weir.gce.compute.Wire.json;
import static io.weir.gce.compute.Wire.listing;
import static io.weir.gce.compute.Wire.recording;
import static io.weir.gce.compute.Wire.row;
import static io.weir.gce.compute.Wire.running;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.weir.cloud.RequestMeter;
import io.weir.driver.CloudException;
import io.weir.driver.Listing;
import io.weir.pool.Batch;
import io.weir.pool.CloudMachine;
import io.weir.pool.FailureKind;
import io.weir.pool.Leftover;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.MachineState;
import io.weir.pool.Marks;
import io.weir.pool.Outcome;
import io.weir.pool.Scope;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Google's own client over a wire that does what wires and Compute Engine do: recorded answers, errors by status and reason, and none. */
class GceWireTest {
    private static final Batch BATCH = TestBatches.batch(1);
    private static final MachineName NAME = BATCH.names().get(0);
    private static final MachineId ID = new MachineId("us-central1-a:" + NAME);
    private static final String LAUNCHED_AS = GceRequests.launchedAs(BATCH);
    private static final Marks MARKS = Marks.first(TestBatches.POOL, TestBatches.STORE);
    private static final String OURS = "\"weir-pool\": \"web\", \"weir-batch\": \"web-k3j2h1g0-2f\"";

    private Wire wire = new Wire();

    @AfterEach
    void stop() {
        wire.close();
    }

    // Recordings

    @Test
    void a_recorded_insertion_that_is_pending_is_accepted() throws Exception {
        wire.insert(json(200, recording("libcloud_insert_operation_pending")));

        assertThat(launched()).isEqualTo(new Outcome.Accepted(ID));
    }

    @Test
    void a_recorded_insertion_that_is_done_is_accepted() throws Exception {
        wire.insert(json(200, recording("libcloud_insert_operation_done")));

        assertThat(launched()).isEqualTo(new Outcome.Accepted(ID));
    }

    @Test
    void a_recorded_insertion_that_failed_for_its_name_is_looked_at() throws Exception {
        wire.insert(json(200, recording("libcloud_insert_operation_error_409_RESOURCE_ALREADY_EXISTS")));
        wire.instance(NAME.value(), json(200, row(NAME.value(), OURS + ", \"weir-launch\": \"" + LAUNCHED_AS + "\"")));

        assertThat(launched()).isEqualTo(new Outcome.Accepted(ID));
    }

    @Test
    void a_recorded_operation_that_failed_is_a_refusal_by_its_own_code() throws Exception {
        wire.delete0(json(200, recording("libcloud_operation_error_RESOURCE_NOT_READY")));

        assertThat(ended()).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
            assertThat(refused.kind()).isEqualTo(FailureKind.CONFLICT);
            assertThat(refused.text()).startsWith("RESOURCE_NOT_READY: ");
        });
    }

    @Test
    void a_recorded_end_is_accepted() throws Exception {
        wire.delete0(json(200, recording("c7n_delete_instance_operation")));

        assertThat(ended()).isEqualTo(new Outcome.Accepted(ID));
    }

    @Test
    void recorded_labels_are_written() throws Exception {
        wire.instance(NAME.value(), json(200, row(NAME.value(), OURS)));
        wire.answers(
                post(urlPathEqualTo(IN_ZONE + "instances/" + NAME + "/setLabels")),
                json(200, recording("c7n_setLabels_operation")));

        assertThat(marked(MARKS)).isEqualTo(new Outcome.Accepted(ID));
    }

    @Test
    void recorded_machines_of_others_are_read_and_are_in_no_pool() throws Exception {
        wire.instances(json(200, recording("c7n_aggregatedList_instances")));

        Listing listing = wire.driver.list(Set.of(TestBatches.POOL));

        assertThat(listing.machines()).isEmpty();
        assertThat(listing.missing()).isEmpty();
    }

    @Test
    void a_recorded_machine_that_is_suspended_is_no_capacity_and_is_read_whole() throws Exception {
        wire.instance("pro-narwhal", json(200, recording("c7n_get_instance_suspended")));

        assertThat(wire.driver.find(new MachineId("us-central1-a:pro-narwhal"))).hasValueSatisfying(machine -> {
            assertThat(machine.state()).isEqualTo(MachineState.TERMINATING);
            assertThat(machine.choice().machineType()).isEqualTo("e2-medium");
            assertThat(machine.choice().zone()).isEqualTo("us-central1-a");
            assertThat(machine.requestTime()).contains(Instant.parse("2023-08-26T13:20:01.777Z"));
            assertThat(machine.privateIps()).hasSize(1);
            assertThat(machine.pool()).isEmpty();
            assertThat(machine.metadata()).containsEntry("networkTags", "bar,foo");
        });
    }

    @Test
    void a_recorded_machine_that_is_being_deleted_is_ending() throws Exception {
        String row = recording("c7n_list_instances_after_delete")
                .replaceFirst("(?s).*\"items\":\\[", "")
                .replaceFirst("(?s)\\],\"kind\":\"compute#instanceList\".*", "");
        wire.instances(json(
                200,
                listing("\"zones/us-central1-a\": {\"instances\": ["
                        + row.replaceFirst("\"status\":", "\"labels\": {" + OURS + "}, \"status\":") + "]}")));

        assertThat(wire.driver.list(Set.of(TestBatches.POOL)).machines())
                .singleElement()
                .satisfies(machine -> assertThat(machine.state()).isEqualTo(MachineState.TERMINATING));
    }

    // What an answer means

    @ParameterizedTest
    @CsvSource({
        "400, invalid, INVALID_TEMPLATE",
        "400, required, INVALID_TEMPLATE",
        "400, resourceNotReady, CONFLICT",
        "400, invalidResourceUsage, INVALID_TEMPLATE",
        "400, somethingNew, INVALID_TEMPLATE",
        "401, authError, UNAUTHORIZED",
        "403, forbidden, UNAUTHORIZED",
        "403, accessNotConfigured, UNAUTHORIZED",
        "403, rateLimitExceeded, THROTTLED",
        "403, userRateLimitExceeded, THROTTLED",
        "403, quotaExceeded, QUOTA_EXCEEDED",
        "404, notFound, INVALID_TEMPLATE",
        "412, conditionNotMet, INVALID_TEMPLATE",
        "412, somethingNew, INVALID_TEMPLATE",
        "413, uploadTooLarge, INVALID_TEMPLATE",
        "429, rateLimitExceeded, THROTTLED",
        "429, quotaExceeded, QUOTA_EXCEEDED",
        "503, ZONE_RESOURCE_POOL_EXHAUSTED, NO_CAPACITY",
    })
    void a_launch_is_refused_by_status_and_reason(int status, String reason, FailureKind kind) throws Exception {
        wire.insert(error(status, reason, "no"));

        assertThat(launched()).isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.kind())
                .isEqualTo(kind));
    }

    @ParameterizedTest
    @CsvSource({"500, internalError", "502, badGateway", "503, backendError", "503, invalid", "504, timeout", "501, x"})
    void a_launch_that_a_server_fails_on_may_have_happened(int status, String reason) throws Exception {
        wire.insert(error(status, reason, "no"));

        assertThat(launched()).isInstanceOf(Outcome.Unknown.class);
    }

    @Test
    void a_throttled_call_says_how_long_to_wait() throws Exception {
        wire.insert(error(429, "rateLimitExceeded", "no").withHeader("Retry-After", "7"));

        assertThat(launched()).isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.retryAfter())
                .contains(Duration.ofSeconds(7)));
    }

    @Test
    void a_read_that_fails_changed_nothing() {
        for (int status : List.of(500, 502, 503)) {
            wire.instances(error(status, "backendError", "no"));

            assertFailed(FailureKind.UNAVAILABLE, () -> wire.driver.list(Set.of(TestBatches.POOL)));
        }
    }

    @Test
    void each_call_is_one_request_whatever_comes_of_it() throws Exception {
        wire.insert(error(503, "backendError", "no"));
        launched();
        wire.instances(error(503, "backendError", "no"));
        assertFailed(FailureKind.UNAVAILABLE, () -> wire.driver.list(Set.of(TestBatches.POOL)));

        assertThat(wire.told)
                .containsExactlyInAnyOrder(
                        "instances.insert 503",
                        "regions.get 200",
                        "instances.aggregatedList 503",
                        "zoneOperations.list 200",
                        "zoneOperations.list 200");
        assertThat(wire.asked(".*")).hasSize(5);
    }

    @Test
    void every_change_bears_a_request_id_and_the_same_wish_the_same() throws Exception {
        wire.insert(running("insert"));
        wire.delete0(running("delete"));
        launched();
        launched();
        ended();
        ended();

        assertThat(requestIds("instances"))
                .hasSize(2)
                .containsOnly(requestIds("instances").get(0));
        assertThat(requestIds("instances/.*"))
                .hasSize(2)
                .containsOnly(requestIds("instances/.*").get(0));
        assertThat(requestIds("instances")).doesNotContainAnyElementsOf(requestIds("instances/.*"));
    }

    // No answer

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of("reset", aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)),
                Arguments.of("empty", aResponse().withFault(Fault.EMPTY_RESPONSE)),
                Arguments.of("garbage", aResponse().withFault(Fault.RANDOM_DATA_THEN_CLOSE)),
                Arguments.of("malformed", aResponse().withStatus(200).withFault(Fault.MALFORMED_RESPONSE_CHUNK)),
                Arguments.of("no JSON", json(200, "{\"kind\": \"compute#op")),
                Arguments.of("nothing", json(200, "")),
                Arguments.of("an empty object", json(200, "{}")),
                Arguments.of("another kind", json(200, "{\"kind\": \"compute#instance\"}")),
                Arguments.of(
                        "a proxy's page",
                        aResponse()
                                .withStatus(200)
                                .withHeader("Content-Type", "text/html")
                                .withBody("<html>Log in</html>")),
                Arguments.of(
                        "a proxy's error",
                        aResponse()
                                .withStatus(502)
                                .withHeader("Content-Type", "text/html")
                                .withBody("<html>502</html>")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void without_an_answer_a_change_is_in_doubt_and_a_read_is_no_listing(String name, ResponseDefinitionBuilder answer)
            throws Exception {
        wire.everything(answer);

        assertThat(launched()).isInstanceOf(Outcome.Unknown.class);
        assertThat(ended()).isInstanceOf(Outcome.Unknown.class);
        assertFailed(FailureKind.UNAVAILABLE, () -> wire.driver.list(Set.of(TestBatches.POOL)));
        assertFailed(FailureKind.UNAVAILABLE, () -> wire.driver.find(ID));
    }

    @Test
    void a_page_of_a_proxy_says_nothing_of_a_machine() throws Exception {
        for (int status : List.of(400, 404, 409, 410, 412)) {
            wire.everything(aResponse()
                    .withStatus(status)
                    .withHeader("Content-Type", "text/html")
                    .withBody("<html>" + status + "</html>"));

            assertFailed(FailureKind.UNAVAILABLE, () -> wire.driver.find(ID));
            assertThat(launched()).isInstanceOf(Outcome.Unknown.class);
            assertThat(ended()).isInstanceOf(Outcome.Unknown.class);
        }
    }

    @Test
    void a_launch_that_is_not_answered_in_time_may_happen_yet() throws Exception {
        wire.close();
        wire = new Wire(Duration.ofSeconds(1));
        wire.insert(running("insert").withFixedDelay(3000));

        assertThat(launched()).isInstanceOf(Outcome.Unknown.class);
        assertThat(wire.told).containsExactly("instances.insert timeout");
    }

    @Test
    void what_never_left_the_machine_did_not_happen() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Compute nobody = new Compute(
                        Compute.Settings.of(Wire.login(URI.create("http://127.0.0.1:1"), Duration.ofSeconds(5))),
                        InstantSource.system(),
                        InstantSource.system(),
                        threads,
                        RequestMeter.NONE)) {
            assertThat(nobody.driver().launch(BATCH).of(NAME))
                    .isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.kind())
                            .isEqualTo(FailureKind.UNAVAILABLE));
        }
    }

    // Launching

    @Test
    void one_that_fails_takes_no_other_along() throws Exception {
        Batch three = TestBatches.batch(3);
        wire.insert(running("insert"));
        wire.answers(
                post(urlPathEqualTo(IN_ZONE + "instances"))
                        .withRequestBody(com.github.tomakehurst.wiremock.client.WireMock.containing(
                                "\"" + three.names().get(1) + "\"")),
                error(403, "quotaExceeded", "Quota 'CPUS' exceeded.  Limit: 24.0 in region us-central1."));

        var outcomes = wire.driver.launch(three);

        assertThat(outcomes.of(three.names().get(0))).isInstanceOf(Outcome.Accepted.class);
        assertThat(outcomes.of(three.names().get(2))).isInstanceOf(Outcome.Accepted.class);
        assertThat(outcomes.of(three.names().get(1))).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
            assertThat(refused.kind()).isEqualTo(FailureKind.QUOTA_EXCEEDED);
            assertThat(refused.text()).contains("Quota 'CPUS' exceeded");
        });
    }

    @Test
    void a_name_that_is_taken_is_ours_if_its_labels_say_so_and_nobodys_if_it_does_not_show() throws Exception {
        wire.insert(error(409, "alreadyExists", "The resource already exists"));

        wire.instance(NAME.value(), json(200, row(NAME.value(), OURS + ", \"weir-launch\": \"" + LAUNCHED_AS + "\"")));
        assertThat(launched()).isEqualTo(new Outcome.Accepted(ID));

        wire.instance(NAME.value(), json(200, row(NAME.value(), OURS + ", \"weir-launch\": \"0123456789ab\"")));
        assertThat(refused(launched())).isEqualTo(FailureKind.INVALID_TEMPLATE);

        wire.instance(NAME.value(), json(200, row(NAME.value(), "\"owner\": \"anna\"")));
        assertThat(refused(launched())).isEqualTo(FailureKind.CONFLICT);

        wire.instance(NAME.value(), error(404, "notFound", "was not found"));
        assertThat(launched()).isInstanceOf(Outcome.Unknown.class);

        wire.instance(NAME.value(), error(503, "backendError", "no"));
        assertThat(launched()).isInstanceOf(Outcome.Unknown.class);
    }

    @Test
    void a_disk_of_the_machines_name_is_no_machine() throws Exception {
        String taken = "The resource 'projects/weir-example/zones/us-central1-a/disks/" + NAME + "' already exists";
        wire.insert(error(409, "alreadyExists", taken));
        assertThat(refused(launched())).isEqualTo(FailureKind.CONFLICT);

        wire.insert(json(
                200, failed(NAME.value(), "RESOURCE_ALREADY_EXISTS", "", "").replace("\"no\"", "\"" + taken + "\"")));
        assertThat(refused(launched())).isEqualTo(FailureKind.CONFLICT);
        assertThat(wire.told).doesNotContain("instances.get 200", "instances.get 404");
    }

    @Test
    void an_operation_that_has_ended_with_an_error_is_a_refusal_whatever_its_status_says() throws Exception {
        wire.insert(json(200, failed(NAME.value(), "ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS", "", "")));

        assertThat(refused(launched())).isEqualTo(FailureKind.NO_CAPACITY);
    }

    @Test
    void an_operation_that_misses_a_part_or_is_denied_one_makes_the_template_a_wrong_one() throws Exception {
        for (String code : List.of(
                "RESOURCE_NOT_FOUND",
                "CONDITION_NOT_MET",
                "SERVICE_ACCOUNT_ACCESS_DENIED",
                "PERMISSIONS_ERROR",
                "NEW")) {
            wire.insert(json(
                    200,
                    failed(NAME.value(), code, "", "")
                            .replaceFirst(
                                    "\\{", "{\"httpErrorStatusCode\": 403, \"httpErrorMessage\": \"FORBIDDEN\",")));

            assertThat(refused(launched())).as(code).isEqualTo(FailureKind.INVALID_TEMPLATE);
        }
    }

    @Test
    void user_data_is_in_no_text() throws Exception {
        wire.insert(error(400, "invalid", "Invalid value for field 'metadata': '" + TestBatches.SECRET + "'"));

        assertThat(launched().toString()).contains("Invalid value").doesNotContain("sesame");
    }

    @Test
    void user_data_is_in_no_text_however_long_it_is() throws Exception {
        String script = "#!/bin/sh\n" + "echo a line of a script\n".repeat(40) + "PASSWORD=sesame-4711\n"
                + "echo a line of a script\n".repeat(200);
        Batch batch = TestBatches.batch(List.of(NAME), TestBatches.CHOICE, TestBatches.launchedWith(script));
        String told = "Invalid value for field 'resource.metadata.items[0].value': '" + script.replace("\n", "\\n")
                + "'. It is too long";
        for (ResponseDefinitionBuilder answer : List.of(
                error(400, "invalid", told),
                json(200, failed(NAME.value(), "INVALID_FIELD_VALUE", "", "").replace("\"no\"", "\"" + told + "\"")))) {
            wire.insert(answer);

            assertThat(wire.driver.launch(batch).of(NAME).toString())
                    .contains("Invalid value", "It is too long")
                    .doesNotContain("sesame", "a line");
        }
    }

    @Test
    void user_data_that_is_told_in_part_is_in_no_text() throws Exception {
        String script = "#!/bin/sh\nPASSWORD=sesame-4711\nexec /usr/bin/web\n";
        Batch batch = TestBatches.batch(List.of(NAME), TestBatches.CHOICE, TestBatches.launchedWith(script));
        wire.insert(error(400, "invalid", "Invalid value: '#!/bin/sh\\nPASSWORD=sesame-4711\\nexec /usr..."));

        assertThat(wire.driver.launch(batch).of(NAME).toString())
                .contains("Invalid value")
                .doesNotContain("sesame");
    }

    // Listing

    @Test
    void a_listing_asks_by_label_and_goes_on_page_by_page() throws Exception {
        wire.answers(
                get(urlPathEqualTo(ROOT + "aggregated/instances")).withQueryParam("pageToken", absent()),
                json(
                        200,
                        "{\"kind\": \"compute#instanceAggregatedList\", \"nextPageToken\": \"p2\", \"items\": {"
                                + "\"zones/us-central1-a\": {\"instances\": [" + row("one", OURS) + "]},"
                                + "\"zones/us-central1-b\": {\"warning\": {\"code\": \"NO_RESULTS_ON_PAGE\"}}}}"));
        wire.answers(
                get(urlPathEqualTo(ROOT + "aggregated/instances")).withQueryParam("pageToken", equalTo("p2")),
                json(
                        200,
                        listing("\"zones/us-central1-a\": {\"instances\": [" + row("one", OURS) + "]},"
                                + "\"zones/us-central1-b\": {\"instances\": [" + row("two", OURS) + "]},"
                                + "\"zones/us-west1-b\": {\"instances\": [" + row("far", OURS) + "]}")));

        Listing listing = wire.driver.list(Set.of(TestBatches.POOL));

        assertThat(listing.machines())
                .extracting(CloudMachine::id)
                .containsExactlyInAnyOrder(new MachineId("us-central1-a:one"), new MachineId("us-central1-b:two"));
        assertThat(listing.missing()).isEmpty();
        assertThat(listing.begun()).isEqualTo(Wire.NOW);
        var asked = wire.asked(ROOT + "aggregated/instances").get(0);
        assertThat(asked.queryParameter("filter").firstValue()).isEqualTo("(labels.weir-pool = \"web\")");
        assertThat(asked.queryParameter("returnPartialSuccess").firstValue()).isEqualTo("true");
    }

    @Test
    void a_zone_with_a_warning_and_one_that_is_called_unreachable_are_missing() throws Exception {
        wire.instances(json(
                200,
                "{\"kind\": \"compute#instanceAggregatedList\", \"unreachables\": [\"projects/p/zones/us-central1-b\"],"
                        + " \"items\": {\"zones/us-central1-a\": {\"warning\": {\"code\": \"UNREACHABLE\"}},"
                        + "\"zones/us-west1-b\": {\"warning\": {\"code\": \"UNREACHABLE\"}},"
                        + "\"regions/us-west1\": {\"warning\": {\"code\": \"UNREACHABLE\"}}}}"));

        assertThat(wire.driver.list(Set.of(TestBatches.POOL)).missing())
                .containsExactlyInAnyOrder(new Scope("us-central1-a"), new Scope("us-central1-b"));
    }

    @Test
    void a_zone_is_missing_in_whatever_form_it_is_named() throws Exception {
        for (String form : List.of(
                "us-central1-b",
                "zones/us-central1-b",
                "projects/123456/locations/us-central1-b",
                "https://www.googleapis.com/compute/v1/projects/weir-example/zones/us-central1-b")) {
            wire.instances(
                    json(200, "{\"kind\": \"compute#instanceAggregatedList\", \"unreachables\": [\"" + form + "\"]}"));

            assertThat(wire.driver.list(Set.of(TestBatches.POOL)).missing())
                    .as(form)
                    .containsExactly(new Scope("us-central1-b"));
        }
    }

    @Test
    void a_zone_whose_operations_cannot_be_read_is_missing() throws Exception {
        wire.instances(json(200, listing("")));
        wire.answers(get(urlPathEqualTo(ROOT + "zones/us-central1-b/operations")), error(503, "backendError", "no"));

        assertThat(wire.driver.list(Set.of(TestBatches.POOL)).missing()).containsExactly(new Scope("us-central1-b"));
    }

    @Test
    void machines_and_operations_are_asked_for_at_once_so_that_a_silent_zone_leaves_time_for_the_others()
            throws Exception {
        wire.instances(json(200, listing("")).withFixedDelay(3000));

        wire.driver.list(Set.of(TestBatches.POOL));

        Instant listed = at(ROOT + "aggregated/instances");
        assertThat(at(IN_ZONE + "operations")).isBefore(listed.plusSeconds(3));
    }

    /** When it was asked for. */
    private Instant at(String path) {
        return wire.asked(path).get(0).getLoggedDate().toInstant();
    }

    @Test
    void a_zone_that_the_region_names_and_nobody_knows_stops_no_listing() throws Exception {
        wire.instances(json(200, listing("\"zones/us-central1-a\": {\"instances\": [" + row("one", OURS) + "]}")));
        wire.answers(
                get(urlPathEqualTo(ROOT + "zones/us-central1-b/operations")), error(404, "notFound", "was not found"));

        Listing listing = wire.driver.list(Set.of(TestBatches.POOL));

        assertThat(listing.machines()).hasSize(1);
        assertThat(listing.missing()).isEmpty();
    }

    @Test
    void a_listing_that_lacks_something_and_does_not_say_what_is_none() {
        for (String odd : List.of(
                "\"warning\": {\"code\": \"UNREACHABLE\"}",
                "\"unreachables\": [\"regions/us-central1\"]",
                "\"unreachables\": [\"projects/123456/locations/us-central1\"]",
                "\"unreachables\": [\"//compute.googleapis.com/projects/weir-example\"]",
                "\"nextPageToken\": \"again\"")) {
            wire.instances(json(200, "{\"kind\": \"compute#instanceAggregatedList\", " + odd + "}"));

            assertFailed(FailureKind.UNAVAILABLE, () -> wire.driver.list(Set.of(TestBatches.POOL)));
        }
    }

    @Test
    void many_pools_are_asked_for_as_all_of_weirs() throws Exception {
        wire.instances(json(200, listing("")));
        Set<io.weir.pool.PoolName> many = new java.util.TreeSet<>();
        for (int i = 0; i < 21; i++) {
            many.add(new io.weir.pool.PoolName("web-" + i));
        }

        wire.driver.list(many);

        assertThat(wire.asked(ROOT + "aggregated/instances")
                        .get(0)
                        .queryParameter("filter")
                        .firstValue())
                .isEqualTo("(labels.weir-pool:*)");
    }

    @Test
    void a_row_that_lacks_nearly_everything_is_shown() throws Exception {
        wire.instances(json(
                200,
                listing(
                        "\"zones/us-central1-a\": {\"instances\": [{\"name\": \"bare\", \"labels\": {\"weir-pool\": \"web\"},"
                                + " \"status\": \"SOMETHING_NEW\", \"creationTimestamp\": \"yesterday\"}]}")));

        assertThat(wire.driver.list(Set.of(TestBatches.POOL)).machines())
                .singleElement()
                .satisfies(machine -> {
                    assertThat(machine.state()).isEqualTo(MachineState.PENDING);
                    assertThat(machine.launchTime()).isEmpty();
                    assertThat(machine.marks()).isEmpty();
                    assertThat(machine.name()).isEmpty();
                    assertThat(machine.choice().machineType()).isEqualTo("unknown");
                });
    }

    // Launches that fail later

    @ParameterizedTest
    @CsvSource({
        "ZONE_RESOURCE_POOL_EXHAUSTED, NO_CAPACITY",
        "ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS, NO_CAPACITY",
        "QUOTA_EXCEEDED, QUOTA_EXCEEDED",
        "RESOURCE_OPERATION_RATE_EXCEEDED, THROTTLED",
        "PERMISSIONS_ERROR, INVALID_TEMPLATE",
        "INVALID_FIELD_VALUE, INVALID_TEMPLATE",
        "INVALID_USAGE, INVALID_TEMPLATE",
        "RESOURCE_NOT_FOUND, INVALID_TEMPLATE",
        "CONDITION_NOT_MET, INVALID_TEMPLATE",
        "SERVICE_ACCOUNT_ACCESS_DENIED, INVALID_TEMPLATE",
        "RESOURCE_NOT_READY, CONFLICT",
        "INTERNAL_ERROR, UNAVAILABLE",
        "SOMETHING_NEW, UNAVAILABLE",
    })
    void an_insertion_of_ours_that_failed_is_a_late_refusal_by_its_code(String code, FailureKind kind)
            throws Exception {
        wire.instances(json(200, listing("")));
        wire.operations(failed(NAME.value(), code, ourRequest(), "2026-11-29T03:50:00.000-08:00"));

        assertThat(wire.driver.list(Set.of(TestBatches.POOL)).refusals())
                .singleElement()
                .satisfies(refusal -> {
                    assertThat(refusal.pool()).isEqualTo(TestBatches.POOL);
                    assertThat(refusal.refusal().name()).isEqualTo(NAME);
                    assertThat(refusal.refusal().id()).isEmpty(); // nothing is left that could be ended
                    assertThat(refusal.refusal().kind()).isEqualTo(kind);
                    assertThat(refusal.refusal().text()).startsWith(code);
                });
        assertThat(wire.asked(IN_ZONE + "operations")
                        .get(0)
                        .queryParameter("orderBy")
                        .firstValue())
                .isEqualTo("creationTimestamp desc");
    }

    @Test
    void a_quota_is_named_with_its_limit() throws Exception {
        wire.instances(json(200, listing("")));
        wire.operations(failed(NAME.value(), "QUOTA_EXCEEDED", ourRequest(), "2026-11-29T12:00:00Z")
                .replace(
                        "\"message\": \"no\"",
                        "\"message\": \"no\", \"errorDetails\": [{\"quotaInfo\": {\"metricName\":"
                                + " \"compute.googleapis.com/cpus\", \"limitName\": \"CPUS-per-project-region\", \"limit\": 24,"
                                + " \"dimensions\": {\"region\": \"us-central1\"}}}]"));

        assertThat(wire.driver
                        .list(Set.of(TestBatches.POOL))
                        .refusals()
                        .get(0)
                        .refusal()
                        .text())
                .contains("CPUS-per-project-region")
                .contains("24")
                .contains("us-central1");
    }

    @Test
    void what_is_no_failed_insertion_of_ours_is_no_refusal() throws Exception {
        wire.instances(json(200, listing("")));
        for (String other : List.of(
                failed(NAME.value(), "QUOTA_EXCEEDED", "", "2026-11-29T12:00:00Z"),
                failed(
                        NAME.value(),
                        "QUOTA_EXCEEDED",
                        java.util.UUID.randomUUID().toString(),
                        "2026-11-29T12:00:00Z"),
                failed(NAME.value(), "RESOURCE_ALREADY_EXISTS", ourRequest(), "2026-11-29T12:00:00Z"),
                failed(NAME.value(), "QUOTA_EXCEEDED", ourRequest(), "2026-11-29T11:40:00Z"),
                failed("db-k3j2h1g0-1-0", "QUOTA_EXCEEDED", ourRequest(), "2026-11-29T12:00:00Z"),
                failed(NAME.value(), "QUOTA_EXCEEDED", ourRequest(), "2026-11-29T12:00:00Z")
                        .replace("DONE", "RUNNING"))) {
            wire.operations(other);

            assertThat(wire.driver.list(Set.of(TestBatches.POOL)).refusals())
                    .as(other)
                    .isEmpty();
        }
    }

    @Test
    void operations_of_others_are_not_read_for_ever() throws Exception {
        wire.instances(json(200, listing("")));
        String path = IN_ZONE + "operations";
        wire.answers(get(urlPathEqualTo(path)), page("p1")); // empty pages, as a filter may make them
        wire.answers(get(urlPathEqualTo(path)).withQueryParam("pageToken", equalTo("p1")), page("p2"));
        wire.answers(get(urlPathEqualTo(path)).withQueryParam("pageToken", equalTo("p2")), page("p1"));

        Listing listing = wire.driver.list(Set.of(TestBatches.POOL));

        assertThat(listing.missing()).isEmpty();
        assertThat(wire.asked(path)).hasSizeLessThanOrEqualTo(20);
    }

    private static ResponseDefinitionBuilder page(String next) {
        return json(200, "{\"kind\": \"compute#operationList\", \"nextPageToken\": \"" + next + "\"}");
    }

    // Ending

    @Test
    void what_is_gone_is_done_and_what_is_protected_is_a_conflict() throws Exception {
        wire.delete0(error(404, "notFound", "was not found"));
        assertThat(refused(ended())).isEqualTo(FailureKind.NOT_FOUND);

        wire.delete0(error(
                400,
                "invalidResourceUsage",
                "Invalid resource usage: 'Resource cannot be deleted if it's protected against deletion.'."));
        assertThat(refused(ended())).isEqualTo(FailureKind.CONFLICT);
    }

    @Test
    void an_id_of_another_region_is_not_asked_for() throws Exception {
        MachineId far = new MachineId("us-west1-b:web");

        assertThat(refused(wire.driver.terminate(Set.of(far)).of(far))).isEqualTo(FailureKind.NOT_FOUND);
        assertThat(wire.driver.find(far)).isEmpty();
        assertThat(wire.asked(".*")).isEmpty();
    }

    @Test
    void what_a_listing_shows_is_found_and_ended_whatever_its_zone_is_called() throws Exception {
        String zone = "us-central1-ai1a"; // one of the AI zones
        wire.instances(
                json(200, listing("\"zones/" + zone + "\": {\"instances\": [" + row(NAME.value(), OURS) + "]}")));
        wire.answers(
                get(urlPathEqualTo(ROOT + "zones/" + zone + "/instances/" + NAME)), json(200, row(NAME.value(), OURS)));
        wire.answers(
                com.github.tomakehurst.wiremock.client.WireMock.delete(
                        urlPathEqualTo(ROOT + "zones/" + zone + "/instances/" + NAME)),
                running("delete"));

        MachineId shown =
                wire.driver.list(Set.of(TestBatches.POOL)).machines().get(0).id();

        assertThat(wire.driver.find(shown)).isPresent();
        assertThat(wire.driver.terminate(Set.of(shown)).of(shown)).isEqualTo(new Outcome.Accepted(shown));
    }

    // Marks

    @Test
    void labels_that_changed_meanwhile_are_read_again() throws Exception {
        String set = IN_ZONE + "instances/" + NAME + "/setLabels";
        wire.instance(NAME.value(), json(200, row(NAME.value(), OURS + ", \"owner\": \"anna\"")));
        wire.server.stubFor(post(urlPathEqualTo(set))
                .inScenario("stale")
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(error(412, "conditionNotMet", "Labels fingerprint either invalid or changed"))
                .willSetStateTo("fresh"));
        wire.server.stubFor(post(urlPathEqualTo(set))
                .inScenario("stale")
                .whenScenarioStateIs("fresh")
                .willReturn(running("setLabels")));

        assertThat(marked(MARKS)).isEqualTo(new Outcome.Accepted(ID));

        assertThat(wire.asked(set)).hasSize(2);
        assertThat(wire.asked(set).get(1).getBodyAsString())
                .contains("\"owner\":\"anna\"")
                .contains("\"weir-marks\":\"" + MARKS.encode() + "\"")
                .contains("\"labelFingerprint\":\"42WmSpB8rSM=\"");
    }

    @Test
    void labels_that_change_all_the_time_are_a_conflict() throws Exception {
        wire.instance(NAME.value(), json(200, row(NAME.value(), OURS)));
        wire.answers(
                post(urlPathMatching(".*/setLabels")), error(412, "conditionNotMet", "Labels fingerprint is stale"));

        assertThat(refused(marked(MARKS))).isEqualTo(FailureKind.CONFLICT);
        assertThat(wire.asked(".*/setLabels")).hasSize(3);
    }

    @Test
    void a_lower_revision_never_wins_and_the_same_is_not_written_again() throws Exception {
        Marks higher = new Marks(MARKS.pool(), MARKS.store(), 5, MARKS.service(), MARKS.membership(), Optional.empty());
        wire.instance(
                NAME.value(), json(200, row(NAME.value(), OURS + ", \"weir-marks\": \"" + higher.encode() + "\"")));

        assertThat(refused(marked(MARKS))).isEqualTo(FailureKind.CONFLICT);
        assertThat(marked(higher)).isEqualTo(new Outcome.Accepted(ID));
        assertThat(wire.asked(".*/setLabels")).isEmpty();
    }

    @Test
    void a_release_takes_the_marks_off_the_disks_first() throws Exception {
        String instance = row(NAME.value(), OURS)
                .replaceFirst(
                        "\\{",
                        "{\"disks\": [{\"source\": \"https://www.googleapis.com/compute/v1/projects/weir-example/zones/us-central1-a/disks/d1\"},"
                                + "{\"type\": \"SCRATCH\"}],");
        wire.instance(NAME.value(), json(200, instance));
        wire.answers(get(urlPathEqualTo(IN_ZONE + "disks/d1")), json(200, """
                {"kind": "compute#disk", "name": "d1", "labelFingerprint": "abc=", "users": ["x"],
                 "labels": {"weir-pool": "web", "weir-name": "web-k3j2h1g0-2f-0", "owner": "anna"}}"""));
        wire.answers(post(urlPathMatching(".*/setLabels")), running("setLabels"));
        Marks released =
                new Marks(Optional.empty(), MARKS.store(), 2, MARKS.service(), MARKS.membership(), Optional.empty());

        assertThat(marked(released)).isEqualTo(new Outcome.Accepted(ID));

        assertThat(wire.asked(IN_ZONE + "disks/d1/setLabels").get(0).getBodyAsString())
                .contains("\"owner\":\"anna\"")
                .doesNotContain("weir-");
        assertThat(wire.asked(IN_ZONE + "instances/.*/setLabels").get(0).getBodyAsString())
                .doesNotContain("weir-pool");
    }

    @Test
    void a_release_of_a_lower_revision_leaves_the_disks_alone() throws Exception {
        Marks higher = new Marks(MARKS.pool(), MARKS.store(), 5, MARKS.service(), MARKS.membership(), Optional.empty());
        String instance = row(NAME.value(), OURS + ", \"weir-marks\": \"" + higher.encode() + "\"")
                .replaceFirst(
                        "\\{", "{\"disks\": [{\"source\": \"projects/weir-example/zones/us-central1-a/disks/d1\"}],");
        wire.instance(NAME.value(), json(200, instance));
        wire.answers(
                get(urlPathEqualTo(IN_ZONE + "disks/d1")),
                json(200, "{\"kind\": \"compute#disk\", \"name\": \"d1\", \"labels\": {\"weir-pool\": \"web\"}}"));
        wire.answers(post(urlPathMatching(".*/setLabels")), running("setLabels"));
        Marks released =
                new Marks(Optional.empty(), MARKS.store(), 2, MARKS.service(), MARKS.membership(), Optional.empty());

        assertThat(refused(marked(released))).isEqualTo(FailureKind.CONFLICT);
        assertThat(wire.asked(".*/setLabels")).isEmpty();
    }

    @Test
    void a_disk_that_is_gone_meanwhile_says_nothing_of_its_machine() throws Exception {
        String instance = row(NAME.value(), OURS)
                .replaceFirst(
                        "\\{",
                        "{\"disks\": [{\"source\": \"https://www.googleapis.com/compute/v1/projects/weir-example/zones/us-central1-a/disks/d1\"}],");
        wire.instance(NAME.value(), json(200, instance));
        wire.answers(get(urlPathEqualTo(IN_ZONE + "disks/d1")), error(404, "notFound", "was not found"));
        wire.answers(post(urlPathMatching(".*/setLabels")), running("setLabels"));
        Marks released =
                new Marks(Optional.empty(), MARKS.store(), 2, MARKS.service(), MARKS.membership(), Optional.empty());

        assertThat(marked(released)).isEqualTo(new Outcome.Accepted(ID));
    }

    // Leftovers

    @Test
    void a_disk_of_a_machine_that_is_gone_is_shown_and_taken_away_after_another_look() throws Exception {
        Leftover left = new Leftover("disk:us-central1-a:d1", TestBatches.POOL, NAME);
        String disk =
                "\"kind\": \"compute#disk\", \"name\": \"d1\", \"labels\": {\"weir-pool\": \"web\", \"weir-name\": \""
                        + NAME + "\"}";
        wire.answers(
                get(urlPathEqualTo(ROOT + "aggregated/disks")),
                json(
                        200,
                        "{\"kind\": \"compute#diskAggregatedList\", \"items\": {\"zones/us-central1-a\": {\"disks\": [{"
                                + disk + "}, {" + disk.replace("d1", "d2") + ", \"users\": [\"x\"]}]}}}"));
        assertThat(wire.leftovers.list(Set.of(TestBatches.POOL))).containsExactly(left);

        wire.answers(get(urlPathEqualTo(IN_ZONE + "disks/d1")), json(200, "{" + disk + ", \"users\": [\"x\"]}"));
        assertFailed(FailureKind.CONFLICT, () -> wire.leftovers.takeAway(left));
        assertThat(wire.told).doesNotContain("disks.delete 200");

        wire.answers(get(urlPathEqualTo(IN_ZONE + "disks/d1")), json(200, "{" + disk + "}"));
        wire.answers(
                com.github.tomakehurst.wiremock.client.WireMock.delete(urlPathEqualTo(IN_ZONE + "disks/d1")),
                running("delete"));
        wire.leftovers.takeAway(left);
        assertThat(wire.told).contains("disks.delete 200");
    }

    // Words

    private Outcome launched() throws CloudException {
        return wire.driver.launch(BATCH).of(NAME);
    }

    private Outcome ended() throws CloudException {
        return wire.driver.terminate(Set.of(ID)).of(ID);
    }

    private Outcome marked(Marks marks) throws CloudException {
        return wire.driver.mark(Map.of(ID, marks)).of(ID);
    }

    private List<String> requestIds(String path) {
        return wire.asked(IN_ZONE + path).stream()
                .map(request -> request.queryParameter("requestId").firstValue())
                .toList();
    }

    private static String ourRequest() {
        return GceNames.launch(new GceNames.Place("us-central1-a", NAME.value()), LAUNCHED_AS)
                .toString();
    }

    private static String failed(String name, String code, String requestId, String begun) {
        return "{\"kind\": \"compute#operation\", \"name\": \"operation-2\", \"operationType\": \"insert\", \"status\": \"DONE\","
                + (requestId.isEmpty() ? "" : " \"clientOperationId\": \"" + requestId + "\",")
                + (begun.isEmpty() ? "" : " \"insertTime\": \"" + begun + "\",")
                + " \"targetLink\": \"https://www.googleapis.com/compute/v1/projects/weir-example/zones/us-central1-a/instances/"
                + name + "\", \"error\": {\"errors\": [{\"code\": \"" + code + "\", \"message\": \"no\"}]}}";
    }

    private static FailureKind refused(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        return ((Outcome.Refused) outcome).kind();
    }

    private static void assertFailed(FailureKind kind, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(CloudException.class, failure -> assertThat(failure.kind())
                .isEqualTo(kind));
    }
}
