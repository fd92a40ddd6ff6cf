package io.weir.service.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.service.json.Fields;
import io.weir.service.json.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
    @TempDir
    Path home;

    enum Policy {
        NEWEST,
        OLDEST
    }

    record Pool(int min, int max, Policy victims, Duration bootDeadline, List<String> zones) {
        Pool {
            if (max < min) {
                throw new IllegalArgumentException("max must not be below min");
            }
        }

        static Pool of(Fields fields) {
            return new Pool(
                    fields.requiredInt("min", 0, 1000),
                    fields.requiredInt("max", 0, 1000),
                    fields.optionalChoice("victimPolicy", Policy.class, Policy.NEWEST),
                    fields.optionalDuration(
                            "bootDeadline", Duration.ofSeconds(1), Duration.ofHours(1), Duration.ofMinutes(10)),
                    fields.strings("zones", 10, 50));
        }
    }

    record Config(Map<String, Pool> pools, @Nullable Secret token, double tolerance) {
        static Config of(Fields fields) {
            return new Config(
                    fields.map("pools", 100, Pool::of),
                    fields.optionalSecret("token"),
                    fields.optionalNumber("tolerance", 0, 1, 0.1));
        }
    }

    @Test
    void a_file_becomes_records_with_defaults_for_what_is_left_out() throws IOException {
        Config config = read("""
                # the pools of this adapter
                pools:
                  web:
                    min: 1
                    max: 20
                    victimPolicy: OLDEST
                    zones: [a, b]
                  batch: {min: 0, max: 5, bootDeadline: 5m}
                tolerance: 0.2
                """);
        assertThat(config.pools())
                .containsExactly(
                        Map.entry("web", new Pool(1, 20, Policy.OLDEST, Duration.ofMinutes(10), List.of("a", "b"))),
                        Map.entry("batch", new Pool(0, 5, Policy.NEWEST, Duration.ofMinutes(5), List.of())));
        assertThat(config.tolerance()).isEqualTo(0.2);
    }

    @Test
    void every_problem_is_told_at_once_with_its_path_and_the_word_that_was_meant() {
        assertThatThrownBy(() -> read("""
                pools:
                  web:
                    min: "1"
                    maxx: 20
                    victimPolicy: NEWST
                    bootDeadline: soon
                  batch: {min: 7, max: 5}
                  odd: 12
                tolerence: 0.2
                token: hunter2
                """))
                .isInstanceOf(ConfigProblems.class)
                .hasMessage(String.join(
                        "\n  ",
                        home.resolve("weir.yaml") + " has 9 problems:",
                        "pools.web.min: must be a whole number from 0 to 1000, not \"1\"",
                        "pools.web.max: is missing",
                        "pools.web.victimPolicy: must be one of NEWEST, OLDEST, not \"NEWST\", did you mean \"NEWEST\"?",
                        "pools.web.bootDeadline: must be a duration such as 30s, 5m or 2h, not \"soon\"",
                        "pools.web.maxx: is not a known field, did you mean \"max\"?",
                        "pools.batch: max must not be below min",
                        "pools.odd: must be an object, not 12",
                        "token: must be a reference to a secret, env:NAME or file:/path, not the secret itself",
                        "tolerence: is not a known field, did you mean \"tolerance\"?"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'tolerance: 0.1\\ntolerance: 0.2' | tolerance: is given twice",
                "'tolerance: &x 0.1\\ntoken: *x' | an alias (*x) is not read",
                "'tolerance: 0.1\\n---\\ntolerance: 0.2' | one YAML document is due",
                "'tolerance: [0.1' | not YAML",
                "'tolerance:' | tolerance: must not be null",
                "'tolerance: 010' | tolerance: is no plain whole number: 010",
                "'tolerance: 0x10' | tolerance: is no plain whole number: 0x10",
                "'tolerance: .nan' | tolerance: is not a number that can be read",
                "'token: \"\"' | token: must be a reference",
                "'- a' | must be an object, not a list",
                "'tolerance: 1e400' | tolerance: must be a number from 0 to 1"
            })
    void what_is_no_plain_document_is_refused_with_its_reason(String text, String reason) {
        assertThatThrownBy(() -> read(text.replace("\\n", "\n")))
                .isInstanceOf(ConfigProblems.class)
                .hasMessageContaining(reason)
                .message()
                .doesNotContain("snakeyaml", "jackson", "Exception", "while parsing");
    }

    @Test
    void an_empty_file_is_all_defaults() throws IOException {
        assertThat(read("# nothing\n").pools()).isEmpty();
    }

    @Test
    void a_missing_file_is_named() {
        assertThatThrownBy(() -> ConfigFile.read(home.resolve("none.yaml"), Config::of))
                .hasMessageEndingWith("none.yaml does not exist");
    }

    @Test
    void a_secret_is_read_when_needed_and_never_shown() throws IOException {
        Path file = Files.writeString(home.resolve("token"), "hunter2\n");
        Config config = read("token: file:" + file);
        Secret token = Objects.requireNonNull(config.token());
        assertThat(token.reveal()).isEqualTo("hunter2");
        assertThat(config.toString()).contains("***").doesNotContain("hunter2").doesNotContain("file:");
        Files.writeString(file, "hunter3\n");
        assertThat(token.reveal()).isEqualTo("hunter3");
    }

    private Config read(String text) throws IOException {
        return ConfigFile.read(Files.writeString(home.resolve("weir.yaml"), text), Config::of);
    }
}
