package io.weir.openstack.fake;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.weir.certs.Role;
import io.weir.kit.AdapterProcess;
import io.weir.openstack.WeirOpenstack;
import io.weir.openstack.fake.Verdict.Leftovers;
import io.weir.openstack.fake.Verdict.Walk;
import io.weir.simulated.LedgerJudge;
import io.weir.simulated.LedgerJudge.Judgement;
import io.weir.simulated.LedgerJudge.Question;
import io.weir.simulated.LedgerJudge.Step;
import io.weir.simulated.SimulatedApi.LedgerLine;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A real adapter process over the fake as another: a pool goes from 0 to 30 and to 5, and at one call to the cloud the adapter is killed
 * with -9: the call never arrives, is carried out when nobody waits any more, or was carried out and is not answered. It is started again with the same command. In the end the fake's books are
 * asked.
 *
 * <p>Each machine has a volume, a port and a floating IP of its own. Nothing is faster than real but the paces, which are at their
 * ceilings, and the time that a call may land late, which is known to be none.
 */
final class KillExercise implements AutoCloseable {
    static final int HIGH = 30;
    static final int LOW = 5;
    private static final String POOL = "exercise";
    private static final Duration PATIENCE = Duration.ofSeconds(240);
    private static final Duration LOOK = Duration.ofMillis(250);
    /** As long as nothing more may come: a listing, what it leads to, and the listing after that. */
    private static final Duration QUIET = Duration.ofSeconds(6);

    private final Path home;
    private final HttpClient plain =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Step> wishes = new ArrayList<>();
    private final Process fake;
    private final URI control;
    private final AdapterProcess adapter;

    /** What becomes of the call that the adapter dies at. */
    enum Fate {
        /** It never arrives. */
        LOST,
        /** It is carried out when the adapter is dead. */
        LATE,
        /** It was carried out before. */
        UNANSWERED
    }

    /** @param call which; 0: none */
    record Kill(int call, Fate fate) {}

    /**
     * What was seen.
     *
     * @param reached whether the call came at all
     * @param transientDoubles twins that were alive together at some time, which Nova cannot rule out
     * @param survivors twins that outlived a whole listing
     * @param calls to the cloud in all
     */
    record Result(
            Kill kill,
            boolean reached,
            boolean exact,
            List<String> transientDoubles,
            List<String> survivors,
            List<String> aboveTheWish,
            List<String> orphans,
            Leftovers leftovers,
            int launched,
            int calls,
            Map<String, Integer> byKind,
            double seconds) {
        /** What is left may be there for as long as the rule for leftovers says, if the adapter can find it by its mark. */
        boolean isClean(boolean whatIsLeftMayStay) {
            boolean left = whatIsLeftMayStay
                    ? leftovers.servers().isEmpty() && unmarked().isEmpty()
                    : leftovers.isNothing();
            return exact && survivors.isEmpty() && aboveTheWish.isEmpty() && orphans.isEmpty() && left;
        }

        private List<String> unmarked() {
            List<String> unmarked = new ArrayList<>(leftovers.ports());
            unmarked.addAll(leftovers.floatingIps());
            unmarked.addAll(leftovers.volumes());
            unmarked.removeIf(text -> text.contains("weir-pool=" + POOL));
            return unmarked;
        }
    }

    KillExercise(Path home) throws IOException, InterruptedException {
        this.home = home;
        Path cloud = home.resolve("cloud");
        Files.createDirectories(cloud);
        fake = startFake(cloud);
        JsonNode where = whereabouts(cloud.resolve("fake.json"));
        control = URI.create(where.path("control").asText());
        Files.writeString(home.resolve("adapter.yml"), configuration(where));
        adapter = AdapterProcess.ofClasses(
                "openstack", WeirOpenstack.class, home, Map.of("FAKE_PASSWORD", "demo-secret"), Role.OPERATOR);
    }

    private static String configuration(JsonNode where) {
        return """
            cloud: openstack
            listen: {port: 0}
            management: {port: 0}
            watch: {interval: 2s, busy: 1s}
            connections:
              default:
                authUrl: %s
                username: %s
                password: env:FAKE_PASSWORD
                userDomain: Default
                project: demo
                projectDomain: Default
                region: %s
                lag: 0s
                lateness: 1s
            pools:
              %s:
                max: 50
                size: 0
                image: dummy
                machineTypes: [m1.tiny]
                network: demo-net
                publicAddress: true
                dataVolumes: [{sizeGb: 1}]
                pace:
                  wish: {count: 20, percent: 50}
                  cleanup: {count: 3, percent: 10}
                  launch: {count: 100, percent: 100}
                openstack:
                  floatingIpPool: public
            """.formatted(
                        where.path("authUrl").asText(),
                        where.path("user").asText(),
                        where.path("region").asText(),
                        POOL);
    }

    private JsonNode whereabouts(Path file) throws IOException, InterruptedException {
        await("the fake to be there", () -> Files.exists(file));
        return Books.JSON.readTree(Files.readString(file));
    }

    private Process startFake(Path cloud) throws IOException {
        List<String> command = new ArrayList<>(AdapterProcess.java(FakeProcess.class.getName()));
        command.addAll(List.of(cloud.toString(), "1", "{\"zones\": [\"zone-a\", \"zone-b\"]}"));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        home.resolve("fake.log").toFile()))
                .start();
    }

    /** @param tidying how long what is left is waited for */
    Result perform(Kill kill, Duration tidying) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        boolean ready = await(
                "the adapter to answer",
                () -> adapter.size(POOL).path("desiredSize").isInt());
        ask("DELETE", "/calls");
        if (kill.call() > 0) {
            ask("PUT", "/hold?call=" + kill.call() + "&after=" + (kill.fate() == Fate.UNANSWERED));
        }
        Thread killer = Thread.ofVirtual().start(() -> kill(kill));
        boolean exact = ready && wish(HIGH);
        exact &= awaitExact(HIGH);
        exact &= wish(LOW);
        exact &= awaitExact(LOW);
        killer.interrupt();
        killer.join();
        exact &= awaitExact(LOW);
        Set<String> members = adapter.running(POOL);
        await("nothing more to happen", this::quiet);
        if (!tidying.isZero()) {
            AdapterProcess.await("what is nobody's to be taken away", tidying, LOOK, () -> leftovers(members)
                    .isNothing());
        }
        exact &= awaitExact(LOW);
        return judge(kill, exact, (System.nanoTime() - begun) / 1e9);
    }

    private boolean reached;

    private void kill(Kill kill) {
        try {
            while (kill.call() > 0) {
                if (ask("GET", "/hold").path("held").asBoolean()) {
                    reached = true;
                    adapter.kill();
                    ask("DELETE", "/hold?drop=" + (kill.fate() == Fate.LOST));
                    adapter.start();
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(10);
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    private boolean wish(int size) throws IOException, InterruptedException {
        wishes.add(new Step(Clock.systemUTC().instant(), size));
        return await("size " + size + " to be taken", () -> adapter.takes(POOL, size));
    }

    /** The adapter says so, every member runs, and the fake has as many alive. */
    private boolean awaitExact(int size) throws InterruptedException {
        return await("the pool to be exact at " + size, () -> adapter.isExact(POOL, size) && alive() == size);
    }

    private long alive() throws IOException, InterruptedException {
        Instant now = Clock.systemUTC().instant();
        return ledger().stream().filter(line -> line.isAliveAt(now)).count();
    }

    /** Nothing was changed for a while. */
    private boolean quiet() throws IOException, InterruptedException {
        long before = changes();
        TimeUnit.MILLISECONDS.sleep(QUIET.toMillis());
        return before == changes();
    }

    private long changes() throws IOException, InterruptedException {
        long changes = 0;
        for (Map.Entry<String, JsonNode> entry :
                ask("GET", "/calls").path("calls").properties()) {
            boolean login = entry.getKey().contains("identity");
            changes += entry.getKey().startsWith("GET") || login
                    ? 0
                    : entry.getValue().asLong();
        }
        return changes;
    }

    private static boolean await(String what, AdapterProcess.Condition condition) throws InterruptedException {
        return AdapterProcess.await(what, PATIENCE, LOOK, condition);
    }

    private JsonNode ask(String method, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(control + path))
                .method(method, BodyPublishers.noBody())
                .build();
        return Books.JSON.readTree(plain.send(request, BodyHandlers.ofString()).body());
    }

    private List<LedgerLine> ledger() throws IOException, InterruptedException {
        return Books.JSON.convertValue(ask("GET", "/ledger"), new TypeReference<List<LedgerLine>>() {});
    }

    private Leftovers leftovers(Set<String> members) throws IOException, InterruptedException {
        StringBuilder query = new StringBuilder("/leftovers?person=demo");
        members.forEach(id -> query.append("&member=").append(id));
        return Books.JSON.treeToValue(ask("GET", query.toString()), Leftovers.class);
    }

    private Result judge(Kill kill, boolean exact, double seconds) throws IOException, InterruptedException {
        List<LedgerLine> ledger = ledger();
        List<Walk> walks = Books.JSON.convertValue(ask("GET", "/walks"), new TypeReference<List<Walk>>() {});
        Set<String> members = adapter.running(POOL);
        Judgement judgement = LedgerJudge.judge(
                ledger,
                new Question(
                        POOL,
                        wishes,
                        null,
                        30,
                        members,
                        null,
                        wishes.get(0).at(),
                        Clock.systemUTC().instant()));
        JsonNode calls = ask("GET", "/calls");
        return new Result(
                kill,
                reached,
                exact,
                judgement.doubles().stream()
                        .filter(text -> text.contains("twice"))
                        .toList(),
                Verdict.survivors(ledger, walks),
                judgement.doubles().stream()
                        .filter(text -> !text.contains("twice"))
                        .toList(),
                judgement.orphans(),
                leftovers(members),
                judgement.launched(),
                calls.path("count").asInt(),
                Books.JSON.convertValue(calls.path("calls"), new TypeReference<Map<String, Integer>>() {}),
                seconds);
    }

    @Override
    public void close() {
        adapter.close();
        fake.destroyForcibly();
        plain.close();
    }
}
