package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.certs.Role;
import io.weir.driver.Catalogs;
import io.weir.driver.Rates;
import io.weir.driver.Rates.Bucket;
import io.weir.driver.Rates.Kind;
import io.weir.guard.PacedDriver;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What callers see of a pool whose connection has limits. */
@Timeout(60)
class PacedPoolTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path home;

    private LiveFleet paced(Map<Kind, Bucket> rates) {
        return new LiveFleet(
                home.resolve("certs"),
                Map.of("sim", Catalogs.NONE),
                driver -> new PacedDriver(driver, new Rates(rates), Clock.systemUTC(), new Random(1)));
    }

    private static JsonNode get(LiveFleet fleet, String path) throws Exception {
        return JSON.readTree(fleet.adapter.get(Role.VIEWER, path).body());
    }

    private static HttpResponse<String> post(LiveFleet fleet, String path, String body) {
        return fleet.adapter.json(Role.OPERATOR, "POST", path, body);
    }

    private static void pool(LiveFleet fleet, int size) {
        fleet.adapter.json(Role.ADMIN, "PUT", "/pools/web", "{\"max\": 20, \"size\": " + size + "}");
        await().atMost(Duration.ofSeconds(30)).until(() -> fleet.cloud.alive("web") == size);
    }

    @Test
    void a_pool_reaches_its_size_at_the_pace_of_its_connection_and_says_that_it_waits() throws Exception {
        try (LiveFleet fleet = paced(Map.of(Kind.LAUNCH, new Bucket(1, 1)))) {
            long began = System.nanoTime();
            fleet.adapter.json(
                    Role.ADMIN,
                    "PUT",
                    "/pools/web",
                    "{\"max\": 20, \"size\": 4, \"zones\": [\"zone-a\", \"zone-b\", \"zone-c\"]}");
            await().atMost(Duration.ofSeconds(30)).until(() -> fleet.cloud.alive("web") == 4);

            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .as("three calls, one for each zone")
                    .isGreaterThanOrEqualTo(Duration.ofMillis(1900));
            JsonNode waits = get(fleet, "/pools/web/events?kind=launch.waits").path("events");
            assertThat(waits.size()).isBetween(1, 10);
            assertThat(waits.get(0).path("text").asText()).contains("launch: 1.0 a second");
            assertThat(get(fleet, "/pools/web").path("guards").toString()).doesNotContain("breaker");
        }
    }

    @Test
    void a_termination_that_is_withheld_is_accepted_and_done_later() throws Exception {
        try (LiveFleet fleet = paced(Map.of(Kind.TERMINATE, new Bucket(1, 1)))) {
            pool(fleet, 2);
            JsonNode machines = get(fleet, "/pools/web/pool").path("machines");

            for (JsonNode machine : machines) {
                String call = "/pools/web/pool/" + machine.path("id").asText() + "/terminate";
                assertThat(post(fleet, call, "{\"decrementDesiredSize\": true}").statusCode())
                        .isEqualTo(200);
            }

            assertThat(get(fleet, "/pools/web/pool/size").path("desiredSize").asInt())
                    .isZero();
            assertThat(fleet.cloud.alive("web")).as("one waits for its token").isEqualTo(1);
            await().atMost(Duration.ofSeconds(10)).until(() -> fleet.cloud.alive("web") == 0);
        }
    }

    @Test
    void a_read_that_a_caller_waits_for_and_that_is_withheld_is_503_and_changed_nothing() throws Exception {
        try (LiveFleet fleet = paced(Map.of(Kind.FIND, new Bucket(0.001, 1)))) {
            pool(fleet, 0);
            assertThat(post(fleet, "/pools/web/pool/attach", "{\"machineId\": \"i-1\"}")
                            .statusCode())
                    .isEqualTo(404);

            HttpResponse<String> answer = post(fleet, "/pools/web/pool/attach", "{\"machineId\": \"i-1\"}");

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
            assertThat(answer.body()).contains("\"code\":\"UNAVAILABLE\"", "find: 0.001 a second");
            assertThat(get(fleet, "/pools/web/pool/size").path("desiredSize").asInt())
                    .isZero();
        }
    }
}
