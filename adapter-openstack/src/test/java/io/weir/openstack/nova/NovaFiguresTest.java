package io.weir.openstack.nova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.openstack.nova.NovaLine.Passed;
import io.weir.openstack.nova.RealAdapter.Sides;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Figures of the adapter over a real Nova, printed; what they must not exceed is asserted. They take a quarter of an hour and the test
 * bed ({@code OS_*}, {@code OSTB_STATE}), and are made when {@code -Dweir.figures=true} asks for them. Calls are counted on the lines
 * between the adapter and the services, times are those of Nova's answers to somebody who looks four times a second.
 */
class NovaFiguresTest {
    private static final int SERVERS = 40;
    private static final Duration STEADY = Duration.ofMinutes(Integer.getInteger("weir.figures.minutes", 5));

    @TempDir
    Path folder;

    private RealOpenstack cloud;
    private Witness witness;

    @BeforeEach
    void asked() {
        assumeTrue(Boolean.getBoolean("weir.figures"), "skipped: -Dweir.figures=true asks for it");
        cloud = RealOpenstack.ofEnvironment();
        RealAdapter.launcher();
        witness = new Witness(cloud);
    }

    @Test
    void forty_servers_take_few_calls_each() throws Exception {
        launch("without a network", "figures-none", Sides.NONE, "", 2.5);
        launch("on a network", "figures-net", Sides.NONE, "network: demo-net", 2.5);
        launch("with a volume, a port and a floating IP", "figures-all", Sides.ALL, "", 8);
    }

    private void launch(String what, String name, Sides sides, String network, double most) throws Exception {
        String pool = RealAdapter.fresh(name);
        String document = RealAdapter.pool(pool, 100, 0, sides, "machineTypes: [m1.tiny]");
        if (!network.isEmpty()) {
            document = document.replace("network: none", network);
        }
        try (RealAdapter adapter =
                new RealAdapter(cloud, folder.resolve(pool), "lateness: 10s", "pools:\n" + document)) {
            awaitExact(adapter, pool, 0);
            adapter.forgetCalls();
            double metered = metered(adapter);
            Instant wished = Instant.now();
            assertThat(adapter.process.takes(pool, SERVERS)).isTrue();
            awaitActive(pool + "-", SERVERS);
            Duration active = Duration.between(wished, Instant.now());
            List<Passed> boots = adapter.boots();
            Duration posted =
                    Duration.between(wished, boots.get(boots.size() - 1).answered());
            awaitExact(adapter, pool, SERVERS);
            int calls = adapter.count();
            say(
                    "%d servers %s: POST size to the last 202 %.1f s, to the last ACTIVE %.1f s; %.2f calls for each, %s",
                    SERVERS, what, seconds(posted), seconds(active), calls / (double) SERVERS, adapter.calls());
            assertThat(boots).as("launches that Nova took").hasSize(SERVERS);
            assertThat(calls / (double) SERVERS).isLessThan(most);
            assertThat(Math.abs(metered(adapter) - metered - adapter.count()))
                    .as("what the adapter's metric counted, beside what passed")
                    .isLessThan(2);
            adapter.forgetCalls();
            assertThat(adapter.process.takes(pool, 0)).isTrue();
            await().atMost(Duration.ofMinutes(15))
                    .pollInterval(Duration.ofMillis(500))
                    .ignoreExceptions()
                    .until(() -> adapter.process.isExact(pool, 0)
                            && witness.servers(pool + "-").isEmpty());
            say("their end: %.2f calls for each, %s", adapter.count() / (double) SERVERS, adapter.calls());
            assertThat(witness.marked(pool)).isEmpty();
        }
    }

    @Test
    void forty_servers_by_the_clients_of_openstack_for_comparison() throws Exception {
        for (String network : List.of("none", "demo-net")) {
            byHand(network, "one after the other", 1, 1, SERVERS);
            byHand(network, "eight side by side", 8, 1, SERVERS);
            byHand(network, "all by one command, --max " + SERVERS, 1, SERVERS, 1);
        }
    }

    private void byHand(String network, String how, int sideBySide, int each, int commands) throws Exception {
        String beginning = "byhand-" + System.nanoTime() % 1_000_000 + "-";
        Instant begun = Instant.now();
        Semaphore places = new Semaphore(sideBySide);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < commands; i++) {
                List<String> command = new ArrayList<>(List.of(
                        "openstack",
                        "--os-compute-api-version",
                        "2.69",
                        "server",
                        "create",
                        "--flavor",
                        "m1.tiny",
                        "--image",
                        cloud.image(),
                        network.equals("none") ? "--nic" : "--network",
                        network));
                if (each > 1) {
                    command.addAll(List.of("--min", "1", "--max", String.valueOf(each)));
                }
                command.add(beginning + i);
                running.add(threads.submit(() -> {
                    places.acquire();
                    try {
                        cli(command);
                    } finally {
                        places.release();
                    }
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
        Duration commanded = Duration.between(begun, Instant.now());
        awaitActive(beginning, SERVERS);
        say(
                "%d servers by the CLI, network %s, %s: commands done after %.1f s, the last ACTIVE after %.1f s",
                SERVERS, network, how, seconds(commanded), seconds(Duration.between(begun, Instant.now())));
        List<String> delete = new ArrayList<>(List.of("openstack", "server", "delete"));
        witness.servers(beginning).forEach(row -> delete.add(row.path("id").asText()));
        cli(delete);
        await().atMost(Duration.ofMinutes(5))
                .until(() -> witness.servers(beginning).isEmpty());
    }

    private static void cli(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).as(command.toString()).isZero();
    }

    @Test
    void a_refresh_is_one_listing_for_all_pools_of_the_connection() throws Exception {
        steady(3, 10);
        steady(10, 1);
    }

    private void steady(int pools, int size) throws Exception {
        String steady = RealAdapter.fresh("steady") + "-";
        StringBuilder documents = new StringBuilder("pools:\n");
        for (int i = 0; i < pools; i++) {
            documents.append(RealAdapter.pool(steady + i, 20, size, Sides.NONE, "machineTypes: [m1.tiny]"));
        }
        try (RealAdapter adapter =
                new RealAdapter(cloud, folder.resolve("steady-" + pools), "lateness: 10s", documents.toString())) {
            for (int i = 0; i < pools; i++) {
                awaitExact(adapter, steady + i, size);
            }
            TimeUnit.SECONDS.sleep(40); // the first minute's marks and looks for leftovers are done
            adapter.forgetCalls();
            TimeUnit.NANOSECONDS.sleep(STEADY.toNanos());
            Map<String, Integer> calls = adapter.calls();
            int count = adapter.count();
            int listings = calls.getOrDefault("compute GET /servers/detail", 0);
            say(
                    "steady, %d pools x %d, %d minutes: %d calls, %d listings of all pools, %.2f calls for each refresh, %s",
                    pools, size, STEADY.toMinutes(), count, listings, count / (double) listings, calls);
            assertThat(listings).isLessThanOrEqualTo((int) (STEADY.toSeconds() / 30) + 1 + pools);
            for (int i = 0; i < pools; i++) {
                assertThat(adapter.process.takes(steady + i, 0)).isTrue();
            }
            await().atMost(Duration.ofMinutes(5))
                    .until(() -> witness.servers(steady).isEmpty());
        }
    }

    @Test
    void from_a_lack_of_capacity_to_the_next_choice() throws Exception {
        int pools = 5;
        String full = RealAdapter.fresh("full") + "-";
        StringBuilder documents = new StringBuilder("pools:\n");
        for (int i = 0; i < pools; i++) {
            documents.append(RealAdapter.pool(full + i, 5, 0, Sides.NONE, "machineTypes: [m1.toobig, m1.tiny]"));
        }
        JsonNode flavors = cloud.ofBed("flavors");
        try (RealAdapter adapter =
                new RealAdapter(cloud, folder.resolve("full"), "lateness: 10s", documents.toString())) {
            for (int i = 0; i < pools; i++) {
                String pool = full + i;
                awaitExact(adapter, pool, 0);
                adapter.forgetCalls();
                Instant wished = Instant.now();
                assertThat(adapter.process.takes(pool, 1)).isTrue();
                await().pollInterval(Duration.ofMillis(100))
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> witness.servers(pool + "-").stream()
                                .anyMatch(row -> row.path("status").asText().equals("ERROR")));
                Instant refused = Instant.now();
                await().pollInterval(Duration.ofMillis(100))
                        .atMost(Duration.ofMinutes(5))
                        .until(() ->
                                boot(adapter, flavors.path("m1.tiny").asText()).isPresent());
                Passed first = boot(adapter, flavors.path("m1.toobig").asText()).orElseThrow();
                Passed next = boot(adapter, flavors.path("m1.tiny").asText()).orElseThrow();
                say(
                        "no valid host: asked for after %.1f s, in ERROR %.1f s later, the next choice asked for %.1f s after that",
                        seconds(Duration.between(wished, first.begun())),
                        seconds(Duration.between(first.answered(), refused)),
                        seconds(Duration.between(refused, next.begun())));
                awaitExact(adapter, pool, 1);
                assertThat(adapter.process.takes(pool, 0)).isTrue();
            }
            await().atMost(Duration.ofMinutes(5))
                    .until(() -> witness.servers(full).isEmpty());
        }
    }

    private static Optional<Passed> boot(RealAdapter adapter, String flavor) {
        return adapter.boots().stream()
                .filter(call -> call.sent().contains("\"flavorRef\":\"" + flavor + "\""))
                .findFirst();
    }

    private static void awaitExact(RealAdapter adapter, String pool, int size) {
        await().atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptions()
                .until(() -> adapter.process.isExact(pool, size));
    }

    private void awaitActive(String beginning, int count) {
        await().atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofMillis(250))
                .ignoreExceptions()
                .until(() -> witness.servers(beginning).stream()
                                .filter(row -> row.path("status").asText().equals("ACTIVE"))
                                .count()
                        == count);
    }

    private static double metered(RealAdapter adapter) throws IOException, InterruptedException {
        return adapter.process
                .managed("/metrics")
                .lines()
                .filter(line -> line.startsWith("weir_cloud_requests_total"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, "figures: " + format + "%n", values);
    }
}
