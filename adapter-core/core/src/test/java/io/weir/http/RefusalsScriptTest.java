package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weir.certs.Role;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that anyone can run against an adapter is run against one here, so that it goes on telling the truth. */
class RefusalsScriptTest {
    @Test
    void every_case_of_the_script_is_refused_as_it_says(@TempDir Path home) throws Exception {
        assumeTrue(Stream.of("bash", "curl", "openssl", "iconv").allMatch(RefusalsScriptTest::isThere));
        try (LiveFleet fleet = new LiveFleet(home.resolve("certs"))) {
            fleet.adapter.json(Role.ADMIN, "PUT", "/pools/default", "{\"max\": 100}");
            await().until(() -> fleet.adapter.get(Role.VIEWER, "/pool/size").statusCode() == 200);
            Files.writeString(
                    home.resolve("run.json"),
                    "{\"adapter\": {\"pid\": 1, \"url\": \"" + fleet.adapter.service.url() + "\"}}");

            Process script = new ProcessBuilder("bash", "../../docs/refusals.sh", home.toString())
                    .redirectErrorStream(true)
                    .start();
            String told = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(script.waitFor()).as(told).isZero();
            assertThat(told).contains(" 0 wrong");
        }
    }

    private static boolean isThere(String program) {
        return List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
