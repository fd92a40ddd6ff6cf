package io.weir.openstack.nova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.openstack.nova.RealAdapter.Sides;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All of it, as processes that a person would start: {@code ./weir traffic} plays 93 minutes of a recorded day in 93 seconds and then
 * nothing, {@code ./weir autoscaler} follows it over mutual TLS with {@code ./weir adapter openstack}, and that with a real Nova. It
 * needs the test bed: {@code OS_*} and {@code OSTB_STATE}.
 */
class NovaEndToEndTest {
    private static final String POOL = RealAdapter.fresh("end-to-end");
    private static final Path DAY = Path.of("../autoscaler/src/main/resources/traces/worldcup98.csv");
    /** The load doubles within a quarter of an hour, and goes back. */
    private static final Instant FROM = Instant.parse("1998-05-21T09:57:00Z");

    private static final Instant UNTIL = Instant.parse("1998-05-21T11:30:00Z");
    private static final int MACHINE = 500;

    @TempDir
    Path folder;

    private final List<Process> processes = new ArrayList<>();

    @Test
    void a_recorded_morning_is_followed_up_down_and_to_nothing_and_nova_shows_exactly_the_members() throws Exception {
        RealOpenstack cloud = RealOpenstack.ofEnvironment();
        Path launcher = RealAdapter.launcher();
        try (Witness witness = new Witness(cloud);
                RealAdapter adapter = new RealAdapter(
                        cloud,
                        folder.resolve("home"),
                        "lateness: 10s",
                        """
                        watch: {interval: 2s, busy: 1s}
                        pools:
                        """ + RealAdapter.pool(POOL, 10, 0, Sides.VOLUME, "machineTypes: [m1.tiny]"))) {
            String traffic = start(launcher, "traffic", trace().toString(), "--time-scale", "60", "--hold");
            URI metrics = URI.create(traffic.substring(traffic.lastIndexOf(' ') + 1));
            await().atMost(Duration.ofMinutes(2)).ignoreExceptions().until(() -> adapter.process.isExact(POOL, 0));
            start(
                    launcher,
                    "autoscaler",
                    "--home",
                    adapter.home.toString(),
                    "--metrics-url",
                    metrics.toString(),
                    "--capacity",
                    String.valueOf(MACHINE),
                    "--pool",
                    POOL,
                    "--min",
                    "0",
                    "--max",
                    "10",
                    "--every",
                    "1s",
                    "--stabilization",
                    "15s",
                    "--cool-down",
                    "5s");
            play(metrics);

            Set<Integer> sizes = new TreeSet<>();
            int most = 0;
            int seen = 0;
            Instant last = Instant.now().plus(Duration.ofSeconds(93 + 240));
            while (Instant.now().isBefore(last) && !(most > 0 && adapter.process.isExact(POOL, 0))) {
                Set<String> members = adapter.process.running(POOL);
                if (adapter.process.isExact(POOL, members.size())) {
                    Set<String> ending = adapter.process.machines(POOL, "TERMINATING");
                    Set<String> shown = living(witness);
                    shown.removeAll(ending);
                    if (adapter.process.isExact(POOL, members.size())
                            && adapter.process.running(POOL).equals(members)) {
                        assertThat(shown)
                                .as("what Nova shows while the pool is exact")
                                .isEqualTo(members);
                        sizes.add(members.size());
                        seen++;
                    }
                }
                most = Math.max(most, members.size());
                TimeUnit.SECONDS.sleep(1);
            }
            System.out.println("end to end: exact " + seen + " times, at " + sizes + "; "
                    + adapter.boots().size() + " servers launched, " + adapter.count() + " calls");

            assertThat(adapter.process.isExact(POOL, 0)).as("the pool is at 0").isTrue();
            assertThat(most).as("machines at the height of it").isBetween(4, 5);
            assertThat(sizes)
                    .as("sizes at which Nova showed exactly the members")
                    .anyMatch(size -> size >= 4);
            await().atMost(Duration.ofMinutes(3)).untilAsserted(() -> {
                assertThat(witness.servers(POOL)).isEmpty();
                assertThat(witness.marked(POOL)).as("what is left with marks").isEmpty();
            });
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
    }

    /** Those that Nova shows, but for those that it is deleting. */
    private static Set<String> living(Witness witness) {
        return witness.servers(POOL).stream()
                .filter(row -> !row.path("OS-EXT-STS:task_state").asText("").equals("deleting"))
                .map(row -> row.path("id").asText())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The recorded minutes, between minutes in which nobody comes. */
    private Path trace() throws IOException {
        List<String> rows = new ArrayList<>(List.of("timestamp,value"));
        rows.add(FROM.minusSeconds(60) + ",0");
        for (String row : Files.readAllLines(DAY)) {
            if (row.startsWith("1998")) {
                Instant at = Instant.parse(row.substring(0, row.indexOf(',')));
                if (!at.isBefore(FROM) && at.isBefore(UNTIL)) {
                    rows.add(row);
                }
            }
        }
        for (int minute = 0; minute < 120; minute++) {
            rows.add(UNTIL.plusSeconds(60L * minute) + ",0");
        }
        return Files.write(folder.resolve("morning.csv"), rows);
    }

    private static void play(URI metrics) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest play = HttpRequest.newBuilder(metrics.resolve("/play"))
                    .POST(BodyPublishers.noBody())
                    .build();
            assertThat(client.send(play, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        }
    }

    /** @return the line that it says when it is ready */
    private String start(Path launcher, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(words));
        Path said = folder.resolve(words[0] + ".out");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("WEIR_BUILT", "yes");
        processes.add(builder.redirectOutput(said.toFile())
                .redirectError(folder.resolve(words[0] + ".log").toFile())
                .start());
        return await().atMost(Duration.ofMinutes(1))
                .until(() -> Files.readString(said).lines().findFirst().orElse(""), line -> !line.isEmpty());
    }
}
