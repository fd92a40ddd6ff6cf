package io.weir.openstack.fake;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.kit.VirtualPools;
import io.weir.kit.VirtualPools.Death;
import io.weir.pool.PoolDocument;
import io.weir.simulated.LedgerJudge.Judgement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * A pool goes from 0 to 30 and to 5 machines, each with a volume, a port and a floating IP, in virtual time, and its process dies at one
 * call to the cloud: before anything comes of the call, or when it was carried out and the answer is on its way. Then the fake's books
 * say whether anything was launched twice, forgotten, or left; the rule for leftovers has had its time.
 *
 * <p>Some fifteen calls are tried, each both ways; with {@code -Dweir.deaths=all} every call is. {@code KillsTest} kills processes.
 */
class DeathsTest {
    private static final PoolDocument DOCUMENT = NovaPools.document(NovaPools.SIDES);
    private static final Duration BUSY = Duration.ofSeconds(5);
    /** An end that is broken off leaves parts of up to eight machines; of so small a pool one is tidied up in ten minutes. */
    private static final Duration TIDYING = Duration.ofHours(3);

    private static final int SOME = 15;

    private record Run(int calls, List<String> wrong, boolean hasTwins) {}

    @Test
    void whatever_call_a_process_dies_at_no_twins_outlive_a_listing_and_nothing_is_left() {
        Run undisturbed = run(Death.NONE);
        assertThat(undisturbed.wrong).isEmpty();

        int step = "all".equals(System.getProperty("weir.deaths")) ? 1 : Math.max(1, undisturbed.calls / SOME);
        List<Death> deaths = new ArrayList<>();
        for (int call = 1; call <= undisturbed.calls; call += step) {
            deaths.add(new Death(call, false, "any"));
            deaths.add(new Death(call, true, "any"));
        }
        AtomicInteger twins = new AtomicInteger();
        Map<String, List<String>> wrong = VirtualPools.wrongAfter(deaths, death -> {
            Run run = run(death);
            twins.addAndGet(run.hasTwins ? 1 : 0);
            return run.wrong;
        });
        System.out.println("deaths: " + deaths.size() + ", at every " + step + ". of " + undisturbed.calls + " calls; "
                + wrong.size() + " with something wrong; twins for a while after " + twins);
        assertThat(wrong).isEmpty();
    }

    private static Run run(Death death) {
        List<String> wrong = new ArrayList<>();
        try (NovaPools world = new NovaPools(1, DOCUMENT)) {
            world.pools.dieAt(death);
            wrong.addAll(world.pools.exercise(BUSY));
            int calls = world.fake.count();
            world.pools.steady(Duration.ofMinutes(2), TIDYING);
            if (!world.pools.become(5, BUSY, Duration.ofMinutes(10))) {
                wrong.add("it is not exactly 5 hours later");
            }
            Judgement judgement = world.pools.judged(NovaPools.POOL);
            judgement.doubles().stream().filter(text -> !text.contains("twice")).forEach(wrong::add);
            wrong.addAll(Verdict.survivors(world.fake.ledger(), world.fake.walks()));
            judgement.orphans().forEach(orphan -> wrong.add("orphan " + orphan));
            Verdict.Leftovers left = world.fake.leftovers("demo", world.pools.members(NovaPools.POOL));
            if (!left.isNothing()) {
                wrong.add("left: " + left);
            }
            return new Run(calls, wrong, judgement.doubles().stream().anyMatch(text -> text.contains("twice")));
        }
    }
}
