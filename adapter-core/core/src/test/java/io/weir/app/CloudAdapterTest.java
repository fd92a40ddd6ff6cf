package io.weir.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.service.run.RunFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The adapter of a cloud that a module of its own brings. */
@Timeout(90)
class CloudAdapterTest {
    @TempDir
    private Path folder;

    private Path home() {
        return folder.resolve("home");
    }

    private Path file(String yaml) throws Exception {
        return Files.writeString(folder.resolve("weir.yml"), yaml);
    }

    private record Ended(int code, String said) {}

    private Ended run(String... words) {
        StringWriter said = new StringWriter();
        CommandLine weir = Weir.commands(new Elsewhere()).setErr(new PrintWriter(said, true));
        List<String> all = new ArrayList<>(List.of("adapter", "elsewhere"));
        all.addAll(List.of(words));
        all.addAll(List.of("--home", home().toString(), "--log-level", "error"));
        int code = weir.execute(all.toArray(String[]::new));
        return new Ended(code, said.toString());
    }

    @Test
    void without_a_configuration_it_says_what_to_write_and_makes_nothing() {
        Ended ended = run();

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.said())
                .contains("an adapter of elsewhere needs its connections", "--config FILE")
                .contains("      prod: {region: north, password: \"env:ELSEWHERE_PASSWORD\"}");
        assertThat(home()).doesNotExist();
    }

    @Test
    void what_it_says_can_be_started_with() throws Exception {
        AdapterConfig config = AdapterConfig.read(file(new Elsewhere().example()), new Elsewhere());

        assertThat(config.connections()).containsOnlyKeys("prod");
        assertThat(config.pools()).hasSize(1);
    }

    @Test
    void a_real_cloud_keeps_real_time() throws Exception {
        Ended ended = run("--config", file(new Elsewhere().example()).toString(), "--time-scale", "60");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.said()).contains("--time-scale", "elsewhere keeps real time");
    }

    @Test
    void a_home_is_one_clouds_for_good() throws Exception {
        Files.createDirectories(home());
        Files.createFile(home().resolve("store.db")); // of the time when there was only the simulated one

        Ended ended = run("--config", file(new Elsewhere().example()).toString());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.said()).contains("--home", "belongs to an adapter of simulated", "use another home");
    }

    @Test
    void every_problem_of_connections_and_pools_is_told_at_once() throws Exception {
        Ended ended = run("--config", file("""
                cloud: openstack
                connections:
                  prod: {regin: north, password: secret}
                  EAST: {region: east}
                pools:
                  web: {max: 3, elsewhere: {shlef: a}, connection: north}
                  old: {max: 3, openstack: {}}
                """).toString());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.said())
                .contains("cloud: is \"openstack\"; this is the adapter of elsewhere")
                .contains("connections.prod.regin: is not a known field, did you mean \"region\"?")
                .contains("connections.prod.region: is missing")
                .contains("connections.prod.password: must be a reference to a secret")
                .contains("connections.EAST: is no name of a connection")
                .contains("pools.web.connection: there is no connection \"north\"; there is prod")
                .contains("pools.web.elsewhere.shlef: is not a known field, did you mean \"shelf\"?")
                .contains("pools.old.openstack: is for another cloud; this adapter serves elsewhere");
    }

    @Test
    void a_file_without_connections_is_refused_with_an_example() throws Exception {
        Ended ended = run("--config", file("pools: {web: {max: 3}}").toString());

        assertThat(ended.said()).contains("connections: is missing", "prod: {region: north");
    }

    @Test
    void several_connections_and_none_called_default_leave_no_pool_without_one() throws Exception {
        Ended ended = run("--config", file("""
                connections: {prod: {region: a}, test: {region: b}}
                pools: {web: {max: 3}, api: {max: 3, connection: prod}}
                """).toString());

        assertThat(ended.said())
                .contains("pools.web.connection: must name one of this adapter's connections: prod, test")
                .doesNotContain("pools.api");
    }

    @Test
    void it_serves_its_pools_until_it_is_asked_to_end_and_goes_on_where_it_was() throws Exception {
        Path config = file("""
                listen: {port: 0}
                management: {port: 0}
                watch: {interval: 1s, busy: 200ms}
                connections: {default: {region: north}, other: {region: east}}
                pools: {web: {max: 3, size: 1}}
                """);
        String[] words = {"adapter", "elsewhere", "--config", config.toString()};

        try (Running adapter = Running.of(Elsewhere.class, home(), words)) {
            assertThat(adapter.line()).contains(" is ready; try: curl --cacert ");
            assertThat(adapter.entry("adapter").pid()).isEqualTo(adapter.process.pid());
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> adapter.get("/pools/web/pool/size")
                                    .path("allocated")
                                    .asInt()
                            == 1);
            assertThat(adapter.get("/pools/web")
                            .path("document")
                            .path("connection")
                            .asText())
                    .isEqualTo("default");
            assertThat(adapter.management("/readyz").body()).contains("connection default", "connection other");
            assertThat(adapter.management("/metrics").body())
                    .contains(
                            "weir_cloud_requests_total{connection=\"other\",operation=\"GET /machines\",outcome=\"200\"}")
                    .contains("weir_cloud_calls_total{call=\"list\",connection=\"default\",outcome=\"accepted\"}");
            StringWriter checked = new StringWriter();
            int code = Weir.commands(new Elsewhere())
                    .setOut(new PrintWriter(checked, true))
                    .execute("check", "elsewhere", "--config", config.toString(), "--home", home().toString());
            assertThat(checked.toString())
                    .as("a check beside it")
                    .contains("is in use by the adapter with pid " + adapter.process.pid());
            assertThat(code).isZero();
            assertThat(adapter.call("operator", "POST", "/pools/web/pool/size", "{\"desiredSize\": 2}")
                            .statusCode())
                    .isEqualTo(200);
            adapter.end();
        }
        assertThat(new RunFile(home()).read("adapter")).isEmpty();

        try (Running again = Running.of(Elsewhere.class, home(), words)) {
            again.line();
            assertThat(again.get("/pools")
                            .path("pools")
                            .path(0)
                            .path("desiredSize")
                            .asInt())
                    .isEqualTo(2);
        }
    }

    @Test
    void a_connection_that_the_store_needs_cannot_be_taken_away() throws Exception {
        String ports = "listen: {port: 0}\nmanagement: {port: 0}\n";
        Path with = file(ports + "connections: {east: {region: e}}\npools: {web: {max: 3}}\n");
        try (Running adapter =
                Running.of(Elsewhere.class, home(), "adapter", "elsewhere", "--config", with.toString())) {
            adapter.line();
            adapter.end();
        }
        Path without = file(ports + "connections: {west: {region: w}}\n");

        try (Running adapter =
                Running.of(Elsewhere.class, home(), "adapter", "elsewhere", "--config", without.toString())) {
            assertThat(adapter.process.waitFor()).isEqualTo(1);
            assertThat(adapter.errors())
                    .contains("weir: the store has the pool web, whose connection the configuration lacks")
                    .contains("\"east\"")
                    .doesNotContain("\tat ");
        }
    }
}
