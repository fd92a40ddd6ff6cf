package io.weir.openstack.recorded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.openstack.recorded.Wire.Answer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Nova as a pool uses it: what it offers, a server's life at many microversions, listings, marks, states. */
final class ComputeScenarios {
    private static final String NEWEST = "2.93";

    private ComputeScenarios() {}

    static Map<String, Scenario> all() {
        Map<String, Scenario> all = new LinkedHashMap<>();
        all.put("compute-catalog", ComputeScenarios::catalog);
        all.put("compute-life", ComputeScenarios::life);
        all.put("compute-on-a-network", ComputeScenarios::onNetwork);
        all.put("compute-in-a-zone", ComputeScenarios::inZone);
        all.put("compute-listing", ComputeScenarios::listing);
        all.put("compute-metadata", ComputeScenarios::metadata);
        all.put("compute-tags", ComputeScenarios::tags);
        all.put("compute-states", ComputeScenarios::states);
        all.put("compute-several-at-once", ComputeScenarios::several);
        all.put("compute-server-groups", ComputeScenarios::serverGroups);
        return all;
    }

    private static void catalog(Wire wire) {
        String project = wire.session().project();
        wire.record("the version", "compute", "GET", "/", null, null);
        for (String version : List.of("2.1", "2.55", "2.61", "2.75", NEWEST)) {
            wire.record("flavors", "compute", "GET", "/flavors/detail", null, version);
            wire.record("a flavor", "compute", "GET", "/flavors/2", null, version);
        }
        wire.record("flavors without detail", "compute", "GET", "/flavors", null, null);
        wire.record("a page of flavors", "compute", "GET", "/flavors?limit=2", null, null);
        wire.record("the page after it", "compute", "GET", "/flavors?limit=2&marker=2", null, null);
        wire.record("an unknown flavor", "compute", "GET", "/flavors/nope", null, null);
        wire.record("extra specs", "compute", "GET", "/flavors/2/os-extra_specs", null, null);
        for (String version : List.of("2.1", "2.36", "2.39", "2.57", NEWEST)) {
            wire.record("limits", "compute", "GET", "/limits", null, version);
            wire.record("quota", "compute", "GET", "/os-quota-sets/" + project, null, version);
            wire.record("quota with use", "compute", "GET", "/os-quota-sets/" + project + "/detail", null, version);
        }
        wire.record("zones", "compute", "GET", "/os-availability-zone", null, null);
        for (String version : List.of("2.1", "2.2", "2.10", "2.35", NEWEST)) {
            wire.record("keys", "compute", "GET", "/os-keypairs", null, version);
            wire.record("a key", "compute", "GET", "/os-keypairs/pin-key", null, version);
        }
        wire.record("an unknown key", "compute", "GET", "/os-keypairs/nope", null, null);
        wire.record(
                "a key that is none",
                "compute",
                "POST",
                "/os-keypairs",
                Map.of("keypair", Map.of("name", "pin-other", "public_key", "stone")),
                null);
        wire.record(
                "another key", "compute", "POST", "/os-keypairs", Map.of("keypair", Map.of("name", "pin-other")), null);
        wire.record(
                "it again", "compute", "POST", "/os-keypairs", Map.of("keypair", Map.of("name", "pin-other")), null);
        wire.record("its end", "compute", "DELETE", "/os-keypairs/pin-other", null, null);
        wire.record("its end again", "compute", "DELETE", "/os-keypairs/pin-other", null, null);
        wire.record("nothing", "compute", "GET", "/nope", null, null);
        wire.record("a version too new", "compute", "GET", "/servers", null, "2.999");
        wire.record("a version that is none", "compute", "GET", "/servers", null, "abc");
        wire.record("a version too old", "compute", "GET", "/servers", null, "1.1");
        wire.record("the newest version", "compute", "GET", "/flavors", null, "latest");
        wire.record(
                "the older header",
                "compute",
                "GET",
                "/flavors",
                null,
                null,
                Map.of("X-Auth-Token", wire.session().token(), "X-OpenStack-Nova-API-Version", "2.10"));
        wire.record("images of nova at 2.35", "compute", "GET", "/images", null, "2.35");
        wire.record("images of nova at 2.36", "compute", "GET", "/images", null, "2.36");
    }

    private static void life(Wire wire) {
        Ground ground = Ground.of(wire);
        ObjectNode asked = ground.plain("pin-life").put("user_data", "aGVsbG8=").put("key_name", "pin-key");
        asked.put("config_drive", true).put("description", "of no use");
        asked.putObject("metadata").put("weir-pool", "pin").put("other", "ü 漢");
        asked.putArray("tags").add("one").add("two");
        Answer made = wire.record("a launch", "compute", "POST", "/servers", Ground.asked(asked), NEWEST);
        String id = made.at("server").path("id").asText();
        ground.await(id, "ACTIVE");
        for (String version : Ground.versions()) {
            wire.record("the server", "compute", "GET", "/servers/" + id, null, version);
            wire.record("the list", "compute", "GET", "/servers/detail?name=pin-life", null, version);
        }
        wire.record("the short list", "compute", "GET", "/servers?name=pin-life", null, null);
        wire.record("its interfaces", "compute", "GET", "/servers/" + id + "/os-interface", null, null);
        wire.record("its addresses", "compute", "GET", "/servers/" + id + "/ips", null, null);
        wire.record("its volumes", "compute", "GET", "/servers/" + id + "/os-volume_attachments", null, null);
        wire.record(
                "another name",
                "compute",
                "PUT",
                "/servers/" + id,
                Map.of("server", Map.of("name", "pin-life-2")),
                null);
        wire.record("its end", "compute", "DELETE", "/servers/" + id, null, null);
        ground.awaitGone("compute", "/servers/" + id);
        wire.record("it is gone", "compute", "GET", "/servers/" + id, null, null);
        wire.record("its end again", "compute", "DELETE", "/servers/" + id, null, null);
        wire.record("its metadata", "compute", "GET", "/servers/" + id + "/metadata", null, null);
        for (String version : List.of("2.1", NEWEST)) {
            wire.record(
                    "its tombstone",
                    "compute",
                    "GET",
                    "/servers/detail?changes-since=2020-01-01T00:00:00Z&limit=1",
                    null,
                    version);
        }
        wire.record(
                "deleted ones, asked by a user", "compute", "GET", "/servers?deleted=true&name=pin-life-2", null, null);
    }

    private static void onNetwork(Wire wire) {
        Ground ground = Ground.of(wire);
        ObjectNode asked = ground.plain("pin-networked");
        asked.putArray("networks").addObject().put("uuid", ground.network());
        asked.putArray("security_groups").addObject().put("name", "pin-sg");
        Answer made = wire.record("a launch", "compute", "POST", "/servers", Ground.asked(asked), null);
        String id = made.at("server").path("id").asText();
        ground.await(id, "ACTIVE");
        wire.record("the server", "compute", "GET", "/servers/" + id, null, null);
        wire.record("the list", "compute", "GET", "/servers/detail?name=pin-networked", null, NEWEST);
        wire.record("its ports", "network", "GET", "/v2.0/ports?device_id=" + id, null, null);
        wire.record("its interfaces", "compute", "GET", "/servers/" + id + "/os-interface", null, null);
        wire.record("its addresses", "compute", "GET", "/servers/" + id + "/ips", null, null);
        ground.delete(id);
        wire.record("its ports after its end", "network", "GET", "/v2.0/ports?device_id=" + id, null, null);
    }

    private static void inZone(Wire wire) {
        Ground ground = Ground.of(wire);
        String zone = wire.get("compute", "/os-availability-zone")
                .at("availabilityZoneInfo")
                .path(0)
                .path("zoneName")
                .asText();
        String id = ground.boot(ground.plain("pin-zoned").put("availability_zone", zone), NEWEST);
        wire.record("before it has a host", "compute", "GET", "/servers/" + id, null, NEWEST);
        wire.record("listed before it has a host", "compute", "GET", "/servers/detail?name=pin-zoned", null, NEWEST);
        wire.recordOnce("running", "compute", "/servers/" + id, NEWEST, status("ACTIVE"));
        ground.delete(id);
        ObjectNode big =
                ground.plain("pin-zoned-big").put("flavorRef", Ground.TOO_BIG).put("availability_zone", zone);
        wire.recordOnce("without a host", "compute", "/servers/" + ground.boot(big, NEWEST), NEWEST, status("ERROR"));
        wire.record("without a host, listed", "compute", "GET", "/servers/detail?name=pin-zoned-big", null, NEWEST);
        wire.during("spawn-abort", 1, "pin-zoned-aborted", () -> {
            String failed = ground.boot(ground.plain("pin-zoned-aborted").put("availability_zone", zone), NEWEST);
            wire.recordOnce("aborted", "compute", "/servers/" + failed, NEWEST, status("ERROR"));
        });
    }

    private static void listing(Wire wire) {
        Ground ground = Ground.of(wire);
        for (int i = 0; i < 3; i++) {
            ObjectNode asked = ground.plain("pin-listed-" + i);
            asked.putObject("metadata").put("weir-pool", "pin-" + i);
            ground.server(asked, NEWEST, "ACTIVE");
        }
        JsonNode all = wire.record(
                        "sorted by name",
                        "compute",
                        "GET",
                        "/servers?name=pin-listed&sort_key=display_name&sort_dir=asc",
                        null,
                        null)
                .at("servers");
        String last = all.path(2).path("id").asText();
        wire.record("newest first", "compute", "GET", "/servers/detail?name=pin-listed", null, NEWEST);
        JsonNode first = wire.record("a first page", "compute", "GET", "/servers?name=pin-listed&limit=2", null, null)
                .at("servers");
        String marker = first.path(1).path("id").asText();
        wire.record("a second page", "compute", "GET", "/servers?name=pin-listed&limit=2&marker=" + marker, null, null);
        wire.record("a page that is just full", "compute", "GET", "/servers?name=pin-listed&limit=3", null, null);
        wire.record(
                "what comes after the last",
                "compute",
                "GET",
                "/servers?name=pin-listed&limit=3&marker="
                        + all.path(0).path("id").asText(),
                null,
                null);
        wire.record("a limit of 0", "compute", "GET", "/servers?limit=0", null, null);
        for (String query : List.of(
                "limit=-1",
                "limit=abc",
                "marker=nope",
                "marker=" + Ground.NO_SUCH,
                "sort_key=nope",
                "changes-since=nope",
                "name=%5B")) {
            wire.record("refused: " + query, "compute", "GET", "/servers?" + query, null, null);
        }
        for (String version : List.of("2.1", NEWEST)) {
            for (String query : List.of(
                    "metadata=%7B%22weir-pool%22:%22nobody%22%7D",
                    "foo=bar",
                    "tags=nobody",
                    "all_tenants=1",
                    "status=ACTIVE",
                    "status=BUILD",
                    "status=nope",
                    "vm_state=building",
                    "flavor=1",
                    "image=" + ground.image(),
                    "uuid=" + last,
                    "limit=5000")) {
                wire.record("narrowed", "compute", "GET", "/servers?name=pin-listed&" + query, null, version);
            }
        }
        wire.record("a regular expression", "compute", "GET", "/servers?name=%5Epin-listed-1$", null, null);
        wire.record(
                "a time to come",
                "compute",
                "GET",
                "/servers?name=pin-listed&changes-since=2099-01-01T00:00:00Z",
                null,
                null);
        wire.asAdministrator(() -> {
            wire.record(
                    "metadata, by an administrator",
                    "compute",
                    "GET",
                    "/servers?metadata=%7B%22a%22:%22b%22%7D",
                    null,
                    null);
            wire.record(
                    "all projects, by an administrator",
                    "compute",
                    "GET",
                    "/servers?all_tenants=1&name=pin-listed",
                    null,
                    null);
        });
    }

    private static void metadata(Wire wire) {
        Ground ground = Ground.of(wire);
        ObjectNode asked = ground.plain("pin-marked");
        asked.putObject("metadata").put("weir-pool", "pin").put("other", "kept");
        String path = "/servers/" + ground.server(asked, NEWEST, "ACTIVE");
        wire.record("all", "compute", "GET", path + "/metadata", null, null);
        wire.record("merged", "compute", "POST", path + "/metadata", values(Map.of("weir-pool", "pin-2")), null);
        wire.record("nothing merged", "compute", "POST", path + "/metadata", values(Map.of()), null);
        wire.record("replaced", "compute", "PUT", path + "/metadata", values(Map.of("only", "this")), null);
        wire.record("one", "compute", "GET", path + "/metadata/only", null, null);
        wire.record("one that is not", "compute", "GET", path + "/metadata/nope", null, null);
        wire.record("one set", "compute", "PUT", path + "/metadata/more", Map.of("meta", Map.of("more", "x")), null);
        wire.record(
                "one set by another name",
                "compute",
                "PUT",
                path + "/metadata/more",
                Map.of("meta", Map.of("less", "x")),
                null);
        wire.record("one taken away", "compute", "DELETE", path + "/metadata/more", null, null);
        wire.record("one taken away again", "compute", "DELETE", path + "/metadata/more", null, null);
        wire.record("what is left", "compute", "GET", path + "/metadata", null, null);
        wire.record("a number", "compute", "POST", path + "/metadata", values(Map.of("a", 1)), null);
        wire.record(
                "a key too long", "compute", "POST", path + "/metadata", values(Map.of("k".repeat(256), "x")), null);
        wire.record(
                "a value too long", "compute", "POST", path + "/metadata", values(Map.of("k", "v".repeat(256))), null);
        wire.record("an awkward key", "compute", "POST", path + "/metadata", values(Map.of("a/b", "x")), null);
        wire.record(
                "an awkward value",
                "compute",
                "POST",
                path + "/metadata",
                values(Map.of("a b:c_d.e-f", "\"ü\" \\ 漢 \ud83d\ude80")),
                null);
        Map<String, String> many = new LinkedHashMap<>();
        for (int i = 0; i < 129; i++) {
            many.put("k" + i, "x");
        }
        wire.record("too many", "compute", "POST", path + "/metadata", values(many), null);
        ObjectNode beyond = ground.plain("pin-beyond");
        beyond.putObject("metadata").put("note", "\ud83d\ude80");
        String stuck = ground.boot(beyond, NEWEST);
        wire.pause(10);
        wire.record("launched with a sign beyond the basic plane", "compute", "GET", "/servers/" + stuck, null, null);
        wire.record("listed", "compute", "GET", "/servers/detail?name=pin-beyond", null, null);
        wire.record("its end", "compute", "DELETE", "/servers/" + stuck, null, null);
        wire.record("it is gone", "compute", "GET", "/servers/" + stuck, null, null);
        wire.record("no metadata", "compute", "POST", path + "/metadata", Map.of(), null);
        wire.record(
                "of no server",
                "compute",
                "POST",
                "/servers/" + Ground.NO_SUCH + "/metadata",
                values(Map.of("a", "b")),
                null);
    }

    private static void tags(Wire wire) {
        Ground ground = Ground.of(wire);
        String path = "/servers/" + ground.server(ground.plain("pin-tagged"), NEWEST, "ACTIVE");
        wire.record("before there are tags", "compute", "GET", path + "/tags", null, "2.25");
        wire.record("none", "compute", "GET", path + "/tags", null, "2.26");
        wire.record("one", "compute", "PUT", path + "/tags/alpha", null, "2.26");
        wire.record("it again", "compute", "PUT", path + "/tags/alpha", null, "2.26");
        wire.record("is it there", "compute", "GET", path + "/tags/alpha", null, "2.26");
        wire.record("is another there", "compute", "GET", path + "/tags/beta", null, "2.26");
        wire.record("replaced", "compute", "PUT", path + "/tags", Map.of("tags", List.of("beta", "gamma")), "2.26");
        wire.record("looked for", "compute", "GET", "/servers?tags=beta", null, "2.26");
        wire.record("both looked for", "compute", "GET", "/servers?tags=beta,gamma", null, "2.26");
        wire.record("any looked for", "compute", "GET", "/servers?name=pin-tagged&tags-any=beta,delta", null, "2.26");
        wire.record("nobody's looked for", "compute", "GET", "/servers?tags=nobody", null, "2.26");
        wire.record("one taken away", "compute", "DELETE", path + "/tags/beta", null, "2.26");
        wire.record("one taken away again", "compute", "DELETE", path + "/tags/beta", null, "2.26");
        wire.record("all taken away", "compute", "DELETE", path + "/tags", null, "2.26");
        wire.record("an awkward one", "compute", "PUT", path + "/tags", Map.of("tags", List.of("a,b")), "2.26");
    }

    private static void states(Wire wire) {
        Ground ground = Ground.of(wire);
        String id = ground.server(ground.plain("pin-states"), NEWEST, "ACTIVE");
        String path = "/servers/" + id;
        wire.record("locked", "compute", "POST", path + "/action", action("lock"), null);
        wire.record("deleted while locked", "compute", "DELETE", path, null, null);
        wire.record("seen while locked", "compute", "GET", path, null, NEWEST);
        wire.record("unlocked", "compute", "POST", path + "/action", action("unlock"), null);
        wire.record("stopped", "compute", "POST", path + "/action", action("os-stop"), null);
        wire.recordOnce("seen stopped", "compute", path, null, status("SHUTOFF"));
        wire.record("stopped again", "compute", "POST", path + "/action", action("os-stop"), null);
        wire.record("started", "compute", "POST", path + "/action", action("os-start"), null);
        ground.await(id, "ACTIVE");
        wire.record("paused", "compute", "POST", path + "/action", action("pause"), null);
        wire.recordOnce("seen paused", "compute", path, null, status("PAUSED"));
        wire.call("compute", "POST", path + "/action", action("unpause"), null);
        ground.await(id, "ACTIVE");
        wire.record("suspended", "compute", "POST", path + "/action", action("suspend"), null);
        wire.recordOnce("seen suspended", "compute", path, null, status("SUSPENDED"));
        wire.call("compute", "POST", path + "/action", action("resume"), null);
        ground.await(id, "ACTIVE");
        wire.record("shelved", "compute", "POST", path + "/action", action("shelve"), null);
        wire.recordOnce(
                "seen shelved",
                "compute",
                path,
                null,
                status("SHELVED_OFFLOADED")
                        .and(answer ->
                                answer.at("server").path("hostId").asText().isEmpty()));
        wire.call("compute", "POST", path + "/action", action("unshelve"), null);
        ground.await(id, "ACTIVE");
        wire.record("an unknown action", "compute", "POST", path + "/action", action("fly"), null);
        wire.record("two actions", "compute", "POST", path + "/action", Map.of("a", "b", "c", "d"), null);
        wire.record(
                "reset by a user",
                "compute",
                "POST",
                path + "/action",
                Map.of("os-resetState", Map.of("state", "error")),
                null);
        wire.asAdministrator(() -> {
            wire.record(
                    "reset to error",
                    "compute",
                    "POST",
                    path + "/action",
                    Map.of("os-resetState", Map.of("state", "error")),
                    null);
            wire.record(
                    "reset to something",
                    "compute",
                    "POST",
                    path + "/action",
                    Map.of("os-resetState", Map.of("state", "fog")),
                    null);
        });
        wire.record("seen in error", "compute", "GET", path, null, NEWEST);
        wire.record("deleted in error", "compute", "DELETE", path, null, null);
        ground.awaitGone("compute", path);
        ObjectNode big = ground.plain("pin-big").put("flavorRef", Ground.TOO_BIG);
        String failed = "/servers/" + ground.boot(big, NEWEST);
        for (String version : List.of("2.1", NEWEST)) {
            wire.recordOnce("no valid host", "compute", failed, version, status("ERROR"));
            wire.record("no valid host in a list", "compute", "GET", "/servers/detail?name=pin-big", null, version);
        }
        wire.record("its metadata can be set", "compute", "POST", failed + "/metadata", values(Map.of("a", "b")), null);
        wire.record("it is deleted", "compute", "DELETE", failed, null, null);
        wire.record("it is gone at once", "compute", "GET", failed, null, null);
    }

    private static void several(Wire wire) {
        Ground ground = Ground.of(wire);
        ObjectNode asked = ground.plain("pin-several").put("min_count", 2).put("max_count", 2);
        asked.put("return_reservation_id", true);
        Answer made = wire.record("two at once", "compute", "POST", "/servers", Ground.asked(asked), NEWEST);
        String reservation = made.at("reservation_id").asText();
        wire.record(
                "by their reservation",
                "compute",
                "GET",
                "/servers?reservation_id=" + reservation + "&sort_key=display_name&sort_dir=asc",
                null,
                null);
        asked.remove("return_reservation_id");
        wire.record("two at once, told of one", "compute", "POST", "/servers", Ground.asked(asked), NEWEST);
        wire.record(
                "more at least than at most",
                "compute",
                "POST",
                "/servers",
                Ground.asked(asked.put("min_count", 3)),
                NEWEST);
        wire.record("none", "compute", "POST", "/servers", Ground.asked(asked.put("min_count", 0)), NEWEST);
    }

    private static void serverGroups(Wire wire) {
        Ground ground = Ground.of(wire);
        ObjectNode old = Wire.JSON.createObjectNode();
        old.putObject("server_group")
                .put("name", "pin-group")
                .putArray("policies")
                .add("anti-affinity");
        ObjectNode fresh = Wire.JSON.createObjectNode();
        fresh.putObject("server_group").put("name", "pin-group-2").put("policy", "soft-anti-affinity");
        JsonNode group = wire.record("made the old way", "compute", "POST", "/os-server-groups", old, "2.1")
                .at("server_group");
        wire.record("made the old way at 2.64", "compute", "POST", "/os-server-groups", old, "2.64");
        wire.record("made the new way", "compute", "POST", "/os-server-groups", fresh, "2.64");
        wire.record(
                "soft before 2.15",
                "compute",
                "POST",
                "/os-server-groups",
                Map.of("server_group", Map.of("name", "pin-x", "policies", List.of("soft-affinity"))),
                "2.14");
        for (String version : List.of("2.1", "2.13", "2.64")) {
            wire.record("the list", "compute", "GET", "/os-server-groups", null, version);
        }
        String id = group.path("id").asText();
        ObjectNode asked = ground.plain("pin-grouped");
        Map<String, Object> body = new LinkedHashMap<>(Ground.asked(asked));
        body.put("os:scheduler_hints", Map.of("group", id));
        Answer made = wire.record("a member", "compute", "POST", "/servers", body, NEWEST);
        ground.await(made.at("server").path("id").asText(), "ACTIVE");
        wire.record(
                "the member",
                "compute",
                "GET",
                "/servers/" + made.at("server").path("id").asText(),
                null,
                "2.71");
        wire.record("with its member", "compute", "GET", "/os-server-groups/" + id, null, "2.64");
        body.put("os:scheduler_hints", Map.of("group", Ground.NO_SUCH));
        wire.record("of an unknown group", "compute", "POST", "/servers", body, NEWEST);
        body.put("os:scheduler_hints", Map.of("group", "nope"));
        wire.record("of no group", "compute", "POST", "/servers", body, NEWEST);
        wire.record("its end", "compute", "DELETE", "/os-server-groups/" + id, null, null);
        wire.record("its end again", "compute", "DELETE", "/os-server-groups/" + id, null, null);
        wire.record("it is gone", "compute", "GET", "/os-server-groups/" + id, null, null);
    }

    static java.util.function.Predicate<Answer> status(String word) {
        return answer -> answer.at("server").path("status").asText().equals(word)
                && answer.at("server").path("OS-EXT-STS:task_state").isNull();
    }

    static Map<String, ?> values(Map<String, ?> values) {
        return Map.of("metadata", values);
    }

    static Map<String, @Nullable Object> action(String name) {
        Map<String, @Nullable Object> action = new HashMap<>();
        action.put(name, null);
        return action;
    }
}
