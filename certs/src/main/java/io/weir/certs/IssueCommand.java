package io.weir.certs;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "issue",
        mixinStandardHelpOptions = true,
        versionProvider = JarVersion.class,
        description = "Issues a certificate with a new key, for a server or for a client.")
final class IssueCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say for whom: server or client");
    }
}
