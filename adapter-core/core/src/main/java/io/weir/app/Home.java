package io.weir.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder that holds everything of an embedded default. */
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

    /** A path as a shell takes it. */
    static String quoted(Path path) {
        String text = path.toString();
        return text.matches("[A-Za-z0-9_./+=:@-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
