package io.weir.openstack.recorded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.openstack.recorded.Wire.Answer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Neutron and Glance as a pool uses them. */
final class NetworkScenarios {
    private NetworkScenarios() {}

    static Map<String, Scenario> all() {
        Map<String, Scenario> all = new LinkedHashMap<>();
        all.put("network-catalog", NetworkScenarios::catalog);
        all.put("network-ports", NetworkScenarios::ports);
        all.put("network-floating-ips", NetworkScenarios::floatingIps);
        all.put("image-catalog", NetworkScenarios::images);
        return all;
    }

    private static void catalog(Wire wire) {
        Ground ground = Ground.of(wire);
        wire.record("the versions", "network", "GET", "/", null, null);
        wire.record("networks by name", "network", "GET", "/v2.0/networks?name=pin-net", null, null);
        wire.record("networks by an unknown name", "network", "GET", "/v2.0/networks?name=nope", null, null);
        wire.record("a network", "network", "GET", "/v2.0/networks/" + ground.network(), null, null);
        wire.record("an unknown network", "network", "GET", "/v2.0/networks/" + Ground.NO_SUCH, null, null);
        wire.record(
                "external networks", "network", "GET", "/v2.0/networks?router:external=true&name=public", null, null);
        wire.record("some fields", "network", "GET", "/v2.0/networks?name=pin-net&fields=id&fields=name", null, null);
        wire.record("a subnet", "network", "GET", "/v2.0/subnets?name=pin-subnet", null, null);
        wire.record(
                "security groups by name",
                "network",
                "GET",
                "/v2.0/security-groups?name=pin-sg&fields=id&fields=name",
                null,
                null);
        wire.record("an unknown security group", "network", "GET", "/v2.0/security-groups?name=nope", null, null);
        wire.record(
                "the quota", "network", "GET", "/v2.0/quotas/" + wire.session().project(), null, null);
        wire.record(
                "the quota with use",
                "network",
                "GET",
                "/v2.0/quotas/" + wire.session().project() + "/details.json",
                null,
                null);
        wire.record("an unknown filter", "network", "GET", "/v2.0/networks?foo=bar", null, null);
        wire.record("nothing", "network", "GET", "/v2.0/nope", null, null);
    }

    private static void ports(Wire wire) {
        Ground ground = Ground.of(wire);
        Map<String, ?> asked = Map.of(
                "port",
                Map.of(
                        "network_id",
                        ground.network(),
                        "name",
                        "pin-port",
                        "security_groups",
                        List.of(ground.group()),
                        "description",
                        "weir"));
        String id = wire.record("made", "network", "POST", "/v2.0/ports", asked, null)
                .at("port")
                .path("id")
                .asText();
        wire.record("seen", "network", "GET", "/v2.0/ports/" + id, null, null);
        wire.record("by name", "network", "GET", "/v2.0/ports?name=pin-port", null, null);
        wire.record(
                "by network and owner",
                "network",
                "GET",
                "/v2.0/ports?device_owner=nobody&network_id=" + ground.network(),
                null,
                null);
        wire.record(
                "renamed", "network", "PUT", "/v2.0/ports/" + id, Map.of("port", Map.of("description", "other")), null);
        wire.record(
                "tagged",
                "network",
                "PUT",
                "/v2.0/ports/" + id + "/tags",
                Map.of("tags", List.of("weir-pool=pin")),
                null);
        wire.record("by tag", "network", "GET", "/v2.0/ports?tags=weir-pool=pin&fields=id&fields=tags", null, null);
        ObjectNode server = ground.plain("pin-with-port");
        server.putArray("networks").addObject().put("port", id);
        String machine = ground.server(server, "2.93", "ACTIVE");
        wire.record("bound", "network", "GET", "/v2.0/ports/" + id, null, null);
        wire.record("its server", "compute", "GET", "/servers/" + machine, null, null);
        wire.record(
                "a second server for it",
                "compute",
                "POST",
                "/servers",
                Ground.asked(server.put("name", "pin-second")),
                "2.93");
        ground.delete(machine);
        wire.record("after its server", "network", "GET", "/v2.0/ports/" + id, null, null);
        wire.record("its end", "network", "DELETE", "/v2.0/ports/" + id, null, null);
        wire.record("its end again", "network", "DELETE", "/v2.0/ports/" + id, null, null);
        wire.record("it is gone", "network", "GET", "/v2.0/ports/" + id, null, null);
        wire.record(
                "on no network",
                "network",
                "POST",
                "/v2.0/ports",
                Map.of("port", Map.of("network_id", Ground.NO_SUCH)),
                null);
        wire.record(
                "without a network", "network", "POST", "/v2.0/ports", Map.of("port", Map.of("name", "pin-x")), null);
        wire.record(
                "with no such group",
                "network",
                "POST",
                "/v2.0/ports",
                Map.of("port", Map.of("network_id", ground.network(), "security_groups", List.of(Ground.NO_SUCH))),
                null);
        wire.record("no JSON", "network", "POST", "/v2.0/ports", "{bad", null);
        Answer several = wire.record(
                "two at once",
                "network",
                "POST",
                "/v2.0/ports",
                Map.of(
                        "ports",
                        List.of(
                                Map.of("network_id", ground.network(), "name", "pin-a"),
                                Map.of("network_id", ground.network(), "name", "pin-b"))),
                null);
        wire.record(
                "a page",
                "network",
                "GET",
                "/v2.0/ports?limit=1&sort_key=name&sort_dir=asc&name=pin-a&name=pin-b&fields=name",
                null,
                null);
        for (JsonNode port : several.at("ports")) {
            wire.call("network", "DELETE", "/v2.0/ports/" + port.path("id").asText(), null, null);
        }
    }

    private static void floatingIps(Wire wire) {
        Ground ground = Ground.of(wire);
        String router = router(wire, ground);
        String id = wire.record(
                        "made",
                        "network",
                        "POST",
                        "/v2.0/floatingips",
                        Map.of("floatingip", Map.of("floating_network_id", ground.external(), "description", "weir")),
                        null)
                .at("floatingip")
                .path("id")
                .asText();
        ObjectNode asked = ground.plain("pin-addressed");
        asked.putArray("networks").addObject().put("uuid", ground.network());
        String server = ground.server(asked, "2.93", "ACTIVE");
        String port = wire.get("network", "/v2.0/ports?device_id=" + server)
                .at("ports")
                .path(0)
                .path("id")
                .asText();
        wire.record(
                "given to a port",
                "network",
                "PUT",
                "/v2.0/floatingips/" + id,
                Map.of("floatingip", Map.of("port_id", port)),
                null);
        wire.record("by port", "network", "GET", "/v2.0/floatingips?port_id=" + port, null, null);
        wire.await(
                "compute",
                "/servers/" + server,
                null,
                answer -> answer.at("server").path("addresses").path("pin-net").size() == 2);
        wire.record("its server", "compute", "GET", "/servers/" + server, null, null);
        wire.record(
                "a second for the port",
                "network",
                "POST",
                "/v2.0/floatingips",
                Map.of("floatingip", Map.of("floating_network_id", ground.external(), "port_id", port)),
                null);
        ground.delete(server);
        wire.record("after its server", "network", "GET", "/v2.0/floatingips/" + id, null, null);
        wire.record("its end", "network", "DELETE", "/v2.0/floatingips/" + id, null, null);
        wire.record("its end again", "network", "DELETE", "/v2.0/floatingips/" + id, null, null);
        wire.record(
                "from no network",
                "network",
                "POST",
                "/v2.0/floatingips",
                Map.of("floatingip", Map.of("floating_network_id", Ground.NO_SUCH)),
                null);
        wire.record(
                "from an inner network",
                "network",
                "POST",
                "/v2.0/floatingips",
                Map.of("floatingip", Map.of("floating_network_id", ground.network())),
                null);
        wire.asAdministrator(() -> wire.call(
                "network", "PUT", "/v2.0/quotas/" + project(wire), Map.of("quota", Map.of("floatingip", 0)), null));
        wire.record(
                "one too many",
                "network",
                "POST",
                "/v2.0/floatingips",
                Map.of("floatingip", Map.of("floating_network_id", ground.external())),
                null);
        wire.asAdministrator(() -> wire.call("network", "DELETE", "/v2.0/quotas/" + project(wire), null, null));
        wire.call(
                "network",
                "PUT",
                "/v2.0/routers/" + router + "/remove_router_interface",
                Map.of("subnet_id", ground.subnet()),
                null);
        wire.call("network", "DELETE", "/v2.0/routers/" + router, null, null);
    }

    private static String project(Wire wire) {
        return wire.sessionOf(wire.access().user()).project();
    }

    /** A floating IP reaches a port only through a router. */
    private static String router(Wire wire, Ground ground) {
        String id = wire.call(
                        "network",
                        "POST",
                        "/v2.0/routers",
                        Map.of(
                                "router",
                                Map.of(
                                        "name",
                                        "pin-router",
                                        "external_gateway_info",
                                        Map.of("network_id", ground.external()))),
                        null)
                .at("router")
                .path("id")
                .asText();
        wire.call(
                "network",
                "PUT",
                "/v2.0/routers/" + id + "/add_router_interface",
                Map.of("subnet_id", ground.subnet()),
                null);
        return id;
    }

    private static void images(Wire wire) {
        Ground ground = Ground.of(wire);
        wire.record("the versions", "image", "GET", "/", null, null);
        wire.record("by name", "image", "GET", "/v2/images?name=dummy", null, null);
        wire.record("by an unknown name", "image", "GET", "/v2/images?name=nope", null, null);
        wire.record("by a property", "image", "GET", "/v2/images?name=dummy&os_distro=none", null, null);
        wire.record(
                "by a status", "image", "GET", "/v2/images?name=dummy&status=active&sort=created_at:desc", null, null);
        wire.record("by visibility", "image", "GET", "/v2/images?name=dummy&visibility=public", null, null);
        wire.record("a page", "image", "GET", "/v2/images?name=dummy&limit=1", null, null);
        wire.record("a page of none", "image", "GET", "/v2/images?limit=0", null, null);
        wire.record("a limit that is none", "image", "GET", "/v2/images?limit=abc", null, null);
        wire.record("an unknown marker", "image", "GET", "/v2/images?marker=" + Ground.NO_SUCH, null, null);
        wire.record("one", "image", "GET", "/v2/images/" + ground.image(), null, null);
        wire.record("an unknown one", "image", "GET", "/v2/images/" + Ground.NO_SUCH, null, null);
        wire.record("nothing", "image", "GET", "/v2/nope", null, null);
    }
}
