package io.weir.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** That every row is printed, from real processes, and nothing is left of them; what the figures are is the machine's business. */
class BenchTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return new CommandLine(new BenchCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    /** Without the last line, which tells of the machine. */
    private List<String> rows() {
        List<String> lines = out.toString().lines().toList();
        assertThat(lines.getLast()).contains("processors", "load average");
        return lines.subList(0, lines.size() - 1);
    }

    @Test
    void the_door_is_measured_on_real_processes_and_nothing_is_left_of_them() throws IOException {
        Set<Path> before = folders();

        int code = run(
                "door",
                "--starts",
                "1",
                "--posts",
                "2",
                "--clients",
                "2",
                "--seconds",
                "1",
                "--machines",
                "5",
                "--pools",
                "2",
                "--rest",
                "1");

        assertThat(code).as(err.toString()).isZero();
        assertThat(rows()).hasSize(14).allSatisfy(row -> assertThat(row)
                .hasSize(rows().get(0).length()));
        assertThat(rows().stream().map(row -> row.replaceAll("  +.*", "").strip()))
                .contains(
                        "start → first 200, new home",
                        "POST size → 200, durable",
                        "POST size → first cloud call",
                        "POST size → launch call",
                        "resident memory, 2 pools of 5 machines");
        assertThat(err.toString()).contains("weir: start 1 of 1", "weir: 2 pools grow to 5 machines each");
        assertThat(folders()).isEqualTo(before);
        assertThat(ProcessHandle.current().descendants()).isEmpty();
    }

    private static Set<Path> folders() throws IOException {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(path -> path.getFileName().toString().startsWith("weir-bench"))
                    .collect(Collectors.toSet());
        }
    }

    @Test
    void the_planner_is_measured_at_each_size() {
        int code = run("planner", "--machines", "10,300", "--seconds", "0.01");

        assertThat(code).as(err.toString()).isZero();
        assertThat(rows()).hasSize(9);
        assertThat(rows().stream().skip(1)).allSatisfy(row -> assertThat(row)
                .matches(" +(10|300) machines: (settle|plan, [a-z ]+?) +\\d[\\d,]*( +[\\d.]+ (µs|ms|s)){3}"));
    }

    @Test
    void what_cannot_be_measured_is_refused_by_its_name() {
        assertThat(run("door", "--clients", "0")).isEqualTo(2);
        assertThat(run("planner", "--machines", "200000")).isEqualTo(2);

        assertThat(err.toString())
                .contains("--clients must be from 1 to 200, not 0", "--machines must be from 1 to 100000, not 200000");
    }
}
