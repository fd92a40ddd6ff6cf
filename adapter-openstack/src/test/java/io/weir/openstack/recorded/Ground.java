package io.weir.openstack.recorded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.openstack.recorded.Wire.Answer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a scenario stands on: a network, a security group and a key of the project, made where they are missing, and the ids of the
 * image and the flavors. Everything else that a scenario makes has a name that begins with {@code pin-} and is taken away.
 */
record Ground(Wire wire, String image, String network, String subnet, String group, String external) {
    static final String TINY = "1";
    static final String SMALL = "2";
    static final String TOO_BIG = "4";
    static final String NO_SUCH = "00000000-1111-2222-3333-444444444444";

    private static final Set<String> KEPT = Set.of("pin-net", "pin-subnet", "pin-sg", "pin-key");

    static Ground of(Wire wire) {
        JsonNode networks = wire.get("network", "/v2.0/networks?name=pin-net").at("networks");
        if (networks.isEmpty()) {
            JsonNode made = wire.call(
                            "network", "POST", "/v2.0/networks", Map.of("network", Map.of("name", "pin-net")), null)
                    .at("network");
            wire.call(
                    "network",
                    "POST",
                    "/v2.0/subnets",
                    Map.of(
                            "subnet",
                            Map.of(
                                    "name",
                                    "pin-subnet",
                                    "network_id",
                                    made.path("id").asText(),
                                    "cidr",
                                    "10.66.0.0/16",
                                    "ip_version",
                                    4)),
                    null);
        }
        if (wire.get("network", "/v2.0/security-groups?name=pin-sg")
                .at("security_groups")
                .isEmpty()) {
            wire.call(
                    "network",
                    "POST",
                    "/v2.0/security-groups",
                    Map.of("security_group", Map.of("name", "pin-sg")),
                    null);
        }
        if (wire.get("compute", "/os-keypairs/pin-key").status() == 404) {
            wire.call("compute", "POST", "/os-keypairs", Map.of("keypair", Map.of("name", "pin-key")), null);
        }
        JsonNode network = wire.get("network", "/v2.0/networks?name=pin-net")
                .at("networks")
                .path(0);
        return new Ground(
                wire,
                wire.get("image", "/v2/images?name=dummy")
                        .at("images")
                        .path(0)
                        .path("id")
                        .asText(),
                network.path("id").asText(),
                network.path("subnets").path(0).asText(),
                wire.get("network", "/v2.0/security-groups?name=pin-sg")
                        .at("security_groups")
                        .path(0)
                        .path("id")
                        .asText(),
                wire.get("network", "/v2.0/networks?router:external=true")
                        .at("networks")
                        .path(0)
                        .path("id")
                        .asText());
    }

    /** What a server needs at least, from 2.37 on. */
    ObjectNode plain(String name) {
        ObjectNode server = Wire.JSON.createObjectNode();
        server.put("name", name).put("flavorRef", TINY).put("imageRef", image).put("networks", "none");
        return server;
    }

    static Map<String, Object> asked(JsonNode server) {
        return Map.of("server", server);
    }

    String boot(ObjectNode server, String version) {
        Answer answer = wire.call("compute", "POST", "/servers", asked(server), version);
        if (answer.status() != 202) {
            throw new IllegalStateException(answer.raw().body());
        }
        return answer.at("server").path("id").asText();
    }

    /** A server that has come to some state. */
    String server(ObjectNode server, String version, String state) {
        String id = boot(server, version);
        await(id, state);
        return id;
    }

    void await(String id, String state) {
        wire.await(
                "compute",
                "/servers/" + id,
                null,
                answer -> answer.at("server").path("status").asText().equals(state)
                        && answer.at("server").path("OS-EXT-STS:task_state").isNull());
    }

    void awaitVolume(String id, String state) {
        wire.await("volumev3", "/volumes/" + id, null, answer -> answer.at("volume")
                .path("status")
                .asText()
                .equals(state));
    }

    void awaitGone(String service, String path) {
        wire.await(service, path, null, answer -> answer.status() == 404);
    }

    void delete(String id) {
        wire.call("compute", "DELETE", "/servers/" + id, null, null);
        awaitGone("compute", "/servers/" + id);
    }

    /** Takes away all that scenarios leave. */
    static void clear(Wire wire) {
        for (JsonNode server : wire.get("compute", "/servers?name=pin-").at("servers")) {
            String path = "/servers/" + server.path("id").asText();
            wire.call("compute", "POST", path + "/action", unlock(), null);
            wire.call("compute", "DELETE", path, null, null);
            wire.await("compute", path, null, answer -> answer.status() == 404);
        }
        for (JsonNode group : wire.get("compute", "/os-server-groups").at("server_groups")) {
            wire.call(
                    "compute", "DELETE", "/os-server-groups/" + group.path("id").asText(), null, null);
        }
        for (JsonNode address : wire.get("network", "/v2.0/floatingips").at("floatingips")) {
            wire.call(
                    "network",
                    "DELETE",
                    "/v2.0/floatingips/" + address.path("id").asText(),
                    null,
                    null);
        }
        for (JsonNode port : wire.get("network", "/v2.0/ports").at("ports")) {
            if (!port.path("device_owner").asText().startsWith("network:")) {
                wire.call("network", "DELETE", "/v2.0/ports/" + port.path("id").asText(), null, null);
            }
        }
        for (JsonNode volume : wire.get("volumev3", "/volumes").at("volumes")) {
            wire.call("volumev3", "DELETE", "/volumes/" + volume.path("id").asText(), null, null);
            wire.await("volumev3", "/volumes/" + volume.path("id").asText(), null, answer -> answer.status() == 404);
        }
        for (JsonNode key : wire.get("compute", "/os-keypairs").at("keypairs")) {
            String name = key.path("keypair").path("name").asText();
            if (!KEPT.contains(name)) {
                wire.call("compute", "DELETE", "/os-keypairs/" + name, null, null);
            }
        }
        String credentials = "/users/" + wire.session().user() + "/application_credentials";
        for (JsonNode credential : wire.get("identity", credentials).at("application_credentials")) {
            wire.call(
                    "identity",
                    "DELETE",
                    credentials + "/" + credential.path("id").asText(),
                    null,
                    null);
        }
    }

    static Map<String, @Nullable Object> unlock() {
        Map<String, @Nullable Object> action = new java.util.HashMap<>();
        action.put("unlock", null);
        return action;
    }

    static List<String> versions() {
        return List.of(
                "2.1", "2.3", "2.8", "2.9", "2.16", "2.19", "2.26", "2.37", "2.47", "2.63", "2.67", "2.69", "2.71",
                "2.73", "2.75", "2.79", "2.90", "2.93");
    }
}
