package io.weir.gce.compute;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static io.weir.gce.compute.Wire.ROOT;
import static io.weir.gce.compute.Wire.error;
import static io.weir.gce.compute.Wire.json;
import static io.weir.gce.compute.Wire.listing;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.http.RequestMethod;
import io.weir.cloud.Check;
import io.weir.cloud.Check.Result;
import io.weir.cloud.RequestMeter;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GcePreflightTest {
    private final Wire wire = new Wire();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @BeforeEach
    void answers() {
        wire.instances(json(200, listing("")));
        wire.answers(
                get(urlPathEqualTo(ROOT + "aggregated/disks")),
                json(200, "{\"kind\": \"compute#diskAggregatedList\"}"));
        wire.answers(get(urlPathEqualTo(ROOT + "regions/us-central1")), json(200, """
                {"kind": "compute#region", "name": "us-central1", "status": "UP",
                 "zones": ["https://www.googleapis.com/compute/v1/projects/weir-example/zones/us-central1-a"],
                 "quotas": [{"metric": "CPUS", "limit": 24, "usage": 23}, {"metric": "INSTANCES", "limit": 100, "usage": 3},
                            {"metric": "ROUTES", "limit": 1, "usage": 1}]}"""));
    }

    @AfterEach
    void stop() {
        wire.close();
        threads.shutdownNow();
    }

    @Test
    void a_connection_that_works_is_good_and_a_quota_that_is_nearly_used_up_a_warning() {
        List<Check> checks = check(URI.create(wire.server.baseUrl()));

        assertThat(named(checks, "endpoint compute").result()).isEqualTo(Result.GOOD);
        for (String permission : List.of("instances", "zoneOperations", "disks")) {
            assertThat(named(checks, "compute." + permission + ".list").result())
                    .isEqualTo(Result.GOOD);
        }
        assertThat(named(checks, "quota CPUS").result()).isEqualTo(Result.WARNING);
        assertThat(named(checks, "quota CPUS").text()).isEqualTo("23 of 24 used");
        assertThat(named(checks, "quota INSTANCES").result()).isEqualTo(Result.GOOD);
        assertThat(checks).extracting(Check::name).doesNotContain("quota ROUTES");
        assertThat(wire.server.getAllServeEvents())
                .allSatisfy(event -> assertThat(event.getRequest().getMethod()).isEqualTo(RequestMethod.GET));
    }

    @Test
    void a_permission_that_misses_is_told_by_its_name() {
        wire.answers(
                get(urlPathMatching(ROOT + "zones/.*/operations")),
                error(403, "forbidden", "Required 'compute.zoneOperations.list' permission"));

        Check operations = named(check(URI.create(wire.server.baseUrl())), "compute.zoneOperations.list");

        assertThat(operations.result()).isEqualTo(Result.BAD);
        assertThat(operations.remedy()).contains("docs/clouds/gce.md");
    }

    @Test
    void a_region_that_may_not_be_read_or_is_not_there_is_no_fault_of_the_wire() {
        for (int status : List.of(403, 404)) {
            wire.answers(
                    get(urlPathEqualTo(ROOT + "regions/us-central1")),
                    error(status, status == 403 ? "accessNotConfigured" : "notFound", "no"));

            List<Check> checks = check(URI.create(wire.server.baseUrl()));

            assertThat(named(checks, "compute.regions.get").result()).isEqualTo(Result.BAD);
            assertThat(named(checks, "permissions").result()).isEqualTo(Result.SKIPPED);
        }
    }

    @Test
    void a_clock_that_is_off_is_told_by_the_date_of_an_answer_even_without_credentials() {
        Instant now = Instant.parse("2026-11-29T12:00:00Z");
        Map.of(
                        "Sun, 29 Nov 2026 11:59:55 GMT", Result.GOOD,
                        "Sun, 29 Nov 2026 12:01:00 GMT", Result.WARNING,
                        "Sun, 29 Nov 2026 11:55:00 GMT", Result.BAD,
                        "noon", Result.SKIPPED)
                .forEach((date, result) -> {
                    wire.answers(
                            get(urlPathEqualTo(ROOT + "regions/us-central1")),
                            error(401, "authError", "no").withHeader("Date", date));

                    Check clock = named(check(URI.create(wire.server.baseUrl()), () -> now), "clock");

                    assertThat(clock.result()).as(date).isEqualTo(result);
                });
        assertThat(named(check(URI.create("http://127.0.0.1:1")), "clock").result())
                .isEqualTo(Result.SKIPPED);
    }

    @Test
    void an_endpoint_that_does_not_answer_is_told_as_that() {
        List<Check> checks = check(URI.create("http://127.0.0.1:1"));

        assertThat(named(checks, "endpoint compute").result()).isEqualTo(Result.BAD);
        assertThat(named(checks, "endpoint compute").text()).contains("ConnectException");
        assertThat(named(checks, "quota").result()).isEqualTo(Result.SKIPPED);
    }

    private List<Check> check(URI endpoint) {
        return check(endpoint, InstantSource.system());
    }

    private List<Check> check(URI endpoint, InstantSource wall) {
        try (Compute compute = new Compute(
                Compute.Settings.of(Wire.login(endpoint, Duration.ofSeconds(10))),
                InstantSource.system(),
                wall,
                threads,
                RequestMeter.NONE)) {
            return compute.check();
        }
    }

    private static Check named(List<Check> checks, String name) {
        return checks.stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + checks));
    }
}
