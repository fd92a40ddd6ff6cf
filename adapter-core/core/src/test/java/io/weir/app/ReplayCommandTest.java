package io.weir.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.journal.Bounds;
import io.weir.journal.JournalFiles;
import io.weir.journal.WrittenPool;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ReplayCommandTest {
    @TempDir
    private Path home;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void aLifeWasWritten() {
        JournalFiles journal = new JournalFiles(home.resolve("journal"), Bounds.DEFAULT);
        try (WrittenPool pool = new WrittenPool(home, journal.of(WrittenPool.WEB))) {
            pool.live();
        }
    }

    private int replay(String... arguments) {
        return new CommandLine(new ReplayCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private Path file() throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("journal").resolve("web"))) {
            return files.findFirst().orElseThrow();
        }
    }

    @Test
    void a_home_is_replayed_pool_by_pool() {
        assertThat(replay("--home", home.toString())).isZero();

        assertThat(out.toString())
                .startsWith(
                        "web: 52 turns read with 52 plans, 52 identical, 0 differing (1 files, 2026-03-01T10:00:00");
    }

    @Test
    void one_file_is_replayed() throws IOException {
        assertThat(replay(file().toString())).isZero();

        assertThat(out.toString()).contains("52 identical, 0 differing");
    }

    @Test
    void the_first_difference_is_shown_and_fails() throws IOException {
        Files.writeString(file(), Files.readString(file()).replace("\"size\":6,\"gen", "\"size\":9,\"gen"));

        assertThat(replay("--home", home.toString(), "--pool", "web")).isEqualTo(1);

        assertThat(out.toString())
                .contains("2 identical, 1 differing", file() + ", line 3, of 2026-03-01T10:00:10", "    plan.reason")
                .containsPattern("journal +\"desired 6,")
                .containsPattern("replay +\"desired 9,");
    }

    @Test
    void a_line_that_cannot_be_read_fails() throws IOException {
        Files.writeString(file(), Files.readString(file()).replaceFirst("\n", "\n{\"full\":\n"));

        assertThat(replay("--home", home.toString())).isEqualTo(1);

        assertThat(out.toString()).contains("line 2 cannot be read: ");
    }

    @Test
    void a_home_or_a_pool_without_a_journal_fails() {
        assertThat(replay("--home", home.resolve("elsewhere").toString())).isEqualTo(1);
        assertThat(replay("--home", home.toString(), "--pool", "api")).isEqualTo(1);
        assertThat(replay(home.resolve("nothing.jsonl").toString())).isEqualTo(1);

        assertThat(err.toString())
                .contains("there is no journal in", "there is no journal of api in", "nothing.jsonl is no file");
    }
}
