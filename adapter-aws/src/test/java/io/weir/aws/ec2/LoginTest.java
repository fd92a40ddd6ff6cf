package io.weir.aws.ec2;

import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static io.weir.aws.ec2.Wire.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.weir.certs.DevelopmentCerts;
import io.weir.certs.Pem;
import io.weir.cloud.RequestMeter;
import io.weir.driver.CloudException;
import io.weir.pool.FailureKind;
import io.weir.pool.PoolName;
import io.weir.service.log.LogFormat;
import io.weir.service.log.LogLevel;
import io.weir.service.log.Logs;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** As whom a connection speaks, for how long, and what of it nobody may read. */
class LoginTest {
    private static final Set<PoolName> POOLS = Set.of(TestBatches.POOL);
    private static final String NOTHING =
            "<DescribeInstancesResponse><requestId>x</requestId><reservationSet/></DescribeInstancesResponse>";

    private final Wire wire = new Wire();
    private final List<String> requests = new ArrayList<>();

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        wire.close();
    }

    @Test
    void a_role_is_taken_on_with_its_external_id_and_kept_while_it_lasts() throws Exception {
        wire.answersXml(
                "AssumeRole", assumed("AssumeRole", "ASIAROLE1", Instant.now().plus(Duration.ofHours(1))));
        wire.answersXml("DescribeInstances", NOTHING);
        try (Ec2 ec2 = as(keys(), Optional.of(role("outside-4711")))) {
            ec2.driver().list(POOLS);
            ec2.driver().list(POOLS);
        }

        assertThat(wire.asked("AssumeRole")).isEqualTo(1);
        wire.server.verify(postRequestedFor(urlEqualTo("/")).withRequestBody(containing("ExternalId=outside-4711")));
        wire.server.verify(
                2,
                postRequestedFor(urlEqualTo("/"))
                        .withRequestBody(containing("Action=DescribeInstances"))
                        .withHeader("Authorization", containing("ASIAROLE1"))
                        .withHeader("X-Amz-Security-Token", containing("session-token")));
        assertThat(requests).contains("AssumeRole 200", "DescribeInstances 200");
    }

    @Test
    void a_role_that_is_about_to_expire_is_taken_on_again_without_a_failure() throws Exception {
        wire.answersXml(
                "AssumeRole", assumed("AssumeRole", "ASIAOLD", Instant.now().plusSeconds(20)));
        wire.answersXml("DescribeInstances", NOTHING);
        try (Ec2 ec2 = as(keys(), Optional.of(role("x")))) {
            ec2.driver().list(POOLS);
            wire.answersXml(
                    "AssumeRole", assumed("AssumeRole", "ASIANEW", Instant.now().plus(Duration.ofHours(1))));

            ec2.driver().list(POOLS);
        }

        wire.server.verify(
                1,
                postRequestedFor(urlEqualTo("/"))
                        .withRequestBody(containing("Action=DescribeInstances"))
                        .withHeader("Authorization", containing("ASIANEW")));
    }

    @Test
    void a_role_that_is_refused_is_no_doubt_about_the_launch() {
        wire.answers("AssumeRole", stsError(403, "AccessDenied", "not authorized to perform: sts:AssumeRole"));
        try (Ec2 ec2 = as(keys(), Optional.of(role("x")))) {
            assertThatThrownBy(() -> ec2.driver().launch(TestBatches.batch(1)))
                    .isInstanceOfSatisfying(CloudException.class, failure -> assertThat(failure.kind())
                            .isEqualTo(FailureKind.UNAUTHORIZED))
                    .hasMessageContaining("Sts")
                    .hasMessageContaining("sts:AssumeRole");
        }
        assertThat(wire.asked("RunInstances")).isZero();
    }

    @Test
    void an_sts_that_is_ill_has_launched_nothing() {
        wire.answers("AssumeRole", stsError(500, "InternalFailure", "?"));
        try (Ec2 ec2 = as(keys(), Optional.of(role("x")))) {
            assertThatThrownBy(() -> ec2.driver().launch(TestBatches.batch(1)))
                    .isInstanceOfSatisfying(CloudException.class, failure -> assertThat(failure.kind())
                            .isEqualTo(FailureKind.UNAVAILABLE));
        }
        assertThat(wire.asked("RunInstances")).isZero();
    }

    @Test
    void a_web_identity_is_exchanged_for_a_role() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "header.payload.signature");
        wire.answersXml(
                "AssumeRoleWithWebIdentity",
                assumed("AssumeRoleWithWebIdentity", "ASIAWEB", Instant.now().plus(Duration.ofHours(1))));
        wire.answersXml("DescribeInstances", NOTHING);
        try (Ec2 ec2 = as(
                new Login.Credentials.WebIdentity("arn:aws:iam::123456789012:role/web", token, "weir"),
                Optional.empty())) {
            ec2.driver().list(POOLS);
        }

        wire.server.verify(postRequestedFor(urlEqualTo("/"))
                .withRequestBody(containing("WebIdentityToken=header.payload.signature")));
        wire.server.verify(1, postRequestedFor(urlEqualTo("/")).withHeader("Authorization", containing("ASIAWEB")));
    }

    @Test
    void a_profile_is_read_from_the_usual_files() throws Exception {
        Path file = Files.writeString(
                folder.resolve("credentials"),
                "[weir]\naws_access_key_id = AKIDPROFILE\naws_secret_access_key = from-the-profile\n");
        wire.answersXml("DescribeInstances", NOTHING);
        String before = System.getProperty("aws.sharedCredentialsFile");
        System.setProperty("aws.sharedCredentialsFile", file.toString());
        try (Ec2 ec2 = as(new Login.Credentials.Profile("weir"), Optional.empty())) {
            ec2.driver().list(POOLS);
        } finally {
            if (before == null) {
                System.clearProperty("aws.sharedCredentialsFile");
            } else {
                System.setProperty("aws.sharedCredentialsFile", before);
            }
        }

        wire.server.verify(1, postRequestedFor(urlEqualTo("/")).withHeader("Authorization", containing("AKIDPROFILE")));
    }

    @Test
    void a_server_of_another_authority_is_trusted_only_if_the_connection_says_so() throws Exception {
        DevelopmentCerts certs = DevelopmentCerts.ensure(folder.resolve("certs"), InstantSource.system());
        HttpsServer server = https(certs);
        try {
            URI endpoint = URI.create("https://127.0.0.1:" + server.getAddress().getPort());
            try (Ec2 trusting = ec2(endpoint, Optional.of(certs.authority()))) {
                assertThat(trusting.driver().list(POOLS).machines()).isEmpty();
            }
            try (Ec2 strict = ec2(endpoint, Optional.empty())) {
                assertThatThrownBy(() -> strict.driver().launch(TestBatches.batch(1)))
                        .isInstanceOfSatisfying(CloudException.class, failure -> assertThat(failure.kind())
                                .isEqualTo(FailureKind.UNAVAILABLE)); // the handshake failed: nothing was sent
            }
        } finally {
            server.stop(0);
        }
    }

    @Test
    void an_authority_that_cannot_be_read_is_told_before_any_call() throws Exception {
        Path empty = Files.writeString(folder.resolve("ca.pem"), "nothing\n");

        assertThatThrownBy(() -> ec2(URI.create("https://127.0.0.1:1"), Optional.of(empty)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ca");
    }

    @Test
    void no_log_shows_a_secret_however_much_is_logged() throws Exception {
        Logs.configure(LogFormat.TEXT, LogLevel.DEBUG);
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        root.addAppender(logged);
        wire.answersXml(
                "AssumeRole", assumed("AssumeRole", "ASIAROLE1", Instant.now().plus(Duration.ofHours(1))));
        wire.answers("RunInstances", error(400, "InvalidParameterValue", "no"));
        try (Ec2 ec2 = as(keys(), Optional.of(role("outside-4711")))) {
            assertThatThrownBy(() -> ec2.driver()
                            .launch(TestBatches.batch(
                                    TestBatches.ID,
                                    TestBatches.batch(1).names(),
                                    TestBatches.CHOICE,
                                    TestBatches.frozen(Optional.of("c2VzYW1lLTQ3MTE=")))))
                    .isInstanceOf(CloudException.class);
        } finally {
            root.detachAppender(logged);
        }

        // At its own debug level the SDK writes down what it signs, the session's token in it: that level is not to be
        // had.
        assertThat(LoggerFactory.getLogger("software.amazon.awssdk.http.auth.aws")
                        .isDebugEnabled())
                .isFalse();
        assertThat(logged.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .noneMatch(line -> line.contains("topsecret-4711")
                        || line.contains("role-secret")
                        || line.contains("session-token")
                        || line.contains("c2VzYW1l"));
    }

    private static Login.Credentials keys() {
        return new Login.Credentials.Keys("AKIDEXAMPLE", () -> "topsecret-4711", Optional.empty());
    }

    private static Login.Role role(String externalId) {
        return new Login.Role(
                "arn:aws:iam::123456789012:role/pools", Optional.of(externalId), "weir", Duration.ofHours(1));
    }

    private Ec2 as(Login.Credentials credentials, Optional<Login.Role> role) {
        URI endpoint = URI.create(wire.server.baseUrl());
        return new Ec2(
                Ec2.Settings.of(new Login(
                        Optional.of("eu-north-1"),
                        credentials,
                        role,
                        new Login.Endpoints(Optional.of(endpoint), Optional.of(endpoint), Optional.of(endpoint)),
                        Optional.empty(),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(20))),
                InstantSource.system(),
                InstantSource.system(),
                (operation, outcome, took) -> requests.add(operation + " " + outcome));
    }

    private static Ec2 ec2(URI endpoint, Optional<Path> ca) {
        return new Ec2(
                Ec2.Settings.of(new Login(
                        Optional.of("eu-north-1"),
                        keys(),
                        Optional.empty(),
                        new Login.Endpoints(Optional.of(endpoint), Optional.empty(), Optional.empty()),
                        ca,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(20))),
                InstantSource.system(),
                InstantSource.system(),
                RequestMeter.NONE);
    }

    private static HttpsServer https(DevelopmentCerts certs) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(Pem.keyStore(certs.server().certificate(), certs.server().key()), new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            byte[] body = NOTHING.getBytes(StandardCharsets.UTF_8);
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().putAll(Map.of("Content-Type", List.of("text/xml")));
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static ResponseDefinitionBuilder stsError(int status, String code, String message) {
        return Wire.xml(
                status,
                "<ErrorResponse><Error><Type>Sender</Type><Code>" + code + "</Code><Message>" + message
                        + "</Message></Error><RequestId>x</RequestId></ErrorResponse>");
    }

    private static String assumed(String action, String key, Instant until) {
        return "<" + action + "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><" + action
                + "Result><Credentials><AccessKeyId>" + key
                + "</AccessKeyId><SecretAccessKey>role-secret</SecretAccessKey><SessionToken>session-token</SessionToken>"
                + "<Expiration>" + until.truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                + "</Expiration></Credentials></" + action
                + "Result><ResponseMetadata><RequestId>x</RequestId></ResponseMetadata></" + action + "Response>";
    }
}
