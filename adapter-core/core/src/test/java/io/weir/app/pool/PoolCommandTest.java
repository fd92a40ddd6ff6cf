package io.weir.app.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.http.Adapter;
import io.weir.http.PaperPools;
import io.weir.pool.MachineState;
import io.weir.pool.PoolDocument;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The command against a running door, found by its home as a person would. */
class PoolCommandTest {
    @TempDir
    static Path home = Path.of("");

    private static PaperPools pools = new PaperPools();
    private static Adapter adapter;

    record Run(int code, String out, String err) {}

    @BeforeAll
    static void open() throws IOException {
        adapter = new Adapter(home.resolve("certs"), pools);
        Files.writeString(
                home.resolve("run.json"),
                "{\"adapter\":{\"pid\":1,\"url\":\"" + adapter.service.url() + "\",\"managementUrl\":\"\"}}");
    }

    @AfterAll
    static void close() {
        adapter.close();
    }

    @BeforeEach
    void fresh() {
        pools.pools.clear();
        var pool = pools.with("default", PoolDocument.of(0, 100, 2));
        pool.machines.put("i-1", PaperPools.machine("i-1", MachineState.RUNNING));
        pool.machines.put("default-1-2", PaperPools.machine("default-1-2", MachineState.REQUESTED));
    }

    @Test
    void pools_are_a_table() {
        assertThat(run("list").out().lines())
                .containsExactly(
                        "POOL     STATE    DESIRED  ACTIVE  ALLOCATED  GUARDS  REVISION  DRIFT",
                        "default  started        2       2          2       0         1  no");
    }

    @Test
    void machines_are_a_table() {
        assertThat(run("machines").out().lines())
                .containsExactly(
                        "MACHINE      STATE      SERVICE  MEMBERSHIP  SIZE   ADDRESS   LAUNCHED",
                        "i-1          RUNNING    UNKNOWN  default     small  10.0.0.1  2026-11-24T04:00:00.120Z",
                        "default-1-2  REQUESTED  UNKNOWN  default     small  10.0.0.1  -");
    }

    @Test
    void everything_can_be_had_as_it_came() {
        assertThat(run("machines", "--json").out()).contains("\"launchtime\" : \"2026-11-24T04:00:00.120Z\"");
        assertThat(run("size", "--json").out()).contains("\"desiredSize\" : 2");
    }

    @Test
    void a_size_is_held_for_fifteen_minutes_unless_told() {
        assertThat(run("size", "5", "--reason", "sale").out()).contains("size 5, held for 15 min");

        assertThat(run("size").out()).contains("held by operator/operator until 2026-11-24T04:15:00.120Z: sale");

        run("release");
        assertThat(run("size").out()).doesNotContain("held");
        assertThat(run("size", "6", "--hold", "0").out()).doesNotContain("held");
        assertThat(run("size").out()).doesNotContain("held");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    terminate i-1                             | terminate i-1 false
                    terminate i-1 --decrement                 | terminate i-1 true
                    detach i-1 --decrement                    | detach i-1 true
                    attach i-7                                | attach i-7
                    service-state i-1 UNHEALTHY               | service state i-1 UNHEALTHY false
                    service-state i-1 OUT_OF_SERVICE --replace| service state i-1 OUT_OF_SERVICE true
                    membership i-1 blessed                    | membership i-1 true false
                    membership i-1 awaiting-service           | membership i-1 false false
                    membership i-1 disposable                 | membership i-1 false true
                    membership i-1 default                    | membership i-1 true true
                    stop                                      | stop
                    start                                     | start
                    freeze --reason look                      | freeze: look
                    unfreeze --reason look                    | unfreeze: look
                    freeze --fleet --reason look              | freeze all: look
                    unfreeze --fleet --reason look            | unfreeze all: look
                    adopt                                     | adopt
                    breaker-reset                             | reset breaker
                    scope-lost zone-a                         | lost zone-a
                    delete --machines release                 | delete default RELEASE
                    """)
    void a_command_does_its_one_call(String line, String change) {
        Run run = run(line.split(" "));

        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(pools.changes).containsExactly(change);
    }

    @Test
    void a_document_goes_out_and_in() throws IOException {
        Path yaml = Files.writeString(home.resolve("web.yaml"), "max: 7\nvictimPolicy: oldest\n");

        assertThat(run("document", "put", yaml.toString(), "-p", "web", "--new").code())
                .isZero();
        Run written = run("document", "get", "-p", "web");
        assertThat(written.out()).contains("\"max\" : 7", "\"victimPolicy\" : \"oldest\"");
        Path json = Files.writeString(home.resolve("web.json"), written.out());
        assertThat(run("document", "put", json.toString(), "-p", "web", "--if-match", "1")
                        .code())
                .isZero();
        Run stale = run("document", "put", json.toString(), "-p", "web", "--if-match", "1");
        assertThat(stale.code()).isEqualTo(1);
        assertThat(stale.err()).contains("revision 2");
    }

    @Test
    void every_problem_of_a_document_is_shown() throws IOException {
        Path yaml = Files.writeString(home.resolve("bad.yaml"), "mx: 7\nzones: a\n");

        Run run = run("document", "put", yaml.toString());

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .contains("max: is missing", "mx: is not a known field, did you mean \"max\"?", "zones: must be");
    }

    @Test
    void events_and_details_are_shown() {
        assertThat(run("events", "--limit", "2").out().lines()).hasSize(3);
        assertThat(run("events", "--after", "3").out().lines()).hasSize(3);
        assertThat(run("events").out().lines()).hasSize(6);
        assertThat(run("events", "--last", "1").out()).contains("    5  ").doesNotContain("    4  ");
        assertThat(run("machines", "i-1").out()).contains("zone-a");
        assertThat(run("get").out()).contains("2 desired, 2 active", "0 to 100");
    }

    @Test
    void a_refusal_is_told_on_standard_error_with_its_exit_code() {
        Run run = run("terminate", "nobody");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("refused with 404", "nobody");
        assertThat(run("terminate", "i-1", "--as", "viewer").err()).contains("refused with 403");
    }

    @Test
    void what_is_not_reachable_has_its_own_exit_code() {
        assertThat(run("list", "--url", "https://localhost:1").code()).isEqualTo(3);
        Run nobody = execute("list", "--home", home.resolve("nowhere").toString());
        assertThat(nobody.code()).isEqualTo(3);
        assertThat(nobody.err()).isNotBlank();
    }

    @Test
    void a_wrong_call_says_so() {
        assertThat(run("size", "many").code()).isEqualTo(2);
        assertThat(run("membership", "i-1", "holy").code()).isEqualTo(2);
        assertThat(run("freeze").err()).contains("--reason");
        assertThat(run("document", "put").code()).isEqualTo(2);
        assertThat(run("list", "--url", "http://localhost:1").code()).isEqualTo(2);
        assertThat(execute().code()).isEqualTo(2);
        assertThat(pools.changes).isEmpty();
    }

    private static Run run(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--home");
        all.add(home.toString());
        return execute(all.toArray(String[]::new));
    }

    private static Run execute(String... words) {
        var out = new StringWriter();
        var err = new StringWriter();
        CommandLine command = PoolCommand.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        return new Run(command.execute(words), out.toString(), err.toString());
    }
}
