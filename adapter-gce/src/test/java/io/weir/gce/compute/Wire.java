package io.weir.gce.compute;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.weir.cloud.RequestMeter;
import io.weir.driver.Catalogs;
import io.weir.driver.CloudDriver;
import io.weir.driver.Leftovers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Google's own client against answers made by hand or recorded. */
final class Wire implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");
    static final String PROJECT = "weir-example";
    static final String ROOT = "/compute/v1/projects/" + PROJECT + "/";
    static final String IN_ZONE = ROOT + "zones/us-central1-a/";
    private static final ObjectMapper JSON = new ObjectMapper();

    final WireMockServer server = new WireMockServer(options().dynamicPort());
    final CloudDriver driver;
    final Leftovers leftovers;
    final Catalogs catalogs;
    final List<String> told = new ArrayList<>();
    private final Compute compute;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Wire() {
        this(Duration.ofSeconds(20));
    }

    Wire(Duration answer) {
        server.start();
        RequestMeter meter = (operation, outcome, took) -> {
            synchronized (told) {
                told.add(operation + " " + outcome);
            }
        };
        compute = new Compute(
                Compute.Settings.of(login(URI.create(server.baseUrl()), answer)),
                InstantSource.fixed(NOW),
                InstantSource.system(),
                threads,
                meter);
        driver = compute.driver();
        leftovers = compute.leftovers();
        catalogs = compute.catalogs();
        answers(get(urlPathEqualTo(ROOT + "regions/us-central1")), json(200, """
                {"kind": "compute#region", "name": "us-central1", "status": "UP", "zones": [
                 "https://www.googleapis.com/compute/v1/projects/weir-example/zones/us-central1-a",
                 "https://www.googleapis.com/compute/v1/projects/weir-example/zones/us-central1-b"]}"""));
        operations("");
    }

    static Login login(URI endpoint, Duration answer) {
        return new Login(
                PROJECT,
                "us-central1",
                Optional.empty(),
                new Login.Credentials.Token(() -> "topsecret-4711"),
                Optional.empty(),
                new Login.Endpoints(Optional.of(endpoint), Optional.empty()),
                Optional.empty(),
                answer);
    }

    void answers(MappingBuilder asked, ResponseDefinitionBuilder answer) {
        server.stubFor(asked.willReturn(answer));
    }

    void insert(ResponseDefinitionBuilder answer) {
        answers(post(urlPathEqualTo(IN_ZONE + "instances")), answer);
    }

    void delete0(ResponseDefinitionBuilder answer) {
        answers(delete(urlPathMatching(IN_ZONE + "instances/.*")), answer);
    }

    void instance(String name, ResponseDefinitionBuilder answer) {
        answers(get(urlPathEqualTo(IN_ZONE + "instances/" + name)), answer);
    }

    void instances(ResponseDefinitionBuilder answer) {
        answers(get(urlPathEqualTo(ROOT + "aggregated/instances")), answer);
    }

    void operations(String rows) {
        answers(
                get(urlPathMatching(ROOT + "zones/[a-z0-9-]+/operations")),
                json(200, "{\"kind\": \"compute#operationList\", \"items\": [" + rows + "]}"));
    }

    void everything(ResponseDefinitionBuilder answer) {
        answers(any(urlPathMatching(".*")).atPriority(1), answer);
    }

    static ResponseDefinitionBuilder json(int status, String body) {
        return aResponse()
                .withStatus(status)
                .withHeader("Content-Type", "application/json; charset=UTF-8")
                .withBody(body);
    }

    static ResponseDefinitionBuilder running(String type) {
        return json(
                200,
                "{\"kind\": \"compute#operation\", \"name\": \"operation-1\", \"operationType\": \"" + type
                        + "\", \"status\": \"RUNNING\", \"progress\": 0}");
    }

    static ResponseDefinitionBuilder error(int status, String reason, String text) {
        return json(
                status,
                "{\"error\": {\"code\": " + status + ", \"message\": \"" + text
                        + "\", \"errors\": [{\"message\": \"" + text + "\", \"domain\": \"global\", \"reason\": \""
                        + reason + "\"}]}}");
    }

    /** An instance as its row shows it. */
    static String row(String name, String labels) {
        return "{\"kind\": \"compute#instance\", \"name\": \"" + name
                + "\", \"status\": \"RUNNING\", \"labelFingerprint\": \"42WmSpB8rSM=\", \"labels\": {" + labels + "}}";
    }

    static String listing(String scopes) {
        return "{\"kind\": \"compute#instanceAggregatedList\", \"items\": {" + scopes + "}}";
    }

    List<LoggedRequest> asked(String path) {
        return server.findAll(anyRequestedFor(urlPathMatching(path)));
    }

    /** The body alone; the recorder of some kept the headers beside it. */
    static String recording(String name) {
        try (InputStream in = Objects.requireNonNull(Wire.class.getResourceAsStream("/recordings/" + name + ".json"))) {
            JsonNode read = JSON.readTree(in);
            return (read.has("body") ? read.path("body") : read).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        compute.close();
        threads.shutdownNow();
        server.stop();
    }
}
