package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.certs.Role;
import io.weir.http.PaperPools.PaperPool;
import io.weir.pool.FailureKind;
import io.weir.pool.MachineState;
import io.weir.pool.PoolDocument;
import io.weir.reconcile.Refusal;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the door says in each case, whatever is behind it. */
class PathsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path home = Path.of("");

    private static PaperPools pools = new PaperPools();
    private static Adapter adapter;

    private final PaperPool pool = fresh();

    @BeforeAll
    static void open() {
        adapter = new Adapter(home, pools);
    }

    @AfterAll
    static void close() {
        adapter.close();
    }

    private static PaperPool fresh() {
        pools.pools.clear();
        PaperPool pool = pools.with("default", PoolDocument.of(0, 100, 2));
        pool.machines.put("i-1", PaperPools.machine("i-1", MachineState.RUNNING));
        pool.machines.put("default-1-2", PaperPools.machine("default-1-2", MachineState.REQUESTED));
        return pool;
    }

    @Test
    void one_document_of_machines_serves_both_versions() throws Exception {
        JsonNode document = json(adapter.get(Role.VIEWER, "/pool"));

        assertThat(document.path("timestamp").asText()).isEqualTo("2026-11-24T04:00:00.120Z");
        JsonNode machine = document.path("machines").path(0);
        assertThat(machine.path("launchtime")).isEqualTo(machine.path("launchTime"));
        assertThat(machine.path("requestTime").isTextual()).isTrue();
        assertThat(machine.path("cloudProvider").asText()).isEqualTo("Simulated");
        assertThat(machine.path("region").isTextual()).isTrue();
        assertThat(machine.path("machineSize").isTextual()).isTrue();
        JsonNode requested = document.path("machines").path(1);
        assertThat(requested.path("launchtime").isNull()).isTrue();
        assertThat(requested.path("machineSize").isTextual()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.0", "5.0"})
    void answers_have_every_published_field_with_its_type(String version) throws Exception {
        Golden.assertHolds(Golden.answer(version, "machine-pool"), json(adapter.get(Role.VIEWER, "/pool")));
        Golden.assertHolds(Golden.answer(version, "pool-size"), json(adapter.get(Role.VIEWER, "/pool/size")));
        Golden.assertHolds(Golden.answer(version, "error"), json(adapter.get(Role.VIEWER, "/machines/nobody")));
        if (version.equals("5.0")) {
            Golden.assertHolds(Golden.answer(version, "status"), json(adapter.get(Role.VIEWER, "/status")));
        }
    }

    @Test
    void the_generation_of_a_size_is_its_tag() {
        var read = adapter.get(Role.VIEWER, "/pool/size");
        String tag = read.headers().firstValue("ETag").orElseThrow();

        var set = adapter.json(Role.OPERATOR, "POST", "/pool/size", "{\"desiredSize\":5}", "If-Match", tag);

        assertThat(tag).isEqualTo("\"1\"");
        assertThat(set.statusCode()).isEqualTo(200);
        assertThat(set.body()).isEmpty();
        assertThat(set.headers().firstValue("ETag")).contains("\"2\"");
        var stale = adapter.json(Role.OPERATOR, "POST", "/pool/size", "{\"desiredSize\":6}", "If-Match", tag);
        assertThat(stale.statusCode()).isEqualTo(412);
        var again = adapter.json(Role.OPERATOR, "POST", "/pool/size", "{\"desiredSize\":5}", "If-Match", "\"2\"");
        assertThat(again.headers().firstValue("ETag")).contains("\"2\"");
    }

    @Test
    void no_read_is_answered_with_not_modified() {
        var answer =
                adapter.send(Role.VIEWER, adapter.request("/pool/size").GET().header("If-None-Match", "\"1\""));

        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void a_held_size_says_who_why_and_until_when() throws Exception {
        adapter.json(Role.OPERATOR, "POST", "/pool/size", "{\"desiredSize\":5,\"holdMinutes\":15,\"reason\":\"sale\"}");

        var answer = adapter.json(Role.AUTOSCALER, "POST", "/pool/size", "{\"desiredSize\":6}");

        assertThat(answer.statusCode()).isEqualTo(409);
        JsonNode error = json(answer);
        assertThat(error.path("code").asText()).isEqualTo("SIZE_HELD");
        assertThat(error.path("hold").path("by").asText()).isEqualTo("operator/operator");
        assertThat(error.path("hold").path("reason").asText()).isEqualTo("sale");
        assertThat(error.path("hold").path("until").asText()).isEqualTo("2026-11-24T04:15:00.120Z");
        assertThat(adapter.json(Role.AUTOSCALER, "POST", "/pool/size", "{\"desiredSize\":5}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(json(adapter.get(Role.VIEWER, "/pool/size"))
                        .path("hold")
                        .path("by")
                        .isTextual())
                .isTrue();
        adapter.send(Role.OPERATOR, adapter.request("/size-hold").DELETE());
        assertThat(adapter.json(Role.AUTOSCALER, "POST", "/pool/size", "{\"desiredSize\":6}")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void an_autoscaler_may_not_hold_a_size() {
        var answer = adapter.json(Role.AUTOSCALER, "POST", "/pool/size", "{\"desiredSize\":5,\"holdMinutes\":15}");

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(pools.changes).isEmpty();
    }

    @Test
    void each_path_says_the_same_thing_to_the_pool() {
        for (String base : List.of("", "/pools/default", "/cloudpools/default")) {
            pools.changes.clear();
            adapter.json(Role.OPERATOR, "POST", base + "/pool/i-1/terminate", "{\"decrementDesiredSize\":true}");
            adapter.json(
                    Role.OPERATOR,
                    "POST",
                    base + "/pool/terminate",
                    "{\"machineId\":\"i-1\",\"decrementDesiredSize\":true}");
            adapter.json(Role.OPERATOR, "POST", base + "/pool/i-1/detach", "{\"decrementDesiredSize\":false}");
            adapter.json(
                    Role.OPERATOR,
                    "POST",
                    base + "/pool/detach",
                    "{\"machineId\":\"i-1\",\"decrementDesiredSize\":false}");
            adapter.post(Role.OPERATOR, base + "/pool/i-7/attach");
            adapter.json(Role.OPERATOR, "POST", base + "/pool/attach", "{\"machineId\":\"i-7\"}");
            adapter.json(
                    Role.OPERATOR, "POST", base + "/pool/i-1/serviceState", "{\"serviceState\":\"OUT_OF_SERVICE\"}");
            adapter.json(
                    Role.MONITOR,
                    "POST",
                    base + "/pool/serviceState",
                    "{\"machineId\":\"i-1\",\"serviceState\":\"OUT_OF_SERVICE\"}");
            adapter.json(
                    Role.OPERATOR,
                    "POST",
                    base + "/pool/membershipStatus",
                    "{\"machineId\":\"i-1\",\"membershipStatus\":{\"active\":false,\"evictable\":true}}");
            assertThat(pools.changes)
                    .containsExactly(
                            "terminate i-1 true",
                            "terminate i-1 true",
                            "detach i-1 false",
                            "detach i-1 false",
                            "attach i-7",
                            "attach i-7",
                            "service state i-1 OUT_OF_SERVICE true",
                            "service state i-1 OUT_OF_SERVICE false",
                            "membership i-1 false true");
        }
    }

    @Test
    void the_alias_has_no_shorter_paths() {
        assertThat(adapter.get(Role.VIEWER, "/cloudpools").statusCode()).isEqualTo(404);
        assertThat(adapter.get(Role.VIEWER, "/cloudpools/default/size").statusCode())
                .isEqualTo(404);
        assertThat(adapter.get(Role.VIEWER, "/pools/default/size").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "CLOUD, NO_CAPACITY, 500, 502",
        "CLOUD, UNAVAILABLE, 500, 502",
        "CLOUD, NOT_FOUND, 404, 404",
        "CLOUD, WITHHELD, 503, 503",
        "FROZEN, , 503, 503",
        "NOT_FOUND, , 404, 404",
        "NOT_EVICTABLE, , 400, 400",
        "STOPPED, , 400, 400",
        "STALE, , 412, 412",
        "STORE, , 500, 500"
    })
    void a_refusal_has_the_status_of_its_path(Refusal.Code code, FailureKind kind, int two, int five) throws Exception {
        pool.refuses = Optional.of(kind == null ? Refusal.of(code, "because") : Refusal.cloud(kind, "because"));

        var old = adapter.json(Role.OPERATOR, "POST", "/pool/i-1/terminate", "{\"decrementDesiredSize\":true}");
        var recent = adapter.json(
                Role.OPERATOR, "POST", "/pool/terminate", "{\"machineId\":\"i-1\",\"decrementDesiredSize\":true}");

        assertThat(old.statusCode()).isEqualTo(two);
        assertThat(recent.statusCode()).isEqualTo(five);
        assertThat(json(recent).path("message").asText()).isEqualTo("because");
    }

    @Test
    void an_id_that_cannot_be_one_is_not_found() {
        for (String id : List.of("nobody", "%20", "a%2Fb", "..%2F..", "%00", "x".repeat(300))) {
            assertThat(adapter.json(
                                    Role.OPERATOR,
                                    "POST",
                                    "/pool/" + id + "/terminate",
                                    "{\"decrementDesiredSize\":true}")
                            .statusCode())
                    .as(id)
                    .isIn(400, 404);
            assertThat(pools.changes).isEmpty();
        }
        assertThat(adapter.json(Role.OPERATOR, "POST", "/pool/nobody/terminate", "{\"decrementDesiredSize\":true}")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void a_size_that_nobody_knows_is_502_until_somebody_wishes() throws Exception {
        pool.forgetSize();
        var answer = adapter.get(Role.VIEWER, "/pool/size");
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(json(answer).path("code").asText()).isEqualTo("SIZE_UNKNOWN");

        adapter.json(Role.OPERATOR, "POST", "/pool/size", "{\"desiredSize\":7}");

        assertThat(json(adapter.get(Role.VIEWER, "/pool/size"))
                        .path("desiredSize")
                        .asInt())
                .isEqualTo(7);
    }

    @Test
    void a_picture_that_is_too_old_is_502_and_sizes_are_taken_all_the_same() {
        pool.stale = true;

        for (String path : List.of("/pool", "/pool/size", "/machines/i-1")) {
            assertThat(adapter.get(Role.VIEWER, path).statusCode()).as(path).isEqualTo(502);
        }
        assertThat(adapter.json(Role.OPERATOR, "POST", "/pool/size", "{\"desiredSize\":7}")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_stopped_pool_answers_what_starts_it_and_nothing_else() throws Exception {
        adapter.post(Role.OPERATOR, "/stop");

        assertThat(json(adapter.get(Role.VIEWER, "/status")).path("started").asBoolean(true))
                .isFalse();
        assertThat(adapter.get(Role.VIEWER, "/config").statusCode()).isEqualTo(200);
        assertThat(adapter.get(Role.VIEWER, "/pools").statusCode()).isEqualTo(200);
        assertThat(adapter.get(Role.VIEWER, "/pools/default").statusCode()).isEqualTo(200);
        for (String path : List.of("/pool", "/pool/size", "/events", "/machines/i-1")) {
            var answer = adapter.get(Role.VIEWER, path);
            assertThat(answer.statusCode()).as(path).isEqualTo(400);
            assertThat(json(answer).path("code").asText()).isEqualTo("STOPPED");
        }
        assertThat(adapter.json(Role.OPERATOR, "POST", "/pool/size", "{\"desiredSize\":7}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(adapter.post(Role.OPERATOR, "/stop").statusCode()).isEqualTo(200);
        assertThat(adapter.post(Role.OPERATOR, "/start").statusCode()).isEqualTo(200);
        assertThat(adapter.get(Role.VIEWER, "/pool").statusCode()).isEqualTo(200);
    }

    @Test
    void a_root_without_a_pool_can_be_configured_and_then_started() throws Exception {
        pools.pools.clear();
        JsonNode status = json(adapter.get(Role.VIEWER, "/status"));
        assertThat(status.toString()).isEqualTo("{\"started\":false,\"configured\":false}");
        assertThat(adapter.get(Role.VIEWER, "/config").statusCode()).isEqualTo(404);
        assertThat(adapter.post(Role.OPERATOR, "/start").statusCode()).isEqualTo(400);
        assertThat(adapter.get(Role.VIEWER, "/pool").statusCode()).isEqualTo(400);

        assertThat(adapter.json(Role.ADMIN, "POST", "/config", "{\"max\":3}").statusCode())
                .isEqualTo(200);

        assertThat(json(adapter.get(Role.VIEWER, "/status")).toString())
                .isEqualTo("{\"started\":false,\"configured\":true}");
        assertThat(adapter.post(Role.OPERATOR, "/start").statusCode()).isEqualTo(200);
        assertThat(adapter.get(Role.VIEWER, "/pool/size").statusCode()).isEqualTo(200);
    }

    @Test
    void an_unknown_pool_is_404_on_every_path() {
        for (String path : List.of("", "/pool", "/pool/size", "/config", "/status", "/events", "/machines/i-1")) {
            assertThat(adapter.get(Role.VIEWER, "/pools/nobody" + path).statusCode())
                    .as(path)
                    .isEqualTo(404);
            assertThat(adapter.get(Role.VIEWER, "/pools/No_Name" + path).statusCode())
                    .as(path)
                    .isEqualTo(404);
        }
    }

    @Test
    void a_pool_is_made_replaced_and_removed() throws Exception {
        var made = adapter.json(Role.ADMIN, "PUT", "/pools/web", "{\"max\":5}", "If-None-Match", "*");
        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(made.headers().firstValue("Location")).contains("/pools/web");
        assertThat(made.headers().firstValue("ETag")).contains("\"1\"");

        assertThat(adapter.json(Role.ADMIN, "PUT", "/pools/web", "{\"max\":6}", "If-None-Match", "*")
                        .statusCode())
                .isEqualTo(412);
        assertThat(adapter.json(Role.ADMIN, "PUT", "/pools/web", "{\"max\":6}", "If-Match", "\"9\"")
                        .statusCode())
                .isEqualTo(412);
        var replaced = adapter.json(Role.ADMIN, "PUT", "/pools/web", "{\"max\":6}", "If-Match", "\"1\"");
        assertThat(replaced.statusCode()).isEqualTo(200);
        assertThat(replaced.headers().firstValue("ETag")).contains("\"2\"");
        assertThat(adapter.json(Role.ADMIN, "PUT", "/pools/other", "{\"max\":6}", "If-Match", "\"1\"")
                        .statusCode())
                .isEqualTo(412);
        assertThat(adapter.json(Role.ADMIN, "PUT", "/pools/No_Name", "{\"max\":6}")
                        .statusCode())
                .isEqualTo(400);

        var view = adapter.get(Role.ADMIN, "/pools/web");
        assertThat(view.headers().firstValue("ETag")).contains("\"2\"");
        assertThat(json(view).path("document").path("max").asInt()).isEqualTo(6);

        assertThat(delete("/pools/web?machines=all").statusCode()).isEqualTo(400);
        assertThat(delete("/pools/default").statusCode()).isEqualTo(409);
        assertThat(delete("/pools/web").statusCode()).isEqualTo(200);
        assertThat(delete("/pools/web").statusCode()).isEqualTo(404);
        assertThat(delete("/pools/default?machines=release").statusCode()).isEqualTo(200);
    }

    @Test
    void a_document_that_was_read_can_be_sent_back() throws Exception {
        var config = adapter.get(Role.ADMIN, "/config");

        assertThat(adapter.json(Role.ADMIN, "POST", "/config", config.body()).statusCode())
                .isEqualTo(200);
        assertThat(json(adapter.get(Role.ADMIN, "/config"))).isEqualTo(json(config));
    }

    @Test
    void user_data_is_for_those_who_may_write_it() throws Exception {
        adapter.json(Role.ADMIN, "POST", "/config", "{\"max\":3,\"userData\":\"top secret\"}");

        for (String path : List.of("/config", "/", "/pools/default")) {
            assertThat(adapter.get(Role.ADMIN, path).body()).contains("top secret");
            for (Role role : List.of(Role.VIEWER, Role.MONITOR, Role.AUTOSCALER, Role.OPERATOR)) {
                assertThat(adapter.get(role, path).body())
                        .doesNotContain("top secret")
                        .contains("\"userData\":{\"length\":10,\"sha256\":\"");
            }
        }
    }

    @Test
    void events_go_on_from_a_cursor() throws Exception {
        JsonNode first = json(adapter.get(Role.VIEWER, "/events?limit=3&kind=size"));
        assertThat(first.path("events").size()).isEqualTo(3);

        JsonNode rest = json(
                adapter.get(Role.VIEWER, "/events?after=" + first.path("next").asText()));
        assertThat(rest.path("events").size()).isEqualTo(2);

        JsonNode none = json(
                adapter.get(Role.VIEWER, "/events?after=" + rest.path("next").asText()));
        assertThat(none.path("events").size()).isZero();
        assertThat(none.path("next").asText()).isEqualTo("5");

        JsonNode last = json(adapter.get(Role.VIEWER, "/events?last=2"));
        assertThat(last.path("events").path(0).path("id").asInt()).isEqualTo(4);
        assertThat(last.path("next").asText()).isEqualTo("5");
        assertThat(adapter.get(Role.VIEWER, "/events?last=2&after=1").statusCode())
                .isEqualTo(400);
    }

    @Test
    void a_machine_is_found_by_its_id_and_by_its_name() throws Exception {
        JsonNode byId = json(adapter.get(Role.VIEWER, "/machines/i-1"));
        JsonNode byName = json(adapter.get(Role.VIEWER, "/machines/default-1-1"));

        assertThat(byName.path("machine")).isEqualTo(byId.path("machine"));
        assertThat(byId.path("zone").asText()).isEqualTo("zone-a");
    }

    @Test
    void a_frozen_pool_says_so() throws Exception {
        adapter.json(Role.OPERATOR, "POST", "/freeze", "{\"reason\":\"a look\"}");

        JsonNode view = json(adapter.get(Role.VIEWER, "/"));
        assertThat(view.path("frozen").asBoolean()).isTrue();
        assertThat(view.path("gates").path(0).path("reason").asText()).isEqualTo("a look");
        assertThat(json(adapter.get(Role.VIEWER, "/pools"))
                        .path("pools")
                        .path(0)
                        .path("frozen")
                        .asBoolean())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /nothing, 404",
        "GET, /pool/i-1/terminate, 405",
        "PUT, /pool/size, 405",
        "DELETE, /pools, 405",
        "POST, /pool, 405"
    })
    void what_is_not_there_is_told_as_json(String method, String path, int status) throws Exception {
        var answer = adapter.send(
                Role.ADMIN, adapter.request(path).method(method, java.net.http.HttpRequest.BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(json(answer).path("code").isTextual()).isTrue();
        assertThat(answer.headers().firstValue("Allow").isPresent()).isEqualTo(status == 405);
    }

    private static HttpResponse<String> delete(String path) {
        return adapter.send(Role.ADMIN, adapter.request(path).DELETE());
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        return JSON.readTree(answer.body());
    }
}
