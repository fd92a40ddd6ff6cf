package io.weir.aws.fake;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.pool.PoolDocument;
import io.weir.pool.Rate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * A pool goes from 0 to 30 and to 5 machines, and its process dies at one call to the cloud: before anything comes of the call, or when it
 * was carried out and the answer is on its way. Then the fake's ledger says whether anything was launched twice or forgotten.
 *
 * <p>Some calls are tried, spread over the run; with {@code -Dweir.kills=all} every one.
 */
class KillsTest {
    private static final PoolDocument DOCUMENT = VirtualPool.document(50, new Rate(30, 100, Duration.ofMinutes(1)));
    private static final int SPREAD_OVER = 15;

    /** @param calls how many there were to EC2 in all */
    private record Run(int calls, List<String> wrong) {}

    private static final class Killer implements Door.Watch {
        private final VirtualPool pool;
        private final int at;
        private final boolean carriedOut;

        Killer(VirtualPool pool, int at, boolean carriedOut) {
            this.pool = pool;
            this.at = at;
            this.carriedOut = carriedOut;
        }

        @Override
        public void arrived(int number, String action) throws Silence {
            if (number == at && !carriedOut) {
                pool.die();
            }
            if (pool.isDead()) {
                throw new Silence("its process is dead");
            }
        }

        @Override
        public void carriedOut(int number, String action) {
            if (number == at && carriedOut) {
                pool.die();
            }
        }
    }

    /** @param at the number of the call; 0: none */
    private static Run run(int at, boolean carriedOut) {
        List<String> wrong = new ArrayList<>();
        try (VirtualPool pool = new VirtualPool(DOCUMENT, Duration.ofSeconds(5), Duration.ofSeconds(30))) {
            pool.fake.cloud().turn(turn -> {
                turn.lagSeconds = 20;
                turn.tagLagSeconds = 20;
            });
            pool.fake.watch(new Killer(pool, at, carriedOut));
            pool.wish(0);
            pool.becomes(0, Duration.ofMinutes(10));
            pool.wish(30);
            if (!pool.becomes(30, Duration.ofMinutes(30))) {
                wrong.add("it never was exactly 30");
            }
            pool.wish(5);
            if (!pool.becomes(5, Duration.ofMinutes(60))) {
                wrong.add("it never was exactly 5");
            }
            var judgement = pool.judged();
            wrong.addAll(judgement.doubles());
            judgement.orphans().forEach(orphan -> wrong.add("orphan " + orphan));
            if (judgement.launched() != 30) {
                wrong.add(judgement.launched() + " were launched for 30");
            }
            return new Run(pool.fake.calls().all().size(), wrong);
        }
    }

    @Test
    void whatever_call_a_process_dies_at_nothing_is_launched_twice_and_nothing_forgotten() {
        Run undisturbed = run(0, false);
        assertThat(undisturbed.wrong).isEmpty();
        boolean all = "all".equals(System.getProperty("weir.kills"));
        int step = all ? 1 : Math.max(1, undisturbed.calls / SPREAD_OVER);

        TreeMap<String, List<String>> wrong = new TreeMap<>();
        int kills = 0;
        for (int at = 1; at <= undisturbed.calls; at += step) {
            for (boolean carriedOut : all ? new boolean[] {false, true} : new boolean[] {at % 2 == 0}) {
                kills++;
                List<String> found = run(at, carriedOut).wrong;
                if (!found.isEmpty()) {
                    wrong.put("call " + at + (carriedOut ? ", carried out" : ", not carried out"), found);
                }
            }
        }
        System.out.println("killed at " + kills + " of " + undisturbed.calls + " calls");
        assertThat(wrong).isEmpty();
    }
}
