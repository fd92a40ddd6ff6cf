package io.weir.app;

import io.weir.service.log.LogFormat;
import io.weir.service.log.LogLevel;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What may be said on the command line of any adapter. */
final class AdapterOptions {
    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "Where its certificates and its store are (default: .weir beside the launcher).")
    private Path home = Home.standard();

    @Option(names = "--config", paramLabel = "FILE", description = "A YAML file with connections, pools and settings.")
    private @Nullable Path config;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "The HTTPS port; 0 for any free one (default: the configuration's, else 8443).")
    private @Nullable Integer port;

    @Option(
            names = "--management-port",
            paramLabel = "N",
            description =
                    "The port for health and metrics, without certificates (default: with a configuration 8444 or what"
                            + " it says, else a free one).")
    private @Nullable Integer managementPort;

    @Option(
            names = "--time-scale",
            paramLabel = "N",
            description =
                    "How much faster than real time all clocks of this home run, 1 to 300; only the simulated cloud"
                            + " knows any other than 1 (default: as the home was made, else 1).")
    private double timeScale;

    @Option(
            names = "--reset-from-file",
            description = "Apply the configuration's pool documents again, over what was changed through the API.")
    private boolean resetFromFile;

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "How log lines are written: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private LogFormat logFormat = LogFormat.TEXT;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            defaultValue = "info",
            description = "How much is logged: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private LogLevel logLevel = LogLevel.INFO;

    Path home() {
        return home.toAbsolutePath().normalize();
    }

    Optional<Path> config() {
        return Optional.ofNullable(config);
    }

    Optional<Integer> port() {
        return Optional.ofNullable(port);
    }

    Optional<Integer> managementPort() {
        return Optional.ofNullable(managementPort);
    }

    /** 0: none was said. */
    double timeScale() {
        return timeScale;
    }

    boolean resetFromFile() {
        return resetFromFile;
    }

    LogFormat logFormat() {
        return logFormat;
    }

    LogLevel logLevel() {
        return logLevel;
    }
}
