package io.weir.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.pool.MachineId;
import io.weir.pool.Member;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolEdit;
import io.weir.pool.PoolName;
import io.weir.pool.PoolState;
import io.weir.pool.PoolStates;
import io.weir.pool.StoreId;
import io.weir.store.JdbcStore;
import io.weir.store.Store;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class JdbcStoreTest extends StoreContract {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final PoolName LARGE = new PoolName("large");
    private static final int KILLS = 4;

    @TempDir
    private Path home;

    @Override
    protected Store open() {
        return JdbcStore.open(home.resolve("store.db"), new Random(1));
    }

    @Override
    protected Store reopen(Store left) {
        left.close();
        return JdbcStore.open(home.resolve("store.db"), new Random(2));
    }

    @Test
    void one_changed_member_of_a_thousand_is_a_few_rows() {
        try (JdbcStore store = JdbcStore.open(home.resolve("large.db"), new Random(3))) {
            PoolState before = large(store.id(), 1_000);
            store.save(Optional.empty(), before, List.of());
            long first = store.rowsWritten();
            var edit = new PoolEdit(before, NOON);
            Member one = edit.members.all().getFirst();
            edit.members.put(one.id(), one.duplicate(!one.duplicate()));
            edit.tell("machine.duplicate", "it bears the name of another", one.id());

            store.save(Optional.of(before), edit.state(), edit.events());

            assertThat(first).isBetween(1_000L, 1_010L);
            assertThat(store.rowsWritten() - first).isEqualTo(2);
        }
    }

    @Test
    void what_is_no_database_is_told_and_left_as_it_is() throws IOException {
        Path file = Files.writeString(
                home.resolve("notes.db"), "these are notes, and long enough to be read as a header\n".repeat(99));
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(() -> JdbcStore.open(file, new Random(1))).hasMessageContaining("notes.db");

        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void a_damaged_file_is_told_and_no_state_is_made_up() throws IOException {
        Path file = home.resolve("damaged.db");
        try (JdbcStore store = JdbcStore.open(file, new Random(1))) {
            store.save(Optional.empty(), large(store.id(), 300), List.of());
        }
        try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
            for (long at = 40_960; at + 512 < bytes.length(); at += 4_096) {
                bytes.seek(at);
                bytes.write(new byte[512]);
            }
        }

        assertThatThrownBy(() -> {
                    try (JdbcStore store = JdbcStore.open(file, new Random(1))) {
                        store.load();
                    }
                })
                .isInstanceOf(RuntimeException.class)
                .hasMessageContaining("damaged");
    }

    @Test
    @Timeout(120)
    void kill_minus_9_of_a_writer_leaves_a_whole_state_no_older_than_what_it_told_of() throws Exception {
        Path file = home.resolve("killed.db");
        for (int kill = 1; kill <= KILLS; kill++) {
            Path told = home.resolve("told-" + kill);
            Process writer = java(SavingProcess.class, Redirect.to(told.toFile()), file.toString());
            int enough = kill * 37;
            await().pollInterval(Duration.ofMillis(1)).until(() -> saves(told).size() > enough);
            writer.destroyForcibly().waitFor();
            long last = Long.parseLong(saves(told).getLast());

            try (JdbcStore store = JdbcStore.open(file, new Random(9))) {
                PoolState left = store.load().getFirst();

                assertThat(left.sequence()).isBetween(last, last + 1);
                assertThat(left).isEqualTo(SavingProcess.state(store.id(), left.sequence()));
                assertThat(store.latest(SavingProcess.POOL, 1)
                                .getFirst()
                                .event()
                                .text())
                        .isEqualTo(Long.toString(left.sequence()));
            }
        }
    }

    @Test
    @Timeout(60)
    void a_second_process_is_told_who_holds_the_store() throws Exception {
        Path file = home.resolve("held.db");
        Process holder = java(SavingProcess.class, Redirect.PIPE, file.toString());
        try (BufferedReader lines = holder.inputReader()) {
            lines.readLine();

            assertThatThrownBy(() -> JdbcStore.open(file, new Random(1)))
                    .hasMessageContaining("held.db")
                    .hasMessageContaining("process " + holder.pid());
        } finally {
            holder.destroyForcibly().waitFor();
        }
        JdbcStore.open(file, new Random(1)).close();
    }

    @Test
    @Timeout(60)
    void a_second_opening_in_this_process_does_not_free_the_store_for_others() throws Exception {
        Path file = home.resolve("twice.db");
        try (JdbcStore first = JdbcStore.open(file, new Random(1))) {
            assertThat(first.load()).isEmpty();
            assertThatThrownBy(() -> JdbcStore.open(file, new Random(1))).hasMessageContaining("in use");

            Process other = java(SavingProcess.class, Redirect.DISCARD, file.toString());

            assertThat(other.waitFor()).isNotZero();
        }
    }

    /** The lines that are whole. */
    private static List<String> saves(Path told) throws IOException {
        String text = Files.readString(told);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    private static Process java(Class<?> main, Redirect output, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(Redirect.DISCARD)
                .redirectOutput(output)
                .start();
    }

    private static PoolState large(StoreId store, int members) {
        var random = new RandomStates(new Random(members));
        var edit = new PoolEdit(PoolStates.fresh(LARGE, store, PoolDocument.of(0, members, 0), NOON), NOON);
        for (int i = 0; i < members; i++) {
            edit.members.put(new MachineId("i-" + i), random.member());
        }
        return edit.state();
    }
}
