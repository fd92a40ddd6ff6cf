package io.weir.gce.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.kit.AdapterProcess;
import io.weir.kit.ProcessKills;
import io.weir.kit.ProcessKills.Result;
import io.weir.pool.Marks;
import io.weir.simulated.Delay;
import io.weir.simulated.SimulatedApi.LedgerLine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@link KillsTest} does in virtual time, with a real process and {@code kill -9}. It takes minutes for each run, so it
 * runs only if it is asked for: {@code -Dweir.kills=some} for one call of each kind, {@code all} for every call. So many run at once as
 * {@code -Dweir.kills.atOnce} says (12); most of the time they wait.
 */
@EnabledIfSystemProperty(
        named = "weir.kills",
        matches = "some|all",
        disabledReason = "-Dweir.kills=some kills the adapter's process at a call of each kind, all at every one")
class ProcessKillsTest {
    @TempDir
    Path folder;

    private static final class Watched implements ProcessKills.Watched {
        private final FakeGce fake;

        Watched() throws IOException {
            Clock clock = Clock.systemUTC();
            ComputeCloud cloud = new ComputeCloud(clock, 1, ExampleProject.PLAIN, GceDials.DEFAULT.turned(turn -> {
                turn.boot = new Delay.Uniform(0.5, 1.5);
                turn.end = new Delay.Uniform(0.5, 1);
                turn.lagSeconds = 2;
                turn.labelLagSeconds = 2;
            }));
            fake = FakeGce.start(cloud, clock, clock, 0, dials -> {});
        }

        @Override
        public AdapterProcess adapter(Path home) throws IOException {
            return GceAdapter.start(home, fake.url(), "lag: 3s\n    lateness: 3s");
        }

        @Override
        public void watch(ProcessKills.Watch watch) {
            fake.watch(new Door.Watch() {
                @Override
                public void arrived(int number, String method) throws Silence {
                    if (!watch.arrives(number, method)) {
                        throw new Silence("its process was killed");
                    }
                }

                @Override
                public void carriedOut(int number, String method) {
                    watch.carriedOut(number, method);
                }
            });
        }

        @Override
        public List<LedgerLine> ledger() {
            return fake.cloud().ledger();
        }

        /** Each member and its disk, and nothing else. */
        @Override
        public List<String> wrong(Set<String> members) {
            try {
                await().atMost(Duration.ofSeconds(10))
                        .until(() -> fake.cloud().bearing(Marks.POOL_TAG).size() == 2 * members.size());
                return List.of();
            } catch (ConditionTimeoutException never) {
                return List.of("left with the pool's label: " + fake.cloud().bearing(Marks.POOL_TAG));
            }
        }

        @Override
        public void close() {
            fake.close();
        }
    }

    @Test
    void whatever_call_the_process_is_killed_at_nothing_is_launched_twice_and_nothing_forgotten() throws Exception {
        boolean all = "all".equals(System.getProperty("weir.kills"));
        Result result = new ProcessKills(folder, Watched::new, Integer.getInteger("weir.kills.atOnce", 12))
                .perform(all, method -> method.matches(".*\\.(insert|delete|set\\w+)"));

        System.out.println("killed " + result.died() + " of " + result.deaths() + " times; undisturbed it makes "
                + result.undisturbed());
        assertThat(result.wrong()).isEmpty();
        assertThat(result.died()).isGreaterThanOrEqualTo(result.deaths() / 2);
    }
}
