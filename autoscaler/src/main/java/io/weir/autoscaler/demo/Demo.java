package io.weir.autoscaler.demo;

import io.weir.api.client.Line;
import io.weir.api.client.Patience;
import io.weir.autoscaler.demo.Happening.Kind;
import io.weir.autoscaler.traffic.Playing;
import io.weir.autoscaler.traffic.Trace;
import io.weir.certs.DevelopmentCerts;
import io.weir.certs.Role;
import io.weir.certs.Tls;
import io.weir.service.ScaledClock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A fleet, a stretch of real traffic, and trouble.
 *
 * <ol>
 *   <li>Cloud, adapter, traffic and autoscaler start as processes of one home; the traffic stands at its first value.
 *   <li>When the pool has the size for that, the traffic plays, and a row is shown now and then.
 *   <li>Meanwhile a machine dies, a zone has no capacity for a while, and the adapter is killed and started again
 *       ({@link Mischief} says when).
 *   <li>When the traffic is over and the pool is quiet, the cloud's ledger is judged.
 * </ol>
 */
public final class Demo implements AutoCloseable {
    private static final String POOL = "default";
    private static final String FULL_ZONE = "zone-b";
    private static final String DIALS = """
            {"boot": {"kind": "uniform", "min": 60, "max": 120}, "end": {"kind": "uniform", "min": 20, "max": 40}}""";
    private static final Duration LOOK = Duration.ofMillis(120);
    private static final Duration FILL = Duration.ofSeconds(60);
    private static final Duration QUIET = Duration.ofSeconds(8);
    private static final Duration IN_FLIGHT = Duration.ofSeconds(2);
    private static final Duration CLOCKS = Duration.ofMillis(250);
    private static final Patience PATIENCE = new Patience(Duration.ofSeconds(1), Duration.ofSeconds(5), 16 << 20);

    /**
     * @param launcher the {@code weir} of this tree
     * @param source the trace as the command line names it
     * @param row how much time lies between two rows of the table
     * @param stay whether the traffic goes on and everything stays when the demo is over
     */
    public record Settings(
            Path launcher, Path home, String source, Trace trace, int timeScale, Duration row, boolean stay) {}

    private final Settings settings;
    private final Workload workload;
    private final Mischief mischief;
    private final ScaledClock clock;
    private final HttpClient http;
    private final Screen screen;
    private final Fleet fleet;

    private final List<Happening> happenings = new ArrayList<>();
    private final List<Span> silences = new ArrayList<>();
    private final Map<Instant, Integer> outOfService = new TreeMap<>();
    private @Nullable Instant silentSince;
    private AdapterDoor.@Nullable Seen seen;

    public Demo(Settings settings, ScaledClock clock, HttpClient http, Screen screen) {
        this.settings = settings;
        this.workload = Workload.of(settings.trace());
        this.mischief = Mischief.where(workload.needed());
        this.clock = clock;
        this.http = http;
        this.screen = screen;
        this.fleet = new Fleet(settings.launcher(), settings.home(), settings.timeScale());
    }

    /** What is known when it is over. */
    public record Outcome(
            LedgerReport report,
            Workload workload,
            Steps wishes,
            List<Happening> happenings,
            URI adapter,
            Duration inFlight) {}

    public Outcome run() throws InterruptedException {
        URI traffic = start(); // 1
        CloudDoor cloud = new CloudDoor(http, fleet.cloud());
        try (Line line =
                new Line(fleet.adapter(), Tls.context(certs().client(Role.OPERATOR), Clock.systemUTC()), PATIENCE)) {
            AdapterDoor adapter = new AdapterDoor(line);
            fill(adapter); // 2
            Playing playing = new Playing(settings.trace(), play(traffic), false);
            screen.begin();
            follow(playing, adapter, cloud); // 3
            return judge(playing, adapter, cloud); // 4
        }
    }

    /** Where everything that runs on can be found. */
    public Map<String, Long> running() {
        return fleet.running();
    }

    /** Nothing is ended when this is closed. */
    public void leave() {
        fleet.leave();
    }

    @Override
    public void close() {
        fleet.close();
    }

    private DevelopmentCerts certs() {
        return new DevelopmentCerts(settings.home().resolve("certs"), List.of());
    }

    private URI start() throws InterruptedException {
        screen.say("starting the simulated cloud, the adapter and the traffic in " + settings.home());
        fleet.startTraffic(trafficWords());
        fleet.startAdapter(0);
        URI traffic = lastWord(fleet.awaitReady("traffic"));
        screen.say("starting the autoscaler: a machine serves "
                + workload.capacity().toPlainString() + " requests a minute and is to be loaded to 80 %");
        fleet.startAutoscaler(
                "--metrics-url",
                traffic.toString(),
                "--capacity",
                workload.target().toPlainString(),
                "--every",
                "30s",
                "--max",
                Integer.toString(2 * Workload.PEAK_MACHINES));
        fleet.awaitReady("adapter");
        new CloudDoor(http, fleet.cloud()).turn(DIALS);
        fleet.awaitReady("autoscaler");
        return traffic;
    }

    private String[] trafficWords() {
        List<String> words = new ArrayList<>(List.of(
                settings.source(),
                "--start",
                settings.trace().start().toString(),
                "--length",
                settings.trace().length().toString(),
                "--hold"));
        if (settings.stay()) {
            words.add("--loop");
        }
        return words.toArray(String[]::new);
    }

    private static URI lastWord(String line) {
        return URI.create(line.substring(line.lastIndexOf(' ') + 1));
    }

    /** Waits until what the first minute needs is there. */
    private void fill(AdapterDoor adapter) throws InterruptedException {
        screen.say("the pool fills up to what the first minute needs: " + workload.needed()[0] + " machines");
        long deadline = System.nanoTime() + FILL.toNanos();
        do {
            look(adapter);
            AdapterDoor.@Nullable Seen now = seen;
            if (now != null && now.running() >= workload.needed()[0]) {
                return;
            }
            fleet.checkAlive();
            pause();
        } while (System.nanoTime() < deadline);
        throw new DemoFailure("the pool did not reach " + workload.needed()[0] + " machines within " + FILL.toSeconds()
                + " s; " + "why is in " + settings.home().resolve("logs"));
    }

    private Instant play(URI traffic) throws InterruptedException {
        try {
            String answer = http.send(
                            HttpRequest.newBuilder(traffic.resolve("/play"))
                                    .POST(BodyPublishers.noBody())
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
            return Instant.parse(answer.strip());
        } catch (IOException silent) {
            throw new DemoFailure("the traffic does not answer: " + silent);
        }
    }

    private void follow(Playing playing, AdapterDoor adapter, CloudDoor cloud) throws InterruptedException {
        Instant begun = playing.begun();
        Instant end = begun.plus(settings.trace().length());
        Script script = new Script(begun);
        script.at(mischief.machineDies(), () -> machineDies(playing, cloud));
        script.at(mischief.zoneFull(), () -> zoneFull(playing, cloud));
        script.at(mischief.zoneFree(), () -> zoneFree(playing, cloud));
        script.at(mischief.adapterDies(), () -> adapterDies(playing));
        Instant nextRow = begun;
        for (Instant now = clock.instant(); now.isBefore(end); now = clock.instant()) {
            script.run(now);
            look(adapter);
            adapterIsBack(playing, now);
            fleet.checkAlive();
            boolean due = !now.isBefore(nextRow);
            if (due) {
                nextRow = nextRow.plus(settings.row());
            }
            show(playing, now, due);
            pause();
        }
    }

    /** What has to be done when. */
    private static final class Script {
        private final Instant begun;
        private final TreeMap<Instant, Step> steps = new TreeMap<>();

        interface Step {
            void take() throws InterruptedException;
        }

        Script(Instant begun) {
            this.begun = begun;
        }

        void at(Duration after, Step step) {
            Instant at = begun.plus(after);
            while (steps.containsKey(at)) {
                at = at.plusMillis(1);
            }
            steps.put(at, step);
        }

        void run(Instant now) throws InterruptedException {
            while (!steps.isEmpty() && !steps.firstKey().isAfter(now)) {
                steps.pollFirstEntry().getValue().take();
            }
        }
    }

    private void machineDies(Playing playing, CloudDoor cloud) throws InterruptedException {
        List<String> killed = cloud.killOne(POOL);
        happened(
                playing,
                Kind.MACHINE,
                killed.isEmpty()
                        ? "a machine should have died, and none was running"
                        : "machine " + String.join(", ", killed) + " dies behind everybody's back");
    }

    private void zoneFull(Playing playing, CloudDoor cloud) throws InterruptedException {
        cloud.turn("{\"capacity\": {\"" + FULL_ZONE + "\": 0}}");
        happened(playing, Kind.ZONE, FULL_ZONE + " runs out of capacity: launches there are refused");
    }

    private void zoneFree(Playing playing, CloudDoor cloud) throws InterruptedException {
        cloud.turn("{\"capacity\": {\"" + FULL_ZONE + "\": null}}");
        happened(playing, Kind.ZONE, FULL_ZONE + " has capacity again");
    }

    private void adapterDies(Playing playing) throws InterruptedException {
        int port = fleet.adapter().getPort();
        fleet.kill("adapter");
        silentSince = clock.instant();
        happened(playing, Kind.ADAPTER, "the adapter is killed with -9, and started again with the same home");
        fleet.startAdapter(port);
    }

    private void adapterIsBack(Playing playing, Instant now) {
        @Nullable Instant since = silentSince;
        if (since != null && fleet.readyLine("adapter").isPresent()) {
            silences.add(new Span(since, now));
            silentSince = null;
            happened(
                    playing,
                    Kind.ADAPTER,
                    "the adapter is back, after " + Duration.between(since, now).toMinutes() + " min ("
                            + clock.real(Duration.between(since, now)).toMillis() / 100 / 10.0 + " s of real time)");
        }
    }

    private void happened(Playing playing, Kind kind, String text) {
        Instant now = clock.instant();
        happenings.add(new Happening(now, kind, text));
        screen.happened(time(playing, now), text);
    }

    private void look(AdapterDoor adapter) {
        if (silentSince == null) {
            adapter.look().ifPresent(found -> {
                seen = found;
                outOfService.put(clock.instant(), found.size().outOfService());
            });
        }
    }

    private void show(Playing playing, Instant now, boolean due) {
        AdapterDoor.@Nullable Seen last = seen;
        if (last == null) {
            return;
        }
        double load = playing.perMinute(now);
        @Nullable String reason = last.size().reason();
        screen.row(
                new LiveTable.Row(
                        time(playing, now),
                        load,
                        workload.needed(load),
                        last.size().desiredSize(),
                        last.running(),
                        last.pending(),
                        silentSince != null
                                ? "(the adapter is dead)"
                                : reason == null ? "" : reason.replaceFirst("^load: ", "")),
                due);
    }

    private static LocalTime time(Playing playing, Instant now) {
        return LocalTime.ofInstant(playing.recorded(now), ZoneOffset.UTC);
    }

    private Outcome judge(Playing playing, AdapterDoor adapter, CloudDoor cloud) throws InterruptedException {
        Span played =
                new Span(playing.begun(), playing.begun().plus(settings.trace().length()));
        if (!settings.stay()) {
            fleet.signal("autoscaler");
        }
        awaitAdapter(playing);
        awaitQuiet(adapter);
        // A machine is a member from before its launch until after its end, so it is in the look before the ledger or
        // in the
        // one after it.
        Set<String> members = new TreeSet<>(members(adapter));
        Instant end = clock.instant();
        List<LedgerRow> ledger = cloud.ledger();
        members.addAll(members(adapter));
        Steps wishes = Steps.of(adapter.wishes());
        LedgerReport report = new LedgerReport(
                ledger,
                new LedgerReport.Asked(
                        POOL,
                        end,
                        played,
                        workload.needed(),
                        wishes,
                        Steps.of(outOfService),
                        silences,
                        clock.scaled(IN_FLIGHT),
                        clock.scaled(CLOCKS),
                        members));
        return new Outcome(report, workload, wishes, List.copyOf(happenings), fleet.adapter(), IN_FLIGHT);
    }

    /** It may still be on its way, on a machine that has much else to do. */
    private void awaitAdapter(Playing playing) throws InterruptedException {
        long deadline = System.nanoTime() + FILL.toNanos();
        while (silentSince != null) {
            if (System.nanoTime() > deadline) {
                throw new DemoFailure("the adapter did not come back; why is in "
                        + settings.home().resolve("logs"));
            }
            adapterIsBack(playing, clock.instant());
            pause();
        }
    }

    private void awaitQuiet(AdapterDoor adapter) throws InterruptedException {
        long deadline = System.nanoTime() + QUIET.toNanos();
        while (System.nanoTime() < deadline) {
            look(adapter);
            AdapterDoor.@Nullable Seen now = seen;
            if (now != null && now.isQuiet()) {
                return;
            }
            pause();
        }
    }

    private Set<String> members(AdapterDoor adapter) throws InterruptedException {
        long deadline = System.nanoTime() + QUIET.toNanos();
        while (System.nanoTime() < deadline) {
            var found = adapter.look();
            if (found.isPresent()) {
                return found.get().members();
            }
            pause();
        }
        throw new DemoFailure("the adapter does not answer any more; why is in "
                + settings.home().resolve("logs"));
    }

    private static void pause() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
    }
}
