package io.weir.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.certs.Role;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An adapter as a process of its own, with a home and its {@code adapter.yml} in it, that can be killed with -9 and started again with the
 * same command. It is spoken to over mutual TLS. What it says is in {@code adapter.log} there.
 */
public final class AdapterProcess implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final Duration END = Duration.ofSeconds(30);
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration LOOK = Duration.ofMillis(250);

    private final Path home;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Role role;
    private volatile Process process;
    private @Nullable HttpClient client;

    private AdapterProcess(String cloud, Path home, List<String> program, Map<String, String> environment, Role role)
            throws IOException {
        this.home = home;
        this.command = new ArrayList<>(program);
        this.command.addAll(List.of(
                "adapter", cloud, "--config", home.resolve("adapter.yml").toString(), "--home", home.toString()));
        this.environment = Map.copyOf(environment);
        this.role = role;
        this.process = launch();
    }

    /**
     * From the classes that the tests run with.
     *
     * @param main of the adapter's module
     * @param role as whom it is spoken to
     */
    public static AdapterProcess ofClasses(
            String cloud, Class<?> main, Path home, Map<String, String> environment, Role role) throws IOException {
        return new AdapterProcess(cloud, home, java(main.getName()), environment, role);
    }

    /** By {@code ./weir}; it is spoken to as an operator. */
    public static AdapterProcess ofLauncher(String cloud, Path home, Path launcher, Map<String, String> environment)
            throws IOException {
        return new AdapterProcess(cloud, home, List.of(launcher.toString()), environment, Role.OPERATOR);
    }

    /** A small JVM with the class path of the tests. */
    public static List<String> java(String main) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                main);
    }

    private Process launch() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.environment().put("WEIR_BUILT", "yes"); // nothing is built in the middle of a test
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        home.resolve("adapter.log").toFile()))
                .start();
    }

    public void start() throws IOException {
        process = launch();
    }

    /** Another one, if it is dead. */
    public void revive() throws IOException {
        if (!isAlive()) {
            start();
        }
    }

    /** What {@code kill -9} does. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM, and what it comes to. */
    public void end() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(END.toSeconds(), TimeUnit.SECONDS)) {
            kill();
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Something that comes to be. */
    public interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    /** Whether it came to be in time. While the adapter is dead it does not hold. */
    public static boolean await(String what, Duration patience, Duration look, Condition condition)
            throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < end) {
            try {
                if (condition.holds()) {
                    return true;
                }
            } catch (IOException | RuntimeException notNow) {
                // The adapter is dead or not there yet.
            }
            TimeUnit.MILLISECONDS.sleep(look.toMillis());
        }
        System.err.println("waited " + patience.toSeconds() + " s in vain for " + what);
        return false;
    }

    public void awaitReady() throws IOException, InterruptedException {
        boolean ready = await("the adapter to answer", START, LOOK, () -> !isAlive() || get("/pools") != null);
        if (!ready || !isAlive()) {
            close();
            throw new IllegalStateException("it does not answer: " + Files.readString(home.resolve("adapter.log")));
        }
    }

    public JsonNode get(String path) throws IOException, InterruptedException {
        return JSON.readTree(ask("GET", path, ""));
    }

    /** What it answers; anything but a success is an exception. */
    public String ask(String method, String path, String json) throws IOException, InterruptedException {
        HttpResponse<String> answer = call(method, path, json);
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException(method + " " + path + " -> " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    /** @return the status */
    public int post(String path, String json) throws IOException, InterruptedException {
        return call("POST", path, json).statusCode();
    }

    private HttpResponse<String> call(String method, String path, String json)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(entry().url() + path))
                .timeout(BOUND)
                .method(method, json.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
        if (!json.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        return client().send(request.build(), BodyHandlers.ofString());
    }

    public JsonNode size(String pool) throws IOException, InterruptedException {
        return get("/pools/" + pool + "/pool/size");
    }

    public boolean takes(String pool, int size) throws IOException, InterruptedException {
        return post("/pools/" + pool + "/pool/size", "{\"desiredSize\":" + size + "}") == 200;
    }

    /** The ids of the members that run. */
    public Set<String> running(String pool) throws IOException, InterruptedException {
        return machines(pool, "RUNNING");
    }

    /** The ids of those that it shows in this state. */
    public Set<String> machines(String pool, String state) throws IOException, InterruptedException {
        Set<String> ids = new TreeSet<>();
        for (JsonNode machine : get("/pools/" + pool + "/pool").path("machines")) {
            if (machine.path("machineState").asText().equals(state)) {
                ids.add(machine.path("id").asText());
            }
        }
        return ids;
    }

    /** By its own word it has as many as are wished, and all of them run. */
    public boolean isExact(String pool, int size) throws IOException, InterruptedException {
        JsonNode told = size(pool);
        return told.path("desiredSize").asInt(-1) == size
                && told.path("active").asInt(-1) == size
                && told.path("allocated").asInt(-1) == size
                && running(pool).size() == size;
    }

    /** A page of the management port, which asks for no certificate. */
    public String managed(String path) throws IOException, InterruptedException {
        String url = entry().managementUrl().orElseThrow();
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + path)).timeout(BOUND).build();
        return client().send(request, BodyHandlers.ofString()).body();
    }

    private RunFile.Entry entry() {
        return new RunFile(home)
                .read("adapter")
                .orElseThrow(() -> new IllegalStateException("the adapter is not there yet"));
    }

    /** The certificates are there before the address is. */
    private synchronized HttpClient client() {
        if (client == null) {
            entry();
            Path certs = home.resolve("certs");
            client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .sslContext(Tls.context(
                            new TlsSettings(
                                    certs.resolve(role.word() + ".pem"),
                                    certs.resolve(role.word() + ".key"),
                                    certs.resolve("ca.pem")),
                            Clock.systemUTC()))
                    .connectTimeout(Duration.ofSeconds(2))
                    .build();
        }
        return client;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        if (client != null) {
            client.close();
        }
    }
}
