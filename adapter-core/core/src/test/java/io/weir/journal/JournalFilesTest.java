package io.weir.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalFilesTest {
    private static final Duration HALF_MINUTE = Duration.ofSeconds(30);
    private static final int TURNS_OF_AN_HOUR = 120;

    @TempDir
    private Path home;

    private Path folder;
    private JournalFiles journal;
    private WrittenPool pool;

    @BeforeEach
    void begin() {
        folder = home.resolve("journal");
        bounded(Bounds.DEFAULT);
    }

    private void bounded(Bounds bounds) {
        if (pool != null) {
            pool.close();
            home.resolve("store.db").toFile().delete();
        }
        journal = new JournalFiles(folder, bounds);
        pool = new WrittenPool(home, journal.of(WrittenPool.WEB));
    }

    @AfterEach
    void end() {
        pool.close();
    }

    private List<Path> files() {
        try {
            return Replayed.pools(folder).getOrDefault("web", List.of());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Replayed replayed() throws IOException {
        return Replayed.of(files());
    }

    @Test
    void an_unchanged_turn_is_one_short_line() throws IOException {
        pool.wish(100);
        pool.turns(64, HALF_MINUTE); // between two heartbeats
        int before = lines(files().getFirst()).size();

        pool.turns(2, HALF_MINUTE);

        List<String> lines = lines(files().getFirst());
        assertThat(lines).hasSize(before + 2);
        assertThat(lines.getLast()).hasSizeLessThan(170).doesNotContain("plan\"");
        assertThat(replayed().fault()).isEmpty();
    }

    @Test
    void an_idle_hour_of_a_hundred_machines_is_small() throws IOException {
        pool.wish(100);
        pool.turns(2 * TURNS_OF_AN_HOUR, HALF_MINUTE);

        long before = journal.written();
        pool.turns(TURNS_OF_AN_HOUR, HALF_MINUTE);
        long hour = journal.written() - before;

        System.out.printf("an idle hour of 100 machines: %,d bytes%n", hour);
        assertThat(hour).isBetween(20_000L, 400_000L);
        assertThat(replayed().fault()).isEmpty();
    }

    @Test
    void a_file_holds_at_most_an_hour_and_can_be_read_without_the_others() throws IOException {
        pool.wish(3);
        pool.turns(5 * TURNS_OF_AN_HOUR, HALF_MINUTE);

        assertThat(files()).hasSize(5);
        for (Path file : files()) {
            Replayed alone = Replayed.of(List.of(file));
            assertThat(alone.fault()).isEmpty();
            assertThat(alone.turns()).isEqualTo(TURNS_OF_AN_HOUR);
        }
        assertThat(replayed().turns()).isEqualTo(5 * TURNS_OF_AN_HOUR);
    }

    @Test
    void what_is_too_old_is_dropped() throws IOException {
        bounded(new Bounds(Duration.ofHours(3), Bounds.DEFAULT.bytes()));
        pool.wish(1);

        pool.turns(12 * TURNS_OF_AN_HOUR, HALF_MINUTE);

        assertThat(files()).hasSizeBetween(4, 5);
        Replayed left = replayed();
        assertThat(left.fault()).isEmpty();
        assertThat(Duration.between(left.from().orElseThrow(), pool.now()))
                .isBetween(Duration.ofHours(3), Duration.ofHours(5));
    }

    @Test
    void all_files_together_stay_within_their_bytes_and_the_newest_stay() throws IOException {
        long most = 300_000;
        bounded(new Bounds(Duration.ofDays(7), most));
        pool.wish(2);
        List<Long> sizes = new ArrayList<>();
        for (int hour = 0; hour < 24; hour++) {
            pool.wish(2 + hour % 3);
            pool.turns(TURNS_OF_AN_HOUR, HALF_MINUTE);
            sizes.add(bytes());
        }

        assertThat(sizes).allMatch(bytes -> bytes <= most);
        assertThat(sizes.getLast()).isGreaterThan(most / 2);
        assertThat(journal.written()).isGreaterThan(2 * most);
        assertThat(replayed().fault()).isEmpty();
        assertThat(replayed().to().orElseThrow()).isEqualTo(pool.now().minus(HALF_MINUTE));
    }

    private long bytes() {
        return files().stream().mapToLong(file -> file.toFile().length()).sum();
    }

    @Test
    void without_bytes_there_is_no_journal() {
        bounded(new Bounds(Duration.ofDays(7), 0));

        pool.live();

        assertThat(folder).doesNotExist();
        assertThat(journal.failures()).isZero();
    }

    @Test
    void wherever_a_killed_writer_stopped_all_whole_lines_are_read_again() throws IOException {
        pool.live();
        byte[] whole = Files.readAllBytes(files().getFirst());
        int full = 0;
        while (whole[full] != '\n') {
            full++;
        }
        Path cut = home.resolve("cut.jsonl");
        for (int end = full; end < whole.length; end += 97) {
            byte[] part = java.util.Arrays.copyOf(whole, end);
            Files.write(cut, part);
            long ends = new String(part, java.nio.charset.StandardCharsets.UTF_8)
                    .chars()
                    .filter(one -> one == '\n')
                    .count();

            Replayed replayed = Replayed.of(List.of(cut));

            assertThat(replayed.fault()).isEmpty();
            assertThat(replayed.plans()).isEqualTo(ends);
            assertThat(replayed.torn()).hasSize(part[end - 1] == '\n' ? 0 : 1);
        }
    }

    @Test
    void a_process_that_begins_again_begins_a_file_and_leaves_the_torn_one_alone() throws IOException {
        pool.live();
        Path torn = files().getFirst();
        byte[] whole = Files.readAllBytes(torn);
        Files.write(torn, java.util.Arrays.copyOf(whole, whole.length - 10));

        pool.restart(new JournalFiles(folder, Bounds.DEFAULT).of(WrittenPool.WEB));
        pool.turns(3, HALF_MINUTE);

        assertThat(files()).hasSize(2);
        Replayed replayed = replayed();
        assertThat(replayed.fault()).isEmpty();
        assertThat(replayed.torn()).containsExactly(torn);
        assertThat(replayed.turns()).isGreaterThan(10);
    }

    @Test
    void a_journal_that_cannot_be_written_holds_no_turn_up_and_goes_on_when_it_can() throws IOException {
        Files.writeString(folder, "a file where the folder should be");

        pool.live();

        assertThat(journal.failures()).isGreaterThan(50);
        assertThat(journal.written()).isZero();

        Files.delete(folder);
        pool.pass(Duration.ofMinutes(2));
        long failed = journal.failures();
        pool.live();

        assertThat(journal.failures()).isEqualTo(failed);
        assertThat(replayed().fault()).isEmpty();
        assertThat(replayed().turns()).isGreaterThan(50);
    }

    @Test
    void somebody_may_delete_it_while_it_is_written() throws IOException {
        pool.live();
        try (Stream<Path> paths = Files.walk(folder)) {
            paths.sorted(java.util.Comparator.reverseOrder())
                    .forEach(path -> assertThat(path.toFile().delete()).isTrue());
        }

        pool.live();

        assertThat(journal.failures()).isZero();
        assertThat(replayed().fault()).isEmpty();
        assertThat(replayed().turns()).isGreaterThan(50);
    }

    @Test
    void two_that_write_for_one_pool_leave_each_others_files_alone() throws IOException {
        Journal first = journal.of(WrittenPool.WEB);
        Journal second = journal.of(WrittenPool.WEB);
        pool.restart(entry -> {
            first.write(entry);
            second.write(entry);
        });

        pool.live();

        assertThat(files()).hasSize(2);
        assertThat(journal.failures()).isZero();
        assertThat(replayed().fault()).isEmpty();
        assertThat(replayed().turns()).isEqualTo(2 * 52);
    }

    @Test
    void a_clock_that_is_set_back_begins_a_file_and_the_order_stays() throws IOException {
        pool.live();
        pool.pass(Duration.ofDays(-30));
        pool.live();

        assertThat(files()).hasSize(2);
        assertThat(replayed().fault()).isEmpty();
        assertThat(replayed().turns()).isEqualTo(104);
    }

    @Test
    void only_this_user_may_read_it() throws IOException {
        pool.turn();

        assertThat(Files.getPosixFilePermissions(folder))
                .isEqualTo(java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
        assertThat(Files.getPosixFilePermissions(folder.resolve("web")))
                .isEqualTo(java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
    }
}
