package io.weir.openstack.recorded;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * The recordings: one file for each scenario, as a real Nova, Keystone, Glance, Neutron and Cinder (Debian 12's packages: Zed)
 * answered it. {@link #main} makes them anew over the test bed that {@code OSTB_STATE} names.
 */
final class Recordings {
    private static final Path FOLDER = Path.of("src", "test", "resources", "openstack", "recordings");
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private Recordings() {}

    /** @param arguments the scenarios to record; none: all */
    public static void main(String[] arguments) throws IOException {
        Access access = Access.ofTestBed().orElseThrow(() -> new IllegalStateException("OSTB_STATE names no test bed"));
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        for (Map.Entry<String, Scenario> entry : Scenario.all().entrySet()) {
            if (arguments.length == 0 || List.of(arguments).contains(entry.getKey())) {
                List<Exchange> exchanges = play(entry.getValue(), http, access, Recordings::pause);
                Files.createDirectories(FOLDER);
                Files.write(FOLDER.resolve(entry.getKey() + ".json"), JSON.writeValueAsBytes(exchanges));
                System.out.println(entry.getKey() + ": " + exchanges.size() + " exchanges");
            }
        }
    }

    static void pause() {
        LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
    }

    static List<Exchange> play(Scenario scenario, HttpClient http, Access access, Runnable pause) {
        Wire wire = new Wire(http, access, pause);
        Ground.clear(wire);
        try {
            scenario.play(wire);
        } finally {
            Ground.clear(wire);
        }
        return new ArrayList<>(wire.exchanges());
    }

    static List<Exchange> read(String scenario) {
        try {
            return JSON.readValue(
                    Files.readAllBytes(FOLDER.resolve(scenario + ".json")), new TypeReference<List<Exchange>>() {});
        } catch (IOException e) {
            throw new UncheckedIOException("there is no recording of " + scenario, e);
        }
    }
}
