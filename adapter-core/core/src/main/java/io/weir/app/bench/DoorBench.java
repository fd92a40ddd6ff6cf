package io.weir.app.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.certs.FleetCa;
import io.weir.certs.Issued;
import io.weir.certs.Role;
import io.weir.service.run.RunFile;
import io.weir.service.run.RunFile.Entry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The measurements of {@code weir bench door}, each with adapters of its own. Each wait has a bound, and fails with what it waited for. */
final class DoorBench {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** Two calls each time stay below what one identity may make. */
    private static final Duration LOOK = Duration.ofMillis(50);
    /** No turn is under way, and none follows of itself soon. */
    private static final Duration QUIET = Duration.ofMillis(300);

    private static final double NANO = 1e-9;

    private final Scratch scratch;
    private final Figures figures;
    private final Consumer<String> progress;

    DoorBench(Scratch scratch, Figures figures, Consumer<String> progress) {
        this.scratch = scratch;
        this.figures = figures;
        this.progress = progress;
    }

    /** Starts in new homes and again in the same ones; one more before them fills the machine's caches and is not counted. */
    void starts(int count, Duration rest) throws IOException, InterruptedException {
        List<Started> fresh = new ArrayList<>();
        List<Started> again = new ArrayList<>();
        List<Double> memory = new ArrayList<>();
        for (int i = 0; i <= count; i++) {
            progress.accept(i == 0 ? "a start that is not counted" : "start " + i + " of " + count);
            Path home = scratch.home("start");
            Started first = started(home, Duration.ZERO);
            if (i > 0) {
                fresh.add(first);
                Started second = started(home, i == count ? rest : Duration.ZERO);
                again.add(second);
                second.memory().ifPresent(memory::add);
            }
        }
        figures.row(
                "start → first 200, new home",
                Figures::time,
                fresh.stream().map(Started::seconds).toList());
        figures.row(
                "  CPU until then",
                Figures::time,
                fresh.stream().map(Started::cpu).toList());
        figures.row(
                "start → first 200, known home",
                Figures::time,
                again.stream().map(Started::seconds).toList());
        figures.row(
                "  CPU until then",
                Figures::time,
                again.stream().map(Started::cpu).toList());
        memory(memory, "resident memory, one empty pool");
    }

    private record Started(double seconds, double cpu, Optional<Double> memory) {}

    private Started started(Path home, Duration rest) throws IOException, InterruptedException {
        long began = System.nanoTime();
        try (AdapterBeside adapter = scratch.start(home, AdapterBeside::new)) {
            adapter.ready();
            HttpRequest size = adapter.request("/pool/size").build();
            int status = adapter.client(Role.VIEWER)
                    .send(size, BodyHandlers.discarding())
                    .statusCode();
            double seconds = since(began);
            double cpu = cpu(adapter);
            if (status != 200) {
                throw new IOException("GET /pool/size was answered with " + status);
            }
            if (rest.isZero()) {
                return new Started(seconds, cpu, Optional.empty());
            }
            progress.accept("it rests for " + rest.toSeconds() + " s");
            TimeUnit.MILLISECONDS.sleep(rest.toMillis());
            return new Started(seconds, cpu, memory(adapter));
        }
    }

    /** One pool that grows machine by machine while its calls are timed, then at once, and is read by several clients. */
    void requests(int posts, int machines, int clients, Duration time) throws IOException, InterruptedException {
        int max = Math.max(posts, machines);
        Path home = home("requests", 1, max, 0);
        try (CloudBehindRelay cloud = scratch.start(home, CloudBehindRelay::new);
                AdapterBeside adapter = scratch.start(home, DoorBench::configured)) {
            adapter.ready();
            HttpClient operator = adapter.client(Role.OPERATOR);
            posts(posts, cloud.relay(), adapter, operator);
            progress.accept("a pool grows to " + machines);
            send(operator, post(adapter, "default", machines), "POST size " + machines);
            awaitRunning(operator, adapter, "default", machines);
            reads(clients, machines, time, adapter, operator);
        }
    }

    private void posts(int count, Relay relay, AdapterBeside adapter, HttpClient operator)
            throws IOException, InterruptedException {
        List<Double> answered = new ArrayList<>();
        List<Double> called = new ArrayList<>();
        List<Double> launched = new ArrayList<>();
        awaitRunning(operator, adapter, "default", 0);
        for (int size = 1; size <= count; size++) {
            if (size == 1 || size % 10 == 0) {
                progress.accept("POST size " + size + " of " + count);
            }
            await("the pool to be quiet", () -> System.nanoTime() - relay.last() > QUIET.toNanos());
            relay.forget();
            HttpRequest request = post(adapter, "default", size);
            long began = System.nanoTime();
            send(operator, request, "POST size " + size);
            answered.add(since(began));
            await("a launch to reach the cloud", () -> relay.first(began, "POST /launches")
                    .isPresent());
            called.add((relay.first(began, "").orElseThrow().nanos() - began) * NANO);
            launched.add((relay.first(began, "POST /launches").orElseThrow().nanos() - began) * NANO);
            awaitRunning(operator, adapter, "default", size);
        }
        figures.row("POST size → 200, durable", Figures::time, answered);
        figures.row("POST size → first cloud call", Figures::time, called);
        figures.row("POST size → launch call", Figures::time, launched);
    }

    private void reads(int clients, int machines, Duration time, AdapterBeside adapter, HttpClient operator)
            throws IOException, InterruptedException {
        HttpRequest request = adapter.request("/pool").build();
        int bytes = operator.send(request, BodyHandlers.ofByteArray()).body().length;
        List<HttpClient> readers = readers(clients, adapter);
        AtomicInteger refused = new AtomicInteger();
        progress.accept(clients + " clients read it for " + time.toSeconds() + " s");
        read(readers, request, time.dividedBy(3), refused);
        refused.set(0);
        double before = cpu(adapter);
        long began = System.nanoTime();
        List<Double> times = read(readers, request, time, refused);
        double seconds = since(began);
        double cpu = cpu(adapter) - before;
        String what = String.format(
                Locale.ROOT, "GET /pool, %,d machines, %d kB, %d clients", machines, bytes / 1000, clients);
        figures.row(what, Figures::time, times);
        figures.row("  answers a second, all together", Figures::number, times.size() / seconds);
        figures.row("  CPU of the adapter for each", Figures::time, cpu / times.size());
        if (refused.get() > 0) {
            figures.row("  refused by the limit of an identity", Figures::number, refused.get());
        }
    }

    private List<HttpClient> readers(int clients, AdapterBeside adapter) throws IOException {
        Path certs = adapter.home().resolve("certs");
        FleetCa authority = FleetCa.load(certs, Clock.systemUTC());
        List<HttpClient> readers = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            Issued issued = authority.issueClient(Role.VIEWER, "bench-" + i);
            Path certificate = Files.writeString(certs.resolve("bench-" + i + ".pem"), issued.certificatePem());
            readers.add(adapter.client(
                    certificate, Files.writeString(certs.resolve("bench-" + i + ".key"), issued.keyPem())));
        }
        return readers;
    }

    /** Each asks again as soon as it was answered; a refused one waits a little. */
    private static List<Double> read(
            List<HttpClient> readers, HttpRequest request, Duration time, AtomicInteger refused)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        List<Double> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Double>>> running = readers.stream()
                    .map(reader -> threads.submit(() -> {
                        List<Double> mine = new ArrayList<>();
                        while (System.nanoTime() < end) {
                            long began = System.nanoTime();
                            int status = reader.send(request, BodyHandlers.ofByteArray())
                                    .statusCode();
                            if (status == 200) {
                                mine.add(since(began));
                            } else if (status == 429) {
                                refused.incrementAndGet();
                                TimeUnit.MILLISECONDS.sleep(20);
                            } else {
                                throw new IOException("GET /pool was answered with " + status);
                            }
                        }
                        return mine;
                    }))
                    .toList();
            for (Future<List<Double>> one : running) {
                all.addAll(one.get());
            }
        } catch (ExecutionException failed) {
            throw new IOException("a client failed", failed.getCause());
        }
        return all;
    }

    /** What an adapter holds when all of its pools are full and nothing happens. */
    void manyPools(int pools, int machines, Duration rest) throws IOException, InterruptedException {
        progress.accept(pools + " pools grow to " + machines + " machines each");
        Path home = home("pools", pools, machines, machines);
        try (AdapterBeside adapter = scratch.start(home, DoorBench::configured)) {
            adapter.ready();
            HttpClient operator = adapter.client(Role.OPERATOR);
            for (String pool : names(pools)) {
                awaitRunning(operator, adapter, pool, machines);
            }
            progress.accept("they rest for " + rest.toSeconds() + " s");
            double before = cpu(adapter);
            TimeUnit.MILLISECONDS.sleep(rest.toMillis());
            String full = String.format(Locale.ROOT, "%d pools of %,d machines", pools, machines);
            memory(memory(adapter).stream().toList(), "resident memory, " + full);
            figures.row("  CPU for each second of rest", Figures::time, (cpu(adapter) - before) / rest.toSeconds());
        }
    }

    private void memory(List<Double> figuresOfIt, String what) {
        if (!figuresOfIt.isEmpty()) {
            figures.row(what, Figures::megabytes, figuresOfIt.getFirst());
        }
    }

    // ---- adapters ----

    private static AdapterBeside configured(Path home) throws IOException {
        return new AdapterBeside(home, "--config", home.resolve("adapter.yaml").toString(), "--management-port", "0");
    }

    /** A home with a configuration: as the embedded default, but that a busy pool looks more often, so that repetitions take less time. */
    private Path home(String name, int pools, int max, int size) throws IOException {
        Path home = scratch.home(name);
        String yaml = "watch: {interval: 10s, busy: 200ms}\npools:\n"
                + names(pools).stream()
                        .map(pool -> "  " + pool + ": {min: 0, max: " + max + ", size: " + size + "}\n")
                        .collect(Collectors.joining());
        Files.writeString(home.resolve("adapter.yaml"), yaml);
        return home;
    }

    private static List<String> names(int pools) {
        return IntStream.range(0, pools)
                .mapToObj(i -> i == 0 ? "default" : "pool-" + i)
                .toList();
    }

    /** A simulated cloud whose machines boot at once, and that an adapter of this home reaches through a relay. */
    private static final class CloudBehindRelay implements AutoCloseable {
        private final Process process;
        private final Relay relay;

        CloudBehindRelay(Path home) throws IOException {
            Path own = Files.createDirectory(home.resolve("relayed"));
            process = AdapterBeside.again(List.of("cloud", "simulated", "--home", own.toString()))
                    .redirectOutput(own.resolve("cloud.log").toFile())
                    .redirectErrorStream(true)
                    .start();
            try {
                RunFile run = new RunFile(own);
                await("the cloud to answer", () -> run.read("cloud").isPresent());
                Entry entry = run.read("cloud").orElseThrow();
                turn(URI.create(entry.url()), "{\"boot\": {\"kind\": \"fixed\", \"value\": 0.01}}");
                relay = new Relay(URI.create(entry.url()));
                new RunFile(home)
                        .write("cloud", entry.pid(), Map.of("url", relay.url().toString()));
            } catch (InterruptedException stop) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", stop);
            }
        }

        private static void turn(URI cloud, String dials) throws IOException, InterruptedException {
            HttpRequest request = HttpRequest.newBuilder(cloud.resolve("/dials"))
                    .method("PATCH", BodyPublishers.ofString(dials, UTF_8))
                    .header("Content-Type", "application/json")
                    .timeout(Duration.ofSeconds(5))
                    .build();
            HttpResponse<String> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException("the cloud's dials do not turn: " + answer.body());
            }
        }

        Relay relay() {
            return relay;
        }

        @Override
        public void close() throws IOException {
            relay.close();
            process.destroyForcibly();
        }
    }

    // ---- calls ----

    private static HttpRequest post(AdapterBeside adapter, String pool, int size) {
        return adapter.request("/pools/" + pool + "/pool/size")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"desiredSize\":" + size + "}"))
                .build();
    }

    private static JsonNode send(HttpClient client, HttpRequest request, String what)
            throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = client.send(request, BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException(
                    what + " was answered with " + answer.statusCode() + ": " + new String(answer.body(), UTF_8));
        }
        return JSON.readTree(answer.body());
    }

    /** Until the pool's machines all run: its loop has nothing left to do. */
    private static void awaitRunning(HttpClient client, AdapterBeside adapter, String pool, int machines)
            throws IOException, InterruptedException {
        HttpRequest size = adapter.request("/pools/" + pool + "/pool/size").build();
        HttpRequest all = adapter.request("/pools/" + pool + "/pool").build();
        await("pool " + pool + " to run " + machines, () -> {
            if (send(client, size, "GET size").path("active").asInt(-1) != machines) {
                return false;
            }
            int running = 0;
            for (JsonNode machine : send(client, all, "GET /pool").path("machines")) {
                running += machine.path("machineState").asText().equals("RUNNING") ? 1 : 0;
            }
            return running == machines;
        });
    }

    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private static void await(String what, Condition condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new IOException("waited " + PATIENCE.toSeconds() + " s in vain for " + what);
            }
            TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
        }
    }

    // ---- what the system says ----

    private static double since(long nanos) {
        return (System.nanoTime() - nanos) * NANO;
    }

    private static double cpu(AdapterBeside adapter) {
        return adapter.handle()
                .info()
                .totalCpuDuration()
                .map(time -> time.toNanos() * NANO)
                .orElse(Double.NaN);
    }

    /** Empty where the system does not tell. */
    private static Optional<Double> memory(AdapterBeside adapter) throws IOException {
        Path status = Path.of("/proc", String.valueOf(adapter.handle().pid()), "status");
        if (!Files.exists(status)) {
            return Optional.empty();
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .map(line -> Double.parseDouble(line.replaceAll("\\D", "")) * 1024)
                .findFirst();
    }
}
