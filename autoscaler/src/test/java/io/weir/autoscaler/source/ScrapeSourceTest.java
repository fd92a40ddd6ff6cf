package io.weir.autoscaler.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.autoscaler.ManualClock;
import io.weir.autoscaler.metric.Freshness;
import io.weir.autoscaler.metric.MetricSample;
import io.weir.autoscaler.metric.MetricSample.Absent;
import io.weir.autoscaler.metric.MetricSample.Ambiguous;
import io.weir.autoscaler.metric.MetricSample.Fresh;
import io.weir.autoscaler.metric.MetricSample.FutureStamped;
import io.weir.autoscaler.metric.MetricSample.Infinite;
import io.weir.autoscaler.metric.MetricSample.NotANumber;
import io.weir.autoscaler.metric.MetricSample.OutOfRange;
import io.weir.autoscaler.metric.MetricSample.Partial;
import io.weir.autoscaler.metric.MetricSample.Stale;
import io.weir.autoscaler.metric.MetricSample.Unreachable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScrapeSourceTest {
    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    private final HttpClient http = HttpClient.newHttpClient();
    private final ManualClock clock = new ManualClock(NOON);
    private final List<PageServer> servers = new ArrayList<>();

    @AfterEach
    void close() {
        servers.forEach(PageServer::close);
        http.close();
    }

    @Test
    void a_gauge_is_what_it_shows() throws Exception {
        assertThat(gauge("load", endpoint("load 42\n")).read()).isEqualTo(new Fresh(42, NOON));
    }

    @Test
    void several_endpoints_and_series_become_one_by_sum_average_or_maximum() throws Exception {
        PageServer one = endpoint("load{z=\"a\"} 10\nload{z=\"b\"} 20\n");
        PageServer two = endpoint("load 60\n");
        assertThat(value(source("load", Combine.SUM, null, one, two).read())).isEqualTo(90);
        assertThat(value(source("load", Combine.AVG, null, one, two).read())).isEqualTo(30);
        assertThat(value(source("load", Combine.MAX, null, one, two).read())).isEqualTo(60);
    }

    @Test
    void only_the_selected_series_count() throws Exception {
        assertThat(value(gauge(
                                "load{z=~\"a|b\"}",
                                endpoint("load{z=\"a\"} 1\nload{z=\"b\"} 2\nload{z=\"c\"} 4\nother 8\n"))
                        .read()))
                .isEqualTo(3);
    }

    @Test
    void a_series_that_is_not_there_is_absent_and_not_zero() throws Exception {
        assertThat(gauge("load", endpoint("other 1\n")).read()).isInstanceOf(Absent.class);
        assertThat(gauge("load", endpoint("")).read()).isInstanceOf(Absent.class);
    }

    @Test
    void an_endpoint_that_fails_is_unreachable_and_says_how() throws Exception {
        assertThat(gauge("load", endpoint("load 1\n").withStatus(503)).read().told())
                .contains("status 503");
        assertThat(gauge("load", endpoint("<html>\n")).read().told()).contains("not the text format, line 1");
        assertThat(gauge("load", endpoint("load 1\n").cutOff()).read()).isInstanceOf(Unreachable.class);
        PageServer gone = endpoint("load 1\n");
        gone.close();
        assertThat(gauge("load", gone).read())
                .isInstanceOfSatisfying(
                        Unreachable.class, sample -> assertThat(sample.why()).contains("connection refused"));
    }

    @Test
    void an_endpoint_that_never_answers_is_given_up_in_time() throws Exception {
        long begun = System.nanoTime();
        assertThat(gauge("load", endpoint("load 1\n").silent()).read().told())
                .contains("no whole answer within 500 ms");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void an_answer_of_a_hundred_megabytes_is_not_read_to_its_end() throws Exception {
        assertThat(gauge("load", endpoint("load 1\n" + "# filler\n".repeat(2_000_000)))
                        .read()
                        .told())
                .contains("larger than");
    }

    @Test
    void while_one_endpoint_is_missing_the_rest_is_a_part() throws Exception {
        PageServer dead = endpoint("");
        dead.close();
        assertThat(gauge("load", endpoint("load 10\n"), dead).read()).isInstanceOfSatisfying(Partial.class, partial -> {
            assertThat(partial.value()).isEqualTo(10);
            assertThat(partial.missing()).contains("1 of 2 parts missing").contains("connection refused");
        });
        assertThat(gauge("load", endpoint("load 10\n"), endpoint("other 1\n")).read())
                .isInstanceOf(Partial.class);
    }

    @Test
    void what_is_no_number_is_a_missing_part() throws Exception {
        assertThat(gauge("load", endpoint("load{z=\"a\"} 10\nload{z=\"b\"} NaN\n"))
                        .read())
                .isInstanceOf(Partial.class);
        assertThat(gauge("load", endpoint("load NaN\n")).read()).isInstanceOf(NotANumber.class);
        assertThat(gauge("load", endpoint("load +Inf\n")).read()).isInstanceOf(Infinite.class);
        assertThat(gauge("load", endpoint("load -1\n")).read()).isInstanceOf(OutOfRange.class);
        assertThat(gauge("load", endpoint("load{z=\"a\"} 1e15\nload{z=\"b\"} 1e15\n"))
                        .read())
                .isInstanceOf(OutOfRange.class);
    }

    @Test
    void a_stamp_tells_how_old_a_series_is() throws Exception {
        long millis = NOON.toEpochMilli();
        assertThat(gauge("load", endpoint("load 1 " + (millis - 30_000) + "\n")).read())
                .isEqualTo(new Fresh(1, NOON.minusSeconds(30)));
        assertThat(gauge("load", endpoint("load 1 " + (millis - 90_000) + "\n")).read())
                .isInstanceOf(Stale.class);
        assertThat(gauge("load", endpoint("load 1 " + (millis + 90_000) + "\n")).read())
                .isInstanceOf(FutureStamped.class);
        assertThat(gauge("load", endpoint("load{z=\"a\"} 1\nload{z=\"b\"} 5 " + (millis - 90_000) + "\n"))
                        .read())
                .isInstanceOfSatisfying(
                        Partial.class, partial -> assertThat(partial.value()).isEqualTo(1));
    }

    @Test
    void a_counter_is_the_speed_it_grew_with() throws Exception {
        PageServer server = endpoint("requests_total 100\n");
        ScrapeSource source = source("requests_total", Combine.SUM, Duration.ofMinutes(1), server);
        assertThat(source.read()).isInstanceOf(Absent.class);

        clock.pass(Duration.ofSeconds(10));
        server.shows("requests_total 150\n");
        assertThat(source.read()).isEqualTo(new Fresh(5, NOON.plusSeconds(10)));
    }

    @Test
    void a_counter_that_was_reset_goes_on_from_zero() throws Exception {
        PageServer server = endpoint("requests_total 1000000\n");
        ScrapeSource source = source("requests_total", Combine.SUM, Duration.ofMinutes(1), server);
        source.read();
        clock.pass(Duration.ofSeconds(10));
        server.shows("requests_total 20\n");
        assertThat(value(source.read())).isEqualTo(2);
    }

    @Test
    void a_counter_that_has_just_appeared_beside_others_is_a_missing_part() throws Exception {
        PageServer server = endpoint("requests_total{m=\"a\"} 0\n");
        ScrapeSource source = source("requests_total", Combine.SUM, Duration.ofMinutes(1), server);
        source.read();
        clock.pass(Duration.ofSeconds(10));
        server.shows("requests_total{m=\"a\"} 50\nrequests_total{m=\"b\"} 7000\n");
        assertThat(source.read()).isInstanceOfSatisfying(Partial.class, partial -> assertThat(partial.value())
                .isEqualTo(5));
        clock.pass(Duration.ofSeconds(10));
        server.shows("requests_total{m=\"a\"} 100\nrequests_total{m=\"b\"} 7100\n");
        assertThat(value(source.read())).isEqualTo(15);
    }

    @Test
    void a_counter_of_an_endpoint_that_was_away_goes_on_when_it_is_back() throws Exception {
        PageServer server = endpoint("requests_total 100\n");
        ScrapeSource source = source("requests_total", Combine.SUM, Duration.ofMinutes(1), server);
        source.read();
        clock.pass(Duration.ofSeconds(10));
        server.withStatus(500);
        assertThat(source.read()).isInstanceOf(Unreachable.class);
        clock.pass(Duration.ofSeconds(10));
        server.withStatus(200).shows("requests_total 300\n");
        assertThat(value(source.read())).isEqualTo(10);
    }

    @Test
    void a_counter_whose_stamp_stands_still_grows_old() throws Exception {
        String line = "requests_total %d " + NOON.toEpochMilli() + "\n";
        PageServer server =
                endpoint("requests_total 100 " + NOON.minusSeconds(10).toEpochMilli() + "\n");
        ScrapeSource source = source("requests_total", Combine.SUM, Duration.ofMinutes(1), server);
        source.read();
        server.shows(line.formatted(150));
        assertThat(value(source.read())).isEqualTo(5);
        clock.pass(Duration.ofSeconds(90));
        assertThat(source.read()).isInstanceOf(Stale.class);
    }

    @Test
    void a_counter_without_a_rate_and_a_rate_of_a_gauge_have_no_meaning() throws Exception {
        PageServer counter = endpoint("# TYPE requests_total counter\nrequests_total 100\n");
        assertThat(gauge("requests_total", counter).read()).isInstanceOf(Ambiguous.class);
        PageServer gauge = endpoint("# TYPE load gauge\nload 100\n");
        assertThat(source("load", Combine.SUM, Duration.ofMinutes(1), gauge).read())
                .isInstanceOf(Ambiguous.class);
    }

    @Test
    void openmetrics_is_understood_by_its_media_type() throws Exception {
        PageServer server = endpoint("# TYPE load gauge\nload 3 " + NOON.getEpochSecond() + ".0\n# EOF\n")
                .ofType("application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(gauge("load", server).read()).isEqualTo(new Fresh(3, NOON));
    }

    @Test
    void headers_travel_with_every_look() throws Exception {
        PageServer server = endpoint("load 1\n");
        var reader = new HttpReader(http, Duration.ofMillis(500), () -> Map.of("Authorization", "Bearer sesame"));
        new ScrapeSource(
                        reader,
                        List.of(server.uri("/metrics")),
                        SeriesSelector.of("load"),
                        Combine.SUM,
                        null,
                        Freshness.of(Duration.ofMinutes(1)),
                        clock)
                .read();
        assertThat(server.authorizations()).containsExactly("Bearer sesame");
    }

    private PageServer endpoint(String text) throws IOException {
        var server = new PageServer().shows(text);
        servers.add(server);
        return server;
    }

    private ScrapeSource gauge(String selector, PageServer... endpoints) {
        return source(selector, Combine.SUM, null, endpoints);
    }

    private ScrapeSource source(String selector, Combine combine, @Nullable Duration rate, PageServer... endpoints) {
        List<URI> uris = new ArrayList<>();
        for (PageServer endpoint : endpoints) {
            uris.add(endpoint.uri("/metrics"));
        }
        return new ScrapeSource(
                new HttpReader(http, Duration.ofMillis(500), () -> Map.of()),
                uris,
                SeriesSelector.of(selector),
                combine,
                rate,
                Freshness.of(Duration.ofMinutes(1)),
                clock);
    }

    private static double value(MetricSample sample) {
        assertThat(sample).isInstanceOf(Fresh.class);
        return ((Fresh) sample).value();
    }
}
