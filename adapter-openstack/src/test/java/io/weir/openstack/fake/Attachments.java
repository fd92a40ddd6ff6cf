package io.weir.openstack.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.openstack.fake.Keystone.Caller;
import io.weir.openstack.fake.Rows.Disk;
import io.weir.openstack.fake.Rows.Server;
import io.weir.openstack.fake.Rows.Volume;

/** A server's volumes: {@code os-volume_attachments}. */
final class Attachments {
    private final Site site;
    private final Cinder cinder;

    Attachments(Site site, Cinder cinder) {
        this.site = site;
        this.cinder = cinder;
    }

    Answer answer(Request request, JsonNode body, Server server, Caller caller, int version) throws Refusal {
        JsonNode asked = body.path("volumeAttachment");
        if (request.path().size() == 3) {
            if (request.method().equals("POST")) {
                return attach(server, asked, caller, version);
            }
            ObjectNode list = Site.object();
            var rows = list.putArray("volumeAttachments");
            server.disks.stream()
                    .filter(disk -> disk.volume != null)
                    .forEach(disk -> rows.add(shown(server, disk, version)));
            return Answer.json(200, list);
        }
        String id = request.segment(3);
        Disk disk = server.disks.stream()
                .filter(one -> id.equals(one.volume))
                .findFirst()
                .orElseThrow(
                        () -> NovaRefusals.refusal(404, "Instance " + server.id + " is not attached to volume " + id));
        return switch (request.method()) {
            case "GET" -> {
                ObjectNode one = Site.object();
                one.set("volumeAttachment", shown(server, disk, version));
                yield Answer.json(200, one);
            }
            case "PUT" -> {
                disk.dies = asked.path("delete_on_termination").asBoolean(disk.dies);
                site.books.write(server, site.now);
                yield Answer.empty(202, Answer.JSON);
            }
            case "DELETE" -> {
                Volume volume = site.books.volumes.get(id);
                if (volume != null) {
                    cinder.free(volume);
                }
                server.disks.remove(disk);
                site.books.write(server, site.now);
                yield Answer.empty(202, Answer.JSON);
            }
            default -> throw NovaRefusals.refusal(405, "The method is not allowed for the requested URL.");
        };
    }

    private Answer attach(Server server, JsonNode asked, Caller caller, int version) throws Refusal {
        if (!site.reaches(Service.VOLUME)) {
            throw NovaRefusals.unexpected("nova.exception.CinderConnectionFailed");
        }
        String id = asked.path("volumeId").asText();
        Volume volume = site.books.volumes.get(id);
        if (volume == null || !volume.project.equals(caller.project())) {
            throw NovaRefusals.refusal(404, "Volume " + id + " could not be found.");
        }
        if (volume.server != null) {
            throw NovaRefusals.bad(
                    "Invalid volume: volume " + id + " is already attached to instances: " + volume.server);
        }
        if (!volume.status.equals("available")) {
            throw NovaRefusals.bad("Invalid volume: status must be 'available', 'in-use' or 'reserved'");
        }
        Disk disk = new Disk();
        disk.volume = id;
        disk.size = volume.size;
        disk.dies = asked.path("delete_on_termination").asBoolean();
        disk.tag = asked.path("tag").textValue();
        disk.mapping = site.uuid();
        disk.attachment = site.uuid();
        disk.attached = true;
        disk.device = "/dev/sd" + (char) ('b' + server.disks.size());
        if (site.strikes(FakeDials.What.VOLUME_ATTACH_FAIL, volume.name).isEmpty()) {
            server.disks.add(disk);
            cinder.attach(volume, server.id, disk.device, disk.attachment);
            site.books.write(server, site.now);
        }
        ObjectNode body = Site.object();
        ObjectNode shown = body.putObject("volumeAttachment").put("id", id).put("serverId", server.id);
        shown.put("volumeId", id).put("device", disk.device);
        further(shown, disk, version);
        return Answer.json(200, body);
    }

    private static void further(ObjectNode shown, Disk disk, int version) {
        if (version >= 70) {
            shown.put("tag", disk.tag);
        }
        if (version >= 79) {
            shown.put("delete_on_termination", disk.dies);
        }
    }

    private static ObjectNode shown(Server server, Disk disk, int version) {
        ObjectNode row = Site.object();
        if (version < 89) {
            row.put("id", disk.volume);
        }
        row.put("volumeId", disk.volume).put("serverId", server.id).put("device", disk.device);
        further(row, disk, version);
        if (version >= 89) {
            row.put("attachment_id", disk.attachment).put("bdm_uuid", disk.mapping);
        }
        return row;
    }
}
