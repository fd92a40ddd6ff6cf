package io.weir.openstack.recorded;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.openstack.recorded.Wire.Answer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** What is seen of servers and volumes that come up late, badly or not at all. */
final class FaultScenarios {
    private static final String NEWEST = "2.93";

    private FaultScenarios() {}

    static Map<String, Scenario> all() {
        Map<String, Scenario> all = new LinkedHashMap<>();
        all.put("faults-of-launches", FaultScenarios::launches);
        all.put("faults-of-ends", FaultScenarios::ends);
        all.put("faults-of-volumes", FaultScenarios::volumes);
        return all;
    }

    private static void launches(Wire wire) {
        Ground ground = Ground.of(wire);
        wire.during("spawn-delay", 8, "pin-slow", () -> {
            ObjectNode asked = ground.plain("pin-slow");
            asked.putArray("networks").addObject().put("uuid", ground.network());
            String id = ground.boot(asked, NEWEST);
            wire.await("compute", "/servers/" + id, null, task("spawning"));
            wire.pause(6);
            wire.recordOnce("while it spawns", "compute", "/servers/" + id, NEWEST, task("spawning"));
            wire.record(
                    "marked while it spawns",
                    "compute",
                    "POST",
                    "/servers/" + id + "/metadata",
                    ComputeScenarios.values(Map.of("a", "b")),
                    null);
            wire.record("deleted while it spawns", "compute", "DELETE", "/servers/" + id, null, null);
            wire.record("while it is deleted", "compute", "GET", "/servers/" + id, null, NEWEST);
            ground.awaitGone("compute", "/servers/" + id);
        });
        wire.during("spawn-fail", 1, "pin-failing", () -> {
            ObjectNode asked = ground.plain("pin-failing");
            asked.putArray("networks").addObject().put("uuid", ground.network());
            String id = ground.boot(asked, NEWEST);
            wire.recordOnce(
                    "failed on every host", "compute", "/servers/" + id, NEWEST, ComputeScenarios.status("ERROR"));
            wire.record(
                    "failed on every host, in a list",
                    "compute",
                    "GET",
                    "/servers/detail?name=pin-failing",
                    null,
                    NEWEST);
            wire.record("its ports", "network", "GET", "/v2.0/ports?device_id=" + id, null, null);
            wire.record("what counts of it", "compute", "GET", "/limits", null, null);
            wire.record(
                    "marked",
                    "compute",
                    "POST",
                    "/servers/" + id + "/metadata",
                    ComputeScenarios.values(Map.of("a", "b")),
                    null);
            ground.delete(id);
        });
        wire.during("spawn-abort", 1, "pin-aborted", () -> {
            String id = ground.boot(ground.plain("pin-aborted"), NEWEST);
            wire.recordOnce("aborted", "compute", "/servers/" + id, NEWEST, ComputeScenarios.status("ERROR"));
            wire.record("aborted, in a list", "compute", "GET", "/servers/detail?name=pin-aborted", null, NEWEST);
            wire.record("what counts of it", "compute", "GET", "/limits", null, null);
        });
    }

    private static void ends(Wire wire) {
        Ground ground = Ground.of(wire);
        wire.during("destroy-delay", 4, "pin-lingering", () -> {
            String id = ground.server(ground.plain("pin-lingering"), NEWEST, "ACTIVE");
            wire.record("deleted", "compute", "DELETE", "/servers/" + id, null, null);
            wire.recordOnce("while it is deleted", "compute", "/servers/" + id, NEWEST, task("deleting"));
            wire.record("deleted again", "compute", "DELETE", "/servers/" + id, null, null);
            wire.record(
                    "marked",
                    "compute",
                    "POST",
                    "/servers/" + id + "/metadata",
                    ComputeScenarios.values(Map.of("a", "b")),
                    null);
            ground.awaitGone("compute", "/servers/" + id);
        });
        String[] failed = new String[1];
        wire.during("destroy-fail", 1, "pin-clinging", () -> {
            String id = ground.server(ground.plain("pin-clinging"), NEWEST, "ACTIVE");
            failed[0] = id;
            wire.record("deleted", "compute", "DELETE", "/servers/" + id, null, null);
            wire.recordOnce("its end failed", "compute", "/servers/" + id, NEWEST, ComputeScenarios.status("ERROR"));
        });
        wire.record("deleted again", "compute", "DELETE", "/servers/" + failed[0], null, null);
        ground.awaitGone("compute", "/servers/" + failed[0]);
    }

    private static void volumes(Wire wire) {
        Ground ground = Ground.of(wire);
        String[] id = new String[1];
        wire.during("volume-create-delay", 3, "-blank-vol", () -> {
            id[0] = ground.boot(disks(ground, "pin-making", true, false), NEWEST);
            wire.recordOnce(
                    "while its volumes are made", "compute", "/servers/" + id[0], NEWEST, task("block_device_mapping"));
            wire.record("deleted meanwhile", "compute", "DELETE", "/servers/" + id[0], null, null);
            wire.record("while it is deleted", "compute", "GET", "/servers/" + id[0], null, NEWEST);
            ground.awaitGone("compute", "/servers/" + id[0]);
        });
        wire.recordOnce(
                "what is left", "volumev3", "/volumes/detail?name=" + id[0] + "-blank-vol", null, states("available"));
        wire.during("spawn-fail", 1, "pin-unspawned", () -> {
            id[0] = ground.boot(disks(ground, "pin-unspawned", true, false), NEWEST);
            wire.recordOnce(
                    "failed on every host", "compute", "/servers/" + id[0], NEWEST, ComputeScenarios.status("ERROR"));
        });
        wire.recordOnce(
                "its volumes",
                "volumev3",
                "/volumes/detail?sort=created_at:asc&name=" + id[0] + "-blank-vol",
                null,
                states("available"));
        ground.delete(id[0]);
        wire.recordOnce(
                "what is left",
                "volumev3",
                "/volumes?name=" + id[0] + "-blank-vol",
                null,
                answer -> answer.at("volumes").size() == 1);
        wire.during("volume-attach-fail", 1, "-blank-vol", () -> {
            id[0] = ground.boot(disks(ground, "pin-unattached", true, false), NEWEST);
            wire.recordOnce(
                    "a volume that cannot be attached",
                    "compute",
                    "/servers/" + id[0],
                    NEWEST,
                    ComputeScenarios.status("ERROR"));
            wire.recordOnce(
                    "its volumes",
                    "volumev3",
                    "/volumes/detail?name=" + id[0] + "-blank-vol",
                    null,
                    answer -> answer.at("volumes").isEmpty());
        });
        ground.delete(id[0]);
        wire.during("volume-delete-fail", 1, "-blank-vol", () -> {
            id[0] = ground.server(disks(ground, "pin-undeleted", true), NEWEST, "ACTIVE");
            ground.delete(id[0]);
            String volume = wire.recordOnce(
                            "a volume whose end failed",
                            "volumev3",
                            "/volumes/detail?name=" + id[0] + "-blank-vol",
                            null,
                            states("error_deleting"))
                    .at("volumes")
                    .path(0)
                    .path("id")
                    .asText();
            wire.record("its end by a user", "volumev3", "DELETE", "/volumes/" + volume, null, null);
            wire.record(
                    "freed by a user",
                    "volumev3",
                    "POST",
                    "/volumes/" + volume + "/action",
                    Map.of("os-reset_status", Map.of("status", "error")),
                    null);
            wire.asAdministrator(() -> wire.recordAcross(
                    "freed by an administrator",
                    "volumev3",
                    "POST",
                    "/volumes/" + volume + "/action",
                    Map.of("os-reset_status", Map.of("status", "available"))));
        });
    }

    private static ObjectNode disks(Ground ground, String name, boolean... die) {
        ObjectNode server = ground.plain(name);
        ArrayNode disks = server.putArray("block_device_mapping_v2");
        disks.addObject()
                .put("boot_index", 0)
                .put("source_type", "image")
                .put("destination_type", "local")
                .put("uuid", ground.image());
        for (boolean dies : die) {
            disks.addObject()
                    .put("boot_index", -1)
                    .put("source_type", "blank")
                    .put("destination_type", "volume")
                    .put("volume_size", 1)
                    .put("delete_on_termination", dies);
        }
        return server;
    }

    private static Predicate<Answer> task(String word) {
        return answer ->
                answer.at("server").path("OS-EXT-STS:task_state").asText().equals(word);
    }

    private static Predicate<Answer> states(String word) {
        return answer -> {
            for (var volume : answer.at("volumes")) {
                if (!volume.path("status").asText().equals(word)) {
                    return false;
                }
            }
            return !answer.at("volumes").isEmpty();
        };
    }
}
