package io.weir.app.bench;

import io.weir.app.Weir;
import io.weir.certs.Role;
import io.weir.certs.Tls;
import io.weir.certs.TlsSettings;
import io.weir.service.run.RunFile;
import io.weir.service.run.RunFile.Entry;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An adapter as a process beside this one, in a home of its own; its cloud is beside it. What it
 * says is in {@code adapter.log} there.
 */
final class AdapterBeside implements AutoCloseable {
    /** Long, for machines that have other things to do; what is dead refuses at once. */
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final Duration END = Duration.ofSeconds(60);

    private final Path home;
    private final List<String> options;
    private final RunFile run;
    private Process process;

    /** Starts it; it is not ready yet. */
    AdapterBeside(Path home, String... options) throws IOException {
        this.home = home;
        this.options = List.of(options);
        this.run = new RunFile(home);
        this.process = launch();
    }

    /** Starts it again, with the same home. */
    void start() throws IOException {
        process = launch();
    }

    private Process launch() throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("adapter", "simulated", "--home", home.toString(), "--port", "0"));
        arguments.addAll(options);
        return again(arguments)
                .redirectError(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
    }

    /**
     * This program once more, as another process: through the launcher where there is one, which keeps an archive of classes for
     * each command; it becomes the program, so the process is the same.
     */
    static ProcessBuilder again(List<String> arguments) {
        @Nullable String root = System.getProperty("weir.root");
        List<String> line = new ArrayList<>();
        if (root == null) {
            line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                    .filter(argument -> !argument.startsWith("-agentlib") && !argument.startsWith("-javaagent"))
                    .forEach(line::add);
            line.addAll(List.of("-cp", System.getProperty("java.class.path"), Weir.class.getName()));
        } else {
            line.add(Path.of(root, "weir").toString());
        }
        line.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().put("WEIR_BUILT", "yes"); // it is as new as this program
        return builder;
    }

    Path home() {
        return home;
    }

    /** Waits for the line that says where it answers. */
    URI ready() throws IOException {
        BufferedReader out = process.inputReader();
        String line = out.readLine();
        if (line == null) {
            throw new IOException("the adapter ended before it was ready; it said: " + lastWords());
        }
        return URI.create(line.substring(0, line.indexOf(' ')));
    }

    private Path log() {
        return home.resolve("adapter.log");
    }

    private String lastWords() throws IOException {
        List<String> lines = Files.readAllLines(log());
        return lines.isEmpty() ? "nothing" : lines.get(lines.size() - 1);
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** What {@code kill -9} does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    Optional<Entry> cloud() {
        return run.read("cloud");
    }

    URI cloudUrl() {
        return URI.create(cloud().orElseThrow(() -> new IllegalStateException("no cloud yet"))
                .url());
    }

    /** @throws IllegalStateException it answers nowhere yet */
    HttpRequest.Builder request(String path) {
        Entry entry = run.read("adapter").orElseThrow(() -> new IllegalStateException("no adapter yet"));
        return HttpRequest.newBuilder(URI.create(entry.url() + path)).timeout(BOUND);
    }

    /** A client with one of the home's own certificates; they are there before the address is. */
    HttpClient client(Role role) {
        Path certs = home.resolve("certs");
        return client(certs.resolve(role.word() + ".pem"), certs.resolve(role.word() + ".key"));
    }

    HttpClient client(Path certificate, Path key) {
        TlsSettings settings =
                new TlsSettings(certificate, key, home.resolve("certs").resolve("ca.pem"));
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(Tls.context(settings, Clock.systemUTC()))
                .connectTimeout(CONNECT)
                .build();
    }

    /** Ends the adapter, which ends its cloud. A first one writes the archive of its classes then, from which later ones start. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException stop) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        cloud().filter(Entry::isAlive)
                .flatMap(entry -> ProcessHandle.of(entry.pid()))
                .ifPresent(ProcessHandle::destroyForcibly);
    }
}
