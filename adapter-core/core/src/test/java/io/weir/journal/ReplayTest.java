package io.weir.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.journal.Replay.UnreadableLine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {
    @TempDir
    private Path home;

    private List<String> life() {
        List<String> written = new ArrayList<>();
        JournalLines lines = new JournalLines();
        try (WrittenPool pool = new WrittenPool(home, entry -> written.add(lines.next(entry)))) {
            pool.live();
        }
        return written;
    }

    /** Up to the first line that differs. */
    private static Optional<Difference> replayed(List<String> journal) {
        Replay replay = new Replay();
        return journal.stream().map(replay::next).flatMap(Optional::stream).findFirst();
    }

    /** The number of the first line in which this was found and replaced. */
    private static int replace(List<String> journal, String old, String other) {
        for (int i = 0; i < journal.size(); i++) {
            if (journal.get(i).contains(old)) {
                journal.set(i, journal.get(i).replaceFirst(java.util.regex.Pattern.quote(old), other));
                return i;
            }
        }
        throw new AssertionError("the journal has no " + old);
    }

    private static Difference firstDifference(List<String> journal, int line) {
        assertThat(replayed(journal.subList(0, line))).isEmpty();
        return replayed(journal.subList(0, line + 1)).orElseThrow();
    }

    @Test
    void a_life_is_lived_again_to_the_last_byte() {
        List<String> journal = life();

        Replay replay = new Replay();

        assertThat(journal).allSatisfy(line -> assertThat(replay.next(line)).isEmpty());
        assertThat(replay.plans()).isEqualTo(journal.size());
        assertThat(replay.turns()).isEqualTo(52);
    }

    @Test
    void another_wish_makes_another_plan_and_it_is_said_what_differs() {
        List<String> journal = life();

        int line = replace(journal, "\"size\":6,\"generation\"", "\"size\":7,\"generation\"");

        Difference difference = firstDifference(journal, line);
        assertThat(difference.fields()).anySatisfy(field -> {
            assertThat(field.path()).isEqualTo("plan.reason");
            assertThat(field.then()).contains("desired 6");
            assertThat(field.now()).contains("desired 7");
        });
        assertThat(difference.fields())
                .anySatisfy(field -> assertThat(field.path()).startsWith("plan.actions["));
    }

    @Test
    void another_state_in_the_listing_makes_another_plan() {
        List<String> journal = life();

        int line = replace(journal, "\"state\":\"RUNNING\"", "\"state\":\"TERMINATED\"");

        assertThat(firstDifference(journal, line).fields())
                .anySatisfy(field -> assertThat(field.path()).startsWith("plan."));
    }

    @Test
    void another_template_makes_another_plan() {
        List<String> journal = life();

        replace(journal, "\"frozen\":\"", "\"frozen\":\"other");

        assertThat(replayed(journal).orElseThrow().fields()).isNotEmpty();
    }

    @Test
    void other_limits_make_another_plan() {
        List<String> journal = life();

        replace(journal, "\"batchMax\":100", "\"batchMax\":4");

        assertThat(replayed(journal).orElseThrow().fields()).isNotEmpty();
    }

    @Test
    void no_letter_of_a_journal_can_be_another_one_unnoticed() {
        List<String> journal = life();
        Random random = new Random(7);
        for (int tried = 0; tried < 400; tried++) {
            int line = random.nextInt(journal.size());
            String was = journal.get(line);
            int at = random.nextInt(was.length());
            char other = was.charAt(at) == '0' ? '1' : '0';
            List<String> changed = new ArrayList<>(journal.subList(0, line));
            changed.add(was.substring(0, at) + other + was.substring(at + 1));

            boolean noticed;
            try {
                noticed = replayed(changed).isPresent();
            } catch (UnreadableLine unreadable) {
                noticed = true;
            }

            assertThat(noticed).as("line %s: %s", line, changed.getLast()).isTrue();
        }
    }

    @Test
    void a_listing_that_failed_is_written_and_lived_again() {
        List<String> written = new ArrayList<>();
        JournalLines lines = new JournalLines();
        try (WrittenPool pool = new WrittenPool(home, entry -> written.add(lines.next(entry)))) {
            pool.wish(2);
            pool.blindTurn();
            pool.turns(3, Duration.ofSeconds(5));
            pool.blindTurn();
        }

        assertThat(written.getFirst()).contains("\"full\":1").contains("\"blind\":true");
        assertThat(written.getLast()).contains("\"blind\":true");
        assertThat(replayed(written)).isEmpty();
    }

    @Test
    void a_turn_that_failed_inside_is_written_and_fails_again_in_the_same_way() {
        List<String> written = new ArrayList<>();
        JournalLines lines = new JournalLines();
        try (WrittenPool pool = new WrittenPool(home, entry -> written.add(lines.next(entry)))) {
            pool.wish(2);
            pool.turns(3, Duration.ofSeconds(5));
            pool.wish(3);
            pool.contradict();
            assertThatThrownBy(pool::turn).hasMessage("a launch outlives its batch");
        }

        assertThat(written).hasSize(4);
        assertThat(written.getLast())
                .contains("\"failed\":\"java.lang.NullPointerException: a launch outlives its batch\"");
        assertThat(replayed(written)).isEmpty();
        int line = replace(written, "outlives", "survives");
        assertThat(firstDifference(written, line).fields())
                .anySatisfy(field -> assertThat(field.path()).isEqualTo("failed"));
    }

    @Test
    void a_journal_that_does_not_begin_with_a_full_line_or_is_of_another_version_cannot_be_read() {
        List<String> journal = life();

        assertThatThrownBy(() -> replayed(journal.subList(1, 3)))
                .isInstanceOf(UnreadableLine.class)
                .hasMessageContaining("full line");
        replace(journal, "{\"full\":1,", "{\"full\":2,");
        assertThatThrownBy(() -> replayed(journal))
                .isInstanceOf(UnreadableLine.class)
                .hasMessageContaining("version 2");
    }
}
