package io.weir.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ExercisesTest {
    @Test
    void a_pool_of_real_processes_survives_a_kill_of_its_adapter_its_cloud_and_both() {
        StringWriter table = new StringWriter();

        int code = new CommandLine(new ExercisesCommand())
                .setOut(new PrintWriter(table, true))
                .execute("--count", "3", "--high", "20", "--low", "8", "--within", "3", "--seed", "7");

        System.out.println(table);
        assertThat(code).as(table.toString()).isZero();
        assertThat(table.toString()).contains("all 3 are clean");
    }
}
