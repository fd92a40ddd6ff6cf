package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.certs.Role;
import io.weir.simulated.Dials;
import io.weir.simulated.SimulatedCloud;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The door over real pools on a simulated cloud: what a client of either version sees of them. */
class LivePoolsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Dials QUICK = LiveFleet.QUICK;
    private static final AtomicInteger POOLS = new AtomicInteger();

    @TempDir
    static Path home = Path.of("");

    private static LiveFleet fleet;
    private static SimulatedCloud cloud;
    private static Adapter adapter;

    private final String base = "/pools/p" + POOLS.incrementAndGet();

    @BeforeAll
    static void open() {
        fleet = new LiveFleet(home.resolve("certs"));
        cloud = fleet.cloud;
        adapter = fleet.adapter;
    }

    @AfterAll
    static void close() {
        fleet.close();
    }

    @BeforeEach
    void make() {
        var made = adapter.json(Role.ADMIN, "PUT", base, "{\"min\": 0, \"max\": 10, \"size\": 2}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        await().until(() -> running().size() == 2);
    }

    @AfterEach
    void remove() {
        cloud.turn(QUICK);
        adapter.json(Role.OPERATOR, "POST", base + "/unfreeze", "{\"reason\": \"over\"}");
        adapter.send(Role.ADMIN, adapter.request(base + "?machines=terminate").DELETE());
    }

    @Test
    void machines_follow_the_size() throws Exception {
        var set = size(5);
        assertThat(set.statusCode()).isEqualTo(200);
        assertThat(json(get("/pool/size")).path("desiredSize").asInt()).isEqualTo(5);

        await().until(() -> running().size() == 5);
        JsonNode size = json(get("/pool/size"));
        assertThat(size.path("active").asInt()).isEqualTo(5);
        assertThat(size.path("outOfService").asInt()).isZero();
        assertThat(size.path("observedGeneration")).isEqualTo(size.path("generation"));
        assertThat(size.path("setBy").asText()).isEqualTo("operator/operator");

        size(1);
        await().until(() -> running().size() == 1 && cloud.alive(base.substring(7)) == 1);
    }

    @Test
    void a_machine_has_what_clients_of_both_versions_need() throws Exception {
        for (JsonNode machine : json(get("/pool")).path("machines")) {
            for (String field :
                    List.of("cloudProvider", "region", "machineSize", "launchTime", "requestTime", "launchtime")) {
                assertThat(machine.path(field).isTextual()).as(field).isTrue();
            }
            assertThat(machine.path("cloudProvider").asText()).isEqualTo("Simulated");
            assertThat(machine.path("privateIps").size()).isPositive();
            assertThat(machine.path("connectAddress").isTextual()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.0", "5.0"})
    void answers_have_every_published_field_and_published_requests_are_taken(String version) throws Exception {
        Golden.assertHolds(Golden.answer(version, "machine-pool"), json(get("/pool")));
        Golden.assertHolds(Golden.answer(version, "pool-size"), json(get("/pool/size")));
        Golden.assertHolds(Golden.answer(version, "error"), json(get("/machines/nobody")));

        assertThat(post("/pool/size", Golden.request(version, "set-desired-size"))
                        .statusCode())
                .isEqualTo(200);
        await().until(() -> running().size() == 3);
        for (String call : List.of("set-service-state", "terminate-machine", "detach-machine")) {
            String id = running().getLast();
            String path =
                    call.replaceFirst("^set-", "").replace("-machine", "").replace("service-state", "serviceState");
            String body = Golden.request(version, call).replace("i-123456", id);
            var answer = post("/pool/" + (version.equals("2.0") ? id + "/" : "") + path, body);
            assertThat(answer.statusCode()).as(call + ": " + answer.body()).isEqualTo(200);
            assertThat(answer.body()).isEmpty();
            await().until(() -> running().size() == 3);
        }
    }

    @Test
    void a_machine_that_is_terminated_with_its_place_shrinks_the_pool_once() throws Exception {
        String id = running().getFirst();

        for (int times = 0; times < 3; times++) {
            assertThat(post("/pool/" + id + "/terminate", "{\"decrementDesiredSize\": true}")
                            .statusCode())
                    .isEqualTo(200);
        }

        assertThat(json(get("/pool/size")).path("desiredSize").asInt()).isEqualTo(1);
        await().until(() -> !running().contains(id));
        assertThat(post("/pool/" + id + "/terminate", "{\"decrementDesiredSize\": true}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(json(get("/pool/size")).path("desiredSize").asInt()).isEqualTo(1);
        assertThat(state(id)).isEqualTo("TERMINATED");
    }

    @Test
    void a_machine_that_is_terminated_alone_is_replaced() throws Exception {
        String id = running().getFirst();

        assertThat(post("/pool/terminate", "{\"machineId\": \"" + id + "\", \"decrementDesiredSize\": false}")
                        .statusCode())
                .isEqualTo(200);

        await().until(() -> running().size() == 2 && !running().contains(id));
    }

    @Test
    void a_machine_can_leave_and_come_back() throws Exception {
        String id = running().getFirst();

        assertThat(post("/pool/" + id + "/detach", "{\"decrementDesiredSize\": true}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(machines()).doesNotContain(id);
        assertThat(json(get("/pool/size")).path("desiredSize").asInt()).isEqualTo(1);

        for (int times = 0; times < 2; times++) {
            assertThat(adapter.post(Role.OPERATOR, base + "/pool/" + id + "/attach")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(json(get("/pool/size")).path("desiredSize").asInt()).isEqualTo(2);
        }
        assertThat(machines()).contains(id);
        assertThat(adapter.post(Role.OPERATOR, base + "/pool/i-nowhere/attach").statusCode())
                .isEqualTo(404);
        assertThat(adapter.json(Role.OPERATOR, "POST", base + "/pool/attach", "{\"machineId\": \"no where\"}")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void a_member_of_another_pool_cannot_be_attached() throws Exception {
        String other = base + "x";
        adapter.json(Role.ADMIN, "PUT", other, "{\"max\": 3}");
        await().until(() -> adapter.get(Role.VIEWER, other + "/pool/size").statusCode() == 200);

        var answer = adapter.post(Role.OPERATOR, other + "/pool/" + running().getFirst() + "/attach");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(adapter.send(Role.ADMIN, adapter.request(other).DELETE()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void out_of_service_on_the_older_path_replaces_and_keeps() throws Exception {
        String id = running().getFirst();

        post("/pool/" + id + "/serviceState", "{\"serviceState\": \"OUT_OF_SERVICE\"}");

        await().until(() -> running().size() == 3);
        JsonNode size = json(get("/pool/size"));
        assertThat(size.path("allocated").asInt()).isEqualTo(3);
        assertThat(size.path("outOfService").asInt()).isEqualTo(1);
        assertThat(size.path("active").asInt()).isEqualTo(2);
        assertThat(machine(id).path("membershipStatus").toString()).isEqualTo("{\"active\":false,\"evictable\":false}");

        post("/pool/" + id + "/serviceState", "{\"serviceState\": \"IN_SERVICE\"}");

        await().until(() -> running().size() == 2);
        assertThat(json(get("/pool/size")).path("outOfService").asInt()).isZero();
    }

    @Test
    void out_of_service_on_the_newer_path_is_a_mere_mark() throws Exception {
        String id = running().getFirst();

        assertThat(adapter.json(
                                Role.MONITOR,
                                "POST",
                                base + "/pool/serviceState",
                                "{\"machineId\": \"" + id + "\", \"serviceState\": \"OUT_OF_SERVICE\"}")
                        .statusCode())
                .isEqualTo(200);

        assertThat(machine(id).path("serviceState").asText()).isEqualTo("OUT_OF_SERVICE");
        assertThat(json(get("/pool/size")).path("outOfService").asInt()).isZero();
    }

    @Test
    void a_blessed_machine_is_terminated_on_neither_path() throws Exception {
        String id = running().getFirst();
        assertThat(membership(id, true, false).statusCode()).isEqualTo(200);

        var two = post("/pool/" + id + "/terminate", "{\"decrementDesiredSize\": true}");
        var five = post("/pool/terminate", "{\"machineId\": \"" + id + "\", \"decrementDesiredSize\": true}");

        assertThat(two.statusCode()).isEqualTo(400);
        assertThat(five.statusCode()).isEqualTo(400);
        assertThat(json(five).path("code").asText()).isEqualTo("NOT_EVICTABLE");
        assertThat(json(get("/pool/size")).path("desiredSize").asInt()).isEqualTo(2);
        size(0);
        await().until(() -> running().equals(List.of(id)));
    }

    @Test
    void a_disposable_machine_is_replaced_and_ended() throws Exception {
        String id = running().getFirst();

        membership(id, false, true);

        await().until(() -> running().size() == 2 && !running().contains(id));
    }

    @Test
    void a_refusal_of_the_cloud_is_500_or_502_and_nothing_happens_later() throws Exception {
        String id = running().getFirst();
        cloud.turn(QUICK.turned(turn -> turn.protectedMachines = Set.of(id)));

        var two = post("/pool/" + id + "/terminate", "{\"decrementDesiredSize\": true}");
        var five = post("/pool/terminate", "{\"machineId\": \"" + id + "\", \"decrementDesiredSize\": true}");

        assertThat(two.statusCode()).as(two.body()).isEqualTo(500);
        assertThat(five.statusCode()).as(five.body()).isEqualTo(502);
        assertThat(json(get("/pool/size")).path("desiredSize").asInt()).isEqualTo(2);
        cloud.turn(QUICK);
        size(3);
        await().until(() -> running().size() == 3);
        assertThat(running()).contains(id);
    }

    @Test
    void bounds_hold_for_calls_on_machines_too() throws Exception {
        adapter.json(Role.ADMIN, "POST", base + "/config", "{\"min\": 2, \"max\": 2}");
        String id = running().getFirst();

        assertThat(json(post("/pool/" + id + "/terminate", "{\"decrementDesiredSize\": true}"))
                        .path("field")
                        .asText())
                .isEqualTo("decrementDesiredSize");
        assertThat(post("/pool/" + id + "/detach", "{\"decrementDesiredSize\": false}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(adapter.post(Role.OPERATOR, base + "/pool/" + id + "/attach").statusCode())
                .isEqualTo(400);
        assertThat(size(1).statusCode()).isEqualTo(400);
        assertThat(size(3).statusCode()).isEqualTo(400);
    }

    @Test
    void a_new_document_moves_the_wish_only_into_its_bounds() throws Exception {
        adapter.json(Role.ADMIN, "POST", base + "/config", "{\"min\": 1, \"max\": 9, \"size\": 7}");
        assertThat(json(get("/pool/size")).path("desiredSize").asInt()).isEqualTo(2);

        adapter.json(Role.ADMIN, "PUT", base, "{\"min\": 4, \"max\": 9}");
        assertThat(json(get("/pool/size")).path("desiredSize").asInt()).isEqualTo(4);
        await().until(() -> running().size() == 4);
    }

    @Test
    void a_document_that_the_cloud_cannot_serve_is_refused_whole() throws Exception {
        var refused = adapter.json(
                Role.ADMIN, "PUT", base, "{\"max\": 9, \"machineTypes\": [\"giant\"], \"zones\": [\"zone-z\"]}");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("machineTypes[0]", "giant", "zones[0]", "zone-z");
        assertThat(json(get("/config")).path("max").asInt()).isEqualTo(10);
        assertThat(adapter.json(Role.ADMIN, "PUT", base + "y", "{\"max\": 9, \"image\": \"none\"}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(adapter.get(Role.VIEWER, base + "y").statusCode()).isEqualTo(404);
    }

    @Test
    void a_frozen_pool_records_sizes_and_refuses_calls_on_machines() throws Exception {
        post("/freeze", "{\"reason\": \"a look\"}");
        String id = running().getFirst();

        assertThat(size(4).statusCode()).isEqualTo(200);
        for (var answer : List.of(
                post("/pool/" + id + "/terminate", "{\"decrementDesiredSize\": true}"),
                post("/pool/terminate", "{\"machineId\": \"" + id + "\", \"decrementDesiredSize\": true}"),
                post("/pool/" + id + "/serviceState", "{\"serviceState\": \"UNHEALTHY\"}"))) {
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(json(answer).path("code").asText()).isEqualTo("FROZEN");
        }
        assertThat(json(get("")).path("frozen").asBoolean()).isTrue();
        assertThat(running()).hasSize(2);

        post("/unfreeze", "{\"reason\": \"over\"}");
        await().until(() -> running().size() == 4);
        assertThat(running()).contains(id);
    }

    @Test
    void a_stopped_pool_is_left_alone_until_it_is_started() throws Exception {
        adapter.post(Role.OPERATOR, base + "/stop");
        assertThat(get("/pool").statusCode()).isEqualTo(400);
        assertThat(size(4).statusCode()).isEqualTo(400);

        adapter.post(Role.OPERATOR, base + "/start");
        assertThat(size(4).statusCode()).isEqualTo(200);
        await().until(() -> running().size() == 4);
    }

    @Test
    void the_last_picture_is_served_for_a_while_and_then_it_is_502() throws Exception {
        JsonNode before = json(get("/pool"));
        cloud.turn(QUICK.turned(turn -> turn.unavailable = true));

        assertThat(get("/pool").statusCode()).isEqualTo(200);
        assertThat(json(get("/pool")).path("machines").size())
                .isEqualTo(before.path("machines").size());
        await().until(() -> get("/pool").statusCode() == 502);
        assertThat(get("/pool/size").statusCode()).isEqualTo(502);
        assertThat(size(3).statusCode()).isEqualTo(200);

        cloud.turn(QUICK);
        await().until(() -> get("/pool").statusCode() == 200 && running().size() == 3);
    }

    @Test
    void a_launch_in_flight_is_a_machine_with_our_own_name() throws Exception {
        cloud.turn(QUICK.turned(turn -> turn.lostRequests = 1));
        size(3);
        await().until(() -> machines().size() == 3);

        JsonNode machine = json(get("/pool")).path("machines").path(2);
        assertThat(machine.path("machineState").asText()).isEqualTo("REQUESTED");
        assertThat(machine.path("launchTime").isNull()).isTrue();
        assertThat(machine.path("machineSize").asText()).isEqualTo("small");
        String name = machine.path("id").asText();
        assertThat(get("/machines/" + name).statusCode()).isEqualTo(200);

        assertThat(post("/pool/" + name + "/terminate", "{\"decrementDesiredSize\": true}")
                        .statusCode())
                .isEqualTo(200);
        cloud.turn(QUICK);
        await().until(() -> running().size() == 2);
        assertThat(json(get("/pool/size")).path("desiredSize").asInt()).isEqualTo(2);
    }

    @Test
    void our_name_is_accepted_wherever_an_id_is() throws Exception {
        String id = running().getFirst();
        String name = json(get("/machines/" + id)).path("name").asText();

        assertThat(name).isNotEmpty().isNotEqualTo(id);
        assertThat(json(get("/machines/" + name)).path("machine").path("id").asText())
                .isEqualTo(id);
        assertThat(post("/pool/" + name + "/terminate", "{\"decrementDesiredSize\": true}")
                        .statusCode())
                .isEqualTo(200);
        await().until(() -> !running().contains(id));
    }

    @Test
    void what_happened_is_told_with_its_author() throws Exception {
        adapter.json(Role.OPERATOR, "POST", base + "/pool/size", "{\"desiredSize\": 3, \"reason\": \"a sale\"}");
        await().until(() -> running().size() == 3);

        JsonNode page = json(get("/events?kind=size"));
        assertThat(page.path("events").toString()).contains("a sale", "operator/operator");
        JsonNode all = json(get("/events?limit=1000"));
        assertThat(all.path("events").size()).isGreaterThan(page.path("events").size());
        assertThat(json(get("/events?after=" + all.path("next").asText()))
                        .path("events")
                        .size())
                .isZero();
    }

    @Test
    void a_pool_with_machines_is_not_removed_by_accident() throws Exception {
        assertThat(adapter.send(Role.ADMIN, adapter.request(base).DELETE()).statusCode())
                .isEqualTo(409);
        assertThat(running()).hasSize(2);

        assertThat(adapter.send(
                                Role.ADMIN,
                                adapter.request(base + "?machines=terminate").DELETE())
                        .statusCode())
                .isEqualTo(200);
        await().until(() -> adapter.get(Role.VIEWER, base).statusCode() == 404);
        assertThat(cloud.alive(base.substring(7))).isZero();
    }

    @Test
    void a_pool_that_is_made_again_launches_machines_of_its_own() throws Exception {
        List<String> before = running();
        adapter.send(Role.ADMIN, adapter.request(base + "?machines=release").DELETE());
        await().until(() -> adapter.get(Role.VIEWER, base).statusCode() == 404);

        make();

        assertThat(running()).doesNotContainAnyElementsOf(before);
        assertThat(cloud.alive(base.substring(7))).isEqualTo(2);
    }

    @Test
    void a_pool_that_is_being_deleted_takes_no_document() throws Exception {
        cloud.turn(QUICK.turned(turn -> turn.end = new io.weir.simulated.Delay.Fixed(1)));
        adapter.send(Role.ADMIN, adapter.request(base + "?machines=terminate").DELETE());

        var again = adapter.json(Role.ADMIN, "PUT", base, "{\"max\": 9}");

        assertThat(again.statusCode()).as(again.body()).isEqualTo(409);
        assertThat(again.body()).contains("being deleted");
    }

    @Test
    void a_machine_that_two_pools_ask_for_at_once_becomes_a_member_of_one() throws Exception {
        String other = base + "x";
        adapter.json(Role.ADMIN, "PUT", other, "{\"max\": 30}");
        adapter.json(Role.ADMIN, "PUT", base, "{\"max\": 30}");
        await().until(() -> adapter.get(Role.VIEWER, other + "/pool/size").statusCode() == 200);
        size(12);
        await().until(() -> running().size() == 12);
        for (String id : running()) {
            post("/pool/detach", "{\"machineId\": \"" + id + "\", \"decrementDesiredSize\": true}");

            var both = java.util.stream.Stream.of(base, other)
                    .parallel()
                    .map(pool -> adapter.post(Role.OPERATOR, pool + "/pool/" + id + "/attach")
                            .statusCode())
                    .toList();

            assertThat(both).containsExactlyInAnyOrder(200, 400);
        }
        adapter.send(Role.ADMIN, adapter.request(other + "?machines=terminate").DELETE());
    }

    @Test
    void a_pool_that_is_made_while_the_fleet_is_frozen_is_frozen_too() throws Exception {
        String other = base + "x";
        adapter.json(Role.OPERATOR, "POST", "/fleet/freeze", "{\"reason\": \"test\"}");
        try {
            adapter.json(Role.ADMIN, "PUT", other, "{\"max\": 3, \"size\": 2}");
            assertThat(json(adapter.get(Role.VIEWER, other)).path("frozen").asBoolean())
                    .isTrue();
        } finally {
            adapter.json(Role.OPERATOR, "POST", "/fleet/unfreeze", "{\"reason\": \"over\"}");
        }
        await().until(() -> cloud.alive(other.substring(7)) == 2);
        adapter.send(Role.ADMIN, adapter.request(other + "?machines=terminate").DELETE());
    }

    @Test
    void a_pool_that_is_configured_at_the_root_has_no_effect_before_it_is_started() throws Exception {
        for (int times = 0; times < 5; times++) {
            adapter.json(Role.ADMIN, "POST", "/config", "{\"max\": 3, \"size\": 2}");
            await().until(() -> json(adapter.get(Role.VIEWER, "/pools/default"))
                    .path("size")
                    .isObject());
            assertThat(cloud.alive("default")).isZero();

            adapter.post(Role.OPERATOR, "/start");
            assertThat(adapter.get(Role.VIEWER, "/events?kind=pool.st").body()).doesNotContain("pool.stopped");
            adapter.send(
                    Role.ADMIN,
                    adapter.request("/pools/default?machines=terminate").DELETE());
            await().until(() -> adapter.get(Role.VIEWER, "/pools/default").statusCode() == 404);
        }
    }

    @Test
    void an_event_tells_a_membership_in_words() throws Exception {
        membership(running().getFirst(), true, false);

        assertThat(get("/events?kind=machine.told").body())
                .contains("active true, evictable false")
                .doesNotContain("MembershipStatus");
    }

    private HttpResponse<String> get(String path) {
        return adapter.get(Role.VIEWER, base + path);
    }

    private HttpResponse<String> post(String path, String body) {
        return adapter.json(Role.OPERATOR, "POST", base + path, body);
    }

    private HttpResponse<String> size(int size) {
        return post("/pool/size", "{\"desiredSize\": " + size + "}");
    }

    private HttpResponse<String> membership(String id, boolean active, boolean evictable) {
        return post(
                "/pool/membershipStatus",
                "{\"machineId\": \"" + id + "\", \"membershipStatus\": {\"active\": " + active + ", \"evictable\": "
                        + evictable + "}}");
    }

    private List<String> machines() throws Exception {
        List<String> ids = new ArrayList<>();
        json(get("/pool"))
                .path("machines")
                .forEach(machine -> ids.add(machine.path("id").asText()));
        return ids;
    }

    private List<String> running() throws Exception {
        List<String> ids = new ArrayList<>();
        json(get("/pool")).path("machines").forEach(machine -> {
            if (machine.path("machineState").asText().equals("RUNNING")) {
                ids.add(machine.path("id").asText());
            }
        });
        return ids;
    }

    private JsonNode machine(String id) throws Exception {
        return json(get("/machines/" + id)).path("machine");
    }

    private String state(String id) throws Exception {
        return machine(id).path("machineState").asText();
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        return JSON.readTree(answer.body());
    }
}
