package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.certs.Role;
import io.weir.driver.Catalogs;
import io.weir.simulated.SimulatedCloud;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The door over pools on two connections, each to a cloud of its own. */
class ConnectionsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AtomicInteger POOLS = new AtomicInteger();
    private static final AtomicInteger FORGOTTEN = new AtomicInteger();

    @TempDir
    static Path home = Path.of("");

    private static LiveFleet fleet;

    private final List<String> made = new ArrayList<>();

    @BeforeAll
    static void open() {
        Catalogs east = new Catalogs() {
            @Override
            public Optional<Instant> since() {
                return Optional.of(Instant.now().minusSeconds(60));
            }

            @Override
            public void forget() {
                FORGOTTEN.incrementAndGet();
            }
        };
        fleet = new LiveFleet(home.resolve("certs"), new TreeMap<>(Map.of("east", east, "west", Catalogs.NONE)));
    }

    @AfterAll
    static void close() {
        fleet.close();
    }

    @AfterEach
    void remove() {
        east().turn(LiveFleet.QUICK);
        for (String pool : made) {
            fleet.adapter.send(
                    Role.ADMIN,
                    fleet.adapter
                            .request("/pools/" + pool + "?machines=terminate")
                            .DELETE());
        }
        await().until(() -> fleet.fleet.all().isEmpty());
    }

    private static SimulatedCloud east() {
        return fleet.cloud("east");
    }

    private static SimulatedCloud west() {
        return fleet.cloud("west");
    }

    /** A pool of its own, as its document says, with all of its machines. */
    private String pool(String connection, int size) {
        String pool = "p" + POOLS.incrementAndGet();
        HttpResponse<String> put =
                put(pool, "{\"max\": 5, \"size\": " + size + ", \"connection\": \"" + connection + "\"}");
        assertThat(put.statusCode()).as(put.body()).isEqualTo(201);
        made.add(pool);
        await().until(() -> fleet.cloud(connection).alive(pool) == size);
        return pool;
    }

    private static HttpResponse<String> put(String pool, String document) {
        return fleet.adapter.json(Role.ADMIN, "PUT", "/pools/" + pool, document);
    }

    private static JsonNode get(String path) throws Exception {
        return JSON.readTree(fleet.adapter.get(Role.VIEWER, path).body());
    }

    @Test
    void machines_of_a_pool_are_where_its_connection_leads() throws Exception {
        String there = pool("west", 2);
        String here = pool("east", 1);

        assertThat(west().alive(there)).isEqualTo(2);
        assertThat(east().alive(there)).isZero();
        assertThat(east().alive(here)).isEqualTo(1);
        assertThat(west().alive(here)).isZero();
        await().until(() -> get("/pools/" + there + "/pool").path("machines").size() == 2);
        assertThat(get("/pools/" + there + "/pool").findValuesAsText("region")).containsOnly("west");
    }

    @Test
    void a_cloud_that_does_not_answer_stops_only_the_pools_of_its_connection() throws Exception {
        String dark = pool("east", 1);
        String light = pool("west", 1);
        east().turn(LiveFleet.QUICK.turned(turn -> turn.unavailable = true));

        await().untilAsserted(() -> {
            JsonNode connection = get("/connections/east");
            assertThat(connection.path("reached").asBoolean()).isFalse();
            assertThat(connection.path("problem").asText()).startsWith("UNAVAILABLE");
            assertThat(connection.path("listedAt").isTextual()).isTrue();
            assertThat(connection.path("listingAgeSeconds").asDouble()).isPositive();
        });
        fleet.adapter.json(Role.OPERATOR, "POST", "/pools/" + light + "/pool/size", "{\"desiredSize\": 3}");
        await().until(() -> west().alive(light) == 3);
        assertThat(get("/connections/west").path("reached").asBoolean()).isTrue();
        assertThat(get("/connections/west").path("problem").isNull()).isTrue();

        east().turn(LiveFleet.QUICK);
        await().until(() -> get("/connections/east").path("reached").asBoolean());
        assertThat(east().alive(dark)).isEqualTo(1);
    }

    @Test
    void one_listing_a_beat_serves_all_pools_of_a_connection() throws Exception {
        for (int pools = 0; pools < 6; pools++) {
            pool("east", 1);
        }
        await().until(() -> get("/connections/east").path("pools").size() == 6);

        await("six pools at rest have found the beat").untilAsserted(() -> {
            int before = fleet.listings("east");
            long began = System.nanoTime();
            await().until(() -> fleet.listings("east") >= before + 10);
            double beats = (System.nanoTime() - began) / (double) LiveFleet.INTERVAL.toNanos();
            assertThat(10 / beats).as("listings a beat").isLessThan(2);
        });
    }

    @Test
    void a_document_without_a_connection_is_refused_where_there_are_several() {
        HttpResponse<String> answer = put("nowhere", "{\"max\": 5}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"connection\"", "east, west");
    }

    @Test
    void an_unknown_connection_is_refused_with_those_that_there_are() {
        HttpResponse<String> answer = put("nowhere", "{\"max\": 5, \"connection\": \"eats\"}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"connection\"", "eats", "east, west");
        assertThat(fleet.adapter.get(Role.VIEWER, "/pools/nowhere").statusCode())
                .isEqualTo(404);
    }

    @Test
    void a_pool_moves_only_when_it_has_nothing_left_where_it_is() throws Exception {
        String pool = pool("east", 2);
        String moved = "{\"max\": 5, \"connection\": \"west\"}";

        HttpResponse<String> refused = put(pool, moved);
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        assertThat(refused.body()).contains("\"field\":\"connection\"", "2 members", "east", "size to 0");
        assertThat(get("/pools/" + pool + "/config").path("connection").asText())
                .isEqualTo("east");

        fleet.adapter.json(Role.OPERATOR, "POST", "/pools/" + pool + "/pool/size", "{\"desiredSize\": 0}");
        await().untilAsserted(() -> assertThat(put(pool, moved).statusCode()).isEqualTo(200));
        fleet.adapter.json(Role.OPERATOR, "POST", "/pools/" + pool + "/pool/size", "{\"desiredSize\": 3}");

        await().until(() -> west().alive(pool) == 3);
        assertThat(east().alive(pool)).isZero();
        assertThat(get("/connections/west").path("pools").toString()).contains(pool);
        assertThat(get("/connections/east").path("pools").toString()).doesNotContain(pool);
    }

    @Test
    void a_refresh_forgets_the_catalogs_and_resolves_the_documents_again() throws Exception {
        String pool = pool("east", 0);
        int before = FORGOTTEN.get();
        assertThat(get("/connections/east").path("catalogAgeSeconds").asDouble())
                .isGreaterThanOrEqualTo(60);
        assertThat(get("/connections/west").path("catalogsSince").isNull()).isTrue();
        east().turn(LiveFleet.QUICK.turned(turn -> turn.images = Map.of("weir", "img-2")));

        assertThat(fleet.adapter
                        .post(Role.OPERATOR, "/connections/east/refresh")
                        .statusCode())
                .isEqualTo(200);

        assertThat(FORGOTTEN.get()).isEqualTo(before + 1);
        assertThat(get("/pools/" + pool + "/events?kind=catalogs")
                        .path("events")
                        .toString())
                .contains("operator/operator");
        fleet.adapter.json(Role.OPERATOR, "POST", "/pools/" + pool + "/pool/size", "{\"desiredSize\": 1}");
        await().until(() -> east().alive(pool) == 1);
        await().until(() -> get("/pools/" + pool + "/pool").toString().contains("img-2"));
    }

    @Test
    void what_is_no_connection_is_not_found() {
        assertThat(fleet.adapter.get(Role.VIEWER, "/connections/north").statusCode())
                .isEqualTo(404);
        assertThat(fleet.adapter
                        .post(Role.OPERATOR, "/connections/north/refresh")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void a_connection_without_pools_is_listed_by_nobody_and_keeps_nothing_waiting() throws Exception {
        assertThat(fleet.fleet.wasListed("west")).isTrue();
        assertThat(get("/connections").path("connections").findValuesAsText("name"))
                .containsExactly("east", "west");
    }
}
