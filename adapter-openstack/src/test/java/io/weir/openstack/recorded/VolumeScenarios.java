package io.weir.openstack.recorded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Cinder by itself, and the volumes that Nova makes. */
final class VolumeScenarios {
    private VolumeScenarios() {}

    static Map<String, Scenario> all() {
        Map<String, Scenario> all = new LinkedHashMap<>();
        all.put("volume-catalog", VolumeScenarios::catalog);
        all.put("volume-life", VolumeScenarios::life);
        all.put("volume-attachments", VolumeScenarios::attachments);
        all.put("volume-at-boot", VolumeScenarios::atBoot);
        return all;
    }

    private static void catalog(Wire wire) {
        String project = wire.session().project();
        wire.record("zones", "volumev3", "GET", "/os-availability-zone", null, null);
        wire.record("types", "volumev3", "GET", "/types", null, null);
        wire.record("limits", "volumev3", "GET", "/limits", null, null);
        wire.record("quota", "volumev3", "GET", "/os-quota-sets/" + project, null, null);
        wire.record("quota with use", "volumev3", "GET", "/os-quota-sets/" + project + "?usage=True", null, null);
        wire.record("nothing", "volumev3", "GET", "/nope", null, null);
        wire.record("a version too new", "volumev3", "GET", "/volumes", null, "3.999");
    }

    private static void life(Wire wire) {
        Map<String, ?> asked = Map.of(
                "volume",
                Map.of(
                        "size",
                        1,
                        "name",
                        "pin-volume",
                        "volume_type",
                        "testbed",
                        "metadata",
                        Map.of("weir-pool", "pin")));
        String id = wire.record("made", "volumev3", "POST", "/volumes", asked, null)
                .at("volume")
                .path("id")
                .asText();
        String path = "/volumes/" + id;
        wire.recordOnce("available", "volumev3", path, null, answer -> answer.at("volume")
                .path("status")
                .asText()
                .equals("available"));
        for (String version : List.of("3.0", "3.50", "3.70")) {
            wire.record("seen", "volumev3", "GET", path, null, version);
            wire.record("listed", "volumev3", "GET", "/volumes/detail?name=pin-volume", null, version);
        }
        wire.record("the short list", "volumev3", "GET", "/volumes?name=pin-volume", null, null);
        wire.record("by metadata", "volumev3", "GET", "/volumes?metadata=%7B%27weir-pool%27:%27pin%27%7D", null, null);
        wire.record(
                "by nobody's metadata",
                "volumev3",
                "GET",
                "/volumes?metadata=%7B%27weir-pool%27:%27nobody%27%7D",
                null,
                null);
        wire.record("by a status", "volumev3", "GET", "/volumes?status=error", null, null);
        wire.record("by an unknown filter", "volumev3", "GET", "/volumes?foo=bar", null, null);
        wire.record("by half a name", "volumev3", "GET", "/volumes?name~=pin", null, null);
        wire.record("by an unknown filter at 3.70", "volumev3", "GET", "/volumes?foo=bar", null, "3.70");
        wire.record("by half a name at 3.70", "volumev3", "GET", "/volumes?name~=pin", null, "3.70");
        wire.record("a page", "volumev3", "GET", "/volumes?limit=1", null, null);
        wire.record("after the last", "volumev3", "GET", "/volumes?limit=1&marker=" + id, null, null);
        wire.record("a limit of 0", "volumev3", "GET", "/volumes?limit=0", null, null);
        wire.record("an unknown marker", "volumev3", "GET", "/volumes?marker=" + Ground.NO_SUCH, null, null);
        wire.record("marked", "volumev3", "POST", path + "/metadata", Map.of("metadata", Map.of("more", "x")), null);
        wire.record("its marks", "volumev3", "GET", path + "/metadata", null, null);
        wire.record(
                "marked anew", "volumev3", "PUT", path + "/metadata", Map.of("metadata", Map.of("only", "x")), null);
        wire.record("one mark less", "volumev3", "DELETE", path + "/metadata/only", null, null);
        wire.record("renamed", "volumev3", "PUT", path, Map.of("volume", Map.of("name", "pin-volume-2")), null);
        wire.record("its end", "volumev3", "DELETE", path, null, null);
        new Ground(wire, "", "", "", "", "").awaitGone("volumev3", path);
        wire.record("it is gone", "volumev3", "GET", path, null, null);
        wire.record("its end again", "volumev3", "DELETE", path, null, null);
        wire.record("without a size", "volumev3", "POST", "/volumes", Map.of("volume", Map.of("name", "pin-x")), null);
        wire.record("of size 0", "volumev3", "POST", "/volumes", Map.of("volume", Map.of("size", 0)), null);
        wire.record(
                "of no type",
                "volumev3",
                "POST",
                "/volumes",
                Map.of("volume", Map.of("size", 1, "volume_type", "nope")),
                null);
        wire.record(
                "of no image",
                "volumev3",
                "POST",
                "/volumes",
                Map.of("volume", Map.of("size", 1, "imageRef", Ground.NO_SUCH)),
                null);
        wire.record(
                "in no zone",
                "volumev3",
                "POST",
                "/volumes",
                Map.of("volume", Map.of("size", 1, "availability_zone", "nope")),
                null);
        wire.record(
                "with a number in metadata",
                "volumev3",
                "POST",
                "/volumes",
                Map.of("volume", Map.of("size", 1, "metadata", Map.of("a", 1))),
                null);
        String nowhere = wire.call(
                        "volumev3",
                        "POST",
                        "/volumes",
                        Map.of("volume", Map.of("size", 1, "name", "pin-nowhere", "volume_type", "nowhere")),
                        null)
                .at("volume")
                .path("id")
                .asText();
        wire.recordOnce(
                "of a type that no backend serves",
                "volumev3",
                "/volumes/" + nowhere,
                null,
                answer -> answer.at("volume").path("status").asText().equals("error"));
        wire.record("its end", "volumev3", "DELETE", "/volumes/" + nowhere, null, null);
    }

    private static void attachments(Wire wire) {
        Ground ground = Ground.of(wire);
        String server = "/servers/" + ground.server(ground.plain("pin-attaching"), "2.93", "ACTIVE");
        String volume = wire.call(
                        "volumev3", "POST", "/volumes", Map.of("volume", Map.of("size", 1, "name", "pin-data")), null)
                .at("volume")
                .path("id")
                .asText();
        ground.awaitVolume(volume, "available");
        String path = server + "/os-volume_attachments";
        Map<String, ?> asked = Map.of("volumeAttachment", Map.of("volumeId", volume));
        wire.record("attached", "compute", "POST", path, asked, null);
        ground.awaitVolume(volume, "in-use");
        wire.record("attached again", "compute", "POST", path, asked, null);
        for (String version : List.of("2.1", "2.70", "2.79", "2.89", "2.93")) {
            wire.record("the list", "compute", "GET", path, null, version);
            wire.record("the attachment", "compute", "GET", path + "/" + volume, null, version);
        }
        wire.record("the server", "compute", "GET", server, null, "2.1");
        wire.record("the server", "compute", "GET", server, null, "2.3");
        wire.record("the volume", "volumev3", "GET", "/volumes/" + volume, null, null);
        wire.record(
                "to go with the server",
                "compute",
                "PUT",
                path + "/" + volume,
                Map.of("volumeAttachment", Map.of("volumeId", volume, "delete_on_termination", true)),
                "2.85");
        wire.record("deleted in use", "volumev3", "DELETE", "/volumes/" + volume, null, null);
        wire.record("detached", "compute", "DELETE", path + "/" + volume, null, null);
        ground.awaitVolume(volume, "available");
        ground.awaitGone("compute", path + "/" + volume);
        wire.record("detached again", "compute", "DELETE", path + "/" + volume, null, null);
        wire.record(
                "attached with a tag",
                "compute",
                "POST",
                path,
                Map.of("volumeAttachment", Map.of("volumeId", volume, "tag", "data", "delete_on_termination", true)),
                "2.79");
        ground.awaitVolume(volume, "in-use");
        wire.record("the list", "compute", "GET", path, null, "2.79");
        wire.record(
                "an unknown volume",
                "compute",
                "POST",
                path,
                Map.of("volumeAttachment", Map.of("volumeId", Ground.NO_SUCH)),
                null);
        wire.call("compute", "DELETE", server, null, null);
        ground.awaitGone("compute", server);
        ground.awaitGone("volumev3", "/volumes/" + volume);
        wire.record("gone with its server", "volumev3", "GET", "/volumes/" + volume, null, null);
    }

    private static void atBoot(Wire wire) {
        Ground ground = Ground.of(wire);
        ObjectNode asked = ground.plain("pin-disks");
        asked.remove("imageRef");
        ArrayNode disks = asked.putArray("block_device_mapping_v2");
        disks.addObject()
                .put("boot_index", 0)
                .put("source_type", "image")
                .put("destination_type", "volume")
                .put("uuid", ground.image())
                .put("volume_size", 2)
                .put("delete_on_termination", true);
        disks.addObject()
                .put("boot_index", -1)
                .put("source_type", "blank")
                .put("destination_type", "volume")
                .put("volume_size", 1)
                .put("volume_type", "testbed")
                .put("tag", "data")
                .put("delete_on_termination", false);
        String id = ground.server(asked, "2.93", "ACTIVE");
        wire.record("the server", "compute", "GET", "/servers/" + id, null, "2.93");
        wire.record("its attachments", "compute", "GET", "/servers/" + id + "/os-volume_attachments", null, "2.89");
        JsonNode volumes = wire.record("its volumes", "volumev3", "GET", "/volumes/detail?sort=size:desc", null, null)
                .at("volumes");
        wire.record("a blank one by its name", "volumev3", "GET", "/volumes?name=" + id + "-blank-vol", null, null);
        ground.delete(id);
        String root = "/volumes/" + volumes.path(0).path("id").asText();
        String blank = "/volumes/" + volumes.path(1).path("id").asText();
        ground.awaitGone("volumev3", root);
        wire.record("the one that stays", "volumev3", "GET", blank, null, null);
        ObjectNode failing = ground.plain("pin-disks-2").put("imageRef", ground.image());
        ArrayNode wrong = failing.putArray("block_device_mapping_v2");
        wrong.addObject()
                .put("boot_index", 0)
                .put("source_type", "image")
                .put("destination_type", "local")
                .put("uuid", ground.image());
        for (boolean dies : new boolean[] {true, false}) {
            wrong.addObject()
                    .put("boot_index", -1)
                    .put("source_type", "blank")
                    .put("destination_type", "volume")
                    .put("volume_size", 1)
                    .put("volume_type", dies ? "testbed" : "nowhere")
                    .put("delete_on_termination", dies);
        }
        String failed = ground.boot(failing, "2.93");
        wire.recordOnce(
                "a disk that cannot be made",
                "compute",
                "/servers/" + failed,
                "2.93",
                ComputeScenarios.status("ERROR"));
        wire.recordOnce(
                "what it leaves",
                "volumev3",
                "/volumes/detail?name=" + failed + "-blank-vol",
                null,
                answer -> answer.at("volumes").size() == 1);
        ground.delete(failed);
        wire.record("what its end leaves", "volumev3", "GET", "/volumes?name=" + failed + "-blank-vol", null, null);
    }
}
