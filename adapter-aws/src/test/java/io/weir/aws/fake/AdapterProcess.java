package io.weir.aws.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.aws.WeirAws;
import io.weir.certs.Tls;
import io.weir.certs.TlsSettings;
import io.weir.service.run.RunFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** {@code weir adapter aws} over an address that stands for AWS, as a process of its own that may be killed and started again. */
final class AdapterProcess implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path home;
    private final Path config;
    private volatile Process process;
    private Optional<HttpClient> client = Optional.empty();

    /** @param home with the certificates and the store of an earlier one, or empty */
    AdapterProcess(Path home, URI aws) throws IOException {
        this(home, aws, "");
    }

    /** @param promises lines of the connection: what this AWS promises about time, if it is not what AWS does */
    AdapterProcess(Path home, URI aws, String promises) throws IOException {
        this.home = home;
        Files.createDirectories(home);
        this.config = Files.writeString(home.resolveSibling(home.getFileName() + ".yml"), """
                cloud: aws
                watch: {interval: 1s, busy: 500ms, staleAfter: 1m}
                connections:
                  main:
                    region: us-east-1
                    %s
                    endpoint: %s
                    credentials: {accessKeyId: %s, secretAccessKey: "env:WEIR_FAKE_SECRET"}
                pools:
                  web:
                    min: 0
                    max: 50
                    size: 0
                    image: %s
                    machineTypes: [t3.micro]
                    pace:
                      launch: {count: 10, percent: 0, window: 5s}
                      wish: {count: 20, percent: 50, window: 1m}
                """.formatted(
                        promises, aws, Access.WEIR.key(), ExampleRegion.IMAGE));
        this.process = launch();
    }

    private Process launch() throws IOException {
        ProcessBuilder program = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                WeirAws.class.getName(),
                "adapter",
                "aws",
                "--config",
                config.toString(),
                "--home",
                home.toString(),
                "--port",
                "0",
                "--management-port",
                "0");
        program.environment().put("WEIR_FAKE_SECRET", Access.WEIR.secret());
        return program.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        home.resolve("adapter.log").toFile()))
                .start();
    }

    /** With -9, and at once. */
    void kill() {
        process.destroyForcibly();
    }

    /** Another one, if it is dead. */
    void revive() throws IOException {
        if (!process.isAlive()) {
            process = launch();
        }
    }

    /** What it answers an operator; empty: it is not there just now. */
    Optional<JsonNode> get(String path) throws InterruptedException {
        return answer(path, Optional.empty());
    }

    boolean wish(int size) throws InterruptedException {
        return answer("/pools/web/pool/size", Optional.of("{\"desiredSize\": " + size + "}"))
                .isPresent();
    }

    private Optional<JsonNode> answer(String path, Optional<String> body) throws InterruptedException {
        try {
            Optional<RunFile.Entry> entry = new RunFile(home).read("adapter");
            if (entry.isEmpty()) {
                return Optional.empty();
            }
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(entry.get().url() + path)).timeout(Duration.ofSeconds(5));
            body.ifPresent(
                    text -> request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(text)));
            HttpResponse<String> answer = client().send(request.build(), BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                return Optional.empty();
            }
            return Optional.of(answer.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(answer.body()));
        } catch (IOException notNow) {
            return Optional.empty();
        }
    }

    private HttpClient client() {
        if (client.isEmpty()) {
            Path certs = home.resolve("certs");
            client = Optional.of(HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(2))
                    .sslContext(Tls.context(
                            new TlsSettings(
                                    certs.resolve("operator.pem"),
                                    certs.resolve("operator.key"),
                                    certs.resolve("ca.pem")),
                            Clock.systemUTC()))
                    .build());
        }
        return client.get();
    }

    /** Asks it to end and waits until it has. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException stop) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        client.ifPresent(HttpClient::close);
    }
}
