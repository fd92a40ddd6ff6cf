package io.weir.app;

import com.google.inject.Guice;
import com.google.inject.ProvisionException;
import io.weir.certs.CertsProblem;
import io.weir.certs.DevelopmentCerts;
import io.weir.http.Documents;
import io.weir.service.ScaledClock;
import io.weir.service.config.ConfigProblems;
import io.weir.service.log.LogFormat;
import io.weir.service.log.LogLevel;
import io.weir.service.log.Logs;
import io.weir.service.run.RunFile;
import io.weir.service.server.StartProblem;
import io.weir.simulated.HttpSimulatedApi;
import io.weir.simulated.SimulatedDriver;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code weir adapter}: one sub-command for each cloud. */
@Command(
        name = "adapter",
        mixinStandardHelpOptions = true,
        description = "Serves the pools of one cloud.",
        subcommands = AdapterCommand.Simulated.class)
final class AdapterCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say which cloud: simulated");
    }

    /** The embedded default: certificates, store and cloud of its own, all below one home. */
    @Command(
            name = "simulated",
            mixinStandardHelpOptions = true,
            description = {
                "Serves the pools of a simulated cloud, which is a process of its own beside it.",
                "Everything it makes is in its home. The same command again goes on where it was."
            })
    static final class Simulated implements Callable<Integer> {
        private static final Logger LOG = LoggerFactory.getLogger(AdapterCommand.class);

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Option(
                names = "--home",
                paramLabel = "DIR",
                description = "Where its certificates, store and ledger are (default: .weir beside the launcher).")
        private Path home = Home.standard();

        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "A YAML file with pools and settings; without one there is one pool, default.")
        private @Nullable Path config;

        @Option(
                names = "--port",
                paramLabel = "N",
                description = "The HTTPS port; 0 for any free one (default: the configuration's, else 8443).")
        private @Nullable Integer port;

        @Option(
                names = "--management-port",
                paramLabel = "N",
                description =
                        "The port for health and metrics, without certificates (default: with a configuration 8444 or what"
                                + " it says, else a free one).")
        private @Nullable Integer managementPort;

        @Option(
                names = "--cloud-port",
                paramLabel = "N",
                defaultValue = "0",
                description = "The port of the simulated cloud, if it has to be started (default: a free one).")
        private int cloudPort;

        @Option(
                names = "--time-scale",
                paramLabel = "N",
                description =
                        "How much faster than real time all clocks of this home run, 1 to 300 (default: as the home was"
                                + " made, else 1).")
        private double timeScale;

        @Option(
                names = "--reset-from-file",
                description = "Apply the configuration's pool documents again, over what was changed through the API.")
        private boolean resetFromFile;

        @Option(
                names = "--log-format",
                paramLabel = "FORMAT",
                defaultValue = "text",
                description = "How log lines are written: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
        private LogFormat logFormat = LogFormat.TEXT;

        @Option(
                names = "--log-level",
                paramLabel = "LEVEL",
                defaultValue = "info",
                description = "How much is logged: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
        private LogLevel logLevel = LogLevel.INFO;

        @Override
        public Integer call() throws InterruptedException {
            Logs.configure(logFormat, logLevel);
            try {
                return serve();
            } catch (ProvisionException wrapped) {
                return failed(wrapped.getCause() == null ? wrapped : wrapped.getCause());
            } catch (StartProblem | CertsProblem | ConfigProblems | IllegalArgumentException | IOException problem) {
                return failed(problem);
            }
        }

        private int failed(Throwable problem) {
            spec.commandLine().getErr().println("weir: " + problem.getMessage());
            return 1;
        }

        private int serve() throws IOException, InterruptedException {
            home = home.toAbsolutePath().normalize();
            Files.createDirectories(home);
            ScaledClock clock = ScaledClock.of(home, Home.scale(home, timeScale));
            Documents documents = Documents.ofSimulated();
            AdapterConfig read = (config == null ? AdapterConfig.embedded() : AdapterConfig.read(config, documents))
                    .withPorts(Optional.ofNullable(port), Optional.ofNullable(managementPort));
            DevelopmentCerts certs = DevelopmentCerts.ensure(home.resolve("certs"), Clock.systemUTC());
            HttpClient http = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(2))
                    .build();
            CloudBeside cloud = new CloudBeside(home, cloudPort, clock.scale(), http);
            SimulatedDriver driver = new SimulatedDriver(
                    new HttpSimulatedApi(http, cloud::url, Duration.ofSeconds(8)),
                    "local",
                    clock,
                    SimulatedDriver.PROMISES);
            RunningAdapter adapter = Guice.createInjector(new AdapterModule(
                            read.settings(home, read.tls().orElse(certs.server()), clock.scale(), resetFromFile),
                            clock,
                            driver,
                            documents))
                    .getInstance(RunningAdapter.class);
            cloud.start();
            CountDownLatch ended = new CountDownLatch(1);
            Runnable end = () -> {
                adapter.stop();
                cloud.stop();
                new RunFile(home).remove("adapter", ProcessHandle.current().pid());
                ended.countDown();
            };
            try {
                adapter.start();
            } catch (RuntimeException problem) {
                end.run();
                throw problem;
            }
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(end));
            Thread.ofVirtual().name("cloud-watch").start(cloud::watch);
            tell(adapter);
            ended.await();
            return 0;
        }

        private void tell(RunningAdapter adapter) {
            String url = adapter.url().toString();
            new RunFile(home)
                    .write(
                            "adapter",
                            ProcessHandle.current().pid(),
                            Map.of(
                                    "url",
                                    url,
                                    "managementUrl",
                                    adapter.managementUrl().toString()));
            LOG.info("health and metrics are at {}, the home is {}", adapter.managementUrl(), home);
            Path certs = home.resolve("certs");
            PrintWriter out = spec.commandLine().getOut();
            out.println(url + " is ready; try: curl --cacert " + Home.quoted(certs.resolve("ca.pem")) + " --cert "
                    + Home.quoted(certs.resolve("operator.pem")) + " --key "
                    + Home.quoted(certs.resolve("operator.key")) + " "
                    + url + "/pool");
            out.flush();
        }
    }
}
