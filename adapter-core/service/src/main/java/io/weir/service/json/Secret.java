package io.weir.service.json;

import com.fasterxml.jackson.annotation.JsonValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A secret by reference: {@code env:NAME} or {@code file:/path}. It is read each time it is needed, so a renewed one is picked up,
 * and shows as stars wherever it is printed, logged or written as JSON.
 */
public final class Secret {
    private final String reference;

    private Secret(String reference) {
        this.reference = reference;
    }

    /** Refuses anything but a reference, a literal secret above all. */
    public static Secret of(String reference) {
        boolean known = reference.startsWith("env:") || reference.startsWith("file:");
        if (!known || reference.endsWith(":")) {
            throw new IllegalArgumentException(
                    "must be a reference to a secret, env:NAME or file:/path, not the secret itself");
        }
        return new Secret(reference);
    }

    /** The secret; a file's last line end is not part of it. */
    public String reveal() {
        String name = reference.substring(reference.indexOf(':') + 1);
        return reference.startsWith("env:") ? variable(name) : file(Path.of(name));
    }

    private static String variable(String name) {
        String value = System.getenv(name);
        if (value == null) {
            throw new IllegalStateException("the environment has no variable " + name);
        }
        return value;
    }

    private static String file(Path path) {
        try {
            return Files.readString(path).stripTrailing();
        } catch (IOException e) {
            throw new UncheckedIOException("the secret's file " + path + " cannot be read", e);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Secret secret && secret.reference.equals(reference);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(reference);
    }

    @JsonValue
    @Override
    public String toString() {
        return "***";
    }
}
