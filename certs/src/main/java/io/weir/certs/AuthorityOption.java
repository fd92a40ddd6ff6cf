package io.weir.certs;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the authority is kept; every command asks for it in the same way. */
final class AuthorityOption {
    @Option(
            names = "--dir",
            paramLabel = "DIR",
            defaultValue = "weir-ca",
            description = "The directory of the authority (default: ${DEFAULT-VALUE}).")
    Path directory = Path.of("weir-ca");
}
