package io.weir.autoscaler.demo;

import io.weir.service.run.RunFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The processes of a demo, each started by the launcher as a person would start it, all in one home. What they print is in
 * {@code logs/} there.
 *
 * <ol>
 *   <li>Ending is orderly first (SIGTERM) and forced after ten seconds.
 *   <li>The simulated cloud belongs to the adapter, which starts it and ends it; should it outlive a killed adapter, it is ended
 *       by its process id in {@code run.json}.
 * </ol>
 */
final class Fleet implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration END = Duration.ofSeconds(10);
    private static final int TAIL = 12;

    private final Path launcher;
    private final Path home;
    private final String timeScale;
    private final RunFile run;
    private final Map<String, Process> processes = new LinkedHashMap<>();
    private boolean closed;

    Fleet(Path launcher, Path home, int timeScale) {
        this.launcher = launcher;
        this.home = home;
        this.timeScale = Integer.toString(timeScale);
        this.run = new RunFile(home);
    }

    /** @param port 0 for any free one */
    void startAdapter(int port) {
        start("adapter", "adapter", "simulated", "--port", Integer.toString(port));
    }

    void startTraffic(String... arguments) {
        List<String> all = new ArrayList<>(List.of("traffic"));
        all.addAll(List.of(arguments));
        start("traffic", all.toArray(String[]::new));
    }

    void startAutoscaler(String... arguments) {
        List<String> all = new ArrayList<>(List.of("autoscaler"));
        all.addAll(List.of(arguments));
        start("autoscaler", all.toArray(String[]::new));
    }

    private synchronized void start(String name, String... words) {
        if (closed) {
            throw new DemoFailure("the demo was ended");
        }
        List<String> command = new ArrayList<>();
        command.add(launcher.toString());
        command.addAll(List.of(words));
        command.addAll(List.of("--home", home.toString(), "--time-scale", timeScale));
        try {
            Files.createDirectories(logs());
            Files.deleteIfExists(out(name));
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment()
                    .put("WEIR_BUILT", "yes"); // an edited source must not be built in the middle of a demo
            Process process = builder.redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(out(name).toFile())
                    .redirectError(ProcessBuilder.Redirect.appendTo(log(name).toFile()))
                    .start();
            processes.put(name, process);
        } catch (IOException failed) {
            throw new UncheckedIOException("the " + name + " cannot be started", failed);
        }
    }

    private Path logs() {
        return home.resolve("logs");
    }

    private Path out(String name) {
        return logs().resolve(name + ".out");
    }

    private Path log(String name) {
        return logs().resolve(name + ".log");
    }

    /** The line that a process prints when it is ready, once it has. */
    Optional<String> readyLine(String name) {
        try {
            String said = Files.readString(out(name), StandardCharsets.UTF_8);
            int end = said.indexOf('\n');
            if (end >= 0) {
                return Optional.of(said.substring(0, end));
            }
        } catch (IOException notYet) {
            // It has not begun to print.
        }
        checkAlive(name);
        return Optional.empty();
    }

    String awaitReady(String name) throws InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<String> line = readyLine(name);
            if (line.isPresent()) {
                return line.get();
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        throw new DemoFailure("the " + name + " is not ready after " + START.toSeconds() + " s" + tail(name));
    }

    private synchronized void checkAlive(String name) {
        @Nullable Process process = processes.get(name);
        if (process != null && !process.isAlive()) {
            throw new DemoFailure("the " + name + " ended with " + process.exitValue() + tail(name));
        }
    }

    /** All that have to live do. */
    void checkAlive() {
        List.of("adapter", "traffic", "autoscaler").forEach(this::checkAlive);
    }

    private String tail(String name) {
        try {
            List<String> lines = Files.readAllLines(log(name));
            return "; the end of " + log(name) + ":\n"
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
        } catch (IOException none) {
            return "";
        }
    }

    URI adapter() {
        return URI.create(entry("adapter").url());
    }

    URI cloud() {
        return URI.create(entry("cloud").url());
    }

    private RunFile.Entry entry(String who) {
        return run.read(who)
                .orElseThrow(() -> new DemoFailure("run.json of " + home + " does not say where the " + who + " is"));
    }

    /** kill -9. */
    synchronized void kill(String name) throws InterruptedException {
        @Nullable Process process = processes.get(name);
        if (process != null) {
            process.destroyForcibly();
            process.waitFor();
        }
    }

    /** SIGTERM, without waiting for what comes of it. */
    synchronized void signal(String name) {
        @Nullable Process process = processes.get(name);
        if (process != null) {
            process.destroy();
        }
    }

    private void end(String... names) {
        List<ProcessHandle> ending = new ArrayList<>();
        for (String name : names) {
            @Nullable Process process = processes.remove(name);
            if (process != null && process.isAlive()) {
                process.destroy();
                ending.add(process.toHandle());
            }
        }
        await(ending);
    }

    private static void await(List<ProcessHandle> ending) {
        long deadline = System.nanoTime() + END.toNanos();
        for (ProcessHandle handle : ending) {
            try {
                handle.onExit().get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (InterruptedException stop) {
                handle.destroyForcibly();
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException slow) {
                handle.destroyForcibly();
            }
        }
    }

    /** The process ids of all that run, by what they are. */
    synchronized Map<String, Long> running() {
        Map<String, Long> running = new LinkedHashMap<>();
        run.read("cloud").filter(RunFile.Entry::isAlive).ifPresent(cloud -> running.put("cloud", cloud.pid()));
        processes.forEach((name, process) -> {
            if (process.isAlive()) {
                running.put(name, process.pid());
            }
        });
        return running;
    }

    @Override
    public synchronized void close() {
        closed = true;
        end("autoscaler", "adapter", "traffic");
        run.read("cloud")
                .filter(RunFile.Entry::isAlive)
                .flatMap(cloud -> ProcessHandle.of(cloud.pid()))
                .ifPresent(cloud -> {
                    cloud.destroy();
                    await(List.of(cloud));
                });
    }

    /** Lets everything run on after the demo. */
    synchronized void leave() {
        closed = true;
        processes.clear();
    }
}
