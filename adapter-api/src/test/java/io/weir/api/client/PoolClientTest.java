package io.weir.api.client;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import io.weir.api.MachinePool;
import io.weir.api.PoolSize;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PoolClientTest {
    private static final Patience LONG = new Patience(Duration.ofSeconds(30), Duration.ofSeconds(30), 4096);
    private static final Patience SHORT = new Patience(Duration.ofSeconds(2), Duration.ofMillis(700), 4096);
    private static final String SIZE = "/pools/web/pool/size";
    private static final String TWO = "{\"desiredSize\": 3, \"allocated\": 4, \"outOfService\": 1}";

    @TempDir
    static Path folder = Path.of("");

    private static WireMockServer adapter = new WireMockServer();
    private static SSLContext tls = context();

    private PoolClient client = client(adapter.httpsPort());

    @BeforeAll
    static void open() throws Exception {
        Path keys = Tls.keyStore(folder, "dns:localhost,ip:127.0.0.1");
        adapter = server(keys);
        tls = Tls.trusting(keys);
    }

    @AfterAll
    static void close() {
        adapter.stop();
    }

    @BeforeEach
    void clear() {
        adapter.resetAll();
        client = client(adapter.httpsPort());
    }

    @AfterEach
    void hangUp() {
        client.close();
    }

    @Test
    void a_size_of_a_2_0_adapter_is_read() {
        adapter.stubFor(get(SIZE).willReturn(okJson(TWO)));

        PoolSize size = client.size().found().orElseThrow();

        assertThat(size.desiredSize()).isEqualTo(3);
        assertThat(size.active()).isEqualTo(3);
        assertThat(size.generation()).isNull();
    }

    @Test
    void fields_that_nobody_knows_are_passed_over_in_answers() {
        adapter.stubFor(get("/pools/web/pool")
                .willReturn(okJson("{\"timestamp\":\"2013-11-07T13:50:00+00:00\",\"colour\":\"blue\",\"machines\":["
                        + "{\"id\":\"i-1\",\"machineState\":\"DREAMING\",\"hostname\":\"x\"}]}")));

        MachinePool pool = client.machines().found().orElseThrow();

        assertThat(pool.timestamp()).isEqualTo(Instant.parse("2013-11-07T13:50:00Z"));
        assertThat(pool.machines().getFirst().machineState()).isEqualTo("DREAMING");
    }

    @Test
    void an_adapter_without_etags_is_sent_only_what_is_published() {
        adapter.stubFor(get(SIZE).willReturn(okJson(TWO)));
        adapter.stubFor(post(SIZE).willReturn(aResponse().withStatus(200)));
        client.size();

        assertThat(client.setSize(5, Optional.of(new ETag("\"7\"")), Optional.of("busy")))
                .isInstanceOf(Answer.Ok.class);

        adapter.verify(postRequestedFor(urlEqualTo(SIZE))
                .withHeader("If-Match", absent())
                .withRequestBody(equalToJson("{\"desiredSize\": 5}")));
    }

    @Test
    void an_adapter_with_etags_is_sent_the_tag_and_the_reason() {
        adapter.stubFor(get(SIZE).willReturn(okJson(TWO).withHeader("ETag", "\"7\"")));
        adapter.stubFor(post(SIZE).willReturn(aResponse().withStatus(200).withHeader("ETag", "\"8\"")));
        Optional<ETag> tag = client.size() instanceof Answer.Ok<PoolSize> ok ? ok.tag() : Optional.empty();

        assertThat(client.setSize(5, tag, Optional.of("busy")))
                .isEqualTo(new Answer.Ok<>(Done.DONE, Optional.of(new ETag("\"8\""))));

        adapter.verify(postRequestedFor(urlEqualTo(SIZE))
                .withHeader("If-Match", equalTo("\"7\""))
                .withRequestBody(equalToJson("{\"desiredSize\": 5, \"reason\": \"busy\"}")));
    }

    @Test
    void a_size_that_somebody_changed_meanwhile_is_stale() {
        adapter.stubFor(post(SIZE)
                .willReturn(okJson("{\"message\":\"the size is of generation 9\",\"detail\":\"\"}")
                        .withStatus(412)));

        assertThat(client.setSize(5, Optional.empty(), Optional.empty()))
                .isInstanceOfSatisfying(
                        Answer.Stale.class,
                        stale -> assertThat(stale.error().message()).contains("generation 9"));
    }

    @Test
    void a_held_size_says_who_why_and_until_when() {
        adapter.stubFor(post(SIZE)
                .willReturn(okJson("{\"message\":\"held\",\"detail\":\"\",\"code\":\"SIZE_HELD\",\"hold\":{\"by\":"
                                + "\"operator/anna\",\"reason\":\"sale\",\"since\":\"2026-11-24T04:00:00.000Z\","
                                + "\"until\":\"2026-11-24T04:15:00.000Z\"}}")
                        .withStatus(409)));

        Answer<Done> answer = client.setSize(5, Optional.empty(), Optional.empty());

        assertThat(answer).isInstanceOfSatisfying(Answer.Held.class, held -> {
            assertThat(held.by()).isEqualTo("operator/anna");
            assertThat(held.why()).contains("sale");
            assertThat(held.until()).contains(Instant.parse("2026-11-24T04:15:00Z"));
        });
        assertThat(answer.sentence()).contains("operator/anna", "sale");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 400, 403, 404, 409, 415, 429, 500, 502, 503})
    void any_other_status_is_a_refusal_with_the_adapters_words(int status) {
        adapter.stubFor(any(anyUrl())
                .willReturn(aResponse()
                        .withStatus(status)
                        .withHeader("Location", "/elsewhere")
                        .withBody("{\"message\":\"no\",\"detail\":\"because\"}")));

        assertThat(client.setSize(5, Optional.empty(), Optional.empty()))
                .isInstanceOfSatisfying(Answer.Refused.class, refused -> {
                    assertThat(refused.status()).isEqualTo(status);
                    assertThat(refused.error().detail()).isEqualTo("because");
                });
    }

    @Test
    void a_page_of_a_proxy_is_a_refusal_on_one_line() {
        adapter.stubFor(any(anyUrl())
                .willReturn(aResponse().withStatus(503).withBody("<html>\n<h1>Bad\u0007 day</h1>" + "x".repeat(900))));

        String text = client.size().sentence();

        assertThat(text).startsWith("refused with 503").hasSizeLessThan(300).doesNotContain("\n", "\u0007");
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void a_broken_answer_is_no_certain_answer(Fault fault) {
        adapter.stubFor(post(SIZE).willReturn(aResponse().withFault(fault)));

        assertThat(client.setSize(5, Optional.empty(), Optional.empty())).isInstanceOf(Answer.Unknown.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "not json",
                "{\"desiredSize\":null,\"allocated\":1}",
                "{\"desiredSize\":2.7,\"allocated\":1}",
                "{\"desiredSize\":3}",
                "{\"desiredSize\":99999999999,\"allocated\":1}"
            })
    void a_size_that_can_t_be_believed_is_never_a_size(String body) {
        adapter.stubFor(get(SIZE).willReturn(okJson(body)));

        assertThat(client.size()).isInstanceOf(Answer.Unknown.class);
    }

    @Test
    void an_answer_that_comes_too_late_is_no_certain_answer() {
        adapter.stubFor(post(SIZE).willReturn(aResponse().withFixedDelay(5_000)));

        try (PoolClient hasty = client(adapter.httpsPort(), SHORT)) {
            assertThat(hasty.setSize(5, Optional.empty(), Optional.empty())).isInstanceOf(Answer.Unknown.class);
        }
    }

    @Test
    void an_answer_that_drips_is_given_up() {
        adapter.stubFor(get(SIZE).willReturn(okJson(TWO).withChunkedDribbleDelay(10, 10_000)));
        Instant start = Instant.now();

        try (PoolClient hasty = client(adapter.httpsPort(), SHORT)) {
            assertThat(hasty.size()).isInstanceOf(Answer.Unknown.class);
        }
        assertThat(Duration.between(start, Instant.now()))
                .as("it would drip for ten seconds")
                .isLessThan(Duration.ofSeconds(9));
    }

    @Test
    void an_answer_that_is_too_large_is_not_read_to_its_end() {
        adapter.stubFor(get(SIZE).willReturn(okJson(TWO + " ".repeat(100_000))));

        assertThat(client.size().sentence()).contains("larger than 4096 bytes");
    }

    @Test
    void a_closed_port_is_not_reachable() throws IOException {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        try (PoolClient nobody = client(port)) {
            assertThat(nobody.setSize(5, Optional.empty(), Optional.empty())).isInstanceOf(Answer.Unreachable.class);
        }
    }

    @Test
    void an_unknown_host_is_not_reachable() {
        try (var nobody = new PoolClient(URI.create("https://nowhere.invalid"), tls, LONG)) {
            assertThat(nobody.size().sentence()).contains("not reachable", "no such host");
        }
    }

    @Test
    void a_certificate_for_another_name_is_not_reachable() throws Exception {
        Path other = Tls.keyStore(folder, "dns:elsewhere.example");
        WireMockServer stranger = server(other);
        try (var client =
                new PoolClient(URI.create("https://localhost:" + stranger.httpsPort()), Tls.trusting(other), LONG)) {
            assertThat(client.size()).isInstanceOf(Answer.Unreachable.class);
        } finally {
            stranger.stop();
        }
    }

    @Test
    void a_certificate_of_a_stranger_is_not_reachable() throws Exception {
        Path other = Tls.keyStore(folder, "dns:localhost,dns:stranger");
        WireMockServer stranger = server(other);
        try (PoolClient client = client(stranger.httpsPort())) {
            assertThat(client.size()).isInstanceOf(Answer.Unreachable.class);
        } finally {
            stranger.stop();
        }
    }

    @Test
    void a_base_url_is_https_and_nothing_but_a_path() {
        assertThatThrownBy(() -> new PoolClient(URI.create("http://localhost"), tls, LONG))
                .hasMessageContaining("https");
        assertThatThrownBy(() -> new PoolClient(URI.create("https://localhost/?x=1"), tls, LONG))
                .hasMessageContaining("path");
    }

    private static PoolClient client(int port) {
        return client(port, LONG);
    }

    private static PoolClient client(int port, Patience patience) {
        return new PoolClient(
                URI.create("https://localhost:" + port + "/pools/web/"), Objects.requireNonNull(tls), patience);
    }

    private static WireMockServer server(Path keys) {
        var server = new WireMockServer(options()
                .dynamicPort()
                .dynamicHttpsPort()
                .keystorePath(keys.toString())
                .keystoreType("PKCS12")
                .keystorePassword(Tls.PASSWORD)
                .keyManagerPassword(Tls.PASSWORD));
        server.start();
        return server;
    }

    private static SSLContext context() {
        try {
            return SSLContext.getDefault();
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
