package io.weir.aws.fake;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.kit.VirtualPools;
import io.weir.kit.VirtualPools.Death;
import io.weir.pool.PoolDocument;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A pool goes from 0 to 30 and to 5 machines, and its process dies at one call to the cloud: before anything comes of the call, or when it
 * was carried out and the answer is on its way. Then the fake's ledger says whether anything was launched twice or forgotten.
 *
 * <p>Every change is tried both ways, and some of the other calls; with {@code -Dweir.kills=all} every call is, both ways.
 */
class KillsTest {
    private static final PoolDocument DOCUMENT = Ec2Pools.document(50, "{count: 10, percent: 0, window: 1m}");

    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private record Run(List<Calls.Call> calls, List<String> wrong) {}

    private static Run run(Death death) {
        List<String> wrong = new ArrayList<>();
        try (Ec2Pools world = new Ec2Pools(1, DOCUMENT)) {
            world.fake.cloud().turn(turn -> {
                turn.lagSeconds = 20;
                turn.tagLagSeconds = 20;
            });
            world.pools.dieAt(death);
            wrong.addAll(world.pools.exercise(INTERVAL));
            var judgement = world.pools.judged(Ec2Pools.POOL);
            wrong.addAll(judgement.doubles());
            judgement.orphans().forEach(orphan -> wrong.add("orphan " + orphan));
            if (judgement.launched() != 30) {
                wrong.add(judgement.launched() + " were launched for 30");
            }
            return new Run(world.fake.calls().all(), wrong);
        }
    }

    /** Every change, and of the others as many as make it some fifteen; or all. */
    private static List<Death> deaths(List<Calls.Call> calls) {
        boolean all = "all".equals(System.getProperty("weir.kills"));
        int step = Math.max(1, calls.size() / 8);
        List<Death> deaths = new ArrayList<>();
        for (Calls.Call call : calls) {
            boolean isChange = !call.action().contains(":Describe");
            if (all || isChange || call.number() % step == 0) {
                deaths.add(new Death(call.number(), true, call.action()));
                if (all || isChange) {
                    deaths.add(new Death(call.number(), false, call.action()));
                }
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
