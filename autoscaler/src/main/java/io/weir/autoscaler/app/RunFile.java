package io.weir.autoscaler.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * {@code run.json} of a home: which of its processes run, and where they answer.
 *
 * <ol>
 *   <li>Each process writes its own entry and leaves the others' alone; they take turns with a lock beside the file.
 *   <li>A reader sees the old file or the new one, never half of one.
 * </ol>
 */
final class RunFile {
    private static final String FILE = "run.json";
    private static final String OURS = "autoscaler";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path home;

    RunFile(Path home) {
        this.home = home;
    }

    /** Where the adapter of this home answers, if one was started. */
    Optional<URI> adapter() {
        try {
            String url = read().path("adapter").path("url").asText("");
            return url.isEmpty() ? Optional.empty() : Optional.of(URI.create(url));
        } catch (IOException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    void enter(long pid, URI url, URI managementUrl) {
        change(run -> run.putObject(OURS)
                .put("pid", pid)
                .put("url", url.toString())
                .put("managementUrl", managementUrl.toString()));
    }

    /** Takes our entry out again, if it still is the one of this process. */
    void leave(long pid) {
        change(run -> {
            if (run.path(OURS).path("pid").asLong() == pid) {
                run.remove(OURS);
            }
        });
    }

    private interface Change {
        void apply(ObjectNode run);
    }

    private void change(Change change) {
        try (FileChannel turn = FileChannel.open(
                        home.resolve(FILE + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = turn.lock()) {
            ObjectNode run = held.isValid() ? read() : JSON.createObjectNode();
            change.apply(run);
            Path draft = Files.createTempFile(home, "run", ".draft");
            try {
                Files.write(draft, JSON.writeValueAsBytes(run));
                Files.move(draft, home.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(home.resolve(FILE) + " cannot be written", e);
        }
    }

    private ObjectNode read() throws IOException {
        try {
            JsonNode run = JSON.readTree(Files.readAllBytes(home.resolve(FILE)));
            return run instanceof ObjectNode object ? object : JSON.createObjectNode();
        } catch (NoSuchFileException | JsonProcessingException none) {
            return JSON.createObjectNode();
        }
    }
}
