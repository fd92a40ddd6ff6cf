package io.weir.app.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code weir bench door}: what a caller of the adapter waits for, and what an adapter costs. */
@Command(
        name = "door",
        mixinStandardHelpOptions = true,
        description = {
            "Measures an adapter from outside: a real process, mutual TLS, and a",
            "simulated cloud that is a process too. Prints figures and asserts none.",
            "With the defaults it takes three to five minutes on two idle cores, which",
            "clients, adapter and cloud share. What it starts and writes is taken away",
            "again, also on Ctrl-C."
        },
        footer = {
            "",
            "POST size: the pool is exact and quiet before each. The turn lists, then it",
            "launches; both calls are timed when their first byte reaches the cloud's end",
            "of the wire.",
            "GET /pool: each client has a connection and a certificate of its own, because",
            "one identity may make 50 requests a second (200 in a burst), and asks again as",
            "soon as it was answered.",
            "Start: from the command to the first 200, the launcher included. CPU is the",
            "adapter's own, user and system."
        })
final class DoorCommand implements Callable<Integer> {
    private static final int MOST = 10_000;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--starts",
            paramLabel = "N",
            defaultValue = "5",
            description = "How often it starts in a new home, and again there (default: ${DEFAULT-VALUE}).")
    private int starts;

    @Option(
            names = "--posts",
            paramLabel = "N",
            defaultValue = "50",
            description = "How many sizes are posted and timed (default: ${DEFAULT-VALUE}).")
    private int posts;

    @Option(
            names = "--clients",
            paramLabel = "N",
            defaultValue = "8",
            description = "Who ask GET /pool at once (default: ${DEFAULT-VALUE}).")
    private int clients;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "15",
            description = "How long they ask, after a third of that to warm up (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--machines",
            paramLabel = "N",
            defaultValue = "1000",
            description = "In each pool (default: ${DEFAULT-VALUE}).")
    private int machines;

    @Option(
            names = "--pools",
            paramLabel = "N",
            defaultValue = "10",
            description = "For the memory of many pools (default: ${DEFAULT-VALUE}).")
    private int pools;

    @Option(
            names = "--rest",
            paramLabel = "SECONDS",
            defaultValue = "20",
            description = "How long an adapter rests before its memory is read (default: ${DEFAULT-VALUE}).")
    private int rest;

    @Override
    public Integer call() throws InterruptedException {
        check("--starts", starts, 100);
        check("--posts", posts, MOST);
        check("--clients", clients, 200);
        check("--seconds", seconds, 600);
        check("--machines", machines, MOST);
        check("--pools", pools, 100);
        check("--rest", rest, 600);
        PrintWriter out = spec.commandLine().getOut();
        Figures figures = new Figures();
        boolean whole;
        try (Scratch scratch = new Scratch()) {
            whole = measure(scratch, figures, spec.commandLine().getErr());
        } catch (IOException failed) {
            throw new ParameterException(spec.commandLine(), "there is no room for it: " + failed.getMessage(), failed);
        }
        out.println(figures.table());
        out.println(figures.machine());
        out.flush();
        return whole ? 0 : 1;
    }

    private boolean measure(Scratch scratch, Figures figures, PrintWriter err) throws InterruptedException {
        DoorBench bench = new DoorBench(scratch, figures, text -> {
            err.println("weir: " + text);
            err.flush();
        });
        try {
            bench.starts(starts, Duration.ofSeconds(rest));
            bench.requests(posts, machines, clients, Duration.ofSeconds(seconds));
            bench.manyPools(pools, machines, Duration.ofSeconds(rest));
            return true;
        } catch (IOException | IllegalStateException failed) {
            if (!scratch.isClosed()) {
                err.println("weir: it was not measured to its end: " + failed.getMessage());
            }
            return false;
        }
    }

    private void check(String option, int value, int most) {
        if (value < 1 || value > most) {
            throw new ParameterException(spec.commandLine(), option + " must be from 1 to " + most + ", not " + value);
        }
    }
}
