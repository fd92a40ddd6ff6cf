package io.weir.openstack.nova;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.kit.AdapterProcess;
import io.weir.openstack.nova.NovaLine.Passed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * {@code ./weir adapter openstack} over the real services, with a line before each of them that remembers every call. The lines live in
 * the test: they outlive an adapter that is killed, as the services do.
 */
final class RealAdapter implements AutoCloseable {
    /** What each machine of a {@link #pool} has beside its server. */
    enum Sides {
        NONE,
        /** A volume of ours, which Nova ends with the server, and a port of Nova's own. */
        VOLUME,
        /** A volume, a port and a floating IP. */
        ALL
    }

    final AdapterProcess process;
    final Path home;
    private final Map<String, NovaLine> lines = new LinkedHashMap<>();

    /** @param rest the configuration behind {@code connections} */
    RealAdapter(RealOpenstack cloud, Path home, String connection, String rest) throws IOException {
        Path launcher = launcher();
        this.home = Files.createDirectories(home);
        JsonNode endpoints = cloud.ofBed("endpoints");
        String project = cloud.project();
        lines.put("identity", new NovaLine(cloud.ofBed("auth_url").asText().replaceFirst("/v3$", "")));
        lines.put("compute", new NovaLine(endpoints.path("compute").asText()));
        lines.put("network", new NovaLine(endpoints.path("network").asText()));
        lines.put("image", new NovaLine(endpoints.path("image").asText()));
        lines.put("volume", new NovaLine(endpoints.path("volume").asText() + "/" + project));
        JsonNode user = cloud.ofBed("demo");
        Files.writeString(home.resolve("adapter.yml"), """
                cloud: openstack
                listen: {port: 0}
                management: {port: 0}
                connections:
                  default:
                    authUrl: %s
                    username: %s
                    password: env:BED_PASSWORD
                    userDomain: Default
                    project: %s
                    projectDomain: Default
                    region: %s
                    endpoints: {compute: "%s", network: "%s", image: "%s", volume: "%s"}
                %s
                %s
                """.formatted(
                        lines.get("identity").url(),
                        user.path("user").asText(),
                        user.path("project").asText(),
                        cloud.ofBed("region").asText(),
                        lines.get("compute").url(),
                        lines.get("network").url(),
                        lines.get("image").url(),
                        lines.get("volume").url(),
                        connection.strip().indent(4).stripTrailing(),
                        rest.strip()));
        process = AdapterProcess.ofLauncher(
                "openstack",
                home,
                launcher,
                Map.of("BED_PASSWORD", user.path("password").asText()));
    }

    /** A name that no pool had before: Nova remembers servers that are gone. */
    static String fresh(String name) {
        return name + "-" + Long.toString(System.currentTimeMillis() / 100 % (1L << 31), 36);
    }

    /** A document in the file; paces are at their ceilings. */
    static String pool(String name, int max, int size, Sides sides, String more) {
        return """
                  %s:
                    max: %d
                    size: %d
                    image: dummy
                    pace:
                      wish: {count: 20, percent: 50}
                      repair: {count: 5, percent: 25}
                      cleanup: {count: 3, percent: 10}
                      launch: {count: 100, percent: 100}
                %s
                """.formatted(
                        name,
                        max,
                        size,
                        (switch (sides) {
                                            case NONE -> "network: none\n";
                                            case VOLUME -> "network: demo-net\ndataVolumes: [{sizeGb: 1}]\n";
                                            case ALL -> """
                                            network: demo-net
                                            publicAddress: true
                                            dataVolumes: [{sizeGb: 1}]
                                            openstack: {floatingIpPool: public}
                                            """;
                                        }
                                        + more)
                                .strip()
                                .indent(4)
                                .stripTrailing())
                .indent(0);
    }

    /** The {@code weir} of this tree, built: nothing builds in the middle of a test. */
    static Path launcher() {
        Path launcher = Path.of("../weir").toAbsolutePath().normalize();
        assumeTrue(
                Files.exists(Path.of("target/lib")) && Files.exists(Path.of("../autoscaler/target/lib")),
                "skipped: ./weir is not built; \"./weir adapter openstack --help\" does it");
        return launcher;
    }

    /** The service's word as in the configuration; {@code identity} is Keystone. */
    NovaLine line(String service) {
        return Objects.requireNonNull(lines.get(service), service);
    }

    /** All that was asked, by service and kind. */
    Map<String, Integer> calls() {
        Map<String, Integer> calls = new TreeMap<>();
        lines.forEach((service, line) ->
                line.passed().forEach(call -> calls.merge(service + " " + call.operation(), 1, Integer::sum)));
        return calls;
    }

    int count() {
        return lines.values().stream().mapToInt(line -> line.passed().size()).sum();
    }

    /** What was answered with a failure, by kind and status. */
    Map<String, Integer> failures() {
        Map<String, Integer> failures = new TreeMap<>();
        lines.forEach((service, line) -> line.passed().stream()
                .filter(call -> call.status() >= 400)
                .forEach(call ->
                        failures.merge(service + " " + call.operation() + " " + call.status(), 1, Integer::sum)));
        return failures;
    }

    void forgetCalls() {
        lines.values().forEach(NovaLine::forget);
    }

    /** Those that Nova was asked to make, and took. */
    List<Passed> boots() {
        List<Passed> boots = new ArrayList<>();
        for (Passed call : line("compute").passed()) {
            if (call.is("POST", "/servers") && call.status() == 202) {
                boots.add(call);
            }
        }
        return boots;
    }

    /** What the services were asked to change, logins aside. */
    List<String> changes() {
        return calls().keySet().stream()
                .filter(call -> !call.contains(" GET ") && !call.startsWith("identity"))
                .toList();
    }

    @Override
    public void close() {
        process.close();
        lines.values().forEach(NovaLine::close);
    }
}
