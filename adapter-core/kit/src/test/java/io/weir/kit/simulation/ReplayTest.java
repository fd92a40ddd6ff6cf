package io.weir.kit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.journal.Difference;
import io.weir.journal.JournalLines;
import io.weir.journal.Replay;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Whole lives are written into journals, and lived again from them. */
class ReplayTest {
    private static final long LIVES = 300;

    /** The journals of one life, one for each process that lived in it. */
    private static List<List<String>> journals(long seed) {
        List<List<String>> journals = new ArrayList<>();
        Simulation.run(seed, () -> {
            List<String> mine = new ArrayList<>();
            journals.add(mine);
            JournalLines lines = new JournalLines();
            return entry -> mine.add(lines.next(entry));
        });
        return journals;
    }

    @Test
    void every_plan_of_many_lives_is_made_again_to_the_last_byte() {
        List<String> differences = new ArrayList<>();
        List<Long> turns = new ArrayList<>();
        List<Long> plans = new ArrayList<>();
        LongStream.range(0, LIVES).parallel().forEach(seed -> {
            for (List<String> journal : journals(seed)) {
                Replay replay = new Replay();
                Optional<Difference> difference = Optional.empty();
                for (int line = 0; line < journal.size() && difference.isEmpty(); line++) {
                    difference = replay.next(journal.get(line));
                }
                synchronized (differences) {
                    turns.add(replay.turns());
                    plans.add(replay.plans());
                    difference.ifPresent(one -> differences.add("seed " + seed + ": " + one));
                }
            }
        });

        long all = turns.stream().mapToLong(Long::longValue).sum();
        System.out.printf(
                "%,d lives in %,d processes: %,d turns with %,d plans made again%n",
                LIVES,
                turns.size(),
                all,
                plans.stream().mapToLong(Long::longValue).sum());
        assertThat(differences).isEmpty();
        assertThat(all).isGreaterThan(LIVES * 20);
        assertThat(turns.size()).as("processes that died and began again").isGreaterThan((int) LIVES);
    }
}
