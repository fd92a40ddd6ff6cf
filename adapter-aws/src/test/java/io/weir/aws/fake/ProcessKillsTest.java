package io.weir.aws.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.kit.AdapterProcess;
import io.weir.simulated.Delay;
import io.weir.simulated.LedgerJudge;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@link KillsTest} does in virtual time, with a real process and {@code kill -9}: {@code weir adapter aws} goes from 0 to 30 and to 5
 * machines, is killed at one call and started again. It takes a minute and more for each death, so it runs only if it is asked for:
 * {@code -Dweir.kills=some} at one call of each kind, {@code all} at every call. So many run at once as {@code -Dweir.kills.atOnce} says (12); most of
 * the time they wait.
 */
@EnabledIfSystemProperty(
        named = "weir.kills",
        matches = "some|all",
        disabledReason = "-Dweir.kills=some kills the adapter's process at a call of each kind, all at every one")
class ProcessKillsTest {
    /** What this fake keeps: its listings are two seconds old. */
    private static final String PROMISES = "lag: 3s\n    lateness: 3s";

    private static final Duration PATIENCE = Duration.ofMinutes(6);
    private static final int AT_ONCE = Integer.getInteger("weir.kills.atOnce", 12);

    @TempDir
    Path folder;

    /** At which of an action's calls; one that never comes kills nobody. */
    private record Death(String action, int which, boolean carriedOut) {
        @Override
        public String toString() {
            return action + " number " + which + ", " + (carriedOut ? "" : "not ") + "carried out";
        }
    }

    private record Run(Map<String, Integer> calls, boolean died, List<String> wrong) {}

    private final class Killer implements Door.Watch {
        private final Death death;
        private final AdapterProcess adapter;
        private final Map<String, Integer> seen = new ConcurrentHashMap<>();
        private final Map<Integer, Integer> which = new ConcurrentHashMap<>();
        private volatile boolean killed;

        Killer(Death death, AdapterProcess adapter) {
            this.death = death;
            this.adapter = adapter;
        }

        @Override
        public void arrived(int number, String action) throws Silence {
            int count = seen.merge(action, 1, Integer::sum);
            which.put(number, count);
            if (isDeath(number, action) && !death.carriedOut) {
                kill();
                throw new Silence("its process was killed");
            }
        }

        @Override
        public void carriedOut(int number, String action) {
            if (isDeath(number, action) && death.carriedOut) {
                kill();
            }
        }

        private boolean isDeath(int number, String action) {
            return !killed && action.equals(death.action) && which.getOrDefault(number, 0) == death.which;
        }

        private void kill() {
            killed = true;
            try {
                adapter.kill();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void whatever_call_the_process_is_killed_at_nothing_is_launched_twice_and_nothing_forgotten() throws Exception {
        Path prepared = prepared();
        Run undisturbed = run(prepared, "undisturbed", new Death("none", 0, false));
        assertThat(undisturbed.wrong).isEmpty();

        TreeMap<String, List<String>> wrong = new TreeMap<>();
        int died = 0;
        List<Death> deaths = deaths(undisturbed.calls);
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            Map<Death, Future<Run>> runs = new LinkedHashMap<>();
            for (Death death : deaths) {
                String name = "home-" + runs.size();
                runs.put(death, threads.submit(() -> run(prepared, name, death)));
            }
            for (Map.Entry<Death, Future<Run>> each : runs.entrySet()) {
                Run run = each.getValue().get();
                died += run.died ? 1 : 0;
                if (!run.wrong.isEmpty()) {
                    wrong.put(each.getKey().toString(), run.wrong);
                }
            }
        }
        System.out.println(
                "killed " + died + " of " + deaths.size() + " times; undisturbed it makes " + undisturbed.calls);
        assertThat(wrong).isEmpty();
        assertThat(died).isGreaterThanOrEqualTo(deaths.size() / 2);
    }

    private static List<Death> deaths(Map<String, Integer> calls) {
        boolean all = "all".equals(System.getProperty("weir.kills"));
        List<Death> deaths = new ArrayList<>();
        calls.forEach((action, count) -> {
            boolean isChange = !action.contains(":Describe");
            int first = all ? 1 : (count + 1) / 2;
            for (int which = first; which <= count; which += all ? 1 : count) {
                deaths.add(new Death(action, which, true));
                if (all || isChange) {
                    deaths.add(new Death(action, which, false));
                }
            }
        });
        return deaths;
    }

    /** A home whose store knows the pool: one that does not waits three minutes before it acts. */
    private Path prepared() throws Exception {
        Path home = folder.resolve("prepared");
        try (FakeEc2 fake = fake();
                AdapterProcess adapter = Ec2Adapter.start(home, fake.url(), PROMISES)) {
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofSeconds(1))
                    .ignoreExceptions()
                    .until(() -> adapter.get("/pools/" + Ec2Adapter.POOL)
                            .path("gates")
                            .isEmpty());
        }
        return home;
    }

    private static FakeEc2 fake() throws IOException {
        Clock clock = Clock.systemUTC();
        Ec2Cloud cloud = new Ec2Cloud(clock, 1, ExampleRegion.REGION, Ec2Dials.DEFAULT.turned(turn -> {
            turn.boot = new Delay.Uniform(0.5, 1.5);
            turn.end = new Delay.Uniform(0.5, 1);
            turn.lagSeconds = 2;
            turn.tagLagSeconds = 2;
        }));
        return FakeEc2.start(cloud, Access.EXAMPLE, clock, clock, 0, dials -> {});
    }

    private Run run(Path prepared, String name, Death death) throws Exception {
        Path home = folder.resolve(name);
        copy(prepared, home);
        List<String> wrong = new ArrayList<>();
        try (FakeEc2 fake = fake();
                AdapterProcess adapter = Ec2Adapter.start(home, fake.url(), PROMISES)) {
            Killer killer = new Killer(death, adapter);
            fake.watch(killer);
            List<LedgerJudge.Step> wishes = new ArrayList<>();
            Instant began = Instant.now();
            for (int size : new int[] {30, 5}) {
                wishes.add(new LedgerJudge.Step(Instant.now(), size));
                try {
                    await().atMost(PATIENCE).ignoreExceptions().until(() -> revived(adapter)
                            .takes(Ec2Adapter.POOL, size));
                    await().atMost(PATIENCE)
                            .pollInterval(Duration.ofMillis(200))
                            .ignoreExceptions()
                            .until(() -> revived(adapter).isExact(Ec2Adapter.POOL, size)
                                    && fake.cloud().alive(Ec2Adapter.POOL) == size);
                } catch (ConditionTimeoutException never) {
                    wrong.add("it never was exactly " + size);
                }
            }
            LedgerJudge.Judgement judgement = LedgerJudge.judge(
                    fake.cloud().ledger(),
                    new LedgerJudge.Question(
                            Ec2Adapter.POOL,
                            wishes,
                            null,
                            0,
                            adapter.running(Ec2Adapter.POOL),
                            null,
                            began,
                            Instant.now()));
            wrong.addAll(judgement.doubles());
            judgement.orphans().forEach(orphan -> wrong.add("orphan " + orphan));
            if (judgement.launched() != 30) {
                wrong.add(judgement.launched() + " were launched for 30");
            }
            return new Run(new TreeMap<>(killer.seen), killer.killed, wrong);
        }
    }

    private static AdapterProcess revived(AdapterProcess adapter) throws IOException {
        adapter.revive();
        return adapter;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            files.forEach(file -> {
                try {
                    Path copied = to.resolve(from.relativize(file).toString());
                    if (Files.isDirectory(file)) {
                        Files.createDirectories(copied);
                    } else {
                        Files.copy(file, copied);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
