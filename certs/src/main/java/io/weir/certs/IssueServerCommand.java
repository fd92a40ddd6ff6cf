package io.weir.certs;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "server",
        mixinStandardHelpOptions = true,
        versionProvider = JarVersion.class,
        description = "Issues a server's certificate: NAME.pem and NAME.key.")
final class IssueServerCommand implements Callable<Integer> {
    private final InstantSource clock;

    @Mixin
    private final AuthorityOption authority = new AuthorityOption();

    @Mixin
    private final LeafOptions leaf = new LeafOptions();

    @Option(
            names = "--san",
            paramLabel = "NAME",
            required = true,
            split = ",",
            description =
                    "Every host name and IP address by which clients call the server; repeat it, or separate by commas.")
    private List<String> names = List.of();

    @Option(names = "--name", paramLabel = "NAME", description = "The files' name (default: the first --san).")
    private @Nullable String name;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    IssueServerCommand(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() {
        return CertsCommand.told(spec, this::issue);
    }

    private int issue() {
        List<ServerName> parsed = parsed();
        Duration life = leaf.life(spec.commandLine());
        String owner = owner(parsed.getFirst());
        Path certificate = leaf.file(authority, owner, ".pem");
        Path key = leaf.file(authority, owner, ".key");
        leaf.refuseTaken(spec.commandLine(), owner, List.of(certificate, key));
        Issued issued = FleetCa.load(authority.directory, clock)
                .issueServer(parsed.stream().map(ServerName::text).toList(), life);
        leaf.write(certificate, key, issued);
        var out = spec.commandLine().getOut();
        out.println(certificate + "  server, until "
                + Dates.minute(issued.certificate().getNotAfter()));
        out.println(key + "  its key");
        return 0;
    }

    private List<ServerName> parsed() {
        List<ServerName> good = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (String given : names) {
            try {
                good.add(ServerName.of(given));
            } catch (CertsProblem problem) {
                problems.add("--san " + problem.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new ParameterException(spec.commandLine(), String.join(System.lineSeparator(), problems));
        }
        return good;
    }

    private String owner(ServerName first) {
        if (name == null) {
            return first.text().replace('*', '_').replace(':', '-');
        }
        if (!Identity.NAME.matcher(name).matches()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--name \"" + name + "\" cannot name a file here: use 1 to 64 letters, digits, dots, dashes or"
                            + " underscores, beginning with a letter or a digit");
        }
        return name;
    }
}
