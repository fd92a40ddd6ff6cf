package io.weir.autoscaler.app;

import io.weir.autoscaler.demo.Demo;
import io.weir.autoscaler.demo.DemoFailure;
import io.weir.autoscaler.demo.Happening;
import io.weir.autoscaler.demo.LiveTable;
import io.weir.autoscaler.demo.Plot;
import io.weir.autoscaler.demo.ReportPage;
import io.weir.autoscaler.demo.Screen;
import io.weir.autoscaler.demo.Summary;
import io.weir.autoscaler.traffic.Trace;
import io.weir.autoscaler.traffic.TraceProblem;
import io.weir.autoscaler.traffic.Traces;
import io.weir.service.ScaledClock;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code weir demo}: the whole fleet on a day of real traffic. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Plays a day of real web traffic to an autoscaler, an adapter and a simulated cloud, in about five minutes.",
            "On the way a machine dies, a zone runs out of capacity and the adapter is killed with -9. The end is a report",
            "from the cloud's own ledger."
        },
        footer = {"", "Exit codes: 0 no double launch and no orphan, 1 some, 2 wrongly called, 3 it could not be run."})
public final class DemoCommand implements Callable<Integer> {
    private static final int DIRTY = 1;
    private static final int FAILED = 3;
    private static final int FULL_SCALE = 288;
    private static final int MOST_MACHINES = 42;
    private static final int WIDTH = 120;
    private static final int LEAST_WIDTH = 70;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--fast", description = "Only the two busiest hours, in half a minute.")
    private boolean fast;

    @Option(names = "--stay", description = "Leave everything running at the end, with the traffic beginning anew.")
    private boolean stay;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "Where everything is kept; a new folder (default: a temporary one).")
    private @Nullable Path home;

    @Option(
            names = "--trace",
            paramLabel = "NAME",
            defaultValue = "worldcup98",
            description =
                    "The traffic: worldcup98, nasa95, or a CSV file of a day or less (default: ${DEFAULT-VALUE}).")
    private String source = "worldcup98";

    @Override
    public Integer call() throws InterruptedException {
        PrintStream out = System.out;
        try {
            Trace trace = trace();
            Path folder = folder();
            int scale = fast ? ScaledClock.FASTEST : FULL_SCALE;
            boolean terminal = isTerminal();
            boolean blocks = out.charset().newEncoder().canEncode("█▒─→÷");
            var screen = new Screen(out, terminal, new LiveTable(MOST_MACHINES, width(terminal), terminal, blocks));
            var settings = new Demo.Settings(
                    root().resolve("weir"),
                    folder,
                    source,
                    trace,
                    scale,
                    fast ? Duration.ofMinutes(4) : Duration.ofMinutes(15),
                    stay);
            screen.say("weir demo: " + trace.name() + " from " + trace.start() + " to " + trace.end() + ", " + scale
                    + " times as fast as it was");
            HttpClient http = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();
            try (var demo = new Demo(settings, ScaledClock.of(folder, scale), http, screen)) {
                Thread interrupted = new Thread(demo::close, "end");
                Runtime.getRuntime().addShutdownHook(interrupted);
                Demo.Outcome outcome = demo.run();
                tell(out, folder, trace, scale, outcome);
                if (stay) {
                    out.println("Everything runs on. It is ended by: kill "
                            + String.join(
                                    " ",
                                    demo.running().values().stream()
                                            .map(String::valueOf)
                                            .toList()));
                    demo.leave();
                }
                return outcome.report().isClean() ? 0 : DIRTY;
            }
        } catch (DemoFailure failure) {
            spec.commandLine().getErr().println("weir demo: " + failure.getMessage());
            return FAILED;
        } catch (IOException | UncheckedIOException failure) {
            spec.commandLine().getErr().println("weir demo: " + failure.getMessage());
            return FAILED;
        }
    }

    private Trace trace() {
        try {
            Trace trace = Traces.open(source);
            trace = fast ? trace.busiest(Duration.ofHours(2)) : trace.part(trace.start(), Duration.ofDays(1));
            if (trace.length().compareTo(Duration.ofMinutes(30)) < 0) {
                throw new ParameterException(
                        spec.commandLine(), "--trace: half an hour at least, and this one is " + trace.length());
            }
            return trace;
        } catch (TraceProblem problem) {
            throw new ParameterException(spec.commandLine(), "--trace: " + problem.getMessage(), problem);
        }
    }

    private Path folder() throws IOException {
        if (home == null) {
            return Files.createTempDirectory("weir-demo-").toAbsolutePath();
        }
        Path folder = home.toAbsolutePath().normalize();
        if (Files.exists(folder.resolve("time.json"))) {
            throw new ParameterException(
                    spec.commandLine(), "--home " + folder + " is the home of an adapter already; name a new folder");
        }
        return Files.createDirectories(folder);
    }

    private Path root() {
        @Nullable String root = System.getProperty("weir.root");
        if (root == null) {
            throw new ParameterException(spec.commandLine(), "start the demo with the launcher: ./weir demo");
        }
        return Path.of(root);
    }

    /** Later JDKs hand out a console also without a terminal, and say so by a method that 21 does not have. */
    private static boolean isTerminal() {
        @Nullable Console console = System.console();
        if (console == null || System.getenv("NO_COLOR") != null || "dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        try {
            return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
        } catch (NoSuchMethodException of21) {
            return true;
        } catch (ReflectiveOperationException unknown) {
            return false;
        }
    }

    /** A row that moves must not be wider than the terminal; elsewhere a line may be as long as it reads well. */
    private static int width(boolean terminal) {
        if (terminal) {
            try {
                Process stty = new ProcessBuilder("stty", "size")
                        .redirectInput(ProcessBuilder.Redirect.INHERIT)
                        .start();
                String[] size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                        .strip()
                        .split(" ");
                if (size.length == 2) {
                    return Math.max(LEAST_WIDTH, Integer.parseInt(size[1]));
                }
            } catch (IOException | NumberFormatException unknown) {
                // The usual width will do.
            }
        }
        return WIDTH;
    }

    private void tell(PrintStream out, Path folder, Trace trace, int scale, Demo.Outcome outcome) throws IOException {
        List<Summary.Line> summary = Summary.of(outcome.report());
        List<String> commands = commands(folder, scale, outcome);
        Path page = folder.resolve("report.html");
        Files.writeString(page, page(trace, scale, outcome, summary, commands));
        out.println();
        out.println("What the cloud's ledger says:");
        summary.forEach(line -> out.printf("  %-16s %s%n", line.name(), line.text()));
        out.println();
        out.println("Report: " + page);
        out.println("To try:");
        commands.forEach(line -> out.println("  " + line));
        out.flush();
    }

    private List<String> commands(Path folder, int scale, Demo.Outcome outcome) {
        List<String> lines = new ArrayList<>();
        String certs = folder.resolve("certs").toString();
        String curl = "curl --cacert " + certs + "/ca.pem --cert " + certs + "/operator.pem --key " + certs
                + "/operator.key ";
        String url = outcome.adapter().toString();
        if (!stay) {
            lines.add("./weir adapter simulated --home " + folder + " --port "
                    + outcome.adapter().getPort() + " --time-scale " + scale
                    + "   # goes on where the demo ended; then, beside it:");
        }
        lines.add(curl + url + "/pool/size");
        lines.add(curl + "--json '{\"desiredSize\": 12, \"reason\": \"to see it move\"}' " + url + "/pool/size");
        lines.add(curl + "'" + url + "/events?kind=size.set'");
        lines.add("./weir pool --help");
        return lines;
    }

    private static String page(
            Trace trace, int scale, Demo.Outcome outcome, List<Summary.Line> summary, List<String> commands) {
        Instant begun = outcome.report().span().from();
        Duration toRecorded = Duration.between(begun, trace.start());
        List<ReportPage.Row> rows = new ArrayList<>();
        for (Happening happening : outcome.happenings()) {
            rows.add(new ReportPage.Row(
                    happening.at().plus(toRecorded).toString().substring(11, 16), happening.text()));
        }
        return ReportPage.of(
                "Weir: " + trace.name() + ", " + trace.start() + " to " + trace.end(),
                "Real traffic, " + scale + " times as fast as it was; a machine serves "
                        + outcome.workload().capacity().toPlainString()
                        + " requests a minute and is to be loaded to 80 %. Times are the recording's.",
                Plot.of(
                        outcome.report(),
                        outcome.workload().load(),
                        outcome.wishes(),
                        outcome.happenings(),
                        trace.start()),
                summary,
                rows,
                commands,
                List.of(
                        "Everything but the wishes comes from the simulated cloud's own ledger. A machine is alive from its launch until"
                                + " its end is accepted or comes by itself; it works from running until then; every minute alive is"
                                + " paid.",
                        "Double launches: two machines of one name alive together, or a launch above the highest wish in force plus"
                                + " the machines out of service. In force are the wishes of the last "
                                + outcome.inFlight().toSeconds()
                                + " s of real time, for a call may be on its way so long; after the adapter was killed, those back to"
                                + " its death. An orphan is alive at the end with our mark and no member.",
                        "The ideal knows the whole day before it begins and has machines that boot in "
                                + outcome.report().bootMinutes()
                                + " minutes: it is never short and could not be cheaper. The autoscaler knows nothing but the present,"
                                + " looks every 30 s, and was not told of the trouble."));
    }
}
