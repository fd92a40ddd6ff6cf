package io.weir.service.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.service.error.ApiException;
import io.weir.service.json.Fields;
import io.weir.service.json.Problem;
import io.weir.service.json.Problems;
import io.weir.service.json.StrictJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads one YAML file into records. Unknown keys, keys given twice, wrong types and values out of range are all told at once, each
 * with its path and, for a misspelt key, the one that was probably meant; a file with any problem is refused whole.
 */
public final class ConfigFile {
    private static final int MOST_BYTES = 1024 * 1024;

    private ConfigFile() {}

    public static <T> T read(Path file, Function<Fields, T> reader) {
        var problems = new Problems();
        T value = Fields.read(document(file), problems, reader);
        if (problems.any()) {
            throw new ConfigProblems(told(file, problems));
        }
        return Objects.requireNonNull(value);
    }

    private static JsonNode document(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw new ConfigProblems(file + " is a directory; a YAML file is due");
            }
            if (Files.size(file) > MOST_BYTES) {
                throw new ConfigProblems(file + " is larger than 1 MiB");
            }
            return StrictJson.yaml(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new ConfigProblems(file + " does not exist");
        } catch (IOException e) {
            throw new ConfigProblems(file + " cannot be read: " + e.getMessage());
        } catch (ApiException e) {
            throw new ConfigProblems(file + ": " + e.message());
        }
    }

    private static String told(Path file, Problems problems) {
        String lines = problems.list().stream().map(Problem::toString).collect(Collectors.joining("\n  ", "\n  ", ""));
        return file + " has " + (problems.count() == 1 ? "a problem" : problems.count() + " problems") + ":" + lines;
    }
}
