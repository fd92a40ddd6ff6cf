package io.weir.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.service.server.StartProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder that holds all that an adapter keeps. */
final class Home {
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
        Path file = home.resolve("cloud.txt");
        if (!Files.exists(file) && !Files.exists(home.resolve("store.db"))) {
            Files.writeString(file, cloud + "\n");
        }
        String owner = Files.exists(file) ? Files.readString(file).strip() : "simulated";
        if (!owner.equals(cloud)) {
            throw new StartProblem(
                    "--home",
                    home + " belongs to an adapter of " + owner + ", whose machines are not to be looked for in "
                            + cloud + ": use another home");
        }
    }

    /** A path as a shell takes it. */
    static String quoted(Path path) {
        String text = path.toString();
        return text.matches("[A-Za-z0-9_./+=:@-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
