package io.weir.openstack.fake;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.openstack.fake.KillExercise.Fate;
import io.weir.openstack.fake.KillExercise.Kill;
import io.weir.openstack.fake.KillExercise.Result;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 at the calls to the cloud of 0 → 30 → 5, judged by the fake's books.
 *
 * <p>Each takes two minutes of waiting, so they are performed when {@code -Dweir.kills} says how many: a number, spread over the run
 * ({@code .ci/openstack-test} has 8), or {@code all}; or a range, {@code 40-80}. An end that is broken off leaves a port and a floating IP, which the adapter finds by their mark and takes away after
 * fifteen minutes, one machine a minute inside the cleanup pace (three in ten minutes at most): that is waited for with
 * {@code -Dweir.kills.tidying=true}, for up to an hour. So many exercises run at once as {@code -Dweir.kills.atOnce} says (8); most of the time they wait.
 */
@EnabledIfSystemProperty(
        named = "weir.kills",
        matches = ".+",
        disabledReason = "it takes minutes; .ci/openstack-test performs it")
class KillsTest {
    private static final String KILLS = System.getProperty("weir.kills", "15");
    private static final int AT_ONCE = Integer.getInteger("weir.kills.atOnce", 8);
    private static final boolean TIDYING = Boolean.getBoolean("weir.kills.tidying");

    @TempDir
    Path folder;

    @Test
    void an_adapter_that_is_killed_at_any_call_leaves_no_double_no_orphan_and_nothing_over() throws Exception {
        Result unharmed = perform(new Kill(0, Fate.LOST));
        System.out.println("kills: " + told(unharmed) + " " + unharmed.byKind());
        assertThat(unharmed.isClean(false)).as(told(unharmed)).isTrue();

        List<Integer> calls = calls(unharmed.calls());
        List<Result> results = new ArrayList<>();
        Semaphore places = new Semaphore(AT_ONCE);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Result>> performing = new ArrayList<>();
            for (int call : calls) {
                performing.add(threads.submit(() -> {
                    places.acquire();
                    try {
                        Result result = perform(new Kill(call, Fate.values()[call % 3]));
                        System.out.println("kills: " + told(result));
                        return result;
                    } finally {
                        places.release();
                    }
                }));
            }
            for (Future<Result> one : performing) {
                results.add(one.get());
            }
        }

        long reached = results.stream().filter(Result::reached).count();
        long clean = results.stream().filter(result -> result.isClean(!TIDYING)).count();
        long twins = results.stream()
                .filter(result -> !result.transientDoubles().isEmpty())
                .count();
        System.out.println("kills: " + results.size() + " exercises, " + reached + " with a kill, " + clean + " clean, "
                + twins + " with twins for a while");
        assertThat(results).allSatisfy(result -> assertThat(result.isClean(!TIDYING))
                .as(told(result) + " " + result)
                .isTrue());
        assertThat(reached).isGreaterThan(calls.size() / 2);
    }

    private Result perform(Kill kill) throws Exception {
        Path home = folder.resolve("kill-" + kill.call());
        java.nio.file.Files.createDirectories(home);
        try (KillExercise exercise = new KillExercise(home)) {
            return exercise.perform(kill, TIDYING ? Duration.ofHours(1) : Duration.ZERO);
        }
    }

    private static List<Integer> calls(int all) {
        if (KILLS.equals("all")) {
            return IntStream.rangeClosed(1, all).boxed().toList();
        }
        if (KILLS.contains("-")) {
            String[] ends = KILLS.split("-");
            return IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[1]))
                    .boxed()
                    .toList();
        }
        int count = Math.min(Integer.parseInt(KILLS), all);
        return IntStream.range(0, count)
                .mapToObj(i -> 1 + i * (all - 1) / Math.max(1, count - 1))
                .distinct()
                .toList();
    }

    private static String told(Result result) {
        return String.format(
                Locale.ROOT,
                "call %d, %s%s: %s, %d launched, %d calls, %.0f s; twins %d, survivors %d, above %d, orphans %d, left"
                        + " %d+%d+%d+%d",
                result.kill().call(),
                result.kill().call() == 0
                        ? "no kill"
                        : result.kill().fate().toString().toLowerCase(Locale.ROOT),
                result.reached() || result.kill().call() == 0 ? "" : " (never came)",
                result.exact() ? "exact" : "NOT exact",
                result.launched(),
                result.calls(),
                result.seconds(),
                result.transientDoubles().size(),
                result.survivors().size(),
                result.aboveTheWish().size(),
                result.orphans().size(),
                result.leftovers().servers().size(),
                result.leftovers().ports().size(),
                result.leftovers().floatingIps().size(),
                result.leftovers().volumes().size());
    }
}
