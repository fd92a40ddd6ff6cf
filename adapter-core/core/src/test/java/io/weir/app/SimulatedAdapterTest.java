package io.weir.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One adapter with two connections, each to a cloud that is a process of its own. */
@Timeout(120)
class SimulatedAdapterTest {
    @TempDir
    private Path folder;

    private static long lines(String ledger, String pool) {
        return ledger.lines()
                .filter(line -> line.contains("\"pool\":\"" + pool + "\""))
                .count();
    }

    private static String ledger(String cloud) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create(cloud + "/ledger"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        }
    }

    @Test
    void pools_of_one_adapter_live_in_different_clouds() throws Exception {
        Path home = folder.resolve("home");
        Path other = folder.resolve("other");
        try (Running west = Running.of(Weir.class, other, "cloud", "simulated", "--time-scale", "60")) {
            west.line();
            Path config = Files.writeString(folder.resolve("weir.yml"), """
                    listen: {port: 0}
                    management: {port: 0}
                    watch: {interval: 10s, busy: 2s}
                    connections:
                      east: {region: e1}
                      west: {region: w1, url: "%s"}
                    pools:
                      here: {connection: east, max: 3, size: 2}
                      there: {connection: west, max: 3, size: 3}
                    """.formatted(
                            west.entry("cloud").url()));
            try (Running adapter = Running.of(
                    Weir.class, home, "adapter", "simulated", "--config", config.toString(), "--time-scale", "60")) {
                adapter.line();
                await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                    assertThat(adapter.get("/pools/here/pool").findValuesAsText("region"))
                            .containsExactly("e1", "e1");
                    assertThat(adapter.get("/pools/there/pool").findValuesAsText("region"))
                            .containsExactly("w1", "w1", "w1");
                });
                assertThat(lines(ledger(adapter.entry("cloud").url()), "here")).isEqualTo(2);
                assertThat(lines(ledger(west.entry("cloud").url()), "there")).isEqualTo(3);
                assertThat(lines(ledger(west.entry("cloud").url()), "here")).isZero();
                assertThat(adapter.get("/connections").path("connections").findValuesAsText("reached"))
                        .containsExactly("true", "true");
                adapter.end();
            }
            assertThat(west.process.isAlive())
                    .as("a cloud that the adapter did not start")
                    .isTrue();
        }
    }

    @Test
    void a_start_that_ends_at_a_taken_port_has_launched_nothing() throws Exception {
        try (Running cloud = Running.of(Weir.class, folder.resolve("cloud"), "cloud", "simulated");
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            cloud.line();
            String url = cloud.entry("cloud").url();
            Path config = config("listen: {port: %d}".formatted(taken.getLocalPort()), url, "{max: 9, size: 9}");
            try (Running adapter = Running.of(
                    Weir.class, folder.resolve("home"), "adapter", "simulated", "--config", config.toString())) {
                assertThat(adapter.process.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(adapter.process.exitValue()).isEqualTo(1);
                assertThat(adapter.errors()).contains("--port: cannot listen on 127.0.0.1:" + taken.getLocalPort());
            }
            assertThat(ledger(url)).isEmpty();
        }
    }

    @Test
    void a_pool_of_the_file_that_cannot_be_served_is_told_at_once_and_can_be_mended_in_the_file() throws Exception {
        try (Running cloud = Running.of(Weir.class, folder.resolve("cloud"), "cloud", "simulated")) {
            cloud.line();
            String url = cloud.entry("cloud").url();
            Path home = folder.resolve("home");
            config("listen: {port: 0}", url, "{max: 1, size: 1, machineTypes: [giant], zones: [zone-q]}");
            String file = folder.resolve("weir.yml").toString();
            try (Running wrong = Running.of(Weir.class, home, "adapter", "simulated", "--config", file)) {
                assertThat(wrong.process.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(wrong.process.exitValue()).isEqualTo(1);
                assertThat(wrong.errors())
                        .contains("pools.web", "giant", "zone-q")
                        .doesNotContain("\tat ");
            }
            config("listen: {port: 0}", url, "{max: 1, size: 1}");
            try (Running mended = Running.of(Weir.class, home, "adapter", "simulated", "--config", file)) {
                assertThat(mended.line()).endsWith("/pools");
                assertThat(mended.get("/pools/web").path("drift").asBoolean()).isFalse();
                assertThat(mended.errors()).doesNotContain("warm-up");
                await().atMost(Duration.ofSeconds(30))
                        .until(() ->
                                mended.get("/pools/web/pool").path("machines").size() == 1);
            }
            Path certs = home.resolve("certs");
            config(
                    "listen: {port: 0}\ntls: {certificate: %s/server.pem, key: %s/server.key, trust: %s/ca.pem}"
                            .formatted(certs, certs, certs),
                    url,
                    "{max: 1}");
            try (Running elsewhere =
                    Running.of(Weir.class, folder.resolve("other"), "adapter", "simulated", "--config", file)) {
                assertThat(elsewhere.line())
                        .as("no command is told that this home's certificates could not run")
                        .endsWith(" is ready");
            }
        }
    }

    private Path config(String listen, String cloud, String pool) throws IOException {
        return Files.writeString(folder.resolve("weir.yml"), """
                %s
                management: {port: 0}
                connections:
                  west: {url: "%s"}
                pools:
                  web: %s
                """.formatted(listen, cloud, pool));
    }
}
