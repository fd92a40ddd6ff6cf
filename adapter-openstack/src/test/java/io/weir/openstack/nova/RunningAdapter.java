package io.weir.openstack.nova;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.certs.Tls;
import io.weir.certs.TlsSettings;
import io.weir.openstack.WeirOpenstack;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code ./weir adapter openstack} as a process of its own, with a store in a file, called over mutual TLS. */
final class RunningAdapter implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration START = Duration.ofSeconds(90);

    private final Path home;
    private final Process process;
    private @Nullable HttpClient client;

    private RunningAdapter(Path home, Process process) {
        this.home = home;
        this.process = process;
    }

    /** @param environment what the configuration's {@code env:} names mean */
    static RunningAdapter start(Path home, String configuration, Map<String, String> environment)
            throws IOException, InterruptedException {
        Files.createDirectories(home);
        Path file = Files.writeString(home.resolve("adapter.yml"), configuration);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), WeirOpenstack.class.getName()));
        command.addAll(List.of("adapter", "openstack", "--config", file.toString(), "--home", home.toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        RunningAdapter adapter = new RunningAdapter(
                home,
                builder.redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(
                                home.resolve("adapter.log").toFile()))
                        .start());
        adapter.awaitReady();
        return adapter;
    }

    private void awaitReady() throws IOException, InterruptedException {
        long end = System.nanoTime() + START.toNanos();
        while (process.isAlive() && System.nanoTime() < end) {
            try {
                if (new RunFile(home).read("adapter").isPresent()
                        && call("GET", "/pools", "").statusCode() == 200) {
                    return;
                }
            } catch (IOException | RuntimeException notYet) {
                // It makes its certificates, or does not listen yet.
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
        close();
        throw new IllegalStateException("it does not answer: " + log());
    }

    String log() throws IOException {
        return Files.readString(home.resolve("adapter.log"));
    }

    /** What it answers; anything but a success is an exception. */
    JsonNode get(String path) throws IOException, InterruptedException {
        return JSON.readTree(good(call("GET", path, "")));
    }

    void ask(String method, String path, String body) throws IOException, InterruptedException {
        good(call(method, path, body));
    }

    /** The lines of its metrics page that begin so. */
    List<String> metrics(String name) throws IOException, InterruptedException {
        String url = new RunFile(home)
                .read("adapter")
                .flatMap(RunFile.Entry::managementUrl)
                .orElseThrow();
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + "/metrics")).build();
        return client().send(request, BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .toList();
    }

    private static String good(HttpResponse<String> answer) {
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException(answer.request().method() + " "
                    + answer.request().uri().getPath() + " -> " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    private HttpResponse<String> call(String method, String path, String body)
            throws IOException, InterruptedException {
        RunFile.Entry entry = new RunFile(home).read("adapter").orElseThrow();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(entry.url() + path))
                .timeout(Duration.ofSeconds(20))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        return client().send(request.build(), BodyHandlers.ofString());
    }

    /** An admin's: it may do what all others may. */
    private synchronized HttpClient client() {
        if (client == null) {
            Path certs = home.resolve("certs");
            client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .sslContext(Tls.context(
                            new TlsSettings(
                                    certs.resolve("admin.pem"), certs.resolve("admin.key"), certs.resolve("ca.pem")),
                            Clock.systemUTC()))
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();
        }
        return client;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor(20, TimeUnit.SECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        if (client != null) {
            client.close();
        }
    }
}
