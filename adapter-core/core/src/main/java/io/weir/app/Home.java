package io.weir.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.service.server.StartProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The folder that holds all that an adapter keeps. */
final class Home {
    private static final String CLOUD = "cloud.txt";

    private Home() {}

    /** {@code .weir} beside the launcher, or here where there is no launcher. */
    static Path standard() {
        return Path.of(System.getProperty("weir.root", "."), ".weir");
    }

    /** The scale that was asked for; if none was, the home's own, else 1. */
    static double scale(Path home, double asked) throws IOException {
        if (asked != 0) {
            return asked;
        }
        Path time = home.resolve("time.json");
        return Files.exists(time)
                ? new ObjectMapper().readTree(time.toFile()).path("timeScale").asDouble(1)
                : 1;
    }

    /**
     * Makes a home one cloud's, for good: the pools of its store have members that only this cloud has.
     *
     * @throws StartProblem it is another's
     */
    static void claim(Path home, String cloud) throws IOException {
        Files.createDirectories(home);
        String owner = owner(home).orElse(cloud);
        if (owner.equals(cloud)) {
            Files.writeString(home.resolve(CLOUD), cloud + "\n");
        } else {
            throw new StartProblem(
                    "--home",
                    home + " belongs to an adapter of " + owner + ", whose machines are not to be looked for in "
                            + cloud + ": use another home");
        }
    }

    /** Whose a home is; empty: nobody's yet. A store from before homes were marked is of the simulated cloud, the only one then. */
    static Optional<String> owner(Path home) throws IOException {
        Path file = home.resolve(CLOUD);
        if (Files.exists(file)) {
            return Optional.of(Files.readString(file).strip());
        }
        return Files.exists(home.resolve("store.db")) ? Optional.of("simulated") : Optional.empty();
    }

    /** A path as a shell takes it. */
    static String quoted(Path path) {
        String text = path.toString();
        return text.matches("[A-Za-z0-9_./+=:@-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
