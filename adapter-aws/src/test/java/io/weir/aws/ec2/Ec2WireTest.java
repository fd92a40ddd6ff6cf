package io.weir.aws.ec2;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static io.weir.aws.ec2.Wire.error;
import static io.weir.aws.ec2.Wire.recording;
import static io.weir.aws.ec2.Wire.xml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import io.weir.driver.CloudException;
import io.weir.driver.Listing;
import io.weir.driver.Outcomes;
import io.weir.pool.Batch;
import io.weir.pool.BatchId;
import io.weir.pool.CloudMachine;
import io.weir.pool.FailureKind;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.MachineState;
import io.weir.pool.Marks;
import io.weir.pool.Outcome;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
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

/** The real SDK over a wire that does what wires and EC2 do: recorded answers, errors by code, and answers that are none. */
class Ec2WireTest {
    private static final MachineId ID = new MachineId("i-0123456789abcdef0");
    private static final MachineId OTHER = new MachineId("i-0123456789abcdef1");
    private static final Batch BATCH = TestBatches.batch(2);

    private Wire wire = new Wire();

    @AfterEach
    void stop() {
        wire.close();
    }

    // Recordings

    @Test
    void a_recorded_launch_of_one_is_accepted_by_its_launch_index() throws Exception {
        wire.answersXml("RunInstances", recording("libcloud_run_instances_idem"));

        assertThat(wire.driver.launch(TestBatches.batch(1)).byKey().values())
                .containsExactly(new Outcome.Accepted(new MachineId("i-2ba64342")));
    }

    @Test
    void a_launch_that_gave_less_than_was_asked_for_is_told_name_by_name() throws Exception {
        wire.answersXml("RunInstances", recording("libcloud_run_instances_idem"));

        Outcomes<MachineName> outcomes = wire.driver.launch(TestBatches.batch(3));

        assertThat(outcomes.of(BATCH.names().get(0))).isInstanceOf(Outcome.Accepted.class);
        assertThat(outcomes.of(BATCH.names().get(1)))
                .isEqualTo(new Outcome.Refused(FailureKind.NO_CAPACITY, "EC2 had room for 1 of 3"));
    }

    @Test
    void a_recorded_mismatch_of_a_token_is_a_refusal() {
        wire.answers("RunInstances", xml(400, recording("libcloud_run_instances_idem_mismatch")));

        assertFailed(FailureKind.INVALID_TEMPLATE, () -> wire.driver.launch(BATCH));
    }

    @Test
    void recorded_machines_of_others_are_read_whole_and_are_in_no_pool() throws Exception {
        wire.answersXml("DescribeInstances", recording("jclouds_describe_instances_latest"));

        assertThat(wire.driver.list(Set.of(TestBatches.POOL)).machines()).isEmpty();
        assertThat(wire.driver.find(new MachineId("i-911444f0"))).hasValueSatisfying(machine -> {
            assertThat(machine.state()).isEqualTo(MachineState.RUNNING);
            assertThat(machine.choice().zone()).isEqualTo("us-east-1c");
            assertThat(machine.choice().machineType()).isEqualTo("t1.micro");
            assertThat(machine.privateIps()).containsExactly("10.212.81.7");
            assertThat(machine.name()).isEmpty();
            assertThat(machine.pool()).isEmpty();
            assertThat(machine.launchTime()).contains(Instant.parse("2011-08-16T13:40:50Z"));
        });
    }

    @Test
    void a_recorded_machine_that_is_pending_is_pending() throws Exception {
        wire.answersXml("DescribeInstances", recording("jclouds_describe_instances_pending"));

        Matched found = found(recording("jclouds_describe_instances_pending"));
        assertThat(wire.driver.find(found.id()))
                .hasValueSatisfying(machine -> assertThat(machine.state()).isEqualTo(MachineState.PENDING));
    }

    @Test
    void recorded_stopped_machines_are_no_capacity() throws Exception {
        wire.answersXml("DescribeInstances", recording("libcloud_describe_instances"));

        Matched found = found(recording("libcloud_describe_instances"));
        assertThat(wire.driver.find(found.id()))
                .hasValueSatisfying(
                        machine -> assertThat(machine.state().isAllocated()).isFalse());
    }

    @Test
    void a_recorded_end_is_accepted_and_what_it_does_not_speak_of_is_unknown() throws Exception {
        wire.answersXml("TerminateInstances", recording("libcloud_terminate_instances"));
        MachineId spokenOf = new MachineId("i-4382922a");

        Outcomes<MachineId> outcomes = wire.driver.terminate(Set.of(spokenOf, ID));

        assertThat(outcomes.of(spokenOf)).isEqualTo(new Outcome.Accepted(spokenOf));
        assertThat(outcomes.of(ID)).isInstanceOf(Outcome.Unknown.class);
    }

    @Test
    void recorded_tags_are_written() throws Exception {
        wire.answersXml("CreateTags", recording("libcloud_create_tags"));

        assertThat(wire.driver
                        .mark(Map.of(ID, Marks.first(TestBatches.POOL, TestBatches.STORE)))
                        .of(ID))
                .isEqualTo(new Outcome.Accepted(ID));
    }

    // What EC2 says no with

    @ParameterizedTest
    @CsvSource({
        "500, InsufficientInstanceCapacity, NO_CAPACITY",
        "400, InsufficientFreeAddressesInSubnet, NO_CAPACITY",
        "400, SpotMaxPriceTooLow, NO_CAPACITY",
        "400, Unsupported, NO_CAPACITY",
        "400, VcpuLimitExceeded, QUOTA_EXCEEDED",
        "400, InstanceLimitExceeded, QUOTA_EXCEEDED",
        "400, MaxSpotInstanceCountExceeded, QUOTA_EXCEEDED",
        "400, SomeNewLimitExceeded, QUOTA_EXCEEDED",
        "503, RequestLimitExceeded, THROTTLED",
        "400, IdempotentInstanceTerminated, CONFLICT",
        "400, InvalidAMIID.NotFound, INVALID_TEMPLATE",
        "400, InvalidSomethingNew.NotFound, INVALID_TEMPLATE",
        "403, UnauthorizedOperation, UNAUTHORIZED",
        "401, AuthFailure, UNAUTHORIZED",
        "400, RequestExpired, UNAUTHORIZED",
        "400, ExpiredToken, UNAUTHORIZED",
        "500, InternalError, UNKNOWN",
        "503, Unavailable, UNKNOWN",
        "400, NobodyKnowsThisYet, UNKNOWN"
    })
    void a_code_means_the_same_for_every_launch_and_is_asked_for_once(int status, String code, FailureKind kind) {
        wire.answers("RunInstances", error(status, code, "as EC2 says it"));

        assertFailed(kind, () -> wire.driver.launch(BATCH));
        assertThat(wire.asked("RunInstances")).isEqualTo(1); // the SDK repeats nothing, capacity's 500 above all
    }

    @Test
    void a_read_of_a_code_that_nobody_knows_is_unavailable() {
        wire.answers("DescribeInstances", error(400, "NobodyKnowsThisYet", "?"));

        assertFailed(FailureKind.UNAVAILABLE, () -> wire.driver.list(Set.of(TestBatches.POOL)));
        assertFailed(FailureKind.UNAVAILABLE, () -> wire.driver.find(ID));
    }

    @Test
    void a_refused_permission_names_the_command_that_tells_why() {
        wire.answers(
                "RunInstances",
                error(
                        403,
                        "UnauthorizedOperation",
                        "You are not authorized to perform this operation. Encoded authorization failure message: aB3-_xyz"));

        assertThatThrownBy(() -> wire.driver.launch(BATCH))
                .hasMessageContaining("UnauthorizedOperation: You are not authorized to perform this operation.")
                .hasMessageContaining("aws sts decode-authorization-message --encoded-message aB3-_xyz");
    }

    @Test
    void a_wrong_clock_is_told_from_wrong_credentials() {
        wire.close();
        wire = new Wire(Duration.ofSeconds(2), () -> Instant.now().plus(Duration.ofMinutes(20)));
        wire.answers(
                "RunInstances",
                error(401, "AuthFailure", "AWS was not able to validate the provided access credentials")
                        .withHeader(
                                "Date",
                                java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                        Instant.now().atZone(java.time.ZoneOffset.UTC))));

        assertThatThrownBy(() -> wire.driver.launch(BATCH))
                .isInstanceOfSatisfying(CloudException.class, failure -> assertThat(failure.kind())
                        .isEqualTo(FailureKind.UNAVAILABLE))
                .hasMessageContaining("clock")
                .hasMessageContaining("ahead of");
    }

    @Test
    void no_text_shows_what_was_signed_nor_the_user_data() {
        wire.answers(
                "RunInstances",
                error(
                        403,
                        "SignatureDoesNotMatch",
                        "The request signature we calculated does not match. The Canonical String should have been"
                                + " 'POST x-amz-security-token:FwoGZXsecrettoken'"));
        assertThatThrownBy(() -> wire.driver.launch(BATCH)).message().doesNotContain("FwoGZXsecrettoken");

        Batch batch = TestBatches.batch(
                TestBatches.ID, BATCH.names(), TestBatches.CHOICE, TestBatches.frozen(Optional.of("c2VzYW1lLTQ3MTE=")));
        wire.answers("RunInstances", error(400, "InvalidParameterValue", "Value (c2VzYW1lLTQ3MTE=) is invalid"));
        assertThatThrownBy(() -> wire.driver.launch(batch))
                .message()
                .contains("InvalidParameterValue")
                .doesNotContain("c2VzYW1l");
    }

    @Test
    void a_server_that_says_how_long_to_wait_is_believed() {
        wire.answers("RunInstances", error(503, "RequestLimitExceeded", "slow").withHeader("Retry-After", "7"));

        assertThatThrownBy(() -> wire.driver.launch(BATCH))
                .isInstanceOfSatisfying(CloudException.class, failure -> assertThat(failure.retryAfter())
                        .contains(Duration.ofSeconds(7)));
    }

    // Answers that are none

    static Stream<Arguments> noAnswers() {
        Map<String, ResponseDefinitionBuilder> answers = new LinkedHashMap<>();
        answers.put("a reset", aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));
        answers.put("an empty answer", aResponse().withFault(Fault.EMPTY_RESPONSE));
        answers.put("garbage for an answer", aResponse().withFault(Fault.RANDOM_DATA_THEN_CLOSE));
        answers.put("garbage behind a good head", aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK));
        answers.put("garbage in a 200", xml(200, "<<<not xml"));
        answers.put(
                "half an answer",
                xml(200, "<DescribeInstancesResponse><requestId>x</requestId><reservationSet><item>"));
        answers.put(
                "a proxy's page in a 200",
                aResponse()
                        .withStatus(200)
                        .withHeader("Content-Type", "text/html")
                        .withBody("<html><body>sign in</body></html>"));
        answers.put("an empty 200", aResponse().withStatus(200));
        answers.put(
                "another type",
                aResponse()
                        .withStatus(200)
                        .withHeader("Content-Type", "application/json")
                        .withBody("{}"));
        answers.put("a redirect", aResponse().withStatus(302).withHeader("Location", "http://127.0.0.1:1/elsewhere"));
        answers.put(
                "an HTML 500",
                aResponse()
                        .withStatus(500)
                        .withHeader("Content-Type", "text/html")
                        .withBody("<html><h1>500 Internal Server Error</h1></html>"));
        answers.put("a bare 502", aResponse().withStatus(502));
        answers.put("silence", aResponse().withStatus(200).withFixedDelay(3_000));
        answers.put(
                "bytes that drip",
                xml(200, "<DescribeInstancesResponse><requestId>x</requestId></DescribeInstancesResponse>")
                        .withChunkedDribbleDelay(40, 4_000));
        return answers.entrySet().stream().map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("noAnswers")
    void what_is_no_answer_leaves_a_change_in_doubt_and_a_read_undone(String what, ResponseDefinitionBuilder answer)
            throws Exception {
        wire.close();
        wire = new Wire(Duration.ofSeconds(1), InstantSource.system());
        wire.server.stubFor(post(urlEqualTo("/")).willReturn(answer));

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.submit(() -> {
                        assertFailed(FailureKind.UNKNOWN, () -> wire.driver.launch(BATCH));
                        assertThat(wire.asked("RunInstances")).isEqualTo(1);
                        assertThat(wire.driver.terminate(Set.of(ID)).of(ID)).isInstanceOf(Outcome.Unknown.class);
                        assertThat(wire.driver
                                        .mark(Map.of(ID, Marks.first(TestBatches.POOL, TestBatches.STORE)))
                                        .of(ID))
                                .isInstanceOf(Outcome.Unknown.class);
                        assertFailed(FailureKind.UNAVAILABLE, () -> wire.driver.list(Set.of(TestBatches.POOL)));
                        assertFailed(FailureKind.UNAVAILABLE, () -> wire.driver.find(ID));
                        return what;
                    })
                    .get();
        }
    }

    @Test
    void what_never_left_is_unavailable_also_for_a_change() {
        URI nobody = URI.create("http://127.0.0.1:1");
        try (Ec2 ec2 = new Ec2(
                Ec2.Settings.of(Wire.login(nobody, Duration.ofSeconds(2))),
                InstantSource.system(),
                InstantSource.system(),
                io.weir.cloud.RequestMeter.NONE)) {
            assertFailed(FailureKind.UNAVAILABLE, () -> ec2.driver().launch(BATCH));
            assertFailed(FailureKind.UNAVAILABLE, () -> ec2.driver().list(Set.of(TestBatches.POOL)));
        }
    }

    @Test
    void credentials_that_cannot_be_read_are_no_doubt() {
        Login login = new Login(
                Optional.of("eu-north-1"),
                new Login.Credentials.Keys(
                        "AKIDEXAMPLE",
                        () -> {
                            throw new IllegalStateException("the environment has no variable WEIR_NO_SUCH");
                        },
                        Optional.empty()),
                Optional.empty(),
                new Login.Endpoints(Optional.of(URI.create(wire.server.baseUrl())), Optional.empty(), Optional.empty()),
                Optional.empty(),
                Duration.ofSeconds(2),
                Duration.ofSeconds(2));
        try (Ec2 ec2 = new Ec2(
                Ec2.Settings.of(login),
                InstantSource.system(),
                InstantSource.system(),
                io.weir.cloud.RequestMeter.NONE)) {
            assertFailed(FailureKind.UNAUTHORIZED, () -> ec2.driver().launch(BATCH));
            assertThat(wire.asked("RunInstances")).isZero();
        }
    }

    // Listings

    @Test
    void a_listing_follows_its_pages_and_one_that_breaks_off_is_an_error() throws Exception {
        wire.answersXml("DescribeInstances", page(ID, "second", "pending", ""));
        wire.server.stubFor(post(urlEqualTo("/"))
                .withRequestBody(containing("NextToken=second"))
                .willReturn(xml(200, page(OTHER, "", "running", ""))));

        Listing listing = wire.driver.list(Set.of(TestBatches.POOL));
        assertThat(listing.machines()).extracting(CloudMachine::id).containsExactly(ID, OTHER);
        assertThat(listing.missing()).isEmpty();

        wire.server.stubFor(post(urlEqualTo("/"))
                .withRequestBody(containing("NextToken=second"))
                .willReturn(error(503, "RequestLimitExceeded", "slow")));
        assertFailed(FailureKind.THROTTLED, () -> wire.driver.list(Set.of(TestBatches.POOL)));
    }

    @Test
    void a_listing_that_goes_round_in_a_circle_ends() {
        wire.answersXml("DescribeInstances", page(ID, "again", "running", ""));

        assertFailed(FailureKind.UNAVAILABLE, () -> wire.driver.list(Set.of(TestBatches.POOL)));
    }

    @Test
    void what_a_filter_lets_through_wrongly_is_not_listed() throws Exception {
        wire.answersXml(
                "DescribeInstances", page(ID, "", "running", "").replace("<value>web</value>", "<value>api</value>"));

        assertThat(wire.driver.list(Set.of(TestBatches.POOL)).machines()).isEmpty();
    }

    @Test
    void a_row_that_lacks_nearly_everything_is_shown_by_its_id() throws Exception {
        wire.answersXml(
                "DescribeInstances",
                "<DescribeInstancesResponse><requestId>x</requestId><reservationSet><item><instancesSet><item>"
                        + "<instanceId>" + ID
                        + "</instanceId><tagSet><item><key>weir-pool</key><value>web</value></item>"
                        + "<item><key>weir-marks</key><value>edited by hand</value></item></tagSet>"
                        + "</item></instancesSet></item></reservationSet></DescribeInstancesResponse>");

        assertThat(wire.driver.list(Set.of(TestBatches.POOL)).machines())
                .singleElement()
                .satisfies(machine -> {
                    assertThat(machine.id()).isEqualTo(ID);
                    assertThat(machine.name()).isEmpty();
                    assertThat(machine.marks()).isEmpty();
                    assertThat(machine.state()).isEqualTo(MachineState.PENDING);
                });
    }

    @Test
    void a_machine_is_named_by_its_batch_and_launch_index() throws Exception {
        wire.answersXml("DescribeInstances", page(ID, "", "running", ""));

        assertThat(wire.driver.list(Set.of(TestBatches.POOL)).machines())
                .singleElement()
                .satisfies(machine -> {
                    assertThat(machine.batch()).contains(new BatchId("web-k3j2h1g0-2f"));
                    assertThat(machine.name()).contains(new MachineName("web-k3j2h1g0-2f-1"));
                });
    }

    @ParameterizedTest
    @CsvSource({
        "Server.InsufficientInstanceCapacity, NO_CAPACITY",
        "Client.VolumeLimitExceeded, QUOTA_EXCEEDED",
        "Client.InternalError, INVALID_TEMPLATE",
        "Client.InvalidSnapshot.NotFound, INVALID_TEMPLATE",
        "Server.InternalError, UNAVAILABLE"
    })
    void a_launch_that_ec2_took_back_is_a_late_refusal_and_a_tombstone(String reason, FailureKind kind)
            throws Exception {
        wire.answersXml("DescribeInstances", page(ID, "", "terminated", reason(reason)));

        Listing listing = wire.driver.list(Set.of(TestBatches.POOL));
        assertThat(listing.refusals()).singleElement().satisfies(refusal -> {
            assertThat(refusal.pool()).isEqualTo(TestBatches.POOL);
            assertThat(refusal.refusal().name()).isEqualTo(new MachineName("web-k3j2h1g0-2f-1"));
            assertThat(refusal.refusal().kind()).isEqualTo(kind);
            assertThat(refusal.refusal().text()).contains(reason);
        });
        assertThat(listing.machines()).extracting(CloudMachine::state).containsExactly(MachineState.TERMINATED);
    }

    @ParameterizedTest
    @CsvSource({"Client.UserInitiatedShutdown", "Client.InstanceInitiatedShutdown", "Server.SpotInstanceTermination"})
    void what_somebody_ended_is_a_tombstone_and_no_refusal(String reason) throws Exception {
        wire.answersXml("DescribeInstances", page(ID, "", "terminated", reason(reason)));

        Listing listing = wire.driver.list(Set.of(TestBatches.POOL));
        assertThat(listing.refusals()).isEmpty();
        assertThat(listing.machines()).extracting(CloudMachine::state).containsExactly(MachineState.TERMINATED);
    }

    // Ends and marks of several

    @Test
    void an_unknown_id_is_named_and_the_others_end_without_it() throws Exception {
        wire.answers(
                "TerminateInstances",
                error(400, "InvalidInstanceID.NotFound", "The instance ID '" + OTHER + "' does not exist"));
        wire.server.stubFor(post(urlEqualTo("/"))
                .withRequestBody(containing("Action=TerminateInstances&Version=2016-11-15&InstanceId.1=" + ID))
                .withRequestBody(com.github.tomakehurst.wiremock.client.WireMock.notContaining("InstanceId.2"))
                .willReturn(xml(200, recording("libcloud_terminate_instances").replace("i-4382922a", ID.value()))));

        Outcomes<MachineId> outcomes = wire.driver.terminate(Set.of(ID, OTHER));

        assertThat(outcomes.of(ID)).isEqualTo(new Outcome.Accepted(ID));
        assertThat(outcomes.of(OTHER))
                .isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.kind())
                        .isEqualTo(FailureKind.NOT_FOUND));
        assertThat(wire.asked("TerminateInstances")).isEqualTo(2);
    }

    @Test
    void an_error_that_names_nobody_leaves_each_asked_for_alone() throws Exception {
        wire.answers("TerminateInstances", error(400, "OperationNotPermitted", "protected"));

        Outcomes<MachineId> outcomes = wire.driver.terminate(Set.of(ID, OTHER));

        assertThat(List.of(outcomes.of(ID), outcomes.of(OTHER))).allSatisfy(outcome -> assertThat(outcome)
                .isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.kind())
                        .isEqualTo(FailureKind.CONFLICT)));
        assertThat(wire.asked("TerminateInstances")).isEqualTo(3);
    }

    @Test
    void an_id_of_another_cloud_is_nobodys_and_nothing_is_asked() throws Exception {
        MachineId foreign = new MachineId("another-clouds~id:1");

        assertThat(wire.driver.terminate(Set.of(foreign)).of(foreign))
                .isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.kind())
                        .isEqualTo(FailureKind.NOT_FOUND));
        assertThat(wire.driver.find(foreign)).isEmpty();
        assertThat(wire.server.getAllServeEvents()).isEmpty();
    }

    @Test
    void an_answer_without_the_machine_is_no_proof_that_it_is_gone() {
        wire.answersXml(
                "DescribeInstances",
                "<DescribeInstancesResponse><requestId>x</requestId><reservationSet/></DescribeInstancesResponse>");

        assertFailed(FailureKind.UNAVAILABLE, () -> wire.driver.find(ID));
    }

    // Words of these tests

    private record Matched(MachineId id) {}

    private static Matched found(String xml) {
        var matcher = java.util.regex.Pattern.compile("<instanceId>(i-[0-9a-f]+)</instanceId>")
                .matcher(xml);
        if (!matcher.find()) {
            fail("the recording has no instance");
        }
        return new Matched(new MachineId(matcher.group(1)));
    }

    private static String page(MachineId id, String next, String state, String more) {
        return "<DescribeInstancesResponse><requestId>x</requestId><reservationSet><item><instancesSet><item>"
                + "<instanceId>" + id + "</instanceId><instanceState><name>" + state + "</name></instanceState>"
                + "<amiLaunchIndex>1</amiLaunchIndex><clientToken>web-k3j2h1g0-2f</clientToken>"
                + "<instanceType>t3.small</instanceType>"
                + "<placement><availabilityZone>eu-north-1a</availabilityZone></placement>"
                + "<tagSet><item><key>weir-pool</key><value>web</value></item>"
                + "<item><key>weir-batch</key><value>web-k3j2h1g0-2f</value></item></tagSet>" + more
                + "</item></instancesSet></item></reservationSet>"
                + (next.isEmpty() ? "" : "<nextToken>" + next + "</nextToken>")
                + "</DescribeInstancesResponse>";
    }

    private static String reason(String code) {
        return "<stateReason><code>" + code + "</code><message>" + code + ": as it was</message></stateReason>";
    }

    private static void assertFailed(FailureKind kind, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(CloudException.class, failure -> assertThat(failure.kind())
                .as(String.valueOf(failure.getMessage()))
                .isEqualTo(kind));
    }
}
