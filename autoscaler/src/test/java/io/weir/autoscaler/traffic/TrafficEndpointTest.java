package io.weir.autoscaler.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.autoscaler.ManualClock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrafficEndpointTest {
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private final Trace trace =
            new Trace("t", Instant.parse("1998-05-21T00:00:00Z"), Duration.ofMinutes(1), new double[] {60, 120, 5});
    private final ManualClock clock = new ManualClock(NOW);
    private final HttpClient http = HttpClient.newHttpClient();
    private TrafficEndpoint endpoint;

    @BeforeEach
    void start() throws IOException {
        endpoint = TrafficEndpoint.start(trace, false, true, 0, clock, Runnable::run);
    }

    @AfterEach
    void stop() {
        endpoint.close();
        http.close();
    }

    private HttpResponse<String> call(String method, URI url) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(url)
                        .method(method, BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void a_held_trace_stands_until_it_is_told_to_play() throws Exception {
        clock.pass(Duration.ofHours(3));
        assertThat(call("GET", endpoint.url()).body()).contains("per_minute{trace=\"t\"} 60\n");

        assertThat(call("POST", endpoint.url().resolve("/play")).body().strip()).isEqualTo("2026-11-24T13:00:00Z");
        clock.pass(Duration.ofSeconds(90));
        assertThat(call("POST", endpoint.url().resolve("/play")).body().strip()).isEqualTo("2026-11-24T13:00:00Z");
        assertThat(call("GET", endpoint.url()).body())
                .contains("per_minute{trace=\"t\"} 120\n", "total{trace=\"t\"} 120\n");
    }

    @Test
    void it_says_what_it_is_and_what_it_takes() throws Exception {
        assertThat(call("GET", endpoint.url()).headers().firstValue("Content-Type"))
                .hasValue("text/plain; version=0.0.4; charset=utf-8");
        assertThat(call("POST", endpoint.url()).statusCode()).isEqualTo(404);
        assertThat(call("DELETE", endpoint.url()).statusCode()).isEqualTo(405);
        assertThat(endpoint.url().getHost()).isEqualTo("127.0.0.1");
    }
}
