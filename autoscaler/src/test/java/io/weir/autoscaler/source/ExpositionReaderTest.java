package io.weir.autoscaler.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.autoscaler.source.Exposition.Kind;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpositionReaderTest {
    /** After the example of the format's specification, which shows every feature of a line. */
    private static final String OF_THE_SPECIFICATION = """
            # HELP http_requests_total The total number of HTTP requests.
            # TYPE http_requests_total counter
            http_requests_total{method="post",code="200"} 1027 1395066363000
            http_requests_total{method="post",code="400"}    3 1395066363000

            # Escaping in label values:
            msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\""} 1.458255915e9

            # Minimalistic line:
            metric_without_timestamp_and_labels 12.47

            # A weird metric from before the epoch:
            something_weird{problem="division by zero"} +Inf -3982045

            # A histogram, which has a pretty complex representation in the text format:
            # HELP http_request_duration_seconds A histogram of the request duration.
            # TYPE http_request_duration_seconds histogram
            http_request_duration_seconds_bucket{le="0.05"} 24054
            http_request_duration_seconds_bucket{le="+Inf"} 144320
            http_request_duration_seconds_sum 53423
            http_request_duration_seconds_count 144320

            # Finally a summary, which has a complex representation, too:
            # HELP rpc_duration_seconds A summary of the RPC duration in seconds.
            # TYPE rpc_duration_seconds summary
            rpc_duration_seconds{quantile="0.01"} 3102
            rpc_duration_seconds{quantile="0.99"} 76656
            rpc_duration_seconds_sum 1.7560473e+07
            rpc_duration_seconds_count 2693
            """;

    @Test
    void the_specifications_example_is_read_whole() throws Exception {
        Exposition read = ExpositionReader.read(OF_THE_SPECIFICATION, false);
        assertThat(read.series()).hasSize(13);
        assertThat(read.series().getFirst())
                .isEqualTo(new Series(
                        "http_requests_total",
                        Map.of("method", "post", "code", "200"),
                        1027,
                        Instant.ofEpochMilli(1395066363000L)));
        assertThat(read.series().get(2).labels())
                .containsEntry("path", "C:\\DIR\\FILE.TXT")
                .containsEntry("error", "Cannot find file:\n\"FILE.TXT\"");
        assertThat(read.series().get(2).at()).isNull();
        assertThat(read.series().get(4).value()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(read.series().get(4).at()).isEqualTo(Instant.ofEpochMilli(-3982045));
        assertThat(read.series().get(11).value()).isEqualTo(1.7560473e7);
    }

    @Test
    void what_only_grows_is_known_by_its_family() throws Exception {
        Exposition read = ExpositionReader.read(OF_THE_SPECIFICATION, false);
        assertThat(read.kindOf("http_requests_total")).isEqualTo(Kind.COUNTER);
        assertThat(read.kindOf("http_request_duration_seconds_bucket")).isEqualTo(Kind.COUNTER);
        assertThat(read.kindOf("rpc_duration_seconds_count")).isEqualTo(Kind.COUNTER);
        assertThat(read.kindOf("rpc_duration_seconds")).isEqualTo(Kind.GAUGE);
        assertThat(read.kindOf("metric_without_timestamp_and_labels")).isEqualTo(Kind.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({
        "a 1, 1",
        "a -1.5, -1.5",
        "a 1e3, 1000",
        "a 1E-3, 0.001",
        "a .5, 0.5",
        "a NaN, NaN",
        "a nan, NaN",
        "a +Inf, Infinity",
        "a -Inf, -Infinity",
        "a inf, Infinity",
    })
    void numbers_are_read_as_they_are_written(String line, Double value) throws Exception {
        assertThat(ExpositionReader.read(line + "\n", false).series().getFirst().value())
                .isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a{b=\"c\"} 1",
                "a {b=\"c\"} 1",
                "a{b=\"c\",} 1",
                "a { b = \"c\" , } 1",
                "a{b=\"c\"}1",
                "\ta\t{b=\"c\"}\t1\t",
                "{\"a\",b=\"c\"} 1",
                "{b=\"c\",\"a\"} 1",
                "{\"a\", \"b\"=\"c\"} 1",
            })
    void a_series_may_be_written_in_several_ways(String line) throws Exception {
        assertThat(ExpositionReader.read(line + "\n", false).series())
                .containsExactly(new Series("a", Map.of("b", "c"), 1, null));
    }

    @Test
    void nothing_is_an_exposition_of_nothing() throws Exception {
        assertThat(ExpositionReader.read("", false).series()).isEmpty();
        assertThat(ExpositionReader.read("\n\n# a remark\n#\n", false).series()).isEmpty();
    }

    @Test
    void a_quoted_name_may_hold_anything() throws Exception {
        Exposition read = ExpositionReader.read("# TYPE \"http.requests\" gauge\n{\"http.requests\"} 3\n", false);
        assertThat(read.series().getFirst().name()).isEqualTo("http.requests");
        assertThat(read.kindOf("http.requests")).isEqualTo(Kind.GAUGE);
    }

    @Test
    void openmetrics_has_stamps_in_seconds_exemplars_and_an_end() throws Exception {
        String text = """
                # TYPE foo counter
                # UNIT foo requests
                foo_total{a="b"} 17.0 1520879607.789 # {trace_id="x"} 0.67 1520879606.1
                foo_created{a="b"} 1520430000.123
                # EOF
                """;
        Exposition read = ExpositionReader.read(text, true);
        assertThat(read.series().getFirst())
                .isEqualTo(new Series("foo_total", Map.of("a", "b"), 17, Instant.ofEpochMilli(1520879607789L)));
        assertThat(read.kindOf("foo_total")).isEqualTo(Kind.COUNTER);
        assertThat(read.kindOf("foo_created")).isEqualTo(Kind.UNKNOWN);
    }

    @Test
    void a_text_that_was_cut_off_is_none() {
        assertUnreadable("a 12", false); // of a 1234
        assertUnreadable("a 12\nb{x=\"y", false);
        assertUnreadable("a 12\n", true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a x",
                "a 1d",
                "a 1f",
                "a 0x",
                "a 1_000",
                "a 1,5",
                "a 1 2 3",
                "a 1 1.5",
                "a 1 99999999999999999999",
                "1a 1",
                "a-b 1",
                "a{b=c} 1",
                "a{b=\"c} 1",
                "a{b=\"c\" d=\"e\"} 1",
                "a{b=\"c\",,} 1",
                "a{b=\"c\",b=\"d\"} 1",
                "a{b=\"\\x\"} 1",
                "a{b:c=\"d\"} 1",
                "a{\"b\"} 1",
                "{\"a\",\"b\"} 1",
                "{} 1",
                "{b=\"c\"} 1",
                "a{} ",
                "<html>",
                "{\"status\":\"success\"}",
                "a 1\r",
                "a 1 # {x=\"y\"} 1",
            })
    void a_line_that_is_none_makes_the_whole_text_unreadable(String line) {
        assertUnreadable("fine 1\n" + line + "\nfine_too 2\n", false);
    }

    @Test
    void a_series_that_comes_twice_makes_the_text_unreadable() {
        assertUnreadable("a{x=\"1\",y=\"2\"} 1\na{y=\"2\",x=\"1\"} 1\n", false);
    }

    @Test
    void the_line_at_fault_is_named() {
        assertThatThrownBy(() -> ExpositionReader.read("a 1\n\nb{ 2\n", false))
                .isInstanceOf(ExpositionReader.Unreadable.class)
                .hasMessage("line 3: a name is due, not \"2\"");
    }

    @Test
    void a_million_opening_braces_are_read_in_no_time() {
        assertUnreadable("{".repeat(1_000_000) + "\n", false);
        assertUnreadable("a" + " ".repeat(1_000_000) + "\n", false);
    }

    private static void assertUnreadable(String text, boolean openMetrics) {
        assertThatThrownBy(() -> ExpositionReader.read(text, openMetrics))
                .isInstanceOf(ExpositionReader.Unreadable.class);
    }
}
