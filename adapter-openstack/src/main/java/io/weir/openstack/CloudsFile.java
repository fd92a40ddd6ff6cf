package io.weir.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.service.error.ApiException;
import io.weir.service.json.StrictJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * A {@code clouds.yaml} as OpenStack's own tools read it, with the {@code secure.yaml} beside it laid over it. It is looked for where
 * {@code OS_CLIENT_CONFIG_FILE} says, in the folder, in {@code ~/.config/openstack} and in {@code /etc/openstack}.
 */
public final class CloudsFile {
    private CloudsFile() {}

    /** The first that is there. */
    public static Optional<Path> find(Path folder, Map<String, String> environment) {
        Optional<Path> named =
                Optional.ofNullable(environment.get("OS_CLIENT_CONFIG_FILE")).map(Path::of);
        return named.isPresent()
                ? named
                : List.of(
                                folder.resolve("clouds.yaml"),
                                Path.of(environment.getOrDefault("HOME", "/nowhere"))
                                        .resolve(".config/openstack/clouds.yaml"),
                                Path.of("/etc/openstack/clouds.yaml"))
                        .stream()
                        .filter(Files::isReadable)
                        .findFirst();
    }

    /**
     * One cloud of it, flat: what stands under {@code auth} and what stands beside it.
     *
     * @throws IllegalArgumentException the file cannot be read or has no such cloud; the message says so and shows no secret
     */
    public static Map<String, String> cloud(Path file, String name) {
        JsonNode clouds = read(file).path("clouds");
        if (!clouds.path(name).isObject()) {
            String known = StreamSupport.stream(((Iterable<String>) clouds::fieldNames).spliterator(), false)
                    .sorted()
                    .collect(Collectors.joining(", "));
            throw new IllegalArgumentException(
                    file + " has no cloud \"" + name + "\"" + (known.isEmpty() ? "" : "; it has " + known));
        }
        Map<String, String> words = new HashMap<>();
        flatten(clouds.path(name), words);
        Path secure = file.resolveSibling("secure.yaml");
        if (Files.isReadable(secure)) {
            flatten(read(secure).path("clouds").path(name), words);
        }
        return Map.copyOf(words);
    }

    private static void flatten(JsonNode cloud, Map<String, String> words) {
        cloud.properties().forEach(entry -> {
            if (entry.getKey().equals("auth")) {
                flatten(entry.getValue(), words);
            } else if (entry.getValue().isValueNode() && !entry.getValue().isNull()) {
                words.put(entry.getKey(), entry.getValue().asText());
            }
        });
    }

    private static JsonNode read(Path file) {
        try {
            return StrictJson.yaml(Files.readAllBytes(file));
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(file + " cannot be read: " + unreadable.getMessage(), unreadable);
        } catch (ApiException notYaml) {
            throw new IllegalArgumentException(file + ": " + notYaml.message(), notYaml);
        }
    }
}
