package io.weir.app;

import io.weir.service.ScaledClock;
import io.weir.service.log.LogFormat;
import io.weir.service.log.LogLevel;
import io.weir.service.log.Logs;
import io.weir.service.run.RunFile;
import io.weir.simulated.CloudHome;
import io.weir.simulated.DialsDesk;
import io.weir.simulated.LedgerFile;
import io.weir.simulated.SimulatedCloud;
import io.weir.simulated.http.CloudServer;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code weir cloud ...}. */
@Command(
        name = "cloud",
        mixinStandardHelpOptions = true,
        description = "Runs a cloud that is none.",
        subcommands = CloudCommand.Simulated.class)
final class CloudCommand implements Callable<Integer> {
    private static final String WHO = "cloud";

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say which cloud: simulated");
    }

    /**
     * The simulated cloud as a process.
     *
     * <ol>
     *   <li>One lives in a home; a second one ends at once and says so.
     *   <li>It goes on from its ledger, with the dials as they were left. Without a port it takes the one it had, if that is free:
     *       whoever knew the cloud finds it again.
     *   <li>It enters itself in {@code run.json}, prints one line when it answers, and runs until it is stopped. If the ledger
     *       cannot be written it ends: an answer is a promise.
     * </ol>
     */
    @Command(
            name = "simulated",
            mixinStandardHelpOptions = true,
            description =
                    "Runs the simulated cloud: a process that keeps its machines on disk, with dials for every fault.")
    static final class Simulated implements Callable<Integer> {
        private static final Logger LOG = LoggerFactory.getLogger(CloudCommand.class);

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Option(
                names = "--home",
                paramLabel = "DIR",
                description = "Where it keeps its ledger (default: .weir beside the launcher).")
        private Path home = Home.standard();

        @Option(names = "--port", paramLabel = "N", description = "The port on 127.0.0.1; 0 (default): a free one.")
        private int port;

        @Option(
                names = "--time-scale",
                paramLabel = "N",
                description = "How much faster than the real one its clock runs, 1 to 300 (default: ${DEFAULT-VALUE}).",
                defaultValue = "1")
        private double timeScale = 1;

        @Option(
                names = "--seed",
                paramLabel = "N",
                description = "What decides its luck; only for a new cloud (default: ${DEFAULT-VALUE}).",
                defaultValue = "1")
        private long seed = 1;

        @Option(
                names = "--log-format",
                paramLabel = "WORD",
                description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
                defaultValue = "text")
        private LogFormat logFormat = LogFormat.TEXT;

        @Override
        public Integer call() throws IOException, InterruptedException {
            Logs.configure(logFormat, LogLevel.INFO);
            RunFile runFile = new RunFile(home);
            try (CloudHome cloudHome = CloudHome.open(home)) {
                run(cloudHome, runFile);
                return 0;
            } catch (CloudHome.Taken taken) {
                String where =
                        runFile.read(WHO).map(entry -> " at " + entry.url()).orElse("");
                throw new ParameterException(spec.commandLine(), taken.getMessage() + where, taken);
            }
        }

        private void run(CloudHome cloudHome, RunFile runFile) throws IOException, InterruptedException {
            ScaledClock clock = clock();
            LedgerFile ledger = cloudHome.ledger();
            DialsDesk.Setting setting = cloudHome.setting(seed);
            SimulatedCloud cloud = new SimulatedCloud(clock, setting.seed(), setting.dials(), ledger, ledger.history());
            DialsDesk desk = new DialsDesk(cloud, setting.seed(), cloudHome::keep);
            CountDownLatch end = new CountDownLatch(1);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                    CloudServer server = start(cloud, desk, clock, threads, runFile)) {
                URI url = server.url();
                long pid = ProcessHandle.current().pid();
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    runFile.remove(WHO, pid);
                    end.countDown();
                }));
                runFile.write(WHO, pid, Map.of("url", url.toString()));
                LOG.info(
                        "the simulated cloud of {} answers at {}; {} changes in its ledger",
                        home,
                        url,
                        ledger.history().size());
                System.out.println("simulated cloud ready at " + url + "  (curl " + url + "/)");
                System.out.flush();
                end.await();
            }
        }

        private ScaledClock clock() {
            try {
                return ScaledClock.of(home, timeScale);
            } catch (IllegalArgumentException wrong) {
                throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
            }
        }

        private CloudServer start(
                SimulatedCloud cloud, DialsDesk desk, ScaledClock clock, ExecutorService threads, RunFile runFile)
                throws IOException {
            Runnable giveUp = () -> Runtime.getRuntime().halt(70);
            OptionalInt before = port != 0
                    ? OptionalInt.empty()
                    : runFile.read(WHO).map(Simulated::portOf).orElse(OptionalInt.empty());
            if (before.isPresent()) {
                try {
                    return CloudServer.start(cloud, desk, clock, before.getAsInt(), threads, giveUp);
                } catch (BindException taken) {
                    LOG.info("port {} is taken, another one is used", before.getAsInt());
                }
            }
            try {
                return CloudServer.start(cloud, desk, clock, port, threads, giveUp);
            } catch (BindException taken) {
                throw new ParameterException(spec.commandLine(), "--port: " + port + " is taken", taken);
            }
        }

        private static OptionalInt portOf(RunFile.Entry entry) {
            try {
                int port = URI.create(entry.url()).getPort();
                return port > 0 ? OptionalInt.of(port) : OptionalInt.empty();
            } catch (IllegalArgumentException noUrl) {
                return OptionalInt.empty();
            }
        }
    }
}
