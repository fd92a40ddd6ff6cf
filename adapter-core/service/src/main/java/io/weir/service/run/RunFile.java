package io.weir.service.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;

/**
 * {@code run.json} in a home: one entry for each process that runs there, such as
 * {@code {"adapter":{"pid":1,"url":"https://…","managementUrl":"http://…"}}}. Each process writes its own entry and leaves the
 * others; a reader sees the file before or after a write, never half of it.
 */
public final class RunFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;

    public RunFile(Path home) {
        this.file = home.resolve("run.json");
    }

    /** @param urls the entry's further fields, by name */
    public void write(String who, long pid, Map<String, String> urls) {
        change(all -> {
            ObjectNode entry = all.putObject(who).put("pid", pid);
            urls.forEach(entry::put);
        });
    }

    /** Takes an entry out, if it is still the one of this process. */
    public void remove(String who, long pid) {
        change(all -> {
            if (all.path(who).path("pid").asLong(-1) == pid) {
                all.remove(who);
            }
        });
    }

    /** Empty: there is no such entry, or no file. */
    public Optional<Entry> read(String who) {
        JsonNode entry = all().path(who);
        return entry.isObject()
                ? Optional.of(new Entry(
                        entry.path("pid").asLong(-1),
                        entry.path("url").asText(""),
                        Optional.ofNullable(entry.path("managementUrl").textValue())))
                : Optional.empty();
    }

    private ObjectNode all() {
        try {
            return Files.exists(file) && JSON.readTree(file.toFile()) instanceof ObjectNode object
                    ? object
                    : JSON.createObjectNode();
        } catch (JsonProcessingException broken) {
            return JSON.createObjectNode(); // what cannot be read names nobody
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private synchronized void change(java.util.function.Consumer<ObjectNode> change) {
        Path lock = file.resolveSibling(".run.lock");
        try (FileChannel turn = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = turn.lock()) {
            ObjectNode all = all();
            change.accept(all);
            Path next = file.resolveSibling("run.json." + held.hashCode());
            Files.writeString(next, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n");
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw new UncheckedIOException(file + " cannot be written", failed);
        }
    }

    /** @param pid the process's id, or -1 where that is not told */
    public record Entry(long pid, String url, Optional<String> managementUrl) {
        /** Whether a process of this id lives; that it is still the same one, its url tells. */
        public boolean isAlive() {
            return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
        }
    }
}
