package io.weir.openstack.nova;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.http.Fault;
import io.weir.cloud.RequestMeter;
import io.weir.openstack.nova.NovaFailure.Fate;
import io.weir.pool.FailureKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the driver's calls make of what comes over the wire. */
class CallsTest {
    private static final String ID = "0f731b95-bbc2-4cd9-92e2-f208f8ebf298";
    private static final String NOT_THERE =
            "{\"itemNotFound\": {\"code\": 404, \"message\": \"Instance " + ID + " could not be found.\"}}";
    private static final String LIST = "/compute/v2.1/servers/detail";
    private static final String SERVERS = "/compute/v2.1/servers";
    private static final String SERVER = SERVERS + "/" + ID;

    private final WireCloud cloud = new WireCloud();

    @AfterEach
    void stop() {
        cloud.close();
    }

    private void answers(ResponseDefinitionBuilder answer) {
        cloud.server.stubFor(any(urlMatching("/compute/.*")).willReturn(answer));
    }

    // What failures mean

    static Stream<Arguments> failures() {
        return Stream.of(
                row("404 of a proxy", WireCloud.html(404, "Not Found"), FailureKind.UNAVAILABLE, FailureKind.UNKNOWN),
                row(
                        "404 of a proxy that shows the path",
                        WireCloud.html(404, "/servers/" + ID + " was not found"),
                        FailureKind.UNAVAILABLE,
                        FailureKind.UNKNOWN),
                row(
                        "400",
                        error(400, "badRequest", "Invalid flavorRef"),
                        FailureKind.UNAVAILABLE,
                        FailureKind.INVALID_TEMPLATE),
                row(
                        "400 of a zone whose hosts are all disabled",
                        error(400, "badRequest", "The requested availability zone is not available"),
                        FailureKind.UNAVAILABLE,
                        FailureKind.NO_CAPACITY),
                row(
                        "401 twice",
                        error(401, "error", "The request you have made requires authentication."),
                        FailureKind.UNAUTHORIZED,
                        FailureKind.UNAUTHORIZED),
                row(
                        "403 by policy",
                        error(403, "forbidden", "Policy doesn't allow it to be performed."),
                        FailureKind.UNAUTHORIZED,
                        FailureKind.UNAUTHORIZED),
                row(
                        "403 by quota",
                        error(403, "forbidden", "Quota exceeded for cores: Requested 4, but already used 2 of 2 cores"),
                        FailureKind.UNAVAILABLE,
                        FailureKind.QUOTA_EXCEEDED),
                row(
                        "403 by ports",
                        error(403, "forbidden", "Maximum number of ports exceeded"),
                        FailureKind.UNAVAILABLE,
                        FailureKind.QUOTA_EXCEEDED),
                row(
                        "406",
                        error(406, "computeFault", "Version 2.69 is not supported by the API."),
                        FailureKind.UNAVAILABLE,
                        FailureKind.UNAVAILABLE),
                row(
                        "409",
                        error(409, "conflictingRequest", "Cannot 'delete' instance while it is locked"),
                        FailureKind.UNAVAILABLE,
                        FailureKind.CONFLICT),
                row(
                        "413 by quota",
                        error(413, "overLimit", "VolumeLimitExceeded: Maximum number of volumes allowed (1) exceeded"),
                        FailureKind.UNAVAILABLE,
                        FailureKind.QUOTA_EXCEEDED),
                row(
                        "413 by rate",
                        error(413, "overLimit", "This request was rate-limited.")
                                .withHeader("Retry-After", "11"),
                        FailureKind.THROTTLED,
                        FailureKind.THROTTLED),
                row(
                        "429",
                        WireCloud.html(429, "Too Many Requests").withHeader("Retry-After", "11"),
                        FailureKind.THROTTLED,
                        FailureKind.THROTTLED),
                row(
                        "500",
                        error(500, "computeFault", "Unexpected API Error."),
                        FailureKind.UNAVAILABLE,
                        FailureKind.UNKNOWN),
                row("502", WireCloud.html(502, "Bad Gateway"), FailureKind.UNAVAILABLE, FailureKind.UNKNOWN),
                row(
                        "503 of a proxy",
                        WireCloud.html(503, "Service Unavailable"),
                        FailureKind.UNAVAILABLE,
                        FailureKind.UNKNOWN),
                row(
                        "503 for want of Keystone",
                        WireCloud.html(503, "The Keystone service is temporarily unavailable."),
                        FailureKind.UNAVAILABLE,
                        FailureKind.UNAVAILABLE),
                row("504", WireCloud.html(504, "Gateway Timeout"), FailureKind.UNAVAILABLE, FailureKind.UNKNOWN),
                row(
                        "302",
                        aResponse().withStatus(302).withHeader("Location", "/login"),
                        FailureKind.UNAVAILABLE,
                        FailureKind.UNKNOWN),
                row(
                        "half",
                        WireCloud.json(200, "{\"server\": {\"id\": \"x"),
                        FailureKind.UNAVAILABLE,
                        FailureKind.UNKNOWN),
                row("another type", WireCloud.html(200, "Welcome"), FailureKind.UNAVAILABLE, FailureKind.UNKNOWN),
                row("nothing", aResponse().withStatus(200), FailureKind.UNAVAILABLE, FailureKind.UNKNOWN),
                row("an empty object", WireCloud.json(200, "{}"), FailureKind.UNAVAILABLE, FailureKind.UNKNOWN),
                row(
                        "cut",
                        WireCloud.fault(Fault.MALFORMED_RESPONSE_CHUNK),
                        FailureKind.UNAVAILABLE,
                        FailureKind.UNKNOWN),
                row(
                        "garbage",
                        WireCloud.fault(Fault.RANDOM_DATA_THEN_CLOSE),
                        FailureKind.UNAVAILABLE,
                        FailureKind.UNKNOWN),
                row(
                        "reset",
                        WireCloud.fault(Fault.CONNECTION_RESET_BY_PEER),
                        FailureKind.UNAVAILABLE,
                        FailureKind.UNKNOWN),
                row("closed", WireCloud.fault(Fault.EMPTY_RESPONSE), FailureKind.UNAVAILABLE, FailureKind.UNKNOWN),
                row(
                        "late",
                        WireCloud.json(200, "{}").withFixedDelay(3_000),
                        FailureKind.UNAVAILABLE,
                        FailureKind.UNKNOWN),
                row(
                        "slow bytes",
                        WireCloud.json(200, "{\"server\": {\"id\": \"x\"}}").withChunkedDribbleDelay(10, 10_000),
                        FailureKind.UNAVAILABLE,
                        FailureKind.UNKNOWN));
    }

    private static Arguments row(String name, ResponseDefinitionBuilder answer, FailureKind read, FailureKind change) {
        return Arguments.of(Named.of(name, answer), read, change);
    }

    private static ResponseDefinitionBuilder error(int status, String envelope, String message) {
        return WireCloud.json(
                status, "{\"" + envelope + "\": {\"code\": " + status + ", \"message\": \"" + message + "\"}}");
    }

    @ParameterizedTest
    @MethodSource("failures")
    void a_failure_means_one_thing_for_a_read_and_may_mean_maybe_for_a_change(
            ResponseDefinitionBuilder answer, FailureKind read, FailureKind change) {
        answers(answer);
        NovaApi api = cloud.api();

        assertThatThrownBy(() -> api.servers(null))
                .isInstanceOfSatisfying(NovaFailure.class, failure -> assertThat(NovaFailures.ofRead(failure))
                        .isEqualTo(read));
        assertThatThrownBy(() -> api.server(ID))
                .isInstanceOfSatisfying(NovaFailure.class, failure -> assertThat(NovaFailures.ofRead(failure))
                        .isEqualTo(read));
        assertThatThrownBy(() -> api.boot(JsonNodeFactory.instance.objectNode()))
                .isInstanceOfSatisfying(NovaFailure.class, failure -> assertThat(NovaFailures.ofChange(failure))
                        .isEqualTo(change));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void a_delete_is_a_success_only_if_the_service_says_so(
            ResponseDefinitionBuilder answer, FailureKind read, FailureKind change) {
        answers(answer);
        int status = answer.build().getStatus();
        boolean whole = answer.build().getFault() == null
                && answer.build().getFixedDelayMilliseconds() == null
                && answer.build().getChunkedDribbleDelay() == null;
        NovaApi api = cloud.api();

        if (status / 100 == 2 && whole) {
            return; // nobody reads the body of a 2xx to a delete
        }
        assertThatThrownBy(() -> api.deleteServer(ID))
                .isInstanceOfSatisfying(NovaFailure.class, failure -> assertThat(NovaFailures.ofChange(failure))
                        .isEqualTo(change));
    }

    @Test
    void what_was_never_sent_is_unavailable_for_a_change_too() {
        cloud.close();

        assertThatThrownBy(() -> cloud.api().deleteServer(ID)).isInstanceOfSatisfying(NovaFailure.class, failure -> {
            assertThat(failure.fate()).isEqualTo(Fate.NOT_SENT);
            assertThat(NovaFailures.ofChange(failure)).isEqualTo(FailureKind.UNAVAILABLE);
        });
    }

    @Test
    void the_time_to_wait_is_told() {
        answers(WireCloud.html(429, "Too Many Requests").withHeader("Retry-After", "11"));

        assertThatThrownBy(() -> cloud.api().deleteServer(ID))
                .isInstanceOfSatisfying(NovaFailure.class, failure -> assertThat(failure.retryAfter())
                        .contains(Duration.ofSeconds(11)));
    }

    @Test
    void only_the_services_own_word_says_that_a_server_is_not_there() throws Exception {
        answers(WireCloud.json(404, NOT_THERE));
        assertThat(cloud.api().server(ID)).isEmpty();

        answers(WireCloud.json(
                404, "{\"itemNotFound\": {\"code\": 404, \"message\": \"The resource could not be found.\"}}"));
        assertThatThrownBy(() -> cloud.api().server(ID)).isInstanceOf(NovaFailure.class);
    }

    // How a call is made

    @Test
    void each_call_to_nova_bears_its_microversion_and_no_other_service_is_sent_one() throws Exception {
        answers(WireCloud.json(200, "{\"servers\": []}"));
        cloud.server.stubFor(any(urlMatching("/network/.*")).willReturn(WireCloud.json(200, "{\"ports\": []}")));

        cloud.api().servers(null);
        cloud.api().portsOf(ID);

        cloud.server.verify(getRequestedFor(urlPathEqualTo(LIST))
                .withHeader("OpenStack-API-Version", equalTo("compute 2.69"))
                .withHeader("X-Auth-Token", equalTo("token-1")));
        cloud.server.verify(
                getRequestedFor(urlPathEqualTo("/network/v2.0/ports")).withHeader("OpenStack-API-Version", absent()));
    }

    @Test
    void pages_are_followed_by_the_last_id_until_there_is_no_other_one() throws Exception {
        cloud.server.stubFor(get(urlPathEqualTo("/compute/v2.1/flavors/detail"))
                .withQueryParam("marker", absent())
                .willReturn(WireCloud.json(
                        200,
                        "{\"flavors\": [{\"id\": \"1\"}, {\"id\": \"2\"}], \"flavors_links\":"
                                + " [{\"rel\": \"next\", \"href\": \"http://elsewhere\"}]}")));
        cloud.server.stubFor(get(urlPathEqualTo("/compute/v2.1/flavors/detail"))
                .withQueryParam("marker", equalTo("2"))
                .willReturn(WireCloud.json(200, "{\"flavors\": [{\"id\": \"3\"}]}")));

        assertThat(new OpenstackCatalog(cloud.calls()).flavors())
                .extracting(CatalogApi.Flavor::id)
                .containsExactly("1", "2", "3");
    }

    @Test
    void requests_are_counted_by_operation_and_outcome() {
        List<String> counted = Collections.synchronizedList(new ArrayList<>());
        answers(WireCloud.html(502, "Bad Gateway"));
        NovaApi api =
                new OpenstackNovaApi(cloud.calls((operation, outcome, took) -> counted.add(operation + " " + outcome)));

        assertThatThrownBy(() -> api.deleteServer(ID)).isInstanceOf(NovaFailure.class);

        assertThat(counted).containsExactly("POST /auth/tokens 201", "DELETE /servers/{id} 502");
    }

    // Login

    @Test
    void a_service_that_the_catalog_lacks_in_this_region_is_not_looked_for_elsewhere() {
        cloud.server.stubFor(post("/v3/auth/tokens").willReturn(cloud.login("token-1", Duration.ofHours(1), "there")));

        assertThatThrownBy(() -> cloud.api().servers(null))
                .isInstanceOfSatisfying(
                        NovaFailure.class, failure -> assertThat(failure.text()).contains("compute", "region here"));
        cloud.server.verify(0, WireMock.anyRequestedFor(urlMatching(".*servers.*")));
    }

    @Test
    void a_token_that_a_service_refuses_is_renewed_once_and_the_call_is_made() throws Exception {
        cloud.server.stubFor(post(SERVERS)
                .withHeader("X-Auth-Token", equalTo("token-1"))
                .willReturn(error(401, "error", "The request you have made requires authentication.")));
        cloud.server.stubFor(post(SERVERS)
                .withHeader("X-Auth-Token", equalTo("token-2"))
                .willReturn(WireCloud.json(202, "{\"server\": {\"id\": \"" + ID + "\"}}")));
        OpenstackCalls calls = cloud.calls();
        calls.session();
        cloud.logsIn("token-2", Duration.ofHours(1));

        assertThat(new OpenstackNovaApi(calls).boot(JsonNodeFactory.instance.objectNode()))
                .isEqualTo(ID);
        assertThat(cloud.logins()).isEqualTo(2);
        cloud.server.verify(2, postRequestedFor(urlEqualTo(SERVERS)));
    }

    @Test
    void a_token_is_renewed_ahead_of_its_end() throws Exception {
        answers(WireCloud.json(200, "{\"servers\": []}"));
        OpenstackCalls calls = cloud.calls();
        calls.session();
        cloud.now.updateAndGet(now -> now.plus(Duration.ofMinutes(58)));
        assertThat(calls.session().tokenId()).isEqualTo("token-1");

        cloud.now.updateAndGet(now -> now.plus(Duration.ofMinutes(1).plusSeconds(1)));
        cloud.logsIn("token-2", Duration.ofHours(1));

        assertThat(calls.session().tokenId()).isEqualTo("token-2");
    }

    @Test
    void while_keystone_is_away_the_old_token_serves_to_its_end() throws Exception {
        OpenstackCalls calls = cloud.calls();
        calls.session();
        cloud.server.stubFor(post("/v3/auth/tokens").willReturn(aResponse().withStatus(503)));

        cloud.now.updateAndGet(now -> now.plus(Duration.ofMinutes(59).plusSeconds(30)));
        assertThat(calls.session().tokenId()).isEqualTo("token-1");

        cloud.now.updateAndGet(now -> now.plusSeconds(31));
        assertThatThrownBy(calls::session)
                .isInstanceOfSatisfying(NovaFailure.class, failure -> assertThat(NovaFailures.ofRead(failure))
                        .isEqualTo(FailureKind.UNAVAILABLE));
    }

    @Test
    void a_login_whose_answer_is_lost_never_leaves_a_change_in_doubt() {
        cloud.server.stubFor(post("/v3/auth/tokens").willReturn(WireCloud.fault(Fault.EMPTY_RESPONSE)));

        assertThatThrownBy(() -> cloud.api().deleteServer(ID))
                .isInstanceOfSatisfying(NovaFailure.class, failure -> assertThat(NovaFailures.ofChange(failure))
                        .isEqualTo(FailureKind.UNAVAILABLE));
    }

    @Test
    void many_threads_with_an_ended_token_log_in_once() throws Exception {
        cloud.server.stubFor(get(urlPathEqualTo(LIST))
                .withHeader("X-Auth-Token", equalTo("token-1"))
                .willReturn(error(401, "error", "The request you have made requires authentication.")));
        cloud.server.stubFor(get(urlPathEqualTo(LIST))
                .withHeader("X-Auth-Token", equalTo("token-2"))
                .willReturn(WireCloud.json(200, "{\"servers\": []}")));
        OpenstackCalls calls = cloud.calls();
        calls.session();
        cloud.logsIn("token-2", Duration.ofHours(1));

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> listings = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                listings.add(threads.submit(() -> new OpenstackNovaApi(calls).servers(null)));
            }
            for (Future<?> listing : listings) {
                listing.get();
            }
        }

        assertThat(cloud.logins()).isEqualTo(2);
    }

    @Test
    void wrong_credentials_are_told_apart() {
        cloud.server.stubFor(post("/v3/auth/tokens")
                .willReturn(error(401, "error", "The request you have made requires authentication.")));

        assertThatThrownBy(() -> cloud.api().servers(null))
                .isInstanceOfSatisfying(NovaFailure.class, failure -> assertThat(NovaFailures.ofRead(failure))
                        .isEqualTo(FailureKind.UNAUTHORIZED));
    }

    @Test
    void an_application_credential_logs_in_as_keystone_wants_it() throws Exception {
        login(new Account.ApplicationCredential(Optional.of("cred-1"), Optional.empty(), Optional.empty(), "sesame"));

        cloud.server.verify(postRequestedFor(urlEqualTo("/v3/auth/tokens"))
                .withRequestBody(matchingJsonPath("$.auth.identity.methods[0]", equalTo("application_credential")))
                .withRequestBody(matchingJsonPath("$.auth.identity.application_credential.id", equalTo("cred-1")))
                .withRequestBody(matchingJsonPath("$.auth.identity.application_credential.secret", equalTo("sesame")))
                .withRequestBody(matchingJsonPath("$.auth.scope", absent())));
    }

    @Test
    void a_password_and_a_token_log_in_to_their_project() throws Exception {
        login(cloud.account().proof());
        login(new Account.GivenToken("given", WireCloud.name("demo")));

        for (String method : List.of("password", "token")) {
            cloud.server.verify(postRequestedFor(urlEqualTo("/v3/auth/tokens"))
                    .withRequestBody(matchingJsonPath("$.auth.identity.methods[0]", equalTo(method)))
                    .withRequestBody(matchingJsonPath("$.auth.scope.project.name", equalTo("demo")))
                    .withRequestBody(matchingJsonPath("$.auth.scope.project.domain.name", equalTo("Default"))));
        }
    }

    private void login(Account.Proof proof) throws NovaFailure {
        Wire wire = new Wire(Optional.empty(), Duration.ofMillis(500), WireCloud.LONGEST);
        Account account = new Account(cloud.url() + "/v3/", WireCloud.REGION, "public", proof);
        new Login(() -> account, wire, cloud.clock, RequestMeter.NONE, System::nanoTime)
                .session(WireCloud.deadline(Duration.ofSeconds(5)));
    }

    @Test
    void no_text_shows_a_secret() {
        cloud.server.stubFor(post("/v3/auth/tokens").willReturn(error(401, "error", "no")));

        assertThat(cloud.account().toString()).doesNotContain("demo-secret");
        assertThat(new Account.ApplicationCredential(Optional.empty(), Optional.of("c"), Optional.empty(), "sesame")
                        .toString())
                .doesNotContain("sesame");
        assertThat(new Account.GivenToken("sesame", WireCloud.name("demo")).toString())
                .doesNotContain("sesame");
        assertThatThrownBy(() -> cloud.api().servers(null)).hasMessageNotContainingAny("demo-secret", "token-1");
    }

    @Test
    void metadata_is_merged_and_never_replaced() throws Exception {
        cloud.server.stubFor(post(SERVER + "/metadata")
                .willReturn(WireCloud.json(200, "{\"metadata\": {\"weir-pool\": \"web\", \"owner\": \"anna\"}}")));

        assertThat(cloud.api().mergeMetadata(ID, Map.of("weir-pool", "web"))).containsEntry("owner", "anna");
        cloud.server.verify(0, WireMock.putRequestedFor(urlMatching(".*")));
    }
}
