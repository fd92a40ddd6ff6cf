package io.weir.autoscaler.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceReaderTest {
    private static Trace read(String text) throws IOException {
        return TraceReader.read("t", new StringReader(text));
    }

    @Test
    void rows_are_the_values_of_steps() throws IOException {
        Trace trace = read("""
                # a comment

                timestamp,value
                1998-05-21T00:00:00Z,10
                1998-05-21T00:01:00Z, 12.5
                1998-05-21T00:02:00Z,0
                """);
        assertThat(trace.start()).isEqualTo(Instant.parse("1998-05-21T00:00:00Z"));
        assertThat(trace.step()).isEqualTo(Duration.ofMinutes(1));
        assertThat(trace.size()).isEqualTo(3);
        assertThat(trace.value(1)).isEqualTo(12.5);
        assertThat(trace.end()).isEqualTo(Instant.parse("1998-05-21T00:03:00Z"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "time,load|t, line 1: \"timestamp,value\" is due",
                "timestamp,value;1998-05-21T00:00:00Z,1;1998-05-21T00:01:00Z,1;1998-05-21T00:03:00Z,1|t, line 4: 1998-05-21T00:02:00Z is due",
                "timestamp,value;1998-05-21T00:00:00Z,1;1998-05-21T00:00:00Z,1|t, line 3: a step is a second or more",
                "timestamp,value;yesterday,1|t, line 2: \"yesterday\" is no time",
                "timestamp,value;1998-05-21T00:00:00Z|t, line 2: a timestamp and a value are due",
                "timestamp,value;1998-05-21T00:00:00Z,-1|t, line 2: \"-1\" is no number of at least 0",
                "timestamp,value;1998-05-21T00:00:00Z,NaN|t, line 2: \"NaN\" is no number of at least 0",
                "timestamp,value;1998-05-21T00:00:00Z,many|t, line 2: \"many\" is no number of at least 0",
                "timestamp,value;1998-05-21T00:00:00Z,1|t: a trace has two rows at least"
            })
    void what_is_no_trace_is_refused_with_its_line(String text, String problem) {
        assertThatThrownBy(() -> read(text.replace(';', '\n')))
                .isInstanceOf(TraceProblem.class)
                .hasMessageStartingWith(problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"worldcup98", "nasa95"})
    void every_trace_that_comes_with_weir_is_a_day_of_minutes(String name) {
        Trace trace = Traces.open(name);
        assertThat(trace.length()).isEqualTo(Duration.ofDays(1));
        assertThat(trace.step()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void the_list_of_traces_is_whole() {
        assertThat(Traces.BUNDLED).containsOnlyKeys("worldcup98", "nasa95");
    }

    @Test
    void a_file_is_named_by_itself_without_its_ending(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("mine.csv");
        Files.writeString(file, "timestamp,value\n2026-01-01T00:00:00Z,1\n2026-01-01T00:05:00Z,2\n");
        assertThat(Traces.open(file.toString()).name()).isEqualTo("mine");
    }

    @Test
    void an_unknown_name_is_answered_with_those_there_are() {
        assertThatThrownBy(() -> Traces.open("worldcup"))
                .isInstanceOf(TraceProblem.class)
                .hasMessageContaining("nasa95, worldcup98");
    }
}
