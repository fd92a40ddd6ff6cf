package io.weir.certs;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How long an issued certificate lives, and where its files go; the same for servers and clients. */
final class LeafOptions {
    private static final int MAX_DAYS = 825;

    @Option(
            names = "--days",
            paramLabel = "N",
            defaultValue = "7",
            description =
                    "How long the certificate lives (default: ${DEFAULT-VALUE}). Short is safe: there is always a new one.")
    private int days;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the files go (default: the authority's directory).")
    private @Nullable Path out;

    @Option(names = "--overwrite", description = "Replace files that exist.")
    private boolean overwrite;

    Duration life(CommandLine command) {
        if (days < 1 || days > MAX_DAYS) {
            throw new ParameterException(command, "--days is " + days + ": give 1 to " + MAX_DAYS);
        }
        return Duration.ofDays(days);
    }

    /** The place of one file of the pair, or of another form of it. */
    Path file(AuthorityOption authority, String owner, String ending) {
        Path directory = out == null ? authority.directory : out;
        return directory.resolve(owner + ending);
    }

    /** Says no before anything is written, naming every file that is in the way. */
    void refuseTaken(CommandLine command, String owner, List<Path> files) {
        if (owner.equals("ca")) {
            throw new ParameterException(command, "--name ca is the authority's own: choose another name");
        }
        List<Path> taken =
                overwrite ? List.of() : files.stream().filter(Files::exists).toList();
        if (!taken.isEmpty()) {
            throw new CertsProblem(taken.stream().map(Path::toString).collect(Collectors.joining(", "))
                    + (taken.size() == 1 ? " exists" : " exist")
                    + " already: choose another --name or --out, or say --overwrite");
        }
    }

    void write(Path certificate, Path key, Issued issued) {
        if (out != null) {
            KeptFiles.directory(out);
        }
        KeptFiles.secret(key, issued.keyPem().getBytes(StandardCharsets.US_ASCII), overwrite);
        KeptFiles.open(certificate, issued.certificatePem().getBytes(StandardCharsets.US_ASCII), overwrite);
    }

    void write(Path pkcs12, Issued issued, char[] password) {
        KeptFiles.secret(pkcs12, issued.pkcs12(password), overwrite);
    }
}
