package io.weir.certs;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        versionProvider = JarVersion.class,
        description = {
            "Makes a new authority: ca.pem, which everybody may read and trusts, and ca.key, which nobody else may.",
            "An authority that exists is never replaced."
        })
final class InitCommand implements Callable<Integer> {
    private static final int MAX_YEARS = 30;
    private static final int MAX_NAME = 64;

    private final InstantSource clock;

    @Mixin
    private final AuthorityOption authority = new AuthorityOption();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "Weir fleet CA",
            description = "The authority's name, shown in every certificate (default: ${DEFAULT-VALUE}).")
    private String name = "";

    @Option(
            names = "--years",
            paramLabel = "N",
            defaultValue = "10",
            description = "How long it lives (default: ${DEFAULT-VALUE}).")
    private int years;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    InitCommand(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() {
        return CertsCommand.told(spec, this::init);
    }

    private int init() {
        if (years < 1 || years > MAX_YEARS) {
            throw new ParameterException(spec.commandLine(), "--years is " + years + ": give 1 to " + MAX_YEARS);
        }
        if (name.isBlank() || name.length() > MAX_NAME) {
            throw new ParameterException(spec.commandLine(), "--name needs 1 to " + MAX_NAME + " characters");
        }
        FleetCa made = FleetCa.create(authority.directory, name, Duration.ofDays(365L * years), clock);
        var out = spec.commandLine().getOut();
        out.println(authority.directory.resolve(FleetCa.CERTIFICATE) + "  the authority, until "
                + Dates.day(made.certificate().getNotAfter()) + ": give it to every server and client");
        out.println(authority.directory.resolve(FleetCa.KEY) + "  its key: keep it to yourself");
        return 0;
    }
}
