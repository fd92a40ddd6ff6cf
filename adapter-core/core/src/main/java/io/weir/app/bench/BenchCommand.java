package io.weir.app.bench;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code weir bench}: measures and tries Weir on this machine. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures and tries Weir on this machine.",
        subcommands = {ExercisesCommand.class, DoorCommand.class, PlannerCommand.class})
public final class BenchCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say what to measure");
    }
}
