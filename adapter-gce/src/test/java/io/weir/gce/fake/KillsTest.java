package io.weir.gce.fake;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.kit.VirtualPools;
import io.weir.kit.VirtualPools.Death;
import io.weir.pool.Marks;
import io.weir.pool.PoolDocument;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * A pool goes from 0 to 30 and to 5 machines, and its process dies at one call to the cloud: before anything comes of the call, or when it
 * was carried out and the answer is on its way. Then the fake's ledger says whether anything was launched twice or forgotten, and whether
 * any disk was left behind.
 *
 * <p>With {@code -Dweir.kills=some} some fifteen calls are tried, spread over the run, the changes among them both ways; with {@code all}
 * every call is, both ways, which takes half an hour.
 */
@EnabledIfSystemProperty(
        named = "weir.kills",
        matches = "some|all",
        disabledReason = "-Dweir.kills=some lets a process die at some fifteen calls, all at every one")
class KillsTest {
    private static final PoolDocument DOCUMENT = GcePools.document(50, "{count: 10, percent: 0, window: 1m}");
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private record Run(List<Calls.Call> calls, List<String> wrong) {}

    private static Run run(Death death) {
        List<String> wrong = new ArrayList<>();
        try (GcePools world = new GcePools(1, DOCUMENT)) {
            world.fake.cloud().turn(turn -> {
                turn.lagSeconds = 20;
                turn.labelLagSeconds = 20;
            });
            world.pools.dieAt(death);
            wrong.addAll(world.pools.exercise(INTERVAL));
            var judgement = world.pools.judged(GcePools.POOL);
            wrong.addAll(judgement.doubles());
            judgement.orphans().forEach(orphan -> wrong.add("orphan " + orphan));
            if (judgement.launched() != 30) {
                wrong.add(judgement.launched() + " were launched for 30");
            }
            List<Calls.Call> calls = world.fake.calls().all();
            world.clock.pass(Duration.ofMinutes(1));
            int bearing = world.fake.cloud().bearing(Marks.POOL_TAG).size();
            if (bearing != 10) {
                wrong.add(bearing + " instances and disks bear the pool's label, not 5 of each");
            }
            return new Run(calls, wrong);
        }
    }

    private static List<Death> deaths(List<Calls.Call> calls) {
        boolean all = "all".equals(System.getProperty("weir.kills"));
        List<Calls.Call> changes = calls.stream().filter(Calls.Call::isChange).toList();
        List<Calls.Call> looks = calls.stream().filter(call -> !call.isChange()).toList();
        List<Death> deaths = new ArrayList<>();
        for (int i = 0; i < changes.size(); i += all ? 1 : Math.max(1, changes.size() / 8)) {
            deaths.add(new Death(changes.get(i).number(), true, changes.get(i).method()));
            deaths.add(new Death(changes.get(i).number(), false, changes.get(i).method()));
        }
        for (int i = 0; i < looks.size(); i += all ? 1 : Math.max(1, looks.size() / 6)) {
            deaths.add(new Death(looks.get(i).number(), true, looks.get(i).method()));
            if (all) {
                deaths.add(new Death(looks.get(i).number(), false, looks.get(i).method()));
            }
        }
        return deaths;
    }

    @Test
    void whatever_call_a_process_dies_at_nothing_is_launched_twice_and_nothing_forgotten() {
        Run undisturbed = run(Death.NONE);
        assertThat(undisturbed.wrong).isEmpty();
        List<Death> deaths = deaths(undisturbed.calls);

        Map<String, List<String>> wrong = VirtualPools.wrongAfter(deaths, death -> run(death).wrong);
        System.out.println("died " + deaths.size() + " times, at "
                + deaths.stream().map(Death::call).distinct().count() + " of " + undisturbed.calls.size() + " calls");
        assertThat(wrong).isEmpty();
    }
}
