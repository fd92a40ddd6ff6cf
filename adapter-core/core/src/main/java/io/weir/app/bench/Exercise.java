package io.weir.app.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.certs.Role;
import io.weir.journal.Replayed;
import io.weir.service.run.RunFile.Entry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One pool of real processes that is sent up and down while something of it is killed.
 *
 * <ol>
 *   <li>Adapter and cloud start in a home of their own.
 *   <li>The wish goes from 0 to a high size and, when the pool is exact, to a low one.
 *   <li>At one moment in between something is killed with -9. A dead adapter is started again with the same command; a dead
 *       cloud is started again by the adapter.
 *   <li>In the end the cloud's ledger is asked: was a name ever alive twice, were ever more alive than the highest wish, is anything
 *       alive that is no member. And every plan of every process is made again from the turn journal.
 * </ol>
 */
final class Exercise implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path home;
    private final AdapterBeside adapter;
    private final HttpClient plain = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private @Nullable HttpClient secure;

    enum Victim {
        ADAPTER,
        CLOUD,
        BOTH
    }

    /**
     * @param grown seconds of real time until the high size was exact
     * @param shrunk from then to the low one
     */
    record Result(
            double grown,
            double shrunk,
            int launched,
            List<String> doubles,
            Set<String> orphans,
            Replayed replayed,
            boolean exact) {
        boolean isClean() {
            return doubles.isEmpty()
                    && orphans.isEmpty()
                    && replayed.fault().isEmpty()
                    && replayed.plans() > 0
                    && exact;
        }
    }

    Exercise(Path home, double timeScale) throws IOException {
        this.home = home;
        adapter = new AdapterBeside(home, "--time-scale", String.valueOf(timeScale));
    }

    /** @param killAfter real time from the first wish */
    Result perform(int high, int low, Victim victim, Duration killAfter) throws IOException, InterruptedException {
        awaitReady();
        long began = System.nanoTime();
        Thread killer = Thread.ofVirtual().start(() -> kill(victim, killAfter));
        wish(high);
        awaitExact(high);
        double grown = seconds(began);
        long shrinking = System.nanoTime();
        wish(low);
        awaitExact(low);
        killer.join();
        awaitReady();
        boolean exact = awaitExact(low);
        return judge(high, grown, seconds(shrinking), exact);
    }

    private void kill(Victim victim, Duration after) {
        try {
            TimeUnit.MILLISECONDS.sleep(after.toMillis());
            Optional<Entry> cloud = adapter.cloud();
            if (victim != Victim.CLOUD) {
                adapter.kill();
            }
            if (victim != Victim.ADAPTER) {
                cloud.flatMap(entry -> ProcessHandle.of(entry.pid())).ifPresent(ProcessHandle::destroyForcibly);
            }
            if (victim != Victim.CLOUD) {
                adapter.start();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    private void awaitReady() throws InterruptedException {
        await("the adapter to answer", () -> size().isPresent());
    }

    private void wish(int size) throws InterruptedException {
        await("size " + size + " to be taken", () -> {
            HttpRequest request = adapter.request("/pool/size")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"desiredSize\":" + size + "}"))
                    .build();
            return secure().send(request, BodyHandlers.discarding()).statusCode() == 200;
        });
    }

    /** Exact: the adapter says so, every member runs, and as many are alive in the ledger. */
    private boolean awaitExact(int size) throws InterruptedException {
        return await("the pool to be exact at " + size, () -> {
            Optional<JsonNode> told = size();
            return told.isPresent()
                    && told.get().path("desiredSize").asInt() == size
                    && told.get().path("active").asInt() == size
                    && told.get().path("allocated").asInt() == size
                    && members("RUNNING").size() == size
                    && alive(ledger()).size() == size;
        });
    }

    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private static boolean await(String what, Condition condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            try {
                if (condition.holds()) {
                    return true;
                }
            } catch (IOException | IllegalStateException notNow) {
                // Something is dead just now; that is what this is about.
            }
            TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
        }
        System.err.println("weir: waited " + PATIENCE.toSeconds() + " s in vain for " + what);
        return false;
    }

    private Optional<JsonNode> size() throws IOException, InterruptedException {
        HttpRequest asked = adapter.request("/pool/size").build(); // the certificates are there before the address is
        HttpResponse<String> answer = secure().send(asked, BodyHandlers.ofString());
        return answer.statusCode() == 200 ? Optional.of(JSON.readTree(answer.body())) : Optional.empty();
    }

    private Set<String> members(String state) throws IOException, InterruptedException {
        HttpResponse<String> answer = secure().send(adapter.request("/pool").build(), BodyHandlers.ofString());
        Set<String> ids = new HashSet<>();
        for (JsonNode machine : JSON.readTree(answer.body()).path("machines")) {
            if (machine.path("machineState").asText().equals(state)) {
                ids.add(machine.path("id").asText());
            }
        }
        return ids;
    }

    private HttpClient secure() {
        if (secure == null) {
            secure = adapter.client(Role.OPERATOR);
        }
        return secure;
    }

    private List<JsonNode> ledger() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(adapter.cloudUrl() + "/ledger"))
                .timeout(Duration.ofSeconds(5))
                .build();
        List<JsonNode> rows = new ArrayList<>();
        for (String line :
                plain.send(request, BodyHandlers.ofString()).body().lines().toList()) {
            rows.add(JSON.readTree(line));
        }
        return rows;
    }

    private static Optional<Instant> time(JsonNode row, String field) {
        return Optional.ofNullable(row.path(field).textValue()).map(Instant::parse);
    }

    /** Until the cloud accepted its end, or it ended by itself. */
    private static Optional<Instant> end(JsonNode row) {
        Optional<Instant> terminating = time(row, "terminating");
        Optional<Instant> ended = time(row, "ended");
        return terminating.isPresent() && ended.isPresent()
                ? Optional.of(terminating.get().isBefore(ended.get()) ? terminating.get() : ended.get())
                : terminating.or(() -> ended);
    }

    private static Set<String> alive(List<JsonNode> ledger) {
        Set<String> ids = new HashSet<>();
        ledger.stream()
                .filter(row -> end(row).isEmpty() && row.path("pool").asText().equals("default"))
                .forEach(row -> ids.add(row.path("id").asText()));
        return ids;
    }

    private Result judge(int high, double grown, double shrunk, boolean exact)
            throws IOException, InterruptedException {
        List<JsonNode> ledger = ledger();
        List<String> doubles = new ArrayList<>();
        Map<String, List<JsonNode>> byName = new HashMap<>();
        ledger.forEach(row -> byName.computeIfAbsent(row.path("name").asText(), name -> new ArrayList<>())
                .add(row));
        byName.forEach((name, rows) -> {
            if (rows.size() > 1) {
                doubles.add(name + " was launched " + rows.size() + " times");
            }
        });
        int most = mostAtOnce(ledger);
        if (most > high) {
            doubles.add(most + " were alive at once for a highest wish of " + high);
        }
        Set<String> orphans = new HashSet<>(alive(ledger));
        orphans.removeAll(members("RUNNING"));
        Replayed replayed = Replayed.of(Replayed.pools(home.resolve("journal")).getOrDefault("default", List.of()));
        return new Result(grown, shrunk, ledger.size(), doubles, orphans, replayed, exact);
    }

    private static int mostAtOnce(List<JsonNode> ledger) {
        TreeMap<Instant, Integer> changes = new TreeMap<>();
        for (JsonNode row : ledger) {
            changes.merge(time(row, "launched").orElseThrow(), 1, Integer::sum);
            end(row).ifPresent(at -> changes.merge(at, -1, Integer::sum));
        }
        int now = 0;
        int most = 0;
        for (int change : changes.values()) {
            now += change;
            most = Math.max(most, now);
        }
        return most;
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    @Override
    public void close() {
        adapter.close();
    }
}
