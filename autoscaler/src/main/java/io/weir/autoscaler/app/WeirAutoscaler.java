package io.weir.autoscaler.app;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The autoscaler's side of {@code weir} on the command line. */
@Command(
        name = "weir",
        mixinStandardHelpOptions = true,
        description = "Keeps machine pools at the size that their load needs.")
public final class WeirAutoscaler implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        CommandLine root = new CommandLine(new WeirAutoscaler());
        commands().forEach(root::addSubcommand);
        return root;
    }

    /** The commands of this program; each is annotated with its name. */
    private static List<Object> commands() {
        return List.of(new AutoscalerCommand(), new TrafficCommand(), new DemoCommand());
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say what to do");
    }
}
