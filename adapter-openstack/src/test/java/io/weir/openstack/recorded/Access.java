package io.weir.openstack.recorded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a cloud is reached: Keystone, and a person of it with a project of its own.
 *
 * @param administrator somebody who may set quotas and states
 * @param faults what makes the cloud's hypervisor and volumes fail
 */
public record Access(String authUrl, Person user, Person administrator, Faults faults) {
    private static final String STATE = "OSTB_STATE";

    /** All of the domain {@code Default}. */
    public record Person(String name, String password, String project) {}

    /** Makes things fail whose name has a part in it; the names of the faults are the test bed's. */
    public interface Faults {
        void begin(String fault, double seconds, String part);

        void end(String fault);
    }

    /** The real OpenStack of the test bed, if one stands: its state folder is named by {@code OSTB_STATE}. */
    public static Optional<Access> ofTestBed() {
        String state = System.getenv(STATE);
        if (state == null) {
            return Optional.empty();
        }
        Path file = Path.of(state, "testbed.json");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            JsonNode bed = new ObjectMapper().readTree(Files.readAllBytes(file));
            return Optional.of(new Access(
                    bed.path("auth_url").asText(),
                    person(bed.path("other")),
                    person(bed.path("admin")),
                    new FaultFiles(Path.of(state, "faults"))));
        } catch (IOException unreadable) {
            throw new IllegalStateException(file + " cannot be read", unreadable);
        }
    }

    /** The test bed's own way: a file for each fault. */
    private record FaultFiles(Path folder) implements Faults {
        @Override
        public void begin(String fault, double seconds, String part) {
            try {
                Files.writeString(folder.resolve(fault), seconds + "\n" + part + "\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void end(String fault) {
            try {
                Files.deleteIfExists(folder.resolve(fault));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static Person person(JsonNode row) {
        return new Person(
                row.path("user").asText(),
                row.path("password").asText(),
                row.path("project").asText());
    }
}
