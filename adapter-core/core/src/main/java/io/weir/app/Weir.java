package io.weir.app;

import io.weir.app.bench.BenchCommand;
import io.weir.app.pool.PoolCommand;
import io.weir.certs.CertsCommand;
import io.weir.cloud.Cloud;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The adapter's side of {@code weir} on the command line. */
@Command(
        name = "weir",
        mixinStandardHelpOptions = true,
        description = "Keeps pools of machines at their level on any cloud.")
public final class Weir implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    public static void main(String[] arguments) {
        // Guice's way of making classes that needs nothing which the JDK is about to take away.
        System.setProperty("guice_custom_class_loading", "CHILD");
        System.exit(commands().execute(arguments));
    }

    static CommandLine commands() {
        return new CommandLine(new Weir())
                .addSubcommand(CertsCommand.commandLine(Clock.systemUTC()))
                .addSubcommand(PoolCommand.commandLine())
                .addSubcommand(AdapterCommand.with("simulated", new SimulatedAdapter()))
                .addSubcommand(new CheckCommand("simulated", Simulated::around))
                .addSubcommand(new CloudCommand())
                .addSubcommand(new ReplayCommand())
                .addSubcommand(new BenchCommand())
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    /** The main of a cloud's module: {@code weir adapter} and {@code weir check} of that cloud. Does not come back. */
    public static void serve(Cloud cloud, String[] arguments) {
        System.setProperty("guice_custom_class_loading", "CHILD");
        System.exit(commands(cloud).execute(arguments));
    }

    static CommandLine commands(Cloud cloud) {
        return new CommandLine(new Weir())
                .addSubcommand(AdapterCommand.with(cloud.name(), new CloudAdapter(cloud)))
                .addSubcommand(new CheckCommand(cloud.name(), home -> cloud))
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say what to do");
    }
}
