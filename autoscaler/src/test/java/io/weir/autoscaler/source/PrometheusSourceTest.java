package io.weir.autoscaler.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.autoscaler.ManualClock;
import io.weir.autoscaler.metric.Freshness;
import io.weir.autoscaler.metric.MetricSample;
import io.weir.autoscaler.metric.MetricSample.Absent;
import io.weir.autoscaler.metric.MetricSample.Ambiguous;
import io.weir.autoscaler.metric.MetricSample.Fresh;
import io.weir.autoscaler.metric.MetricSample.FutureStamped;
import io.weir.autoscaler.metric.MetricSample.Infinite;
import io.weir.autoscaler.metric.MetricSample.NotANumber;
import io.weir.autoscaler.metric.MetricSample.Partial;
import io.weir.autoscaler.metric.MetricSample.Stale;
import io.weir.autoscaler.metric.MetricSample.Unreachable;
import io.weir.autoscaler.source.PrometheusSource.Range;
import io.weir.autoscaler.source.PrometheusSource.Take;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrometheusSourceTest {
    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
    private static final Range FIVE_MINUTES = new Range(Duration.ofMinutes(5), Duration.ofMinutes(1), Take.MAX);

    private final HttpClient http = HttpClient.newHttpClient();
    private final ManualClock clock = new ManualClock(NOON);
    private PageServer server;

    @BeforeEach
    void open() throws IOException {
        server = new PageServer().ofType("application/json");
    }

    @AfterEach
    void close() {
        server.close();
        http.close();
    }

    @Test
    void an_instant_query_with_one_series_is_its_value() {
        server.shows(vector("[" + at(0) + ",\"42.5\"]"));
        assertThat(read(null)).isEqualTo(new Fresh(42.5, NOON));
    }

    @Test
    void a_scalar_is_a_value_too() {
        server.shows("{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[" + at(0) + ",\"7\"]}}");
        assertThat(read(null)).isEqualTo(new Fresh(7, NOON));
    }

    @Test
    void no_series_is_absent_and_not_zero() {
        server.shows("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}");
        assertThat(read(null)).isInstanceOf(Absent.class);
        server.shows("{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[]}}");
        assertThat(read(FIVE_MINUTES)).isInstanceOf(Absent.class);
    }

    @Test
    void several_series_are_ambiguous() {
        server.shows("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":["
                + "{\"metric\":{},\"value\":[1,\"1\"]},{\"metric\":{},\"value\":[1,\"2\"]}]}}");
        assertThat(read(null)).isInstanceOf(Ambiguous.class);
    }

    @Test
    void a_histogram_and_a_string_are_no_load() {
        server.shows("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":["
                + "{\"metric\":{},\"histogram\":[1,{\"count\":\"1\"}]}]}}");
        assertThat(read(null)).isInstanceOf(Ambiguous.class);
        server.shows("{\"status\":\"success\",\"data\":{\"resultType\":\"string\",\"result\":[1,\"7\"]}}");
        assertThat(read(null)).isInstanceOf(Ambiguous.class);
    }

    @Test
    void nan_and_infinity_are_no_numbers() {
        server.shows(vector("[" + at(0) + ",\"NaN\"]"));
        assertThat(read(null)).isInstanceOf(NotANumber.class);
        server.shows(vector("[" + at(0) + ",\"+Inf\"]"));
        assertThat(read(null)).isInstanceOf(Infinite.class);
    }

    @Test
    void an_answer_from_another_time_is_stale_or_from_the_future() {
        server.shows(vector("[" + at(-120) + ",\"1\"]"));
        assertThat(read(null)).isInstanceOf(Stale.class);
        server.shows(vector("[" + at(120) + ",\"1\"]"));
        assertThat(read(null)).isInstanceOf(FutureStamped.class);
    }

    @Test
    void an_answer_with_a_warning_is_a_part() {
        server.shows(
                "{\"status\":\"success\",\"warnings\":[\"store b did not answer\"],\"data\":{\"resultType\":\"vector\","
                        + "\"result\":[{\"metric\":{},\"value\":[" + at(0) + ",\"5\"]}]}}");
        assertThat(read(null)).isEqualTo(new Partial(5, NOON, "store b did not answer"));
    }

    @Test
    void an_error_is_told_in_the_servers_words() {
        server.withStatus(400)
                .shows(
                        "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"invalid parameter \\\"query\\\"\"}");
        assertThat(read(null).told()).contains("status 400, invalid parameter \"query\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "<html>busy</html>",
                "{}",
                "{\"status\":\"success\"}",
                "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"value\":[1,\"x\"]}]}}",
                "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"value\":[\"1\",\"1\"]}]}}",
                "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{}}]}}",
                "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"value\":[1e300,\"1\"]}]}}",
            })
    void what_is_not_the_api_is_never_a_number(String page) {
        server.shows(page);
        MetricSample sample = read(null);
        assertThat(sample).isInstanceOfAny(Unreachable.class, Ambiguous.class);
    }

    @Test
    void a_range_gives_its_last_highest_or_average_point() {
        server.shows(matrix("[" + at(-300) + ",\"1\"],[" + at(-240) + ",\"9\"],[" + at(-180) + ",\"2\"],[" + at(-120)
                + ",\"2\"],[" + at(-60) + ",\"4\"],[" + at(0) + ",\"6\"]"));
        assertThat(read(new Range(Duration.ofMinutes(5), Duration.ofMinutes(1), Take.MAX)))
                .isEqualTo(new Fresh(9, NOON));
        assertThat(read(new Range(Duration.ofMinutes(5), Duration.ofMinutes(1), Take.AVG)))
                .isEqualTo(new Fresh(4, NOON));
        assertThat(read(new Range(Duration.ofMinutes(5), Duration.ofMinutes(1), Take.LAST)))
                .isEqualTo(new Fresh(6, NOON));
    }

    @Test
    void a_range_with_fewer_than_half_its_points_is_a_part() {
        server.shows(matrix("[" + at(-60) + ",\"4\"],[" + at(0) + ",\"6\"]"));
        assertThat(read(FIVE_MINUTES)).isEqualTo(new Partial(6, NOON, "2 of 6 points"));
    }

    @Test
    void a_range_is_as_old_as_its_last_point() {
        server.shows(matrix("[" + at(-300) + ",\"1\"],[" + at(-240) + ",\"9\"],[" + at(-180) + ",\"2\"]"));
        assertThat(read(FIVE_MINUTES)).isInstanceOf(Stale.class);
    }

    @Test
    void points_of_a_range_that_are_no_numbers_are_not_there() {
        server.shows(matrix("[" + at(-120) + ",\"3\"],[" + at(-60) + ",\"+Inf\"],[" + at(0) + ",\"NaN\"]"));
        assertThat(read(FIVE_MINUTES)).isInstanceOf(Stale.class);
        server.shows(matrix("[" + at(-60) + ",\"NaN\"],[" + at(0) + ",\"NaN\"]"));
        assertThat(read(FIVE_MINUTES)).isInstanceOf(NotANumber.class);
    }

    @Test
    void the_question_bounds_how_far_the_server_looks_back() {
        server.shows(vector("[" + at(0) + ",\"1\"]"));
        read(null);
        String asked = URLDecoder.decode(server.asked().getFirst().toString(), StandardCharsets.UTF_8);
        assertThat(asked)
                .startsWith(
                        "/prom/api/v1/query?query=sum(rate(x{a=\"b c\"}[1m]))&time=" + NOON.getEpochSecond() + ".000")
                .endsWith("&lookback_delta=60.000");
    }

    @Test
    void a_range_that_no_server_would_answer_is_refused() {
        assertThatThrownBy(() -> new Range(Duration.ofDays(30), Duration.ofSeconds(1), Take.MAX))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Range(Duration.ofSeconds(10), Duration.ofSeconds(15), Take.MAX))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private MetricSample read(@Nullable Range range) {
        return new PrometheusSource(
                        new HttpReader(http, Duration.ofSeconds(2), () -> Map.of()),
                        server.uri("/prom/"),
                        "sum(rate(x{a=\"b c\"}[1m]))",
                        range,
                        null,
                        Freshness.of(Duration.ofMinutes(1)),
                        clock)
                .read();
    }

    private static String at(int second) {
        return NOON.plusSeconds(second).getEpochSecond() + ".000";
    }

    private static String vector(String value) {
        return "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{\"a\":\"b\"},\"value\":"
                + value + "}]}}";
    }

    private static String matrix(String values) {
        return "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":{},\"values\":["
                + values + "]}]}}";
    }
}
