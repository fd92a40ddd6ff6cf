package io.weir.kit;

import io.weir.simulated.LedgerJudge;
import io.weir.simulated.SimulatedApi.LedgerLine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * {@code kill -9} at calls of an adapter's process to a fake cloud, in real time: its pool ({@link #POOL}) goes from 0 to 30 and to 5 machines,
 * it is killed at a few calls, far from each other, and started again each time, and the fake's ledger is asked in the end. Runs wait most
 * of the time, so several go at once, each with a cloud of its own.
 */
public final class ProcessKills {
    public static final String POOL = "web";

    private static final Duration PATIENCE = Duration.ofMinutes(6);
    /** How long calls that have not come yet are waited for. */
    private static final Duration REST = Duration.ofMinutes(1);
    /** A run costs two minutes whatever happens in it, a death a start. */
    private static final int DEATHS_OF_A_RUN = 4;

    /** A cloud that can be watched, of which nobody has made anything yet. */
    public interface Watched extends AutoCloseable {
        /** An adapter over it, on what this home holds. */
        AdapterProcess adapter(Path home) throws IOException;

        void watch(Watch watch);

        List<LedgerLine> ledger();

        /** What is wrong in the end besides, in words: what is left of the machines that went. */
        default List<String> wrong(Set<String> members) {
            return List.of();
        }

        @Override
        void close();
    }

    /** Sees each call. */
    public interface Watch {
        /** It has arrived. False: nothing may come of it, since its process is dead. */
        boolean arrives(int number, String call);

        /** It was carried out, and no answer has gone out yet. */
        void carriedOut(int number, String call);
    }

    /** Makes such clouds. */
    public interface Clouds {
        Watched start() throws IOException;
    }

    /** At which of the calls of one name; one that never comes kills nobody. */
    public record Death(String call, int which, boolean carriedOut) {
        @Override
        public String toString() {
            return call + " number " + which + ", " + (carriedOut ? "" : "not ") + "carried out";
        }
    }

    /** @param calls how many of each name there were */
    private record Run(Map<String, Integer> calls, int died, List<String> wrong) {}

    /**
     * @param deaths that were tried
     * @param died how many of them came
     * @param undisturbed the calls of a run without one
     * @param wrong of the deaths of each run that something was wrong in
     */
    public record Result(int deaths, int died, Map<String, Integer> undisturbed, Map<String, List<String>> wrong) {}

    private final Path folder;
    private final Clouds clouds;
    private final int atOnce;

    public ProcessKills(Path folder, Clouds clouds, int atOnce) {
        this.folder = folder;
        this.clouds = clouds;
        this.atOnce = atOnce;
    }

    /**
     * Prints how far it has come after each run.
     *
     * @param all at every call; else at the middle one of each name
     * @param isChange whether a call of this name changes something: such calls are died at twice, once not carried out and once carried
     *     out; to the cloud both are the same of one that only looks
     */
    public Result perform(boolean all, Predicate<String> isChange) throws Exception {
        Path prepared = prepared();
        Run undisturbed = run(prepared, "undisturbed", List.of());
        Map<String, List<String>> wrong = new TreeMap<>();
        if (!undisturbed.wrong.isEmpty()) {
            wrong.put("undisturbed", undisturbed.wrong);
            return new Result(0, 0, undisturbed.calls, wrong);
        }
        int died = 0;
        List<Death> deaths = deaths(undisturbed.calls, all, isChange);
        try (ExecutorService threads = Executors.newFixedThreadPool(atOnce)) {
            Map<List<Death>, Future<Run>> runs = new LinkedHashMap<>();
            for (List<Death> some : spread(deaths)) {
                String name = "home-" + runs.size();
                runs.put(some, threads.submit(() -> run(prepared, name, some)));
            }
            int done = 0;
            for (Map.Entry<List<Death>, Future<Run>> each : runs.entrySet()) {
                Run run = each.getValue().get();
                died += run.died;
                if (!run.wrong.isEmpty()) {
                    wrong.put(each.getKey().toString(), run.wrong);
                }
                done += each.getKey().size();
                System.out.println(
                        died + " deaths of " + done + " came, of " + deaths.size() + " in all; wrong: " + wrong.size());
            }
        }
        return new Result(deaths.size(), died, undisturbed.calls, wrong);
    }

    /** Those of a run are far from each other. */
    private static List<List<Death>> spread(List<Death> deaths) {
        int runs = (deaths.size() + DEATHS_OF_A_RUN - 1) / DEATHS_OF_A_RUN;
        List<List<Death>> spread = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            List<Death> some = new ArrayList<>();
            for (int death = run; death < deaths.size(); death += runs) {
                some.add(deaths.get(death));
            }
            spread.add(some);
        }
        return spread;
    }

    private static List<Death> deaths(Map<String, Integer> calls, boolean all, Predicate<String> isChange) {
        List<Death> deaths = new ArrayList<>();
        calls.forEach((call, count) -> {
            boolean changes = isChange.test(call);
            int first = all ? 1 : (count + 1) / 2;
            for (int which = first; which <= count; which += all ? 1 : count) {
                deaths.add(new Death(call, which, true));
                if (changes) {
                    deaths.add(new Death(call, which, false));
                }
            }
        });
        return deaths;
    }

    /** A home whose store knows the pool: one that does not waits, before it acts, as long as a call may be late. */
    private Path prepared() throws Exception {
        Path home = folder.resolve("prepared");
        try (Watched cloud = clouds.start();
                AdapterProcess adapter = cloud.adapter(home)) {
            if (!AdapterProcess.await("a pool without gates", PATIENCE, Duration.ofMillis(500), () -> {
                if (!adapter.isAlive()) {
                    throw new AssertionError(Files.readString(home.resolve("adapter.log")));
                }
                return adapter.get("/pools/" + POOL).path("gates").isEmpty();
            })) {
                throw new AssertionError("the pool's gates stay closed");
            }
        }
        return home;
    }

    private Run run(Path prepared, String name, List<Death> deaths) throws Exception {
        Path home = folder.resolve(name);
        copy(prepared, home);
        List<String> wrong = new ArrayList<>();
        try (Watched cloud = clouds.start();
                AdapterProcess adapter = cloud.adapter(home)) {
            Killer killer = new Killer(deaths, adapter);
            cloud.watch(killer);
            List<LedgerJudge.Step> wishes = new ArrayList<>();
            Instant began = Instant.now();
            for (int size : new int[] {30, 5}) {
                wishes.add(new LedgerJudge.Step(Instant.now(), size));
                try {
                    Awaitility.await().atMost(PATIENCE).ignoreExceptions().until(() -> revived(adapter)
                            .takes(POOL, size));
                } catch (ConditionTimeoutException never) {
                    wrong.add("it never took " + size);
                }
                awaitExactly(cloud, adapter, size, wrong);
            }
            if (killer.hasDeathsAhead()) { // the last calls of the undisturbed run come later in this one
                try {
                    Awaitility.await().atMost(REST).ignoreExceptions().until(() -> {
                        revived(adapter);
                        return !killer.hasDeathsAhead();
                    });
                } catch (ConditionTimeoutException never) {
                    // Told by how many of them came.
                }
                awaitExactly(cloud, adapter, 5, wrong);
            }
            Set<String> members = adapter.running(POOL);
            LedgerJudge.Judgement judgement = LedgerJudge.judge(
                    cloud.ledger(),
                    new LedgerJudge.Question(POOL, wishes, null, 0, members, null, began, Instant.now()));
            wrong.addAll(judgement.doubles());
            judgement.orphans().forEach(orphan -> wrong.add("orphan " + orphan));
            if (judgement.launched() != 30) {
                wrong.add(judgement.launched() + " were launched for 30");
            }
            wrong.addAll(cloud.wrong(members));
            return new Run(new TreeMap<>(killer.seen), killer.died(), wrong);
        }
    }

    private static void awaitExactly(Watched cloud, AdapterProcess adapter, int size, List<String> wrong) {
        try {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(200))
                    .ignoreExceptions()
                    .until(() -> revived(adapter).isExact(POOL, size) && alive(cloud) == size);
        } catch (ConditionTimeoutException never) {
            wrong.add("it never was exactly " + size);
        }
    }

    private static final class Killer implements Watch {
        private final Set<Death> ahead = ConcurrentHashMap.newKeySet();
        private final int all;
        private final AdapterProcess adapter;
        private final Map<String, Integer> seen = new ConcurrentHashMap<>();
        private final Map<Integer, Integer> which = new ConcurrentHashMap<>();

        Killer(List<Death> deaths, AdapterProcess adapter) {
            this.ahead.addAll(deaths);
            this.all = ahead.size();
            this.adapter = adapter;
        }

        boolean hasDeathsAhead() {
            return !ahead.isEmpty();
        }

        int died() {
            return all - ahead.size();
        }

        @Override
        public boolean arrives(int number, String call) {
            int count = seen.merge(call, 1, Integer::sum);
            which.put(number, count);
            if (ahead.remove(new Death(call, count, false))) {
                kill();
                return false;
            }
            return true;
        }

        @Override
        public void carriedOut(int number, String call) {
            if (ahead.remove(new Death(call, which.getOrDefault(number, 0), true))) {
                kill();
            }
        }

        private void kill() {
            try {
                adapter.kill();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static AdapterProcess revived(AdapterProcess adapter) throws IOException {
        adapter.revive();
        return adapter;
    }

    private static int alive(Watched cloud) {
        Instant now = Instant.now();
        return (int) cloud.ledger().stream()
                .filter(line -> POOL.equals(line.pool()) && line.isAliveAt(now))
                .count();
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
