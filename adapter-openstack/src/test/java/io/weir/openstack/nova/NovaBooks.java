package io.weir.openstack.nova;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.openstack.nova.NovaApi.FloatingIp;
import io.weir.openstack.nova.NovaApi.Port;
import io.weir.openstack.nova.NovaApi.Volume;
import io.weir.pool.Marks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an OpenStack itself has of a pool, past everything of ours: by names, which nobody can wipe as metadata can be. What is alive
 * its owner sees; what was, an administrator.
 */
final class NovaBooks {
    private final OpenstackCalls owner;
    private final OpenstackCalls admin;

    NovaBooks(OpenstackCalls owner, OpenstackCalls admin) {
        this.owner = owner;
        this.admin = admin;
    }

    List<JsonNode> servers(String pool) throws NovaFailure {
        return named(owner.get(Service.COMPUTE, "/servers/detail").rows("servers"), pool);
    }

    private static List<JsonNode> named(List<JsonNode> rows, String pool) {
        return rows.stream()
                .filter(row -> row.path("name").asText().startsWith(pool + "-"))
                .toList();
    }

    /** Each name that a server of the pool ever had, with how many servers had it. */
    Map<String, Integer> everLaunched(String pool) throws NovaFailure {
        Map<String, Integer> names = new TreeMap<>();
        for (String deleted : List.of("true", "false")) {
            List<JsonNode> rows = admin.get(Service.COMPUTE, "/servers/detail")
                    .with("all_tenants", "1")
                    .with("deleted", deleted)
                    .with("name", "^" + pool + "-")
                    .rows("servers");
            named(rows, pool).forEach(row -> names.merge(row.path("name").asText(), 1, Integer::sum));
        }
        return names;
    }

    List<Volume> volumes(String pool) throws NovaFailure {
        return new OpenstackNovaApi(owner).volumes(Map.of(Marks.POOL_TAG, pool));
    }

    /** All that a pool left: servers, volumes, ports and floating IPs, in words. */
    List<String> left(String pool) throws NovaFailure {
        NovaApi api = new OpenstackNovaApi(owner);
        List<String> left = new ArrayList<>();
        servers(pool)
                .forEach(row -> left.add("server " + row.path("name").asText() + " "
                        + row.path("status").asText()));
        for (Volume volume : volumes(pool)) {
            left.add("volume " + volume.id() + " " + volume.status());
        }
        if (!owner.has(Service.NETWORK)) {
            return left;
        }
        for (Port port : api.portsDescribed(List.of(Sides.PORT_MARK + pool))) {
            left.add("port " + port.name());
        }
        for (FloatingIp address : api.floatingIps()) {
            if (Sides.addressMark(address.description())
                    .filter(mark -> mark.pool().equals(pool))
                    .isPresent()) {
                left.add("floating IP " + address.description());
            }
        }
        return left;
    }
}
