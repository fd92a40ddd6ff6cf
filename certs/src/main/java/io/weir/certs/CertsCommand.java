package io.weir.certs;

import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code weir certs}: the fleet's certificate authority on the command line.
 *
 * <p>A command that was called wrongly exits with 2 and names the option; one that could not do its work exits with 1 and
 * says why and what to do.
 */
@Command(
        name = "certs",
        mixinStandardHelpOptions = true,
        versionProvider = JarVersion.class,
        description = "The certificate authority of the fleet: who may talk to whom, and as what.",
        footer = {
            "",
            "A first run, from nothing to an operator who can call a server:",
            "  weir certs init",
            "  weir certs issue server --san adapter.example.com,10.0.0.7",
            "  weir certs issue client --role operator --name anna",
            "  weir certs inspect"
        })
public final class CertsCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private CertsCommand() {}

    /** The command with all below it, ready to stand alone or to be hung below a root. */
    public static CommandLine commandLine(InstantSource clock) {
        CommandLine issue = new CommandLine(new IssueCommand())
                .addSubcommand(new CommandLine(new IssueServerCommand(clock)))
                .addSubcommand(new CommandLine(new IssueClientCommand(clock)));
        return new CommandLine(new CertsCommand())
                .addSubcommand(new CommandLine(new InitCommand(clock)))
                .addSubcommand(issue)
                .addSubcommand(new CommandLine(new InspectCommand(clock)));
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say what to do: init, issue or inspect");
    }

    /** Runs a command, and says its problem as a person reads it, whatever root it hangs below. */
    static int told(CommandSpec spec, Supplier<Integer> work) {
        try {
            return work.get();
        } catch (CertsProblem problem) {
            spec.commandLine().getErr().println(problem.getMessage());
            return ExitCode.SOFTWARE;
        }
    }
}
