package io.weir.openstack.nova;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import io.weir.cloud.RequestMeter;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.openstack4j.api.Builders;
import org.openstack4j.api.OSClient.OSClientV3;
import org.openstack4j.api.exceptions.ResponseException;
import org.openstack4j.core.transport.Config;
import org.openstack4j.openstack.OSFactory;

/**
 * openstack4j's own calls over our connector, for each answer that its stock connectors make something else of: an empty list of a
 * 404, a success of a 503, two servers of one request.
 */
class JdkHttpExecutorTest {
    private static final String COMPUTE = "/compute/v2.1/.*";
    private static final String SERVER = "0f731b95-bbc2-4cd9-92e2-f208f8ebf298";

    private final WireCloud cloud = new WireCloud();

    @BeforeEach
    void answerNothingYet() {
        cloud.server.stubFor(any(urlMatching(COMPUTE)).willReturn(aResponse().withStatus(599)));
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private void answers(ResponseDefinitionBuilder answer) {
        cloud.server.stubFor(any(urlMatching(COMPUTE)).willReturn(answer));
    }

    private OSClientV3 client() throws NovaFailure {
        Wire wire = new Wire(Optional.empty(), Duration.ofMillis(500), WireCloud.LONGEST);
        Deadline deadline = WireCloud.deadline(Duration.ofSeconds(10));
        Config config = wire.config(deadline);
        var session =
                new Login(cloud::account, wire, cloud.clock, RequestMeter.NONE, System::nanoTime).session(deadline);
        return OSFactory.clientFromToken(session.token(), config).useRegion(WireCloud.REGION);
    }

    /** A call of openstack4j's own. */
    private enum Stock {
        LIST(client -> client.compute().servers().list()),
        GET(client -> client.compute().servers().get(SERVER)),
        BOOT(client -> client.compute()
                .servers()
                .boot(Builders.server().name("x").flavor("1").image("i").build())),
        DELETE(client -> client.compute().servers().delete(SERVER)),
        DELETE_WITH_AN_ANSWER(client -> client.compute().flavors().delete("1"));

        private final Function<OSClientV3, @Nullable Object> call;

        Stock(Function<OSClientV3, @Nullable Object> call) {
            this.call = call;
        }
    }

    private Throwable failure(Stock stock) throws NovaFailure {
        OSClientV3 client = client();
        return catchThrowable(() -> stock.call.apply(client));
    }

    static Stream<Arguments> answersThatAreNone() {
        return Stream.of(
                row(
                        "404 in JSON",
                        WireCloud.json(404, "{\"itemNotFound\": {\"code\": 404, \"message\": \"none\"}}"),
                        404),
                row("404 of a proxy", WireCloud.html(404, "Not Found"), 404),
                row("400", WireCloud.json(400, "{\"badRequest\": {\"code\": 400, \"message\": \"no\"}}"), 400),
                row("403", WireCloud.json(403, "{\"forbidden\": {\"code\": 403, \"message\": \"no\"}}"), 403),
                row("408", aResponse().withStatus(408), 408),
                row("409", WireCloud.json(409, "{\"conflictingRequest\": {\"code\": 409, \"message\": \"no\"}}"), 409),
                row("4xx without a type", aResponse().withStatus(418).withBody("{"), 418),
                row("413", aResponse().withStatus(413), 413),
                row("429", aResponse().withStatus(429).withHeader("Retry-After", "7"), 429),
                row("500", aResponse().withStatus(500), 500),
                row("502", WireCloud.html(502, "Bad Gateway"), 502),
                row("503", aResponse().withStatus(503), 503),
                row("503 with Retry-After: 0", aResponse().withStatus(503).withHeader("Retry-After", "0"), 503),
                row("504", aResponse().withStatus(504), 504),
                row("301", aResponse().withStatus(301).withHeader("Location", "/compute/v2.1/elsewhere"), 301),
                row("302", aResponse().withStatus(302).withHeader("Location", "/compute/v2.1/elsewhere"), 302),
                row("307", aResponse().withStatus(307).withHeader("Location", "/compute/v2.1/elsewhere"), 307),
                row("cut connection", WireCloud.fault(Fault.RANDOM_DATA_THEN_CLOSE), 0),
                row("dropped", WireCloud.fault(Fault.CONNECTION_RESET_BY_PEER), 0),
                row("closed", WireCloud.fault(Fault.EMPTY_RESPONSE), 0),
                row("slow", WireCloud.json(200, "{\"servers\": []}").withFixedDelay(3000), 0),
                row("slow bytes", WireCloud.json(200, "{\"servers\": []}").withChunkedDribbleDelay(10, 10_000), 0));
    }

    private static Arguments row(String name, ResponseDefinitionBuilder answer, int status) {
        return Arguments.of(Named.of(name, answer), status);
    }

    @ParameterizedTest
    @MethodSource("answersThatAreNone")
    void what_is_no_answer_is_an_exception_with_its_status_for_every_kind_of_call(
            ResponseDefinitionBuilder answer, int status) throws Exception {
        answers(answer);

        for (Stock stock : Stock.values()) {
            assertThat(failure(stock))
                    .as(stock.toString())
                    .isInstanceOfSatisfying(ResponseException.class, failed -> assertThat(failed.getStatus())
                            .isEqualTo(status));
        }
    }

    @ParameterizedTest
    @MethodSource("answersThatAreNone")
    void nothing_that_changes_something_is_sent_twice(ResponseDefinitionBuilder answer, int status) throws Exception {
        answers(answer);

        for (Stock change : EnumSet.complementOf(EnumSet.of(Stock.LIST, Stock.GET))) {
            cloud.server.resetRequests();

            assertThat(failure(change)).isNotNull();
            assertThat(cloud.server.findAll(anyRequestedFor(urlMatching(COMPUTE))))
                    .as(change.toString())
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("lists")
    void a_list_without_a_list_in_it_is_not_an_empty_one(String body) throws Exception {
        answers(WireCloud.json(200, body));

        assertThat(failure(Stock.LIST)).isInstanceOf(ResponseException.class);
    }

    static Stream<String> lists() {
        return Stream.of(
                "{}",
                "{\"servers\": null}",
                "{\"servers\": [",
                "[]",
                "",
                "null",
                "{\"servers\": []} and more",
                "<html/>");
    }

    @Test
    void a_true_list_is_one() throws Exception {
        answers(WireCloud.json(200, "{\"servers\": []}"));

        assertThat(client().compute().servers().list()).isEmpty();
    }

    @Test
    void what_refuses_to_connect_was_never_sent() throws Exception {
        OSClientV3 client = client();
        cloud.close();

        assertThatThrownBy(() -> client.compute().servers().delete(SERVER))
                .isInstanceOfSatisfying(
                        Silence.class, silence -> assertThat(silence.sent()).isFalse());
    }

    @Test
    void headers_of_a_refusal_are_there_whatever_their_case() throws Exception {
        answers(aResponse().withStatus(429).withHeader("RETRY-AFTER", "7"));

        assertThat(failure(Stock.BOOT)).isInstanceOfSatisfying(Refusal.class, refusal -> assertThat(
                        refusal.answer().header("retry-after"))
                .isEqualTo("7"));
    }
}
