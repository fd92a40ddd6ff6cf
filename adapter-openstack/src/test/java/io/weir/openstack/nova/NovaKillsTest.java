package io.weir.openstack.nova;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.openstack.fake.Verdict.Leftovers;
import io.weir.openstack.nova.NovaKillExercise.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 at random moments of 0 → 6 → 1 → 0 over a real Nova, three times, judged by Nova, Neutron and Cinder themselves. It needs the
 * test bed: {@code OS_*} and {@code OSTB_STATE}.
 *
 * <p>{@code -Dweir.kills.count}, {@code .high}, {@code .low} make more of it; {@code .seed} chooses the moments, which lie within
 * {@code .within} seconds of the first wish; {@code .atOnce} go on side by side;
 * {@code .lateness} is the seconds that the connection says a call may land late. With {@code .tidying=true} it is waited (an hour at most)
 * until what broken ends left behind is taken away, and nothing at all may be left.
 */
class NovaKillsTest {
    private static final int COUNT = Integer.getInteger("weir.kills.count", 3);
    private static final int HIGH = Integer.getInteger("weir.kills.high", 6);
    private static final int LOW = Integer.getInteger("weir.kills.low", 1);
    private static final int WITHIN = Integer.getInteger("weir.kills.within", 25);
    private static final Duration LATENESS = Duration.ofSeconds(Integer.getInteger("weir.kills.lateness", 30));
    private static final int AT_ONCE = Integer.getInteger("weir.kills.atOnce", 3);
    private static final boolean TIDYING = Boolean.getBoolean("weir.kills.tidying");
    /** A pool of its own for each exercise: Nova remembers the servers of earlier ones. */
    private static final String RUN = RealAdapter.fresh("kills") + "-";

    private static final long SEED = Long.getLong("weir.kills.seed", System.nanoTime() % 1_000_000);

    @TempDir
    Path folder;

    @Test
    void an_adapter_that_is_killed_at_any_moment_leaves_no_double_no_orphan_and_nothing_over() throws Exception {
        RealOpenstack cloud = RealOpenstack.ofEnvironment();
        RealAdapter.launcher();
        System.out.printf("nova kills: %d of 0 → %d → %d → 0, seed %d%n", COUNT, HIGH, LOW, SEED);
        Random dice = new Random(SEED);
        try (Witness witness = new Witness(cloud)) {
            Leftovers before = witness.leftovers(RUN, Set.of());

            List<Result> results = exercises(cloud, witness, dice);

            System.out.println("nova kills: " + results.size() + " exercises, "
                    + results.stream()
                            .filter(result -> result.isClean(!TIDYING))
                            .count()
                    + " clean, "
                    + results.stream()
                            .filter(result -> !result.transientDoubles().isEmpty())
                            .count()
                    + " with twins for a while, seed " + SEED);
            assertThat(results).allSatisfy(result -> assertThat(result.isClean(!TIDYING))
                    .as(told(result))
                    .isTrue());
            Leftovers after = witness.leftovers(RUN, Set.of());
            assertThat(unmarked(after.ports(), before.ports())).isEmpty();
            assertThat(unmarked(after.floatingIps(), before.floatingIps())).isEmpty();
            assertThat(unmarked(after.volumes(), before.volumes())).isEmpty();
        }
    }

    private List<Result> exercises(RealOpenstack cloud, Witness witness, Random dice) throws Exception {
        List<Result> results = new ArrayList<>();
        Semaphore places = new Semaphore(AT_ONCE);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Result>> performing = new ArrayList<>();
            for (int i = 1; i <= COUNT; i++) {
                Duration after = Duration.ofMillis(dice.nextLong(WITHIN * 1000L));
                String pool = RUN + i;
                performing.add(threads.submit(() -> perform(cloud, witness, places, pool, after)));
            }
            for (Future<Result> one : performing) {
                results.add(one.get());
            }
        }
        return results;
    }

    private Result perform(RealOpenstack cloud, Witness witness, Semaphore places, String pool, Duration after)
            throws Exception {
        places.acquire();
        boolean there = true;
        try (NovaKillExercise exercise = new NovaKillExercise(cloud, witness, folder.resolve(pool), pool, LATENESS)) {
            exercise.perform(HIGH, LOW, after);
            places.release();
            there = false;
            if (TIDYING) {
                exercise.tidy(Duration.ofHours(1));
            }
            Result result = exercise.result();
            System.out.println("nova kills: " + told(result));
            if (!result.isClean(!TIDYING)) {
                Path kept = Files.createTempDirectory("weir-kills-").resolve(pool + ".log");
                Files.copy(exercise.log(), kept);
                System.out.println("nova kills: " + result + "; what the adapter said is in " + kept);
            }
            return result;
        } finally {
            if (there) {
                places.release();
            }
        }
    }

    /** What was not there before and bears no mark would stay for ever. */
    private static List<String> unmarked(List<String> after, List<String> before) {
        List<String> left = new ArrayList<>(after);
        left.removeAll(before);
        left.removeIf(text -> text.contains("weir-pool=" + RUN));
        return left;
    }

    private static String told(Result result) {
        return String.format(
                Locale.ROOT,
                "%s, killed after %.1f s (%s): %s, %d launched, %d calls, %.0f s; twins %d, survivors %d, above %d,"
                        + " orphans %d, left %d+%d+%d+%d; failures %s",
                result.pool(),
                result.killAfter().toMillis() / 1000.0,
                result.phase(),
                result.exact() ? "exact" : "NOT exact",
                result.launched(),
                result.calls(),
                result.seconds(),
                result.transientDoubles().size(),
                result.survivors().size(),
                result.aboveTheWish().size(),
                result.orphans().size(),
                result.left().servers().size(),
                result.left().ports().size(),
                result.left().floatingIps().size(),
                result.left().volumes().size(),
                result.failures());
    }
}
