package io.weir.gce.compute;

import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static io.weir.gce.compute.Wire.ROOT;
import static io.weir.gce.compute.Wire.json;
import static io.weir.gce.compute.Wire.listing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.weir.certs.DevelopmentCerts;
import io.weir.certs.Pem;
import io.weir.cloud.Check;
import io.weir.cloud.RequestMeter;
import io.weir.driver.CloudException;
import io.weir.pool.FailureKind;
import io.weir.pool.Outcome;
import io.weir.pool.PoolName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As whom a connection speaks, for how long, and what of it nobody may read. */
class LoginTest {
    private static final Set<PoolName> POOLS = Set.of(TestBatches.POOL);
    private static final String ACCOUNT = "pools@weir-example.iam.gserviceaccount.com";
    private static final String GENERATE = "/v1/projects/-/serviceAccounts/" + ACCOUNT + ":generateAccessToken";

    private final Wire wire = new Wire();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        wire.close();
        threads.shutdownNow();
    }

    @Test
    void a_token_that_somebody_renews_is_picked_up() throws Exception {
        wire.instances(json(200, listing("")));
        AtomicReference<String> token = new AtomicReference<>("token-one");
        try (Compute compute = as(new Login.Credentials.Token(token::get), Optional.empty())) {
            compute.driver().list(POOLS);
            token.set("token-two");
            compute.driver().list(POOLS);
        }

        assertSpokenWith("token-one", 1);
        assertSpokenWith("token-two", 1);
    }

    @Test
    void a_token_that_cannot_be_read_is_no_doubt_about_a_launch() throws Exception {
        Login.Credentials gone = new Login.Credentials.Token(() -> {
            throw new IllegalStateException("the file is not there");
        });
        try (Compute compute = as(gone, Optional.empty())) {
            assertThat(refused(compute)).satisfies(refused -> {
                assertThat(refused.kind()).isEqualTo(FailureKind.UNAUTHORIZED);
                assertThat(refused.text()).contains("the file is not there");
            });
        }
        assertThat(wire.asked(".*")).isEmpty();
    }

    @Test
    void a_key_file_is_good_for_a_token_that_is_kept_while_it_lasts() throws Exception {
        wire.instances(json(200, listing("")));
        tokens("token-of-key", 3600);
        try (Compute compute = as(key(), Optional.empty())) {
            compute.driver().list(POOLS);
            compute.driver().list(POOLS);
        }

        assertSpokenWith("token-of-key", 2);
        assertThat(wire.asked("/token")).hasSize(1);
        wire.server.verify(getRequestedFor(urlPathEqualTo(ROOT + "aggregated/instances"))
                .withHeader("X-Goog-User-Project", absent()));
    }

    @Test
    void a_token_that_is_about_to_expire_is_renewed_without_a_failure() throws Exception {
        wire.instances(json(200, listing("")));
        tokens("token-old", 2);
        try (Compute compute = as(key(), Optional.empty())) {
            compute.driver().list(POOLS);
            tokens("token-new", 3600);

            compute.driver().list(POOLS);
        }

        assertThat(wire.asked("/token")).hasSizeGreaterThan(1);
        assertSpokenWith("token-new", 1);
    }

    @Test
    void a_key_that_is_refused_is_no_doubt_about_a_launch() throws Exception {
        wire.answers(
                post(urlPathEqualTo("/token")),
                json(400, "{\"error\": \"invalid_grant\", \"error_description\": \"Invalid JWT Signature.\"}"));
        try (Compute compute = as(key(), Optional.empty())) {
            assertThat(refused(compute)).satisfies(refused -> {
                assertThat(refused.kind()).isEqualTo(FailureKind.UNAUTHORIZED);
                assertThat(refused.text()).contains("invalid_grant");
            });
        }
        assertThat(wire.asked(ROOT + ".*")).isEmpty();
    }

    @Test
    void a_file_that_is_no_key_is_told_at_the_first_call() throws Exception {
        Path file = Files.writeString(folder.resolve("no-key.json"), "{\"type\": \"no_such_type\"}");
        try (Compute compute = as(new Login.Credentials.KeyFile(file), Optional.empty())) {
            assertThat(refused(compute).kind()).isEqualTo(FailureKind.UNAUTHORIZED);
            assertThatThrownBy(() -> compute.driver().list(POOLS))
                    .isInstanceOfSatisfying(CloudException.class, failure -> assertThat(failure.kind())
                            .isEqualTo(FailureKind.UNAUTHORIZED));
            assertThat(compute.check())
                    .filteredOn(check -> check.name().equals("credentials"))
                    .singleElement()
                    .satisfies(check -> assertThat(check.result()).isEqualTo(Check.Result.BAD));
        }
    }

    @Test
    void an_account_is_impersonated_with_a_token_of_the_credentials() throws Exception {
        wire.instances(json(200, listing("")));
        tokens("token-of-key", 3600);
        wire.answers(
                post(urlPathEqualTo(GENERATE)).withHeader("Authorization", equalTo("Bearer token-of-key")),
                json(
                        200,
                        "{\"accessToken\": \"token-of-account\", \"expireTime\": \""
                                + Instant.now()
                                        .plus(Duration.ofHours(1))
                                        .truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                                + "\"}"));
        try (Compute compute =
                as(key(), Optional.of(new Login.Impersonated(ACCOUNT, List.of(), Duration.ofHours(1))))) {
            compute.driver().list(POOLS);
        }

        assertSpokenWith("token-of-account", 1);
    }

    @Test
    void an_account_that_may_not_be_impersonated_is_no_doubt_about_a_launch() throws Exception {
        tokens("token-of-key", 3600);
        wire.answers(
                post(urlPathEqualTo(GENERATE)),
                json(
                        403,
                        "{\"error\": {\"code\": 403, \"message\": \"Permission 'iam.serviceAccounts.getAccessToken' denied\"}}"));
        try (Compute compute =
                as(key(), Optional.of(new Login.Impersonated(ACCOUNT, List.of(), Duration.ofHours(1))))) {
            assertThat(refused(compute).kind()).isEqualTo(FailureKind.UNAUTHORIZED);
        }
        assertThat(wire.asked(ROOT + ".*")).isEmpty();
    }

    @Test
    void requests_are_counted_against_the_quota_project() throws Exception {
        wire.instances(json(200, listing("")));
        Login login = Wire.login(URI.create(wire.server.baseUrl()), Duration.ofSeconds(20));
        Login counted = new Login(
                login.project(),
                login.region(),
                Optional.of("weir-billing"),
                login.credentials(),
                login.impersonated(),
                login.endpoints(),
                login.ca(),
                login.answer());
        try (Compute compute = compute(counted)) {
            compute.driver().list(POOLS);
        }

        wire.server.verify(getRequestedFor(urlPathEqualTo(ROOT + "aggregated/instances"))
                .withHeader("X-Goog-User-Project", equalTo("weir-billing")));
    }

    @Test
    void an_authority_of_ones_own_is_trusted_and_no_other() throws Exception {
        DevelopmentCerts certs = DevelopmentCerts.ensure(folder.resolve("certs"), InstantSource.system());
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(Pem.keyStore(certs.server().certificate(), certs.server().key()), new char[0]);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.createContext("/", exchange -> {
            byte[] body = listing("").getBytes(StandardCharsets.UTF_8);
            if (!exchange.getRequestURI().getPath().contains("aggregated")) {
                body = "{\"kind\": \"compute#region\"}".getBytes(StandardCharsets.UTF_8);
            }
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        Login plain =
                Wire.login(URI.create("https://127.0.0.1:" + server.getAddress().getPort()), Duration.ofSeconds(20));
        Login trusting = new Login(
                plain.project(),
                plain.region(),
                plain.quotaProject(),
                plain.credentials(),
                plain.impersonated(),
                plain.endpoints(),
                Optional.of(certs.authority()),
                plain.answer());
        try (Compute trusted = compute(trusting);
                Compute other = compute(plain)) {
            assertThat(trusted.driver().list(POOLS).machines()).isEmpty();
            assertThat(refused(other).kind()).isEqualTo(FailureKind.UNAVAILABLE);
        } finally {
            server.stop(0);
        }
    }

    private Outcome.Refused refused(Compute compute) throws CloudException {
        Outcome outcome = compute.driver()
                .launch(TestBatches.batch(1))
                .of(TestBatches.batch(1).names().get(0));
        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        return (Outcome.Refused) outcome;
    }

    private void assertSpokenWith(String token, int times) {
        wire.server.verify(
                times,
                getRequestedFor(urlPathEqualTo(ROOT + "aggregated/instances"))
                        .withHeader("Authorization", equalTo("Bearer " + token)));
    }

    private void tokens(String token, int seconds) {
        wire.answers(
                post(urlPathEqualTo("/token")),
                json(
                        200,
                        "{\"access_token\": \"" + token + "\", \"expires_in\": " + seconds
                                + ", \"token_type\": \"Bearer\"}"));
    }

    /** A service account's key as Google writes it, whose tokens come from the wire. */
    private Login.Credentials key() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        String pem = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder()
                        .encodeToString(generator.generateKeyPair().getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
        Path file = folder.resolve("key.json");
        new ObjectMapper()
                .writeValue(
                        file.toFile(),
                        Map.of(
                                "type", "service_account",
                                "project_id", "weir-example",
                                "private_key_id", "0123456789abcdef",
                                "private_key", pem,
                                "client_email", "weir@weir-example.iam.gserviceaccount.com",
                                "client_id", "123456789012345678901",
                                "token_uri", wire.server.baseUrl() + "/token"));
        return new Login.Credentials.KeyFile(file);
    }

    private Compute as(Login.Credentials credentials, Optional<Login.Impersonated> account) {
        URI endpoint = URI.create(wire.server.baseUrl());
        return compute(new Login(
                Wire.PROJECT,
                "us-central1",
                Optional.empty(),
                credentials,
                account,
                new Login.Endpoints(Optional.of(endpoint), Optional.of(endpoint)),
                Optional.empty(),
                Duration.ofSeconds(20)));
    }

    private Compute compute(Login login) {
        return new Compute(
                Compute.Settings.of(login), InstantSource.system(), InstantSource.system(), threads, RequestMeter.NONE);
    }
}
