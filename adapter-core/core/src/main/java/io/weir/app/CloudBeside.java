package io.weir.app;

import io.weir.service.run.RunFile;
import io.weir.service.run.RunFile.Entry;
import io.weir.service.server.StartProblem;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The simulated cloud as a process beside the adapter, in a session of its own, so that it outlives the adapter as a real cloud
 * would. One that lives already is used; one that dies is started again and goes on from its ledger.
 */
final class CloudBeside implements Companion {
    private static final Logger LOG = LoggerFactory.getLogger(CloudBeside.class);
    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration WATCH = Duration.ofMillis(500);
    private static final String CLOUD = "cloud";

    private final Path home;
    private final int port;
    private final double timeScale;
    private final RunFile run;
    private final HttpClient http;
    private volatile URI url = URI.create("http://127.0.0.1:1");
    private volatile boolean stopped;

    CloudBeside(Path home, int port, double timeScale, HttpClient http) {
        this.home = home;
        this.port = port;
        this.timeScale = timeScale;
        this.run = new RunFile(home);
        this.http = http;
    }

    /** Where the cloud answers now. */
    URI url() {
        return url;
    }

    /** Finds a living cloud of this home, or starts one. */
    @Override
    public void start() throws InterruptedException {
        Optional<Entry> living = living();
        url = URI.create((living.isPresent() ? living.get() : launch()).url());
    }

    @Override
    public void watch() {
        while (!stopped) {
            try {
                TimeUnit.MILLISECONDS.sleep(WATCH.toMillis());
                Optional<Entry> alive = run.read(CLOUD).filter(Entry::isAlive);
                if (alive.isPresent()) {
                    url = URI.create(alive.get().url()); // somebody else may have started it again
                } else if (!stopped) {
                    LOG.warn("the simulated cloud is gone: it is started again");
                    url = URI.create(launch().url());
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                return;
            } catch (StartProblem again) {
                LOG.warn("the simulated cloud does not start: {}", again.getMessage());
            }
        }
    }

    /** Ends the cloud of this home. */
    @Override
    public void stop() {
        stopped = true;
        run.read(CLOUD)
                .filter(Entry::isAlive)
                .flatMap(entry -> ProcessHandle.of(entry.pid()))
                .ifPresent(cloud -> {
                    cloud.destroy();
                    try {
                        cloud.onExit().get(4, TimeUnit.SECONDS);
                    } catch (Exception slow) {
                        cloud.destroyForcibly();
                    }
                });
    }

    private Optional<Entry> living() {
        return run.read(CLOUD).filter(Entry::isAlive).filter(this::answers);
    }

    private boolean answers(Entry entry) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(entry.url() + "/health"))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException | IllegalArgumentException gone) {
            return false;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Entry launch() throws InterruptedException {
        Path log = home.resolve(CLOUD).resolve("cloud.log");
        Process process;
        try {
            Files.createDirectories(home.resolve(CLOUD));
            process = new ProcessBuilder(command())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            process.getOutputStream().close();
        } catch (IOException failed) {
            throw new StartProblem("--home", "the simulated cloud cannot be started: " + failed.getMessage());
        }
        long deadline = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<Entry> found = living();
            if (found.isPresent()) {
                return found.get();
            }
            if (!process.isAlive() && process.exitValue() != 0) {
                throw new StartProblem("--cloud-port", "the simulated cloud ended at once; why is in " + log);
            }
            TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
        }
        process.destroyForcibly();
        throw new StartProblem(
                "--home", "the simulated cloud did not answer within " + START.toSeconds() + " s; see " + log);
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        if (onPath("setsid")) {
            command.add("setsid"); // signals of a terminal reach the adapter, which ends the cloud itself
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> !argument.startsWith("-agentlib") && !argument.startsWith("-javaagent"))
                .map(argument -> argument.replace("weir-adapter-", "weir-cloud-"))
                .forEach(command::add);
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Weir.class.getName()));
        command.addAll(List.of("cloud", "simulated", "--home", home.toString(), "--port", String.valueOf(port)));
        command.addAll(List.of("--time-scale", String.valueOf(timeScale)));
        return command;
    }

    private static boolean onPath(String program) {
        return java.util.Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
