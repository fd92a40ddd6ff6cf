package io.weir.app;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code weir adapter}: one sub-command for each cloud. */
@Command(name = "adapter", mixinStandardHelpOptions = true, description = "Serves the pools of one cloud.")
final class AdapterCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    /** @param cloud its name is the sub-command's */
    static CommandLine with(String cloud, Object command) {
        return new CommandLine(new AdapterCommand()).addSubcommand(cloud, command);
    }

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(),
                "say which cloud: " + String.join(", ", spec.subcommands().keySet()));
    }
}
