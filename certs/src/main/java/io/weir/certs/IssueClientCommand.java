package io.weir.certs;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

@Command(
        name = "client",
        mixinStandardHelpOptions = true,
        versionProvider = JarVersion.class,
        description = {
            "Issues a client's certificate: NAME.pem and NAME.key, and NAME.p12 for a browser.",
            "The certificate carries who its holder is, as weir://ROLE/NAME."
        })
final class IssueClientCommand implements Callable<Integer> {
    private final InstantSource clock;

    @Mixin
    private final AuthorityOption authority = new AuthorityOption();

    @Mixin
    private final LeafOptions leaf = new LeafOptions();

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            required = true,
            converter = RoleWord.class,
            description = "What the holder may do: viewer, monitor, autoscaler, operator or admin.")
    private Role role = Role.VIEWER;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            required = true,
            description = "Who the holder is; names the files, too.")
    private String name = "";

    @Option(names = "--p12", description = "Write NAME.p12 as well: key and certificate as browsers import them.")
    private boolean p12;

    @Option(
            names = "--password",
            paramLabel = "WHERE",
            description =
                    "Where the .p12 file's password is: env:VARIABLE, file:PATH or prompt (default: ${DEFAULT-VALUE}).",
            defaultValue = "prompt")
    private String password = "prompt";

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    IssueClientCommand(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() {
        return CertsCommand.told(spec, this::issue);
    }

    private int issue() {
        Identity identity = identity();
        Duration life = leaf.life(spec.commandLine());
        Path certificate = leaf.file(authority, name, ".pem");
        Path key = leaf.file(authority, name, ".key");
        Path browser = leaf.file(authority, name, ".p12");
        leaf.refuseTaken(
                spec.commandLine(), name, p12 ? List.of(certificate, key, browser) : List.of(certificate, key));
        char @Nullable [] secret = p12 ? secret() : null;

        Issued issued = FleetCa.load(authority.directory, clock).issueClient(identity, life);
        leaf.write(certificate, key, issued);
        List<String> lines = new ArrayList<>(List.of(
                certificate + "  " + role.word() + " " + name + ", until "
                        + Dates.minute(issued.certificate().getNotAfter()),
                key + "  its key"));
        if (secret != null) {
            leaf.write(browser, issued, secret);
            lines.add(browser + "  both, for a browser");
        }
        lines.forEach(spec.commandLine().getOut()::println);
        return 0;
    }

    private Identity identity() {
        try {
            return new Identity(role, name);
        } catch (CertsProblem problem) {
            throw new ParameterException(spec.commandLine(), "--name: " + problem.getMessage(), problem);
        }
    }

    private char[] secret() {
        try {
            return Password.from(password);
        } catch (CertsProblem problem) {
            throw new ParameterException(spec.commandLine(), "--password: " + problem.getMessage(), problem);
        }
    }

    private static final class RoleWord implements ITypeConverter<Role> {
        @Override
        public Role convert(String word) {
            return Role.of(word)
                    .orElseThrow(() -> new TypeConversionException(
                            "\"" + word + "\" is no role: say viewer, monitor, autoscaler, operator or admin"));
        }
    }
}
