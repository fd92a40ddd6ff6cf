package io.weir.openstack.nova;

import static io.weir.kit.AdapterProcess.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.openstack.fake.Verdict;
import io.weir.openstack.fake.Verdict.Leftovers;
import io.weir.openstack.fake.Verdict.Walk;
import io.weir.openstack.nova.NovaLine.Passed;
import io.weir.openstack.nova.RealAdapter.Sides;
import io.weir.pool.MachineState;
import io.weir.simulated.LedgerJudge;
import io.weir.simulated.LedgerJudge.Judgement;
import io.weir.simulated.LedgerJudge.Question;
import io.weir.simulated.LedgerJudge.Step;
import io.weir.simulated.SimulatedApi.LedgerLine;
import io.weir.simulated.SimulatedApi.Membership;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real adapter process over the real services: a pool goes from 0 to a high size, to a low one and to 0, and at one moment the adapter
 * is killed with -9 and started again with the same command. In the end Nova, Neutron and Cinder are asked, by somebody else.
 *
 * <p>Each machine has a volume, a port and a floating IP. When a server was launched and when its end was taken is what the line before
 * Nova saw; that there was one, and what is there now, is Nova's own word. A server lives from the answer to its launch to the answer to
 * the first DELETE.
 */
final class NovaKillExercise implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration LOOK = Duration.ofSeconds(1);
    /** As long as nothing more may come: a listing, what it leads to, and the listing after that. */
    private static final Duration QUIET = Duration.ofSeconds(12);

    private final String pool;
    private final Witness witness;
    private final RealAdapter adapter;
    private final List<Step> wishes = new ArrayList<>();
    private volatile @Nullable Instant killed;
    private volatile String phase = "start";
    private volatile String phaseOfDeath = "not killed";
    private Duration killAfter = Duration.ZERO;
    private boolean exact;
    private double seconds;
    private @Nullable Judgement judgement;

    /**
     * What was seen.
     *
     * @param phase what the pool was doing when the adapter died
     * @param transientDoubles two servers of one name that lived together at some time, which Nova cannot rule out
     * @param survivors those of them that outlived a whole listing
     * @param left at the end, when the pool was at 0
     * @param seconds until it was
     */
    record Result(
            String pool,
            Duration killAfter,
            String phase,
            boolean exact,
            List<String> transientDoubles,
            List<String> survivors,
            List<String> aboveTheWish,
            List<String> orphans,
            Leftovers left,
            int launched,
            int calls,
            Map<String, Integer> failures,
            double seconds) {
        /** What an end that was broken off leaves may be there for as long as the rule for leftovers says, if it bears its mark. */
        boolean isClean(boolean whatIsMarkedMayStay) {
            boolean nothing = whatIsMarkedMayStay ? left.servers().isEmpty() : left.isNothing();
            return exact && survivors.isEmpty() && aboveTheWish.isEmpty() && orphans.isEmpty() && nothing;
        }
    }

    /** @param lateness how long Nova may go on with a call whose caller is dead: no launch is repeated before */
    NovaKillExercise(RealOpenstack cloud, Witness witness, Path home, String pool, Duration lateness)
            throws IOException {
        this.pool = pool;
        this.witness = witness;
        this.adapter = new RealAdapter(
                cloud,
                home,
                "lag: 0s\nlateness: " + lateness.toSeconds() + "s",
                """
                watch: {interval: 5s, busy: 2s}
                pools:
                """ + RealAdapter.pool(pool, 50, 0, Sides.ALL, "machineTypes: [m1.tiny]"));
    }

    /** Up, down and to 0. @param killAfter from the first wish */
    void perform(int high, int low, Duration killAfter) throws InterruptedException, IOException {
        this.killAfter = killAfter;
        long begun = System.nanoTime();
        exact = await("the adapter to answer", PATIENCE, LOOK, () -> adapter.process
                .size(pool)
                .path("desiredSize")
                .isInt());
        adapter.forgetCalls();
        Thread killer = Thread.ofVirtual().start(() -> kill(killAfter));
        exact &= wish(high, "growing") && awaitExact(high);
        exact &= wish(low, "shrinking") && awaitExact(low);
        phase = "still";
        killer.join();
        exact &= awaitExact(low);
        await("nothing more to happen", PATIENCE, LOOK, this::quiet);
        exact &= awaitExact(low);
        judgement = judge(adapter.process.running(pool));
        exact &= wish(0, "ending") && awaitExact(0);
        await("the last ends to be whole", PATIENCE, LOOK, this::quiet);
        seconds = (System.nanoTime() - begun) / 1e9;
    }

    /** Waits until what a broken end left is taken away; it is given so long. */
    void tidy(Duration patience) throws InterruptedException {
        await(pool + ": what is nobody's to be taken away", patience, LOOK, () -> mine().isNothing());
    }

    Result result() throws IOException {
        List<LedgerLine> ledger = ledger();
        Judgement judged = Objects.requireNonNull(judgement);
        return new Result(
                pool,
                killAfter,
                phaseOfDeath,
                exact,
                judged.doubles().stream().filter(text -> text.contains("twice")).toList(),
                survivors(ledger),
                judged.doubles().stream()
                        .filter(text -> !text.contains("twice"))
                        .toList(),
                judged.orphans(),
                mine(),
                ledger.size(),
                adapter.count(),
                adapter.failures(),
                seconds);
    }

    private void kill(Duration after) {
        try {
            TimeUnit.MILLISECONDS.sleep(after.toMillis());
            phaseOfDeath = phase;
            adapter.process.kill();
            killed = Instant.now();
            adapter.process.start();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    private boolean wish(int size, String doing) throws InterruptedException {
        wishes.add(new Step(Instant.now(), size));
        phase = doing;
        return await("size " + size + " to be taken", PATIENCE, LOOK, () -> adapter.process.takes(pool, size));
    }

    /** The adapter says so, every member runs, and Nova shows exactly these. */
    private boolean awaitExact(int size) throws InterruptedException {
        return await(
                pool + " to be exact at " + size,
                PATIENCE,
                LOOK,
                () -> adapter.process.isExact(pool, size)
                        && adapter.process.running(pool).equals(living()));
    }

    private Set<String> living() {
        Set<String> ids = new TreeSet<>();
        witness.servers(pool + "-").forEach(row -> ids.add(row.path("id").asText()));
        return ids;
    }

    /** Nothing was changed for a while. */
    private boolean quiet() throws InterruptedException {
        long before = changes();
        TimeUnit.MILLISECONDS.sleep(QUIET.toMillis());
        return before == changes();
    }

    private long changes() {
        return adapter.calls().entrySet().stream()
                .filter(entry ->
                        !entry.getKey().contains(" GET ") && !entry.getKey().startsWith("identity"))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Of this pool alone: other exercises go on beside it. */
    private Leftovers mine() {
        Leftovers all = witness.leftovers(pool + "-", Set.of());
        return new Leftovers(all.servers(), marked(all.ports()), marked(all.floatingIps()), marked(all.volumes()));
    }

    private List<String> marked(List<String> what) {
        return what.stream()
                .filter(text -> (text + " ").contains("weir-pool=" + pool + " "))
                .toList();
    }

    private Judgement judge(Set<String> members) throws IOException {
        return LedgerJudge.judge(
                ledger(),
                new Question(
                        pool, wishes, null, 30, members, null, wishes.get(0).at(), Instant.now()));
    }

    /** Every server of the pool that Nova ever had, with the times that the line saw. */
    private List<LedgerLine> ledger() throws IOException {
        Map<String, Instant> launched = new HashMap<>();
        Map<String, Instant> ended = new HashMap<>();
        for (Passed call : adapter.line("compute").passed()) {
            if (call.is("POST", "/servers") && call.status() == 202) {
                launched.put(
                        JSON.readTree(call.answer()).path("server").path("id").asText(), call.answered());
            } else if (call.method().equals("DELETE") && call.path().startsWith("/servers/") && call.status() == 204) {
                ended.putIfAbsent(call.path().substring("/servers/".length()), call.answered());
            }
        }
        List<LedgerLine> lines = new ArrayList<>();
        for (JsonNode row : witness.everyServer(pool + "-")) {
            String id = row.path("id").asText();
            boolean gone = row.path("status").asText().equals("DELETED");
            Instant from =
                    launched.getOrDefault(id, Instant.parse(row.path("created").asText()));
            Instant end = ended.get(id);
            lines.add(new LedgerLine(
                    row.path("name").asText(),
                    id,
                    pool,
                    "",
                    null,
                    row.path("OS-EXT-AZ:availability_zone").asText(),
                    "",
                    "ON_DEMAND",
                    BigDecimal.ZERO,
                    gone ? MachineState.TERMINATED : MachineState.RUNNING,
                    from,
                    null,
                    end,
                    gone && end == null ? Instant.parse(row.path("updated").asText()) : null,
                    null,
                    Map.of(),
                    List.of(new Membership(from, pool))));
        }
        return lines;
    }

    /** A process that died after a listing and before it acted on it has not had the listing; so each is judged by its own. */
    private List<String> survivors(List<LedgerLine> ledger) {
        List<Walk> before = new ArrayList<>();
        List<Walk> after = new ArrayList<>();
        Instant death = killed == null ? Instant.MAX : killed;
        for (Passed call : adapter.line("compute").passed()) {
            if (call.is("GET", "/servers/detail") && call.status() == 200) {
                (call.begun().isBefore(death) ? before : after).add(new Walk(call.begun(), call.answered()));
            }
        }
        List<String> survivors = new ArrayList<>(Verdict.survivors(ledger, before));
        survivors.addAll(Verdict.survivors(ledger, after));
        return survivors;
    }

    /** What the adapter said. */
    Path log() {
        return adapter.home.resolve("adapter.log");
    }

    @Override
    public void close() {
        adapter.close();
    }
}
