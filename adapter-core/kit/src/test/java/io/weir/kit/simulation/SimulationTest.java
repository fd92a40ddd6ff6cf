package io.weir.kit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.simulated.Fault;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Ten thousand lives of a pool. More by hand: {@code -Dweir.seeds=1000000 -Dweir.firstSeed=10000}, one by hand: {@code
 * Runs trace 42}; both are explained in {@code docs/simulation.md}.
 */
class SimulationTest {
    private static final long SEEDS = Long.getLong("weir.seeds", 10_000);
    private static final long FIRST = Long.getLong("weir.firstSeed", 0);
    private static final int THREADS =
            Integer.getInteger("weir.threads", Math.min(2, Runtime.getRuntime().availableProcessors()));

    @Test
    void seeds_that_once_failed_are_clean() {
        for (Map.Entry<Long, String> kept : Seeds.KEPT.entrySet()) {
            Simulation.Verdict verdict = Simulation.run(kept.getKey());
            assertThat(verdict.accusations())
                    .as(() -> "once, " + kept.getValue() + "\n" + Simulation.trace(kept.getKey()))
                    .isEmpty();
        }
    }

    @Test
    void a_seed_is_the_same_life_every_time() {
        for (long seed = 0; seed < 20; seed++) {
            assertThat(Simulation.trace(seed).trace())
                    .isEqualTo(Simulation.trace(seed).trace());
        }
    }

    @Test
    void nothing_is_launched_twice_ended_without_reason_or_left_over_and_every_guard_lets_go_in_time()
            throws InterruptedException {
        Runs runs = Runs.of(FIRST, SEEDS, THREADS, 5, InstantSource.system(), Mutation.NONE);

        System.out.println(runs.tally().table());
        System.out.printf(
                "%,d seeds in %,d s on %d threads: %.0f seeds a second%n",
                runs.seeds(), runs.took().toSeconds(), THREADS, runs.seedsPerSecond());
        assertThat(runs.accused())
                .as(() -> "the first seed that is not clean:\n"
                        + Simulation.trace(runs.accused().get(0).seed()))
                .isEmpty();
        assertThat(runs.seeds()).isEqualTo(SEEDS);
        if (SEEDS >= 10_000) {
            everyFaultHappened(runs.tally());
        }
    }

    private static void everyFaultHappened(Tally tally) {
        for (Fault fault : Fault.values()) {
            assertThat(tally.of(fault)).as("%s", fault).isPositive();
        }
        for (Trouble trouble : Trouble.values()) {
            assertThat(tally.of(trouble)).as("%s", trouble).isPositive();
        }
        for (CrashPoint point : CrashPoint.values()) {
            assertThat(tally.of(point)).as("crash %s", point).isPositive();
        }
        for (Row row : Row.values()) {
            assertThat(tally.worst()).as("%s", row).containsKey(row);
        }
    }
}
