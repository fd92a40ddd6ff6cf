package io.weir.autoscaler.traffic;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The traces that come with Weir, by their names, and those in files. Where they are from: NOTICE. */
public final class Traces {
    /** What a value of it is. */
    public static final Map<String, String> BUNDLED = new TreeMap<>(Map.of(
            "worldcup98", "requests a minute to the web site of the 1998 football world cup, 21 May 1998",
            "nasa95", "requests a minute to the Kennedy Space Center's web server, 5 July 1995"));

    private Traces() {}

    /** @param nameOrFile the name of one that comes with Weir, or a file */
    public static Trace open(String nameOrFile) {
        try {
            if (BUNDLED.containsKey(nameOrFile)) {
                try (InputStream bundled = Traces.class.getResourceAsStream("/traces/" + nameOrFile + ".csv")) {
                    if (bundled == null) {
                        throw new IllegalStateException("the trace " + nameOrFile + " is missing from the jar");
                    }
                    return TraceReader.read(nameOrFile, new InputStreamReader(bundled, StandardCharsets.UTF_8));
                }
            }
            Path file = Path.of(nameOrFile);
            if (!Files.isRegularFile(file)) {
                throw new TraceProblem("there is no file " + nameOrFile
                        + ", and no trace of that name comes with Weir: " + String.join(", ", BUNDLED.keySet()));
            }
            String name = String.valueOf(file.getFileName()).replaceFirst("\\.csv$", "");
            try (var lines = Files.newBufferedReader(file)) {
                return TraceReader.read(name, lines);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the trace " + nameOrFile + " cannot be read", e);
        }
    }
}
