package io.weir.service.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.weir.service.database.DatabaseProblem.Kind;
import io.weir.service.log.LogFormat;
import io.weir.service.log.LogLevel;
import io.weir.service.log.Logs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
    private static final String FIRST = "classpath:io/weir/service/database/first";
    private static final String SECOND = "classpath:io/weir/service/database/second";

    @TempDir
    Path home;

    @BeforeAll
    static void quiet() {
        Logs.configure(LogFormat.TEXT, LogLevel.WARN);
    }

    @Test
    void what_was_written_is_there_after_opening_again() {
        try (Database database = open(FIRST)) {
            note(database, "one");
        }
        try (Database database = open(FIRST)) {
            assertThat(notes(database)).containsExactly("one");
        }
    }

    @Test
    @org.junit.jupiter.api.condition.DisabledOnOs(org.junit.jupiter.api.condition.OS.WINDOWS)
    void its_files_are_their_owners_alone() throws IOException {
        try (Database database = Database.open(file(), FIRST)) {
            note(database, "a secret");
            try (var files = java.nio.file.Files.list(file().getParent())) {
                assertThat(files.filter(one -> one.getFileName().toString().matches(".*\\.db(-wal|-shm)?")))
                        .hasSize(3)
                        .allSatisfy(one -> assertThat(java.nio.file.attribute.PosixFilePermissions.toString(
                                        java.nio.file.Files.getPosixFilePermissions(one)))
                                .isEqualTo("rw-------"));
            }
        }
    }

    @Test
    void writes_are_flushed_before_they_return() {
        try (Database database = open(FIRST)) {
            assertThat(setting(database, "journal_mode")).isEqualTo("wal");
            assertThat(setting(database, "synchronous")).as("2 is FULL").isEqualTo("2");
        }
    }

    @Test
    void a_write_that_fails_half_way_leaves_nothing() {
        try (Database database = open(FIRST)) {
            assertThatThrownBy(() -> database.write(handle -> {
                        insert(handle, "half");
                        throw new IllegalStateException("no more");
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("no more");
            assertThat(notes(database)).isEmpty();
        }
    }

    @Test
    void writers_of_one_process_take_turns() {
        try (Database database = open(FIRST)) {
            IntStream.range(0, 200).parallel().forEach(i -> note(database, "note " + i));
            assertThat(notes(database)).hasSize(200);
        }
    }

    @Test
    void a_reader_does_not_wait_for_a_writer() {
        try (Database database = open(FIRST)) {
            database.write(handle -> {
                insert(handle, "not yet");
                assertThat(CompletableFuture.supplyAsync(() -> notes(database)).join())
                        .isEmpty();
                return 0;
            });
            assertThat(notes(database)).containsExactly("not yet");
        }
    }

    @Test
    void a_second_owner_is_refused_at_once() {
        try (Database database = open(FIRST)) {
            note(database, "mine");
            assertThat(refusal(file(), FIRST).kind()).isEqualTo(Kind.IN_USE);
        }
    }

    @Test
    void a_second_process_is_refused_at_once() throws IOException {
        Process owner = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Owner.class.getName(),
                        file().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var out = new BufferedReader(new InputStreamReader(owner.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(out.readLine()).isEqualTo("open");
            DatabaseProblem problem = refusal(file(), FIRST);
            assertThat(problem.kind()).isEqualTo(Kind.IN_USE);
            assertThat(problem).hasMessageContaining("in use by process ").hasMessageContaining("store.db");
        } finally {
            owner.destroyForcibly().onExit().join();
        }
        try (Database database = open(FIRST)) {
            assertThat(notes(database)).as("a killed owner leaves no lock").isEmpty();
        }
    }

    @Test
    void a_file_locked_by_a_foreign_program_is_told_as_such() throws SQLException {
        open(FIRST).close();
        try (Connection foreign = DriverManager.getConnection("jdbc:sqlite:" + file());
                var statement = foreign.createStatement()) {
            statement.execute("PRAGMA locking_mode=EXCLUSIVE");
            statement.execute("BEGIN EXCLUSIVE");
            DatabaseProblem problem = refusal(file(), FIRST);
            assertThat(problem.kind()).isEqualTo(Kind.IN_USE);
            assertThat(problem).hasMessageContaining("locked by another program");
        }
    }

    @Test
    void a_file_that_is_no_database_is_left_as_it_is() throws IOException {
        String text = "a shopping list, long enough to look like a header of something else entirely ".repeat(20);
        Files.writeString(file(), text);
        DatabaseProblem problem = refusal(file(), FIRST);
        assertThat(problem.kind()).isEqualTo(Kind.NOT_A_DATABASE);
        assertThat(problem).hasMessageContaining("is not a SQLite database");
        assertThat(file()).hasContent(text);
    }

    @Test
    void a_newer_programs_file_is_refused() {
        open(SECOND).close();
        assertThat(refusal(file(), FIRST).kind()).isEqualTo(Kind.NEWER);
    }

    @Test
    void an_older_programs_file_is_brought_up_to_date() {
        try (Database database = open(FIRST)) {
            note(database, "old");
        }
        try (Database database = open(SECOND)) {
            assertThat(notes(database)).containsExactly("old");
        }
    }

    @Test
    void a_full_database_says_that_the_disk_is_full() {
        try (Database database = open(FIRST)) {
            var problem = catchThrowableOfType(
                    DatabaseProblem.class,
                    () -> database.write(handle -> {
                        handle.execute("PRAGMA max_page_count = 10");
                        insert(handle, "x".repeat(1_000_000));
                        return 0;
                    }));
            assertThat(problem.kind()).isEqualTo(Kind.FULL);
            assertThat(notes(database)).isEmpty();
        }
    }

    @Test
    void a_folder_that_is_none_is_told() throws IOException {
        Path blocked = Files.writeString(home.resolve("file"), "x").resolve("store.db");
        assertThat(refusal(blocked, FIRST).kind()).isEqualTo(Kind.READ_ONLY);
    }

    private Path file() {
        return home.resolve("store.db");
    }

    private Database open(String migrations) {
        return Database.open(file(), migrations);
    }

    private static DatabaseProblem refusal(Path file, String migrations) {
        return catchThrowableOfType(
                DatabaseProblem.class, () -> Database.open(file, migrations).close());
    }

    private static void note(Database database, String text) {
        database.write(handle -> insert(handle, text));
    }

    private static int insert(Handle handle, String text) {
        return handle.execute("INSERT INTO notes (text) VALUES (?)", text);
    }

    private static List<String> notes(Database database) {
        return database.read(handle -> handle.createQuery("SELECT text FROM notes ORDER BY id")
                .mapTo(String.class)
                .list());
    }

    private static String setting(Database database, String name) {
        return database.read(handle ->
                handle.createQuery("PRAGMA " + name).mapTo(String.class).one());
    }

    /** Another process that holds the database until it is killed. */
    static final class Owner {
        public static void main(String[] args) throws InterruptedException {
            Logs.configure(LogFormat.TEXT, LogLevel.WARN);
            Database.open(Path.of(args[0]), FIRST);
            System.out.println("open");
            Thread.sleep(60_000);
        }
    }
}
