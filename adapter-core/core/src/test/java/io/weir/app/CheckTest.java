package io.weir.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.certs.DevelopmentCerts;
import io.weir.simulated.Dials;
import io.weir.simulated.DialsDesk;
import io.weir.simulated.SimulatedCloud;
import io.weir.simulated.http.CloudServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code weir check}, of the simulated cloud and of one that a module brings. */
class CheckTest {
    @TempDir
    private Path folder;

    private record Said(int code, String out, String err) {
        /** The line of a check, and what there is to do about it. */
        String of(String check) {
            List<String> found = new ArrayList<>();
            for (String line : out.lines().toList()) {
                if (line.contains("  " + check + "  ") || line.endsWith("  " + check)) {
                    found.add(line);
                } else if (!found.isEmpty() && line.startsWith("   ")) {
                    found.add(line.strip());
                } else if (!found.isEmpty()) {
                    break;
                }
            }
            return String.join("\n", found);
        }
    }

    private Said check(CommandLine weir, String yaml, String... words) throws Exception {
        Path file = Files.writeString(folder.resolve("weir.yml"), yaml);
        return run(weir, file, words);
    }

    private Said run(CommandLine weir, Path file, String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> all = new ArrayList<>(List.of("check"));
        all.addAll(List.of(words));
        all.addAll(List.of(
                "--config", file.toString(), "--home", folder.resolve("home").toString()));
        int code = weir.setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
        return new Said(code, out.toString(), err.toString());
    }

    private static CommandLine simulated() {
        return Weir.commands();
    }

    private static CommandLine elsewhere() {
        return Weir.commands(new Elsewhere());
    }

    @Test
    void a_good_configuration_is_good_line_by_line_and_nothing_was_made() throws Exception {
        Said said = check(simulated(), """
                cloud: simulated
                pools: {web: {max: 3, machineTypes: [medium]}, api: {max: 3}}
                """);

        assertThat(said.code()).as(said.out() + said.err()).isZero();
        assertThat(said.of("configuration")).startsWith("good").contains("connections: default; pools: api, web");
        assertThat(said.of("certificates")).startsWith("good").contains("are made at the first start");
        assertThat(said.of("store")).startsWith("good").contains("is made at the first start");
        assertThat(said.of("connection default: endpoint")).startsWith("good").contains("started with it");
        assertThat(said.of("connection default: quota")).startsWith("skipped");
        assertThat(said.of("pool web: template")).startsWith("good").contains("3 choices, the first zone-a/medium");
        assertThat(said.out().strip()).endsWith("Its pools could run.");
        assertThat(folder.resolve("home")).doesNotExist();
    }

    @Test
    void every_problem_of_a_template_is_told_with_its_field() throws Exception {
        Said said = check(simulated(), """
                cloud: simulated
                pools:
                  good: {max: 3}
                  wrong: {max: 3, image: none, zones: [zone-z], simulated: {market: barter}}
                """);

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.of("pool good: template")).startsWith("good");
        assertThat(said.of("pool wrong: template"))
                .startsWith("BAD")
                .contains("image: there is no image", "zones[0]: ", "simulated.market: ", "→ mend the pool's document");
        assertThat(said.out().strip()).endsWith("Its pools could not run: 1 bad.");
    }

    @Test
    void a_configuration_that_cannot_be_read_ends_it_with_all_of_its_problems() throws Exception {
        Said said = check(elsewhere(), """
                cloud: elsewhere
                connections: {prod: {regin: north}}
                pools: {web: {max: -1}}
                """);

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.of("configuration"))
                .startsWith("BAD")
                .contains("connections.prod.regin", "connections.prod.region: is missing", "pools.web.max", "→ mend");
        assertThat(said.out()).doesNotContain("certificates");
    }

    @Test
    void a_connection_is_checked_by_its_cloud_and_a_bad_one_is_bad() throws Exception {
        Said said = check(elsewhere(), """
                cloud: elsewhere
                connections: {one: {region: north}, two: {region: south}}
                """);

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.of("connection one: credentials")).startsWith("good").contains("taken");
        assertThat(said.of("connection two: credentials"))
                .startsWith("BAD")
                .contains("refused", "→ renew the password");
    }

    @Test
    void a_cloud_that_is_not_there_is_bad_and_asked_once_for_its_pools() throws Exception {
        Said said = check(simulated(), """
                cloud: simulated
                connections: {far: {url: "http://127.0.0.1:1"}}
                pools: {api: {max: 3}, web: {max: 3}}
                """);

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.of("connection far: endpoint"))
                .startsWith("BAD")
                .contains("http://127.0.0.1:1: UNAVAILABLE", "→ start it with: weir cloud simulated");
        assertThat(said.of("connection far: credentials")).startsWith("skipped");
        assertThat(said.of("pool api: template")).startsWith("BAD").contains("see what is bad of the connection far");
        assertThat(said.of("pool web: template")).startsWith("skipped").contains("failed for the pool api");
    }

    @Test
    void credentials_and_clocks_of_a_cloud_that_runs_are_looked_at() throws Exception {
        Clock ahead = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(2));
        SimulatedCloud cloud = new SimulatedCloud(ahead, 1, Dials.DEFAULT);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                CloudServer server = CloudServer.start(
                        cloud, new DialsDesk(cloud, 1, document -> {}), ahead, 0, threads, () -> {})) {
            String yaml = """
                    cloud: simulated
                    connections: {far: {url: "%s"}}
                    pools: {web: {max: 3}}
                    """.formatted(server.url());

            Said skewed = check(simulated(), yaml);
            cloud.turn(Dials.DEFAULT.turned(turn -> turn.unauthorized = true));
            Said refused = check(simulated(), yaml);

            assertThat(skewed.code()).as("a pool could run").isZero();
            assertThat(skewed.of("connection far: clock")).startsWith("warning").contains("ms ahead", "→ give both");
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.of("connection far: endpoint")).startsWith("good");
            assertThat(refused.of("connection far: credentials"))
                    .startsWith("BAD")
                    .contains("→ turn its dial");
        }
    }

    @Test
    void certificates_are_read_and_dated() throws Exception {
        DevelopmentCerts.ensure(folder.resolve("certs"), Clock.systemUTC());
        DevelopmentCerts.ensure(folder.resolve("old"), () -> Instant.now().minus(Duration.ofDays(31)));
        DevelopmentCerts.ensure(folder.resolve("soon"), () -> Instant.now().minus(Duration.ofDays(25)));
        String yaml = """
                cloud: simulated
                tls: {certificate: %1$s/server.pem, key: %2$s/server.key, trust: %1$s/ca.pem}
                """;

        assertThat(check(simulated(), yaml.formatted("certs", "certs")).of("certificates"))
                .startsWith("good")
                .contains("server.pem until ");
        assertThat(check(simulated(), yaml.formatted("old", "old")).of("certificates"))
                .startsWith("BAD")
                .contains("ended on", "→ issue another one");
        assertThat(check(simulated(), yaml.formatted("soon", "soon")).of("certificates"))
                .startsWith("warning")
                .contains("ends on");
        assertThat(check(simulated(), yaml.formatted("certs", "old")).of("certificates"))
                .startsWith("BAD");
        assertThat(check(simulated(), yaml.formatted("none", "none")).of("certificates"))
                .startsWith("BAD")
                .contains("none");
    }

    @Test
    void a_home_of_another_cloud_is_bad() throws Exception {
        Home.claim(folder.resolve("home"), "simulated");

        assertThat(check(elsewhere(), new Elsewhere().example()).of("store"))
                .startsWith("BAD")
                .contains("belongs to an adapter of simulated", "--home");
    }

    @Test
    void a_home_that_cannot_be_written_is_bad() throws Exception {
        Files.writeString(folder.resolve("home"), "a file where the folder should be");

        assertThat(check(elsewhere(), new Elsewhere().example()).of("store")).startsWith("BAD");
    }

    @Test
    void which_cloud_has_to_be_said_in_the_file_or_as_a_word() throws Exception {
        String yaml = "pools: {}\n";

        assertThat(check(simulated(), yaml).code()).isEqualTo(2);
        assertThat(check(simulated(), yaml).err()).contains("say which cloud: begin", "cloud: CLOUD");
        assertThat(check(simulated(), yaml, "simulated").code()).isZero();
        assertThat(check(simulated(), yaml, "openstack").err()).contains("there is no check of \"openstack\" here");
        assertThat(check(simulated(), "cloud: openstack\n").err()).contains("openstack");
        assertThat(run(simulated(), folder.resolve("nothing.yml")).err()).contains("nothing.yml cannot be read");
    }
}
