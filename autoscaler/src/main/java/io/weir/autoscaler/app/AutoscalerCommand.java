package io.weir.autoscaler.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.autoscaler.loop.Rhythm;
import io.weir.certs.CertsProblem;
import io.weir.certs.DevelopmentCerts;
import io.weir.certs.Role;
import io.weir.certs.TlsSettings;
import io.weir.service.ScaledClock;
import io.weir.service.config.ConfigFile;
import io.weir.service.config.ConfigProblems;
import io.weir.service.database.DatabaseProblem;
import io.weir.service.json.Durations;
import io.weir.service.json.Fields;
import io.weir.service.json.Problems;
import io.weir.service.log.LogFormat;
import io.weir.service.log.LogLevel;
import io.weir.service.log.Logs;
import io.weir.service.run.RunFile;
import io.weir.service.server.StartProblem;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Runs the autoscaler until it is told to end. Standard output is the ready line alone. */
@Command(
        name = "autoscaler",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Keeps pools at the size that their load needs.",
            "",
            "With --config it does what the file says. Without, it keeps one pool of the adapter that runs in the home"
                    + " (weir adapter simulated), by a metric that it scrapes from --metrics-url."
        })
public final class AutoscalerCommand implements Callable<Integer> {
    static final String SERIES = "weir_traffic_requests_per_minute";
    private static final int FAILED = 1;
    private static final String OURS = "autoscaler";

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--config", paramLabel = "FILE", description = "What to do, as YAML.")
    private @Nullable Path config;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description =
                    "Where certificates, store and run.json are (default without --config: .weir beside the launcher).")
    private @Nullable Path home;

    @Option(
            names = "--metrics-url",
            paramLabel = "URL",
            description = "Where to scrape the load, in Prometheus' text format; may be given several times.")
    private List<URI> metricsUrls = List.of();

    @Option(
            names = "--metric",
            paramLabel = "SERIES",
            defaultValue = SERIES,
            description =
                    "Which series, also with labels, as in name{label=\"value\"} (default: ${DEFAULT-VALUE}); several are summed up.")
    private String series = SERIES;

    @Option(
            names = "--rate",
            paramLabel = "TIME",
            converter = Time.class,
            description = "The series is a counter: take its growth per second over this long.")
    private @Nullable Duration rate;

    @Option(
            names = "--capacity",
            paramLabel = "N",
            defaultValue = "100",
            description = "How much of it one machine carries (default: ${DEFAULT-VALUE}).")
    private BigDecimal capacity = BigDecimal.valueOf(100);

    @Option(
            names = "--pool",
            paramLabel = "NAME",
            defaultValue = "default",
            description = "The pool (default: ${DEFAULT-VALUE}).")
    private String pool = "default";

    @Option(
            names = "--min",
            paramLabel = "N",
            defaultValue = "1",
            description = "Never fewer machines (default: ${DEFAULT-VALUE}).")
    private int min = 1;

    @Option(
            names = "--max",
            paramLabel = "N",
            defaultValue = "100",
            description = "Never more machines (default: ${DEFAULT-VALUE}).")
    private int max = 100;

    @Option(
            names = "--every",
            paramLabel = "TIME",
            converter = Time.class,
            description = "From one look to the next (default: 15s).")
    private Duration every = Rhythm.EVERY;

    @Option(
            names = "--stabilization",
            paramLabel = "TIME",
            converter = Time.class,
            description = "Shrink only to the highest need of this long (default: 5m).")
    private Duration stabilization = Duration.ofMinutes(5);

    @Option(
            names = "--cool-down",
            paramLabel = "TIME",
            converter = Time.class,
            description = "Shrink this long after the last change at the earliest (default: 1m).")
    private Duration coolDown = Duration.ofMinutes(1);

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "HTTPS port (default: what the file says, else a free one).")
    private int port = -1;

    @Option(
            names = "--management-port",
            paramLabel = "N",
            description = "Plain port for health and metrics (default: what the file says, else a free one).")
    private int managementPort = -1;

    @Option(
            names = "--time-scale",
            paramLabel = "N",
            description =
                    "How much faster than the real one the home's clock runs, 1 to 300 (default: as the home runs, else 1).")
    private @Nullable Double timeScale;

    @Option(
            names = "--log-format",
            paramLabel = "text|json",
            defaultValue = "text",
            converter = Format.class,
            description = "default: text")
    private LogFormat logFormat = LogFormat.TEXT;

    @Option(names = "--verbose", description = "Log more.")
    private boolean verbose;

    @Override
    public Integer call() throws InterruptedException {
        Logs.configure(logFormat, verbose ? LogLevel.DEBUG : LogLevel.INFO);
        try {
            Path folder = home();
            Autoscaler autoscaler = start(folder);
            ready(autoscaler, folder);
            new CountDownLatch(1).await();
            return 0;
        } catch (ConfigProblems | StartProblem | DatabaseProblem | CertsProblem | IllegalArgumentException e) {
            return failed(String.valueOf(e.getMessage()));
        } catch (UncheckedIOException e) {
            return failed(
                    e.getMessage() + ": " + Objects.requireNonNull(e.getCause()).getMessage());
        }
    }

    private int failed(String why) {
        spec.commandLine().getErr().println("weir autoscaler: " + why);
        return FAILED;
    }

    /** Null where a configuration says everything. */
    private @Nullable Path home() {
        if (home != null || config != null) {
            return home;
        }
        return Path.of(System.getProperty("weir.root", "."), ".weir");
    }

    private Autoscaler start(@Nullable Path folder) {
        if (config == null && metricsUrls.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "say where the load is with --metrics-url, or what to do with --config");
        }
        if (folder == null) {
            if (timeScale != null && timeScale != 1) {
                throw new ParameterException(
                        spec.commandLine(), "--time-scale needs --home, whose processes share one clock");
            }
            Path file = Objects.requireNonNull(config);
            return Autoscaler.start(
                    fromFile(file, null, false).withPorts(port, managementPort), ScaledClock.real(), null);
        }
        create(folder);
        DevelopmentCerts certs = DevelopmentCerts.ensure(folder.resolve("certs"), Clock.systemUTC());
        ScaledClock clock = ScaledClock.of(folder, timeScale == null ? scaleOf(folder) : timeScale);
        boolean scaled = clock.scale() != 1;
        AutoscalerConfig told = config == null ? embedded(folder, certs, scaled) : fromFile(config, folder, scaled);
        var run = new RunFile(folder);
        Autoscaler autoscaler = Autoscaler.start(told.withPorts(port, managementPort), clock, run);
        long pid = ProcessHandle.current().pid();
        run.write(
                OURS,
                pid,
                Map.of(
                        "url", autoscaler.url().toString(),
                        "managementUrl", autoscaler.managementUrl().toString()));
        return autoscaler;
    }

    private static void create(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("the home " + folder + " cannot be made", e);
        }
    }

    /** The scale that the home's clock has already, or 1. */
    private static double scaleOf(Path folder) {
        try {
            return new ObjectMapper()
                    .readTree(Files.readAllBytes(folder.resolve("time.json")))
                    .path("timeScale")
                    .asDouble(1);
        } catch (NoSuchFileException none) {
            return 1;
        } catch (IOException e) {
            throw new UncheckedIOException("the home's time.json cannot be read", e);
        }
    }

    private AutoscalerConfig fromFile(Path file, @Nullable Path folder, boolean scaled) {
        DevelopmentCerts certs =
                folder == null ? null : DevelopmentCerts.ensure(folder.resolve("certs"), Clock.systemUTC());
        Path beside = Objects.requireNonNull(file.toAbsolutePath().getParent());
        var around = new Surroundings(beside, certs, folder == null ? null : store(folder), scaled);
        return ConfigFile.read(file, new ConfigReader(around)::read);
    }

    private static Path store(Path folder) {
        return folder.resolve("autoscaler.db");
    }

    private AutoscalerConfig embedded(Path folder, DevelopmentCerts certs, boolean scaled) {
        JsonNode document = new EmbeddedDefault(
                        metricsUrls, series, rate, capacity, min, max, every, stabilization, coolDown, pool)
                .document();
        var problems = new Problems();
        AutoscalerConfig told = Fields.read(
                document, problems, new ConfigReader(new Surroundings(folder, certs, store(folder), scaled))::read);
        if (problems.any() || told == null) {
            throw new ConfigProblems("the options do not fit together:\n" + problems.lines());
        }
        return told;
    }

    private void ready(Autoscaler autoscaler, @Nullable Path folder) {
        long pid = ProcessHandle.current().pid();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            if (folder != null) {
                                new RunFile(folder).remove(OURS, pid);
                            }
                            autoscaler.close();
                        },
                        "stop"));
        PrintWriter out = spec.commandLine().getOut();
        out.println("weir autoscaler is ready at " + autoscaler.url() + "  try: curl " + identity(folder)
                + autoscaler.url() + "/targets");
        out.flush();
    }

    private static String identity(@Nullable Path folder) {
        if (folder == null) {
            return "--cacert CA.pem --cert YOURS.pem --key YOURS.key ";
        }
        TlsSettings viewer = new DevelopmentCerts(
                        folder.resolve("certs").toAbsolutePath().normalize(), List.of())
                .client(Role.VIEWER);
        return "--cacert " + quoted(viewer.trust()) + " --cert " + quoted(viewer.certificate()) + " --key "
                + quoted(viewer.key()) + " ";
    }

    private static String quoted(Path path) {
        String text = path.toString();
        return text.matches("[\\w./+:@,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    static final class Time implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            Duration duration = Durations.parse(text);
            if (duration == null) {
                throw new TypeConversionException("\"" + text + "\" is no time such as 30s, 5m or 2h");
            }
            return duration;
        }
    }

    static final class Format implements ITypeConverter<LogFormat> {
        @Override
        public LogFormat convert(String text) {
            for (LogFormat format : LogFormat.values()) {
                if (format.name().equalsIgnoreCase(text)) {
                    return format;
                }
            }
            throw new TypeConversionException("say text or json, not \"" + text + "\"");
        }
    }
}
