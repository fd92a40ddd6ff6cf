package io.weir.autoscaler.app;

import io.weir.autoscaler.traffic.Trace;
import io.weir.autoscaler.traffic.TraceProblem;
import io.weir.autoscaler.traffic.Traces;
import io.weir.autoscaler.traffic.TrafficEndpoint;
import io.weir.service.ScaledClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir traffic}: plays a trace until it is ended. */
@Command(
        name = "traffic",
        mixinStandardHelpOptions = true,
        description = "Plays a recorded trace of load as a Prometheus text endpoint on loopback.",
        footer = {
            "",
            "Traces that come with Weir, a day each: worldcup98, nasa95. A file holds the header",
            "\"timestamp,value\" and one row for each step, without a gap.",
            "",
            "The endpoint shows the gauge weir_traffic_requests_per_minute (which is gone when the trace is over) and the",
            "counter weir_traffic_requests_total.",
            "",
            "A day of 1998 in five minutes:",
            "  weir traffic worldcup98 --time-scale 288 --port 9099 &",
            "  curl http://127.0.0.1:9099/metrics"
        })
public final class TrafficCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "TRACE", description = "A trace that comes with Weir, or a CSV file.")
    private String source = "";

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "0",
            description = "The port on loopback; 0 is any free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--time-scale",
            paramLabel = "N",
            defaultValue = "1",
            description = "How much faster than real time it plays, from 1 to 300 (default: ${DEFAULT-VALUE}).")
    private double timeScale = 1;

    @Option(
            names = "--start",
            paramLabel = "TIME",
            description = "The moment of the recording to begin with, as 1998-05-21T15:00:00Z (default: its first).")
    private @Nullable String start;

    @Option(
            names = "--length",
            paramLabel = "TIME",
            description = "How much of the recording to play, as PT2H (default: all of it).")
    private @Nullable String length;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "A home whose clock to share with the other processes that run on it.")
    private @Nullable Path home;

    @Option(names = "--loop", description = "Begin anew after the end.")
    private boolean loop;

    @Option(names = "--hold", description = "Stand at the first value until POST /play.")
    private boolean held;

    @Override
    public Integer call() throws InterruptedException {
        Trace trace = part();
        InstantSource clock = clock();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                TrafficEndpoint endpoint = TrafficEndpoint.start(trace, loop, held, port, clock, threads)) {
            spec.commandLine()
                    .getOut()
                    .println("traffic " + trace.name() + " from " + trace.start() + " to " + trace.end() + " at "
                            + endpoint.url());
            spec.commandLine().getOut().flush();
            Thread.currentThread().join();
            return 0;
        } catch (IOException taken) {
            throw new ParameterException(
                    spec.commandLine(), "--port " + port + " cannot be used: " + taken.getMessage(), taken);
        }
    }

    private Trace part() {
        try {
            Trace trace = Traces.open(source);
            Instant from = start == null ? trace.start() : Instant.parse(start);
            if (from.isBefore(trace.start()) || !from.isBefore(trace.end())) {
                throw problem(
                        "--start: the trace " + trace.name() + " goes from " + trace.start() + " to " + trace.end());
            }
            Duration most = length == null ? trace.length() : Duration.parse(length);
            if (most.isNegative() || most.isZero()) {
                throw problem("--length must be longer than nothing");
            }
            return trace.part(from, most);
        } catch (TraceProblem unreadable) {
            throw problem(String.valueOf(unreadable.getMessage()));
        } catch (DateTimeException noTime) {
            throw problem("--start is a time like 1998-05-21T15:00:00Z, --length one like PT2H");
        }
    }

    private InstantSource clock() {
        if (home == null && timeScale >= 1 && timeScale <= ScaledClock.FASTEST) {
            Instant origin = Instant.now();
            long begun = System.nanoTime();
            return () -> origin.plusNanos((long) ((System.nanoTime() - begun) * timeScale));
        }
        if (home == null) {
            throw problem("--time-scale must be from 1 to " + ScaledClock.FASTEST + ", not " + timeScale);
        }
        try {
            return ScaledClock.of(home, timeScale);
        } catch (IllegalArgumentException wrong) {
            throw problem(String.valueOf(wrong.getMessage()));
        }
    }

    private ParameterException problem(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
