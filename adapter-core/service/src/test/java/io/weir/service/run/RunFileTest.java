package io.weir.service.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFileTest {
    @Test
    void each_process_keeps_its_own_entry(@TempDir Path home) {
        var file = new RunFile(home);
        file.write("cloud", 11, Map.of("url", "http://a"));
        file.write("adapter", 12, Map.of("url", "https://b", "managementUrl", "http://c"));
        file.remove("cloud", 99);

        assertThat(file.read("cloud").orElseThrow().pid()).isEqualTo(11);
        assertThat(file.read("adapter").orElseThrow().managementUrl()).contains("http://c");

        file.remove("cloud", 11);
        assertThat(file.read("cloud")).isEmpty();
        assertThat(file.read("adapter")).isPresent();
    }

    @Test
    void a_file_that_cannot_be_read_names_nobody(@TempDir Path home) throws Exception {
        Files.writeString(home.resolve("run.json"), "{\"adapter\":");

        assertThat(new RunFile(home).read("adapter")).isEmpty();
    }
}
