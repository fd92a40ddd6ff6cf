package io.weir.app.bench;

import io.weir.app.bench.Exercise.Result;
import io.weir.app.bench.Exercise.Victim;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weir bench exercises}: pools of real processes go up and down while one of them is killed with -9. */
@Command(
        name = "exercises",
        mixinStandardHelpOptions = true,
        description = {
            "Sends a pool of real processes from 0 up and down again, with one kill -9 at a random moment, of the adapter,",
            "the cloud or both in turn, and judges each exercise by the cloud's own ledger.",
            "Exit code 1 if anything was launched twice, left over or not exact in the end."
        })
final class ExercisesCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--count", paramLabel = "N", defaultValue = "20", description = "Default: ${DEFAULT-VALUE}.")
    private int count;

    @Option(names = "--high", paramLabel = "N", defaultValue = "50", description = "Default: ${DEFAULT-VALUE}.")
    private int high;

    @Option(names = "--low", paramLabel = "N", defaultValue = "10", description = "Default: ${DEFAULT-VALUE}.")
    private int low;

    @Option(
            names = "--time-scale",
            paramLabel = "N",
            defaultValue = "60",
            description = "How much faster than real time the clocks run (default: ${DEFAULT-VALUE}).")
    private double timeScale;

    @Option(
            names = "--within",
            paramLabel = "SECONDS",
            defaultValue = "8",
            description =
                    "The kill comes at a random moment within so many seconds of the first wish, sooner more often (default: ${DEFAULT-VALUE}).")
    private int within;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Random random = new Random(seed);
        out.printf("%d exercises of 0 → %d → %d at time scale %s, seed %d%n", count, high, low, timeScale, seed);
        out.printf(
                "%3s  %-8s %8s %8s %8s %9s %8s %8s %9s  %s%n",
                "", "killed", "after", "up", "down", "launched", "doubles", "orphans", "replayed", "exact");
        int bad = 0;
        for (int i = 0; i < count; i++) {
            Victim victim = Victim.values()[i % Victim.values().length];
            double moment = Math.pow(random.nextDouble(), 3); // a pool grows much faster than it may shrink
            Duration after = Duration.ofMillis((long) (moment * within * 1000));
            Result result = perform(victim, after);
            out.printf(
                    Locale.ROOT,
                    "%3d  %-8s %6.2f s %6.1f s %6.1f s %9d %8d %8d %9d  %s%n",
                    i + 1,
                    victim.name().toLowerCase(Locale.ROOT),
                    after.toMillis() / 1000.0,
                    result.grown(),
                    result.shrunk(),
                    result.launched(),
                    result.doubles().size(),
                    result.orphans().size(),
                    result.replayed().plans(),
                    result.exact() ? "yes" : "NO");
            result.doubles().forEach(text -> out.println("     double: " + text));
            result.orphans().forEach(id -> out.println("     orphan: " + id));
            result.replayed().fault().ifPresent(fault -> out.println("     not replayed: " + fault));
            out.flush();
            bad += result.isClean() ? 0 : 1;
        }
        out.println(bad == 0 ? "all " + count + " are clean" : bad + " of " + count + " are NOT clean");
        out.flush();
        return bad == 0 ? 0 : 1;
    }

    private Result perform(Victim victim, Duration after) throws IOException, InterruptedException {
        Path home = Files.createTempDirectory("weir-exercise");
        Result result;
        try (Exercise exercise = new Exercise(home, timeScale)) {
            result = exercise.perform(high, low, victim, after);
        }
        if (result.isClean()) {
            Scratch.delete(home);
        } else {
            spec.commandLine().getErr().println("weir: what is left of it is in " + home);
        }
        return result;
    }
}
