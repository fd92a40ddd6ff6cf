package io.weir.aws.fake;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.kit.AdapterProcess;
import io.weir.kit.ProcessKills;
import io.weir.kit.ProcessKills.Result;
import io.weir.simulated.Delay;
import io.weir.simulated.SimulatedApi.LedgerLine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
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
        private final FakeEc2 fake;

        Watched() throws IOException {
            Clock clock = Clock.systemUTC();
            Ec2Cloud cloud = new Ec2Cloud(clock, 1, ExampleRegion.REGION, Ec2Dials.DEFAULT.turned(turn -> {
                turn.boot = new Delay.Uniform(0.5, 1.5);
                turn.end = new Delay.Uniform(0.5, 1);
                turn.lagSeconds = 2;
                turn.tagLagSeconds = 2;
            }));
            fake = FakeEc2.start(cloud, Access.EXAMPLE, clock, clock, 0, dials -> {});
        }

        @Override
        public AdapterProcess adapter(Path home) throws IOException {
            return Ec2Adapter.start(home, fake.url(), "lag: 3s\n    lateness: 3s");
        }

        @Override
        public void watch(ProcessKills.Watch watch) {
            fake.watch(new Door.Watch() {
                @Override
                public void arrived(int number, String action) throws Silence {
                    if (!watch.arrives(number, action)) {
                        throw new Silence("its process was killed");
                    }
                }

                @Override
                public void carriedOut(int number, String action) {
                    watch.carriedOut(number, action);
                }
            });
        }

        @Override
        public List<LedgerLine> ledger() {
            return fake.cloud().ledger();
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
                .perform(all, action -> !action.contains(":Describe"));

        System.out.println("killed " + result.died() + " of " + result.deaths() + " times; undisturbed it makes "
                + result.undisturbed());
        assertThat(result.wrong()).isEmpty();
        assertThat(result.died()).isGreaterThanOrEqualTo(result.deaths() / 2);
    }
}
