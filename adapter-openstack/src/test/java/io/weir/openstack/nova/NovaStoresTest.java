package io.weir.openstack.nova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.kit.AdapterProcess;
import io.weir.openstack.nova.RealAdapter.Sides;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A pool and more than one store: two adapters, each with a home of its own, and an adapter that lost its store. Judged by what Nova
 * shows. It needs the test bed: {@code OS_*} and {@code OSTB_STATE}.
 */
class NovaStoresTest {
    private static final int SIZE = 3;
    /** Ten turns and more. */
    private static final Duration WHILE = Duration.ofSeconds(40);

    @TempDir
    Path folder;

    private RealOpenstack cloud;
    private Witness witness;

    @BeforeEach
    void asked() {
        cloud = RealOpenstack.ofEnvironment();
        RealAdapter.launcher();
        witness = new Witness(cloud);
    }

    @AfterEach
    void over() {
        if (witness != null) {
            witness.close();
        }
    }

    @Test
    void a_second_adapter_on_a_pool_that_is_kept_does_nothing_until_it_is_told_to_adopt() throws Exception {
        String pool = RealAdapter.fresh("second");
        try (RealAdapter first = adapter("second-a", pool);
                RealAdapter second = notYet("second-b", pool)) {
            awaitExact(first, pool, SIZE);
            Set<String> members = living(pool);
            second.process.start();
            awaitGate(second, pool, "FOREIGN_STORE");

            assertUntouched(pool, members);
            assertThat(second.changes())
                    .as("what the second asked Nova to change")
                    .isEmpty();
            System.out.println("stores: the second on a kept pool: " + gates(second, pool));

            first.process.kill();
            assertThat(second.process.post("/pools/" + pool + "/adopt", "")).isEqualTo(200);
            assertThat(second.process.takes(pool, SIZE + 1)).isTrue();
            awaitExact(second, pool, SIZE + 1);
            assertThat(living(pool)).containsAll(members).hasSize(SIZE + 1);

            members = living(pool);
            first.forgetCalls();
            first.process.start();
            awaitGate(first, pool, "FOREIGN_STORE");
            assertUntouched(pool, members);
            assertThat(first.changes())
                    .as("what the first asked Nova to change")
                    .isEmpty();
            System.out.println("stores: the first, come back to a pool that was adopted: " + gates(first, pool));
            empty(second, pool);
        }
    }

    @Test
    void two_adapters_that_fill_an_empty_pool_together_each_keep_their_own_until_one_adopts() throws Exception {
        String pool = RealAdapter.fresh("both");
        try (RealAdapter first = adapter("both-a", pool, 0);
                RealAdapter second = adapter("both-b", pool, 0)) {
            awaitExact(first, pool, 0);
            awaitExact(second, pool, 0);
            assertThat(first.process.takes(pool, SIZE)).isTrue();
            assertThat(second.process.takes(pool, SIZE)).isTrue();
            awaitExact(first, pool, SIZE);
            awaitExact(second, pool, SIZE);
            awaitStrays(first, pool);
            awaitStrays(second, pool);

            Set<String> all = living(pool);
            assertThat(all).hasSize(2 * SIZE);
            assertUntouched(pool, all);
            System.out.println("stores: two on an empty pool of " + SIZE + ": " + all.size() + " servers, "
                    + first.boots().size() + " and " + second.boots().size() + " launched, gates "
                    + gates(first, pool) + " and " + gates(second, pool));

            second.process.end();
            assertThat(first.process.post("/pools/" + pool + "/adopt", "")).isEqualTo(200);
            await().atMost(Duration.ofMinutes(3)).until(() -> living(pool).size() == SIZE);
            awaitExact(first, pool, SIZE);
            assertThat(all).containsAll(living(pool));
            empty(first, pool);
        }
    }

    @Test
    void an_adapter_that_lost_its_store_touches_nothing_and_goes_on_after_adopt() throws Exception {
        String pool = RealAdapter.fresh("lost");
        try (RealAdapter adapter = adapter("lost", pool)) {
            awaitExact(adapter, pool, SIZE);
            assertThat(adapter.process.takes(pool, SIZE + 2)).isTrue();
            awaitExact(adapter, pool, SIZE + 2);
            Set<String> members = living(pool);

            adapter.process.kill();
            for (Path file : files(adapter.home)) {
                if (file.getFileName().toString().startsWith("store.db")) {
                    Files.delete(file);
                }
            }
            adapter.forgetCalls();
            adapter.process.start();
            awaitGate(adapter, pool, "FOREIGN_STORE");
            assertUntouched(pool, members);
            assertThat(adapter.changes()).as("what it asked Nova to change").isEmpty();
            System.out.println(
                    "stores: a lost store: " + gates(adapter, pool) + ", size " + adapter.process.size(pool));

            assertThat(adapter.process.post("/pools/" + pool + "/adopt", "")).isEqualTo(200);
            awaitExact(adapter, pool, SIZE + 2); // the size that it found, not the one in its file
            assertThat(living(pool)).isEqualTo(members);
            empty(adapter, pool);
        }
    }

    /** It tells of every machine of the other, and leaves it alone. */
    private static void awaitStrays(RealAdapter adapter, String pool) {
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofSeconds(1))
                .ignoreExceptions()
                .until(() -> adapter.process
                                .get("/pools/" + pool + "/events?kind=machine.stray&limit=1000")
                                .path("events")
                                .size()
                        == SIZE);
    }

    private RealAdapter adapter(String home, String pool) throws IOException {
        return adapter(home, pool, SIZE);
    }

    private RealAdapter adapter(String home, String pool, int size) throws IOException {
        return new RealAdapter(
                cloud,
                folder.resolve(home),
                """
                lag: 0s
                lateness: 10s
                """,
                """
                watch: {interval: 3s, busy: 1s}
                pools:
                """ + RealAdapter.pool(pool, 20, size, Sides.VOLUME, "machineTypes: [m1.tiny]"));
    }

    /** Its configuration is there, and it has not been started. */
    private RealAdapter notYet(String home, String pool) throws IOException, InterruptedException {
        RealAdapter adapter = adapter(home, pool);
        adapter.process.kill();
        return adapter;
    }

    private static List<Path> files(Path home) throws IOException {
        try (var files = Files.list(home)) {
            return files.toList();
        }
    }

    private Set<String> living(String pool) {
        return witness.servers(pool + "-").stream()
                .map(row -> row.path("id").asText())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Nova shows these and no others, all the while. */
    private void assertUntouched(String pool, Set<String> members) throws InterruptedException {
        Instant end = Instant.now().plus(WHILE);
        while (Instant.now().isBefore(end)) {
            assertThat(living(pool)).isEqualTo(members);
            TimeUnit.SECONDS.sleep(1);
        }
    }

    private static Set<String> gates(RealAdapter adapter, String pool) throws IOException, InterruptedException {
        Set<String> gates = new HashSet<>();
        for (JsonNode gate : adapter.process.get("/pools/" + pool).path("gates")) {
            gates.add(gate.toString());
        }
        return gates;
    }

    private static void awaitGate(RealAdapter adapter, String pool, String kind) {
        await().atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofSeconds(1))
                .ignoreExceptions()
                .until(() -> gates(adapter, pool).toString().contains(kind));
    }

    private static void awaitExact(RealAdapter adapter, String pool, int size) {
        AdapterProcess process = adapter.process;
        await().atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptions()
                .until(() -> process.isExact(pool, size));
    }

    private void empty(RealAdapter adapter, String pool) throws Exception {
        assertThat(adapter.process.takes(pool, 0)).isTrue();
        awaitExact(adapter, pool, 0);
        await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> assertThat(witness.marked(pool))
                .as("what is left with marks")
                .isEmpty());
    }
}
