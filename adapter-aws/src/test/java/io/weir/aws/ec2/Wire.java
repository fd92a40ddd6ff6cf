package io.weir.aws.ec2;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import io.weir.cloud.RequestMeter;
import io.weir.driver.CloudDriver;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;

/** The real SDK against answers made by hand or recorded. */
final class Wire implements AutoCloseable {
    final WireMockServer server = new WireMockServer(options().dynamicPort());
    final CloudDriver driver;
    private final Ec2 ec2;

    Wire() {
        this(Duration.ofSeconds(20), InstantSource.system());
    }

    Wire(Duration answer, InstantSource wall) {
        server.start();
        ec2 = new Ec2(
                Ec2.Settings.of(login(URI.create(server.baseUrl()), answer)),
                InstantSource.system(),
                wall,
                RequestMeter.NONE);
        driver = ec2.driver();
    }

    static Login login(URI endpoint, Duration answer) {
        return new Login(
                Optional.of("eu-north-1"),
                new Login.Credentials.Keys("AKIDEXAMPLE", () -> "topsecret-4711", Optional.empty()),
                Optional.empty(),
                new Login.Endpoints(Optional.of(endpoint), Optional.of(endpoint), Optional.of(endpoint)),
                Optional.empty(),
                Duration.ofSeconds(2),
                answer);
    }

    void answers(String action, ResponseDefinitionBuilder answer) {
        server.stubFor(post(urlEqualTo("/"))
                .withRequestBody(containing("Action=" + action + "&"))
                .willReturn(answer));
    }

    void answersXml(String action, String xml) {
        answers(action, xml(200, xml));
    }

    static ResponseDefinitionBuilder xml(int status, String body) {
        return aResponse()
                .withStatus(status)
                .withHeader("Content-Type", "text/xml;charset=UTF-8")
                .withHeader("x-amzn-RequestId", "4b1e9d0e-0000-4000-8000-000000000001")
                .withBody(body);
    }

    static ResponseDefinitionBuilder error(int status, String code, String message) {
        return xml(
                status,
                "<Response><Errors><Error><Code>" + code + "</Code><Message>" + message
                        + "</Message></Error></Errors><RequestID>4b1e9d0e-0000-4000-8000-000000000002</RequestID></Response>");
    }

    int asked(String action) {
        return server.findAll(postRequestedFor(urlEqualTo("/")).withRequestBody(containing("Action=" + action + "&")))
                .size();
    }

    static String recording(String name) {
        try (InputStream in = Objects.requireNonNull(Wire.class.getResourceAsStream("/recordings/" + name + ".xml"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        ec2.close();
        server.stop();
    }
}
