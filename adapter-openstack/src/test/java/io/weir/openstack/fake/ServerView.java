package io.weir.openstack.fake;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.openstack.fake.Catalog.Flavor;
import io.weir.openstack.fake.Rows.Fault;
import io.weir.openstack.fake.Rows.Nic;
import io.weir.openstack.fake.Rows.Server;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A server as Nova shows it at a microversion. */
final class ServerView {
    private static final List<String> WITH_PROGRESS =
            List.of("ACTIVE", "BUILD", "REBUILD", "RESIZE", "VERIFY_RESIZE", "MIGRATING");

    private final Site site;

    ServerView(Site site) {
        this.site = site;
    }

    static void links(Site site, ObjectNode row, String id) {
        String url = site.url(Service.COMPUTE);
        ArrayNode links = row.putArray("links");
        links.addObject().put("rel", "self").put("href", url + "/servers/" + id);
        links.addObject().put("rel", "bookmark").put("href", url.replace("/v2.1", "") + "/servers/" + id);
    }

    private void bookmark(ObjectNode row, String what) {
        row.putArray("links")
                .addObject()
                .put("rel", "bookmark")
                .put("href", site.url(Service.COMPUTE).replace("/v2.1", "") + "/" + what);
    }

    static String status(Server server) {
        if (server.word != null) {
            return server.word;
        }
        return switch (server.vmState) {
            case "active" -> "migrating".equals(server.task) ? "MIGRATING" : "ACTIVE";
            case "building" -> "BUILD";
            case "stopped" -> "SHUTOFF";
            case "rescued" -> "RESCUE";
            case "soft-delete" -> "SOFT_DELETED";
            case "resized" -> "VERIFY_RESIZE";
            default -> server.vmState.toUpperCase(java.util.Locale.ROOT);
        };
    }

    ObjectNode brief(Server server) {
        ObjectNode row = Site.object().put("id", server.id).put("name", server.name);
        links(site, row, server.id);
        return row;
    }

    /** All that is known of a server whose cell does not answer. */
    ObjectNode unknown(Server server, boolean detailed) {
        ObjectNode row = Site.object().put("id", server.id).put("status", "UNKNOWN");
        if (detailed) {
            row.put("tenant_id", server.project).put("created", Times.plain(server.created));
        }
        links(site, row, server.id);
        return row;
    }

    /** The same, asked for alone: what it was launched as is known besides. */
    ObjectNode unknownAlone(Server server, int version) {
        ObjectNode row = unknown(server, true);
        image(row, server);
        flavor(row, server, version);
        row.put("OS-EXT-AZ:availability_zone", server.wantedZone == null ? "UNKNOWN" : server.wantedZone);
        row.put("OS-EXT-STS:power_state", 0).put("user_id", server.user);
        if (version >= 71) {
            groups(row, server);
        }
        return row;
    }

    /** @param alone asked for by its id, not in a list */
    ObjectNode shown(Server server, int version, boolean alone) {
        String status = status(server);
        boolean there = server.isThere();
        ObjectNode row = Site.object();
        row.put("id", server.id).put("name", server.name).put("status", status);
        row.put("tenant_id", server.project).put("user_id", server.user);
        ObjectNode metadata = row.putObject("metadata");
        if (there) {
            server.metadata.forEach(metadata::put);
        }
        row.put("hostId", server.host == null ? "" : hash(server));
        image(row, server);
        flavor(row, server, version);
        row.put("created", Times.plain(server.created));
        row.put("updated", Times.plain(server.updated == null ? server.created : server.updated));
        addresses(row, server);
        row.put("accessIPv4", "").put("accessIPv6", "");
        links(site, row, server.id);
        row.put("OS-DCF:diskConfig", "MANUAL");
        if (WITH_PROGRESS.contains(status)) {
            row.put("progress", 0);
        }
        Fault fault = server.fault;
        if (fault != null && status.equals("ERROR") && (alone || server.inCell)) {
            row.putObject("fault")
                    .put("code", fault.code())
                    .put("created", Times.plain(fault.created()))
                    .put("message", fault.message());
        }
        row.put("OS-EXT-AZ:availability_zone", server.zone);
        row.put("config_drive", server.configDrive ? "True" : "").put("key_name", server.key);
        row.put("OS-SRV-USG:launched_at", Times.micros(server.launched));
        row.put("OS-SRV-USG:terminated_at", Times.micros(server.deleted));
        row.put("OS-EXT-STS:task_state", server.task).put("OS-EXT-STS:vm_state", server.vmState);
        row.put("OS-EXT-STS:power_state", server.power);
        securityGroups(row, server);
        volumes(row, server, version);
        if (version >= 9) {
            row.put("locked", server.locked);
        }
        if (version >= 73) {
            row.putNull("locked_reason");
        }
        if (version >= 19) {
            row.put("description", server.description);
        }
        if (version >= 26) {
            row.set("tags", Site.array(there ? server.tags : List.of()));
        }
        if (version >= 63) {
            row.putNull("trusted_image_certificates");
        }
        if (version >= 90) {
            row.put("OS-EXT-SRV-ATTR:hostname", server.hostname);
        }
        if (version >= 71 && alone) {
            groups(row, server);
        }
        return row;
    }

    private static void groups(ObjectNode row, Server server) {
        ArrayNode groups = row.putArray("server_groups");
        if (server.serverGroup != null) {
            groups.add(server.serverGroup);
        }
    }

    private static String hash(Server server) {
        return Integer.toHexString((server.project + server.host).hashCode())
                .repeat(7)
                .substring(0, 7)
                .repeat(8);
    }

    private void image(ObjectNode row, Server server) {
        if (server.image == null) {
            row.put("image", "");
            return;
        }
        bookmark(row.putObject("image").put("id", server.image), "images/" + server.image);
    }

    private void flavor(ObjectNode row, Server server, int version) {
        Flavor flavor = site.catalog.flavor(server.flavor).orElseThrow();
        ObjectNode shown = row.putObject("flavor");
        if (version < 47) {
            bookmark(shown.put("id", flavor.id()), "flavors/" + flavor.id());
            return;
        }
        shown.put("vcpus", flavor.vcpus()).put("ram", flavor.ram()).put("disk", flavor.disk());
        shown.put("ephemeral", 0)
                .put("swap", 0)
                .put("original_name", flavor.name())
                .putObject("extra_specs");
    }

    /** Those of its ports, by name. */
    private void securityGroups(ObjectNode row, Server server) {
        Set<String> names = new LinkedHashSet<>();
        for (Nic nic : server.nics) {
            Rows.Port port = site.books.ports.get(nic.port());
            site.catalog.securityGroups.stream()
                    .filter(group -> port != null && port.groups.contains(group.id()))
                    .forEach(group -> names.add(group.name()));
        }
        if (!names.isEmpty()) {
            ArrayNode groups = row.putArray("security_groups");
            names.forEach(name -> groups.addObject().put("name", name));
        }
    }

    private static void addresses(ObjectNode row, Server server) {
        ObjectNode addresses = row.putObject("addresses");
        if (server.launched == null) {
            return; // nobody has looked yet
        }
        Map<String, ArrayNode> byNetwork = new LinkedHashMap<>();
        for (Nic nic : server.nics) {
            ArrayNode known = byNetwork.computeIfAbsent(nic.networkName(), addresses::putArray);
            address(known, nic.address(), "fixed", nic.mac());
            if (nic.floating() != null) {
                address(known, nic.floating(), "floating", nic.mac());
            }
        }
    }

    private static void address(ArrayNode known, String address, String type, String mac) {
        known.addObject()
                .put("version", 4)
                .put("addr", address)
                .put("OS-EXT-IPS:type", type)
                .put("OS-EXT-IPS-MAC:mac_addr", mac);
    }

    private static void volumes(ObjectNode row, Server server, int version) {
        ArrayNode volumes = row.putArray("os-extended-volumes:volumes_attached");
        for (Rows.Disk disk : server.isThere() ? server.disks : List.<Rows.Disk>of()) {
            if (disk.volume != null) {
                ObjectNode volume = volumes.addObject().put("id", disk.volume);
                if (version >= 3) {
                    volume.put("delete_on_termination", disk.dies);
                }
            }
        }
    }
}
