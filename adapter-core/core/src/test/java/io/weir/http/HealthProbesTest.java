package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.certs.Role;
import io.weir.pool.PoolName;
import io.weir.probe.Prober;
import io.weir.probe.SocketLook;
import io.weir.simulated.Dials;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Machines whose addresses are of this host, where real sockets listen in their stead, or do not. */
@Timeout(90)
class HealthProbesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** A loopback network of this process. */
    private static final String NETWORK = "127." + (16 + ProcessHandle.current().pid() % 200);

    private static final Dials LOCAL = LiveFleet.QUICK.turned(turn -> turn.privateNetwork = NETWORK);

    @TempDir
    private Path home;

    private final Map<String, ServerSocket> services = new HashMap<>();
    private final Queue<String> looks = new ConcurrentLinkedQueue<>();
    private LiveFleet fleet;
    private Prober prober;
    private int port;

    @BeforeEach
    void open() throws IOException {
        fleet = new LiveFleet(home.resolve("certs"));
        fleet.cloud.turn(LOCAL);
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        prober = new Prober(
                fleet.fleet,
                new SocketLook(System::nanoTime),
                Clock.systemUTC(),
                Executors.newVirtualThreadPerTaskExecutor(),
                this::looked);
        Thread.ofVirtual().start(prober);
    }

    private void looked(PoolName pool, String outcome) {
        looks.add(pool + " " + outcome);
    }

    @AfterEach
    void close() throws IOException {
        prober.close();
        fleet.close();
        for (ServerSocket service : services.values()) {
            service.close();
        }
    }

    private void pool(String name, int size, String more) {
        var put = fleet.adapter.json(Role.ADMIN, "PUT", "/pools/" + name, """
                {"max": 10, "size": %d, "health": {"probe": {"tcp": {"port": %d}}, "interval": "1s", "timeout": "500ms",
                 "failures": 2, "successes": 2%s
                """.formatted(size, port, more));
        assertThat(put.statusCode()).as(put.body()).isEqualTo(201);
        await().until(() -> states(name).size() == size);
    }

    private void serve(String address) throws IOException {
        services.put(address, new ServerSocket(port, 50, InetAddress.getByName(address)));
    }

    private void fail(String address) throws IOException {
        Objects.requireNonNull(services.remove(address)).close();
    }

    private JsonNode get(String path) throws Exception {
        return JSON.readTree(fleet.adapter.get(Role.VIEWER, path).body());
    }

    /** The service state of each running machine, by address. */
    private Map<String, String> states(String pool) throws Exception {
        Map<String, String> states = new LinkedHashMap<>();
        for (JsonNode machine : get("/pools/" + pool + "/pool").path("machines")) {
            if (machine.path("machineState").asText().equals("RUNNING")) {
                states.put(
                        machine.path("privateIps").path(0).asText(),
                        machine.path("serviceState").asText());
            }
        }
        return states;
    }

    private String id(String pool, String address) throws Exception {
        for (JsonNode machine : get("/pools/" + pool + "/pool").path("machines")) {
            if (machine.path("privateIps").path(0).asText().equals(address)) {
                return machine.path("id").asText();
            }
        }
        throw new AssertionError("nobody has the address " + address);
    }

    @Test
    void a_service_boots_serves_falls_ill_and_recovers_and_the_store_and_the_cloud_know() throws Exception {
        pool("web", 2, "}}");
        List<String> addresses = List.copyOf(states("web").keySet());
        assertThat(addresses).allSatisfy(address -> assertThat(address).startsWith(NETWORK));
        await().untilAsserted(() -> assertThat(states("web").values()).containsOnly("BOOTING"));

        serve(addresses.get(0));
        await().untilAsserted(() -> assertThat(states("web"))
                .containsEntry(addresses.get(0), "IN_SERVICE")
                .containsEntry(addresses.get(1), "BOOTING"));

        fail(addresses.get(0));
        await().untilAsserted(() -> assertThat(states("web")).containsEntry(addresses.get(0), "UNHEALTHY"));
        String id = id("web", addresses.get(0));
        assertThat(get("/pools/web/machines/" + id).path("events").toString())
                .contains(
                        "service state UNHEALTHY, tcp " + addresses.get(0) + ":" + port
                                + " refused the connection, 2 times in a row",
                        "weir/health-probe");

        serve(addresses.get(0));
        await().untilAsserted(() -> assertThat(states("web")).containsEntry(addresses.get(0), "IN_SERVICE"));
        await("the mark in the cloud: i is in service").until(() -> fleet.cloud.ledger().stream()
                .filter(line -> line.id().equals(id))
                .allMatch(line -> String.valueOf(line.tags().get("weir-marks")).contains("_i_")));
        assertThat(looks).contains("web healthy", "web failed");
    }

    @Test
    void an_unhealthy_machine_is_replaced_when_the_document_says_so() throws Exception {
        pool("web", 1, ", \"replaceAfter\": \"1s\"}, \"timeouts\": {\"boot\": \"2s\"}}");
        String address = states("web").keySet().iterator().next();

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(states("web").keySet()).isNotEmpty().doesNotContain(address));
    }

    @Test
    void what_an_operator_took_out_of_service_stays_out() throws Exception {
        pool("web", 1, "}}");
        String address = states("web").keySet().iterator().next();
        serve(address);
        await().untilAsserted(() -> assertThat(states("web")).containsEntry(address, "IN_SERVICE"));
        String id = id("web", address);

        fleet.adapter.json(
                Role.OPERATOR,
                "POST",
                "/pools/web/pool/" + id + "/serviceState",
                "{\"serviceState\": \"OUT_OF_SERVICE\"}");
        fail(address);
        looks.clear();
        await().until(() -> looks.stream().filter("web failed"::equals).count() >= 4);
        assertThat(states("web")).containsEntry(address, "OUT_OF_SERVICE");

        serve(address);
        looks.clear();
        await().until(() -> looks.stream().filter("web healthy"::equals).count() >= 4);
        assertThat(states("web")).containsEntry(address, "OUT_OF_SERVICE");
    }

    @Test
    void a_frozen_pool_is_told_nothing() throws Exception {
        pool("web", 1, "}}");
        String address = states("web").keySet().iterator().next();
        serve(address);
        await().untilAsserted(() -> assertThat(states("web")).containsEntry(address, "IN_SERVICE"));
        fleet.adapter.json(Role.OPERATOR, "POST", "/pools/web/freeze", "{\"reason\": \"a look\"}");
        fail(address);
        looks.clear();
        await().until(() -> looks.stream().filter("web failed"::equals).count() >= 4);

        assertThat(states("web")).containsEntry(address, "IN_SERVICE");

        fleet.adapter.json(Role.OPERATOR, "POST", "/pools/web/unfreeze", "{\"reason\": \"over\"}");
        await().untilAsserted(() -> assertThat(states("web")).containsEntry(address, "UNHEALTHY"));
    }

    @Test
    void a_machine_without_the_address_of_the_policy_is_not_reachable_which_is_neither_healthy_nor_ill()
            throws Exception {
        pool(
                "web",
                1,
                ", \"replaceAfter\": \"1s\"}, \"connectionPolicy\": \"public\", \"timeouts\": {\"boot\": \"2s\"}}");
        String address = states("web").keySet().iterator().next();
        serve(address); // where nobody is to look

        await().until(() -> looks.size() >= 5);

        assertThat(looks).containsOnly("web unreachable");
        assertThat(states("web")).containsExactly(Map.entry(address, "UNKNOWN"));
        JsonNode machine = get("/pools/web/machines/" + id("web", address));
        assertThat(machine.path("notReachable").asText())
                .isEqualTo("not reachable: connectionPolicy is public, and it has no public address");
        assertThat(machine.path("machine").path("connectAddress").isNull()).isTrue();
    }

    @Test
    void a_pool_without_a_probe_is_not_looked_at() throws Exception {
        fleet.adapter.json(Role.ADMIN, "PUT", "/pools/quiet", "{\"max\": 3, \"size\": 1}");
        pool("web", 1, "}}");

        await().until(() -> looks.size() >= 3);

        assertThat(looks).allSatisfy(look -> assertThat(look).startsWith("web "));
        assertThat(states("quiet").values()).containsOnly("UNKNOWN");
    }
}
