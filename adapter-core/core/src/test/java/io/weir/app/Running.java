package io.weir.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.certs.Tls;
import io.weir.certs.TlsSettings;
import io.weir.service.run.RunFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of ours as a process of its own, as somebody would start it. */
final class Running implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    final Process process;
    private final Path home;
    private final Path errors;
    private final BufferedReader output;

    private Running(Process process, Path home, Path errors) {
        this.process = process;
        this.home = home;
        this.errors = errors;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    }

    /** @param home is handed to the program as --home */
    static Running of(Class<?> main, Path home, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(words));
        command.addAll(List.of("--home", home.toString()));
        Files.createDirectories(home);
        Path errors = Files.createTempFile(home.toAbsolutePath().getParent(), "stderr", ".txt");
        return new Running(
                new ProcessBuilder(command).redirectError(errors.toFile()).start(), home, errors);
    }

    String line() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new IllegalStateException("it ended: " + errors());
        }
        return line;
    }

    String errors() throws IOException {
        return Files.readString(errors);
    }

    RunFile.Entry entry(String who) {
        return new RunFile(home).read(who).orElseThrow();
    }

    /** What an adapter answers a client with this role. */
    HttpResponse<String> call(String role, String method, String path, String body) throws Exception {
        Path certs = home.resolve("certs");
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(Tls.context(
                        new TlsSettings(
                                certs.resolve(role + ".pem"), certs.resolve(role + ".key"), certs.resolve("ca.pem")),
                        Clock.systemUTC()))
                .build()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            URI.create(entry("adapter").url() + path))
                    .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
            if (!body.isEmpty()) {
                request.header("Content-Type", "application/json");
            }
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }

    JsonNode get(String path) throws Exception {
        return JSON.readTree(call("viewer", "GET", path, "").body());
    }

    /** What its management port answers. */
    HttpResponse<String> management(String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(
                                    URI.create(entry("adapter").managementUrl().orElseThrow() + path))
                            .build(),
                    BodyHandlers.ofString());
        }
    }

    /** Asks it to end and waits for that. */
    int end() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("it does not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
