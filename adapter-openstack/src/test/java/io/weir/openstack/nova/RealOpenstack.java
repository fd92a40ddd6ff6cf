package io.weir.openstack.nova;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.cloud.RequestMeter;
import io.weir.openstack.Accounts;
import io.weir.openstack.CloudsFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.opentest4j.TestAbortedException;

/**
 * The OpenStack that the environment names: {@code OS_CLOUD} of a {@code clouds.yaml}, or {@code OS_*}. If {@code OSTB_STATE} is
 * set too it is the one of {@code src/test/openstack}, and tests may break it: an administrator is known, and faults can be switched.
 * Another cloud needs {@code WEIR_TEST_IMAGE}, {@code WEIR_TEST_FLAVOR} and {@code WEIR_TEST_NETWORK}.
 */
final class RealOpenstack {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> ENVIRONMENT = System.getenv();

    private final Account account;
    private final Optional<Path> bed;
    private final Map<String, OpenstackCalls> known = new ConcurrentHashMap<>();

    private RealOpenstack(Account account, Optional<Path> bed) {
        this.account = account;
        this.bed = bed;
    }

    /** Aborts the test, with the reason, if there is none. */
    static RealOpenstack ofEnvironment() {
        assumeTrue(
                ENVIRONMENT.containsKey("OS_AUTH_URL") || ENVIRONMENT.containsKey("OS_CLOUD"),
                "skipped: no OpenStack in the environment (OS_CLOUD or OS_AUTH_URL …); src/test/openstack brings one"
                        + " up");
        Map<String, String> words = ENVIRONMENT.containsKey("OS_CLOUD")
                ? CloudsFile.cloud(
                        CloudsFile.find(Path.of("."), ENVIRONMENT).orElseThrow(), ENVIRONMENT.get("OS_CLOUD"))
                : Accounts.ofEnvironment(ENVIRONMENT);
        List<String> problems = new ArrayList<>();
        Account account = Accounts.account(words, (word, problem) -> problems.add(word + " " + problem))
                .orElseThrow(() -> new IllegalStateException("OS_*: " + problems));
        return new RealOpenstack(
                account, Optional.ofNullable(ENVIRONMENT.get("OSTB_STATE")).map(Path::of));
    }

    Account account() {
        return account;
    }

    String image() {
        return named("WEIR_TEST_IMAGE", "image_name");
    }

    String network() {
        return named("WEIR_TEST_NETWORK", "network_name");
    }

    String flavor() {
        return bed.isPresent() ? "m1.tiny" : named("WEIR_TEST_FLAVOR", "");
    }

    private String named(String variable, String ofBed) {
        if (bed.isPresent()) {
            return ofBed(ofBed).asText();
        }
        return Optional.ofNullable(ENVIRONMENT.get(variable))
                .orElseThrow(() -> new TestAbortedException("skipped: " + variable + " is not set"));
    }

    JsonNode ofBed(String field) {
        try {
            return JSON.readTree(bed().resolve("testbed.json").toFile()).path(field);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path bed() {
        return bed.orElseThrow(
                () -> new TestAbortedException("skipped: it needs OSTB_STATE, a cloud that may be broken"));
    }

    /** Switches a fault of the stand-ins on: {@code faults/NAME} with this text in it. */
    void fault(String name, String text) {
        try {
            Files.writeString(bed().resolve("faults").resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops one service of the test bed, or brings back what is stopped. */
    void service(String name, boolean there) {
        if (there) {
            bringUp(Map.of());
        } else {
            stop(name);
        }
    }

    /** As an administrator would: it is asked to end, and waited for. */
    void stop(String... names) {
        List<String> command = new ArrayList<>(List.of(script("down.sh")));
        command.addAll(List.of(names));
        run(command, Map.of());
    }

    /**
     * Brings back what does not run, and returns when it serves.
     *
     * @param settings variables of {@code up.sh}: what is started now is started so
     */
    void bringUp(Map<String, String> settings) {
        Map<String, String> variables = new HashMap<>(settings);
        variables.put("OSTB_SKIP_INSTALL", "1");
        run(List.of(script("up.sh")), variables);
    }

    /** kill -9 of a service with all of its workers: nothing that it was in the middle of is ended. */
    void kill(String name) {
        try {
            String pid = Files.readString(bed().resolve("run").resolve(name + ".pid"))
                    .trim()
                    .split(" ", 2)[0];
            ProcessHandle leader = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
            List<ProcessHandle> workers = leader.descendants().toList();
            leader.destroyForcibly();
            workers.forEach(ProcessHandle::destroyForcibly);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String script(String name) {
        return Path.of("src/test/openstack", name).toAbsolutePath().toString();
    }

    private void run(List<String> command, Map<String, String> variables) {
        ProcessBuilder script = new ProcessBuilder(command);
        script.environment().put("OSTB_STATE", bed().toString());
        script.environment().putAll(variables);
        try {
            int ended = script.redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            if (ended != 0) {
                throw new IllegalStateException(command + " ended with " + ended);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    void noFaults() {
        if (bed.isEmpty()) {
            return;
        }
        try (var faults = Files.list(bed().resolve("faults"))) {
            for (Path fault : faults.toList()) {
                Files.deleteIfExists(fault);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An image's bytes, which openstack4j's transport would send as JSON. */
    void upload(String image, byte[] bytes) throws NovaFailure {
        Login.Session session = calls().session();
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(Service.IMAGE.base(
                                        session.address(Service.IMAGE).orElseThrow()) + "/images/" + image + "/file"))
                .header("X-Auth-Token", session.tokenId())
                .header("Content-Type", "application/octet-stream")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            client.send(request, HttpResponse.BodyHandlers.discarding());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    OpenstackCalls calls() {
        return calls(account);
    }

    OpenstackCalls admin() {
        return as("admin");
    }

    /** @param who one of the bed's users: admin, demo, other */
    OpenstackCalls as(String who) {
        return known.computeIfAbsent(who, this::login);
    }

    private OpenstackCalls login(String who) {
        JsonNode user = ofBed(who);
        return calls(new Account(
                account.authUrl(),
                account.region(),
                account.face(),
                new Account.Password(
                        WireCloud.name(user.path("user").asText()),
                        user.path("password").asText(),
                        WireCloud.name(user.path("project").asText()))));
    }

    String project() {
        return ofBed("demo").path("project_id").asText();
    }

    static OpenstackCalls calls(Account account) {
        Wire wire = wire();
        return new OpenstackCalls(
                new Login(() -> account, wire, InstantSource.system(), RequestMeter.NONE, System::nanoTime),
                wire,
                Map.of(),
                RequestMeter.NONE,
                System::nanoTime,
                WireCloud.deadline(Duration.ofHours(1)));
    }

    static Wire wire() {
        return new Wire(Optional.empty(), Duration.ofSeconds(3), Duration.ofSeconds(30));
    }

    static ObjectNode object(String key, Object value) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.set(key, JSON.valueToTree(value));
        return object;
    }
}
