package io.weir.openstack.recorded;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** What Nova says to a launch that cannot be, and to one that is beyond the quota. */
final class RefusalScenarios {
    private RefusalScenarios() {}

    static Map<String, Scenario> all() {
        Map<String, Scenario> all = new LinkedHashMap<>();
        all.put("refused-launches", RefusalScenarios::launches);
        all.put("refused-for-quota", RefusalScenarios::quota);
        return all;
    }

    private static void launches(Wire wire) {
        Ground ground = Ground.of(wire);
        Asking asking = new Asking(ground, "2.93");
        asking.with("no name", server -> server.remove("name"));
        asking.with("an empty name", server -> server.put("name", ""));
        asking.with("a blank name", server -> server.put("name", " "));
        asking.with("a long name", server -> server.put("name", "x".repeat(256)));
        asking.with("no flavor", server -> server.remove("flavorRef"));
        asking.with("an unknown flavor", server -> server.put("flavorRef", "nope"));
        asking.with("no image", server -> server.remove("imageRef"));
        asking.with("an image that is no id", server -> server.put("imageRef", "nope"));
        asking.with("an unknown image", server -> server.put("imageRef", Ground.NO_SUCH));
        asking.with("no networks", server -> server.remove("networks"));
        asking.at("2.36").with("none at 2.36", server -> {});
        asking.with("a network that is no id", server -> network(server, "uuid", "zzz"));
        asking.with("an unknown network", server -> network(server, "uuid", Ground.NO_SUCH));
        asking.with("an unknown port", server -> network(server, "port", Ground.NO_SUCH));
        asking.with("an address outside of the network", server -> {
            ArrayNode networks = server.putArray("networks");
            networks.addObject().put("uuid", ground.network()).put("fixed_ip", "192.0.2.1");
        });
        asking.with("a host", server -> server.put("host", "x"));
        asking.with("two unknown properties", server -> server.put("foo", "x").put("bar", 1));
        asking.with(
                "a number in metadata", server -> server.putObject("metadata").put("a", 1));
        asking.with("a long key", server -> server.putObject("metadata").put("k".repeat(256), "x"));
        asking.with("a long value", server -> server.putObject("metadata").put("k", "x".repeat(256)));
        asking.with("an awkward key", server -> server.putObject("metadata").put("a b!", "x"));
        asking.with("an empty key", server -> server.putObject("metadata").put("", "x"));
        asking.with("too many metadata", server -> {
            ObjectNode metadata = server.putObject("metadata");
            for (int i = 0; i < 129; i++) {
                metadata.put("k" + i, "x");
            }
        });
        asking.with("user data that is not Base64", server -> server.put("user_data", "abc"));
        asking.with("user data too long", server -> server.put("user_data", "A".repeat(65_536)));
        asking.with("an unknown key", server -> server.put("key_name", "nope"));
        asking.with(
                "an unknown security group",
                server -> server.putArray("security_groups").addObject().put("name", "nope"));
        asking.with("an unknown zone", server -> server.put("availability_zone", "nope"));
        asking.at("2.51").with("tags at 2.51", server -> server.putArray("tags").add("a"));
        asking.with("an awkward tag", server -> server.putArray("tags").add("a,b"));
        asking.with("a config drive of sorts", server -> server.put("config_drive", "zz"));
        asking.at("2.18").with("a description at 2.18", server -> {
            network(server, "uuid", ground.network());
            server.put("description", "x");
        });
        asking.at("2.89").with("a host name at 2.89", server -> server.put("hostname", "x"));
        asking.with(
                "a blank disk without one for the image",
                server -> blank(server.putArray("block_device_mapping_v2"), 1));
        asking.with("a blank disk without a size", server -> {
            ArrayNode disks = image(ground, server);
            blank(disks, 1).remove("volume_size");
        });
        asking.with("a blank disk of size 0", server -> blank(image(ground, server), 0));
        asking.with("a disk of an unknown type", server -> blank(image(ground, server), 1)
                .put("volume_type", "nope"));
        asking.at("2.66").with("a disk with a type at 2.66", server -> blank(image(ground, server), 1)
                .put("volume_type", "testbed"));
        asking.with("an unknown volume", server -> {
            server.remove("imageRef");
            server.putArray("block_device_mapping_v2")
                    .addObject()
                    .put("boot_index", 0)
                    .put("source_type", "volume")
                    .put("destination_type", "volume")
                    .put("uuid", Ground.NO_SUCH);
        });
        wire.record("no server", "compute", "POST", "/servers", Map.of(), "2.93");
        wire.record("no JSON", "compute", "POST", "/servers", "{bad", "2.93");
        wire.record(
                "another type",
                "compute",
                "POST",
                "/servers",
                "{}",
                null,
                Map.of("X-Auth-Token", wire.session().token(), "Content-Type", "text/plain"));
    }

    /** One launch after the other, each wrong in its own way. */
    private record Asking(Ground ground, String version) {
        Asking at(String other) {
            return new Asking(ground, other);
        }

        void with(String what, Consumer<ObjectNode> wrong) {
            ObjectNode server = ground.plain("pin-refused");
            wrong.accept(server);
            ground.wire().record(what, "compute", "POST", "/servers", Ground.asked(server), version);
        }
    }

    private static void network(ObjectNode server, String field, String value) {
        server.putArray("networks").addObject().put(field, value);
    }

    private static ArrayNode image(Ground ground, ObjectNode server) {
        ArrayNode disks = server.putArray("block_device_mapping_v2");
        disks.addObject()
                .put("boot_index", 0)
                .put("source_type", "image")
                .put("destination_type", "local")
                .put("uuid", ground.image());
        return disks;
    }

    private static ObjectNode blank(ArrayNode disks, int size) {
        return disks.addObject()
                .put("boot_index", -1)
                .put("source_type", "blank")
                .put("destination_type", "volume")
                .put("volume_size", size);
    }

    private static void quota(Wire wire) {
        Ground ground = Ground.of(wire);
        String project = wire.session().project();
        ground.server(ground.plain("pin-first"), "2.93", "ACTIVE");
        String nova = "/os-quota-sets/" + project;
        wire.asAdministrator(() ->
                wire.record("one instance", "compute", "PUT", nova, Map.of("quota_set", Map.of("instances", 1)), null));
        wire.record(
                "an instance too many",
                "compute",
                "POST",
                "/servers",
                Ground.asked(ground.plain("pin-second")),
                "2.93");
        wire.record(
                "two instances too many",
                "compute",
                "POST",
                "/servers",
                Ground.asked(ground.plain("pin-second").put("min_count", 2)),
                "2.93");
        wire.record("limits", "compute", "GET", "/limits", null, null);
        wire.asAdministrator(() -> wire.record(
                "two cores", "compute", "PUT", nova, Map.of("quota_set", Map.of("instances", 10, "cores", 2)), null));
        wire.record(
                "cores too many",
                "compute",
                "POST",
                "/servers",
                Ground.asked(ground.plain("pin-second").put("flavorRef", "3")),
                "2.93");
        wire.asAdministrator(() -> wire.record(
                "little ram", "compute", "PUT", nova, Map.of("quota_set", Map.of("cores", -1, "ram", 600)), null));
        wire.record("ram too much", "compute", "POST", "/servers", Ground.asked(ground.plain("pin-second")), "2.93");
        wire.asAdministrator(() -> wire.record("as it was", "compute", "DELETE", nova, null, null));
        wire.record("by a user", "compute", "PUT", nova, Map.of("quota_set", Map.of("instances", 1)), null);

        String neutron = "/v2.0/quotas/" + project;
        wire.asAdministrator(
                () -> wire.record("no port", "network", "PUT", neutron, Map.of("quota", Map.of("port", 1)), null));
        ObjectNode networked = ground.plain("pin-second");
        networked.putArray("networks").addObject().put("uuid", ground.network());
        String first = ground.boot(networked, "2.93");
        String second = wire.record(
                        "a server's port too many", "compute", "POST", "/servers", Ground.asked(networked), "2.93")
                .at("server")
                .path("id")
                .asText();
        ground.await(first, "ACTIVE");
        wire.recordOnce("what became of it", "compute", "/servers/" + second, "2.93", ComputeScenarios.status("ERROR"));
        wire.record("its port known to be too many", "compute", "POST", "/servers", Ground.asked(networked), "2.93");
        wire.record(
                "a port too many",
                "network",
                "POST",
                "/v2.0/ports",
                Map.of("port", Map.of("network_id", ground.network())),
                null);
        wire.asAdministrator(() -> wire.record("as it was", "network", "DELETE", neutron, null, null));

        String cinder = "/os-quota-sets/" + project;
        wire.asAdministrator(
                () -> wire.call("volumev3", "PUT", cinder, Map.of("quota_set", Map.of("volumes", 0)), null));
        wire.record("a volume too many", "volumev3", "POST", "/volumes", Map.of("volume", Map.of("size", 1)), null);
        ObjectNode withDisk = ground.plain("pin-third");
        blank(image(ground, withDisk), 1).put("delete_on_termination", true);
        String failed = ground.boot(withDisk, "2.93");
        wire.recordOnce(
                "a server's volume too many",
                "compute",
                "/servers/" + failed,
                "2.93",
                ComputeScenarios.status("ERROR"));
        wire.asAdministrator(() ->
                wire.call("volumev3", "PUT", cinder, Map.of("quota_set", Map.of("volumes", 10, "gigabytes", 1)), null));
        wire.record("gigabytes too many", "volumev3", "POST", "/volumes", Map.of("volume", Map.of("size", 2)), null);
        wire.asAdministrator(() -> wire.call("volumev3", "DELETE", cinder, null, null));
    }
}
