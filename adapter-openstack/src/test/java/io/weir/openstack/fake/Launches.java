package io.weir.openstack.fake;

import static io.weir.openstack.fake.NovaRefusals.bad;
import static io.weir.openstack.fake.NovaRefusals.field;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.openstack.fake.Catalog.Flavor;
import io.weir.openstack.fake.Catalog.Network;
import io.weir.openstack.fake.Keystone.Caller;
import io.weir.openstack.fake.Rows.Disk;
import io.weir.openstack.fake.Rows.Server;
import io.weir.pool.Marks;
import io.weir.simulated.SimulatedApi.Membership;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** A POST to {@code /servers}: is it one that this microversion knows, can it be, and what it makes. */
final class Launches {
    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}");
    private static final Pattern KEY = Pattern.compile("[a-zA-Z0-9-_:. ]{1,255}");
    private static final Set<String> TRUTHS =
            Set.of("True", "TRUE", "true", "1", "ON", "On", "on", "YES", "Yes", "yes");
    private static final Set<String> LIES =
            Set.of("False", "FALSE", "false", "0", "OFF", "Off", "off", "NO", "No", "no", "");
    private static final int METADATA = 128;
    private static final int USER_DATA = 65_535;

    private final Site site;
    private final NovaQuota quota;
    private final Neutron neutron;

    Launches(Site site, NovaQuota quota, Neutron neutron) {
        this.site = site;
        this.quota = quota;
        this.neutron = neutron;
    }

    Answer launch(JsonNode body, Caller caller, int version) throws Refusal {
        JsonNode asked = body.path("server");
        if (!asked.isObject()) {
            throw bad("'server' is a required property");
        }
        checkForm(body, asked, version);
        Flavor flavor = site.catalog
                .flavor(asked.path("flavorRef").asText())
                .orElseThrow(() -> bad("Flavor " + asked.path("flavorRef").asText() + " could not be found."));
        Server server = new Server();
        server.project = caller.project();
        server.user = caller.user();
        server.flavor = flavor.id();
        read(asked, server, caller, version);
        readDisks(asked, server, caller);
        readNetworks(asked, server, caller);
        String group = body.path("os:scheduler_hints").path("group").asText("");
        if (!group.isEmpty()) {
            if (!site.books.groups.containsKey(group)) {
                throw bad("Instance group " + group + " could not be found.");
            }
            server.serverGroup = group;
        }
        int least = asked.path("min_count").asInt(1);
        int most = asked.path("max_count").asInt(least);
        if (least > most) {
            throw bad("min_count must be <= max_count");
        }
        Optional<String> beyond = quota.beyond(caller.project(), flavor, most, null);
        if (beyond.isPresent()) {
            throw NovaRefusals.refusal(403, beyond.get());
        }
        if (!server.wantedNetworks.isEmpty()
                && !neutron.isLeft("port", server.wantedNetworks.size() * most, caller.project())) {
            throw NovaRefusals.refusal(403, "Maximum number of ports exceeded");
        }
        List<Server> made = new ArrayList<>();
        String reservation = "r-" + Site.hex(site.dice, 8);
        for (int i = 1; i <= most; i++) {
            made.add(make(server, most == 1 ? "" : "-" + i, reservation));
        }
        return answer(made.get(0), asked);
    }

    private Answer answer(Server server, JsonNode asked) {
        ObjectNode body = Site.object();
        if (asked.path("return_reservation_id").asBoolean()) {
            body.put("reservation_id", server.reservation);
            return Answer.json(202, body);
        }
        ObjectNode shown = body.putObject("server").put("id", server.id);
        ServerView.links(site, shown, server.id);
        shown.put("OS-DCF:diskConfig", "MANUAL");
        ArrayNode groups = shown.putArray("security_groups");
        (server.groups.isEmpty() ? List.of("default") : server.groups)
                .forEach(name -> groups.addObject().put("name", name));
        shown.put("adminPass", Site.hex(site.dice, 12));
        return Answer.json(202, body).with("Location", site.url(Service.COMPUTE) + "/servers/" + server.id);
    }

    private Server make(Server model, String suffix, String reservation) {
        Server server = Books.JSON.convertValue(model, Server.class);
        server.id = site.uuid();
        server.name = model.name + suffix;
        if (server.hostname.isEmpty()) {
            server.hostname = server.name.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9-]", "-");
        }
        server.reservation = reservation;
        server.created = site.now;
        server.updated = site.now;
        server.pools.add(new Membership(site.now, server.metadata.get(Marks.POOL_TAG)));
        site.books.plan(server, site.after(site.dials.schedule), Servers.SCHEDULE, 0);
        site.books.write(server, site.now);
        return server;
    }

    // Form

    private static void checkForm(JsonNode body, JsonNode asked, int version) throws Refusal {
        for (String due : version >= 37 ? List.of("name", "flavorRef", "networks") : List.of("name", "flavorRef")) {
            if (!asked.has(due)) {
                throw field("server", asked, "'" + due + "' is a required property");
            }
        }
        List<String> strange = new ArrayList<>();
        asked.fieldNames().forEachRemaining(name -> {
            if (!known(name, version)) {
                strange.add(name);
            }
        });
        if (!strange.isEmpty()) {
            throw NovaRefusals.additional("server", asked, strange);
        }
        JsonNode name = asked.path("name");
        if (name.asText().isEmpty()) {
            throw field("name", name, "'' is too short");
        }
        if (name.asText().length() > 255) {
            throw field("name", name, NovaRefusals.python(name) + " is too long");
        }
        if (!name.asText().equals(name.asText().strip()) || isBeyond(name.asText())) {
            throw bad("An invalid 'name' value was provided. The name must be: printable characters. Can not start or"
                    + " end with whitespace.");
        }
        for (String count : List.of("min_count", "max_count")) {
            if (asked.has(count) && asked.path(count).asInt() < 1) {
                throw field(count, asked.path(count), asked.path(count) + " is less than the minimum of 1");
            }
        }
        checkMetadata(asked.path("metadata"));
        checkUserData(asked.path("user_data"));
        checkDisks(asked, version);
        int index = 0;
        for (JsonNode tag : asked.path("tags")) {
            if (!tag.asText().matches("[^,/]*")) {
                throw field(String.valueOf(index), tag, NovaRefusals.python(tag) + " does not match '^[^,/]*$'");
            }
            index++;
        }
        JsonNode drive = asked.path("config_drive");
        if (drive.isTextual() && !TRUTHS.contains(drive.asText()) && !LIES.contains(drive.asText())) {
            throw field(
                    "config_drive",
                    drive,
                    NovaRefusals.python(drive)
                            + " is not one of [True, 'True', 'TRUE', 'true', '1', 'ON', 'On', 'on', 'YES', 'Yes',"
                            + " 'yes', False, 'False', 'FALSE', 'false', '0', 'OFF', 'Off', 'off', 'NO', 'No', 'no']");
        }
        JsonNode image = asked.path("imageRef");
        if (image.isTextual()
                && !image.asText().isEmpty()
                && !UUID.matcher(image.asText()).matches()) {
            throw field("imageRef", image, NovaRefusals.python(image) + " is not valid under any of the given schemas");
        }
        checkNetworks(asked.path("networks"), version);
        JsonNode group = body.path("os:scheduler_hints").path("group");
        if (group.isTextual() && !UUID.matcher(group.asText()).matches()) {
            throw field("group", group, NovaRefusals.python(group) + " is not a 'uuid'");
        }
    }

    private static boolean known(String name, int version) {
        return switch (name) {
            case "name",
                    "imageRef",
                    "flavorRef",
                    "adminPass",
                    "metadata",
                    "networks",
                    "OS-DCF:diskConfig",
                    "accessIPv4",
                    "accessIPv6",
                    "availability_zone",
                    "block_device_mapping",
                    "block_device_mapping_v2",
                    "config_drive",
                    "key_name",
                    "max_count",
                    "min_count",
                    "return_reservation_id",
                    "security_groups",
                    "user_data" -> true;
            case "personality" -> version < 57;
            case "description" -> version >= 19;
            case "tags" -> version >= 52;
            case "trusted_image_certificates" -> version >= 63;
            case "host", "hypervisor_hostname" -> version >= 74;
            case "hostname" -> version >= 90;
            default -> false;
        };
    }

    static void checkMetadata(JsonNode metadata) throws Refusal {
        for (Map.Entry<String, JsonNode> entry : metadata.properties()) {
            JsonNode value = entry.getValue();
            if (!KEY.matcher(entry.getKey()).matches()) {
                throw field(
                        "metadata",
                        metadata,
                        NovaRefusals.python(com.fasterxml.jackson.databind.node.TextNode.valueOf(entry.getKey()))
                                + " does not match any of the regexes: '^[a-zA-Z0-9-_:. ]{1,255}$'");
            }
            if (!value.isTextual()) {
                throw field(entry.getKey(), value, NovaRefusals.python(value) + " is not of type 'string'");
            }
            if (value.asText().length() > 255) {
                throw field(entry.getKey(), value, NovaRefusals.python(value) + " is too long");
            }
        }
        if (metadata.size() > METADATA) {
            throw NovaRefusals.refusal(403, "Maximum number of metadata items exceeds " + METADATA);
        }
    }

    /** Python forgives what is not Base64 at all, but not what has a wrong length. */
    private static void checkUserData(JsonNode data) throws Refusal {
        if (!data.isTextual()) {
            return;
        }
        if (data.asText().length() > USER_DATA) {
            throw field("user_data", data, NovaRefusals.python(data) + " is too long");
        }
        String meant = data.asText().replaceAll("[^A-Za-z0-9+/=]", "");
        try {
            Base64.getDecoder().decode(meant);
        } catch (IllegalArgumentException none) {
            throw field("user_data", data, NovaRefusals.python(data) + " is not a 'base64'");
        }
        if (meant.length() % 4 != 0) {
            throw field("user_data", data, NovaRefusals.python(data) + " is not a 'base64'");
        }
    }

    private static void checkNetworks(JsonNode networks, int version) throws Refusal {
        if (networks.isTextual()) {
            if (version < 37) {
                throw field("networks", networks, NovaRefusals.python(networks) + " is not of type 'array'");
            }
            if (!List.of("none", "auto").contains(networks.asText())) {
                throw field(
                        "networks",
                        networks,
                        NovaRefusals.python(networks) + " is not valid under any of the given schemas");
            }
        }
        for (JsonNode network : networks) {
            String id = network.path("uuid").asText("");
            if (!id.isEmpty() && !UUID.matcher(id).matches()) {
                throw field(
                        "networks",
                        networks,
                        NovaRefusals.python(networks) + " is not valid under any of the given schemas");
            }
        }
    }

    private static void checkDisks(JsonNode asked, int version) throws Refusal {
        int index = 0;
        for (JsonNode disk : asked.path("block_device_mapping_v2")) {
            List<String> strange = new ArrayList<>();
            if (disk.has("volume_type") && version < 67) {
                strange.add("volume_type");
            }
            if (disk.has("tag") && version < 42 && version != 32) {
                strange.add("tag");
            }
            if (!strange.isEmpty()) {
                throw NovaRefusals.additional(String.valueOf(index), disk, strange);
            }
            if (disk.has("volume_size") && disk.path("volume_size").asInt() < 1) {
                throw field(
                        "volume_size",
                        disk.path("volume_size"),
                        disk.path("volume_size") + " is less than the minimum of 1");
            }
            index++;
        }
    }

    /** A sign of more than three bytes. */
    static boolean isBeyond(String text) {
        return text.codePoints().anyMatch(sign -> sign > 0xffff);
    }

    // Sense

    private void read(JsonNode asked, Server server, Caller caller, int version) throws Refusal {
        server.name = asked.path("name").asText();
        server.description = version >= 19 ? asked.path("description").textValue() : server.name;
        server.hostname = asked.path("hostname").asText("");
        if (asked.has("host") && !caller.isAdministrator()) {
            throw NovaRefusals.forbidden("compute:servers:create:requested_destination");
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        asked.path("metadata")
                .properties()
                .forEach(entry -> metadata.put(entry.getKey(), entry.getValue().asText()));
        server.metadata = metadata;
        asked.path("tags").forEach(tag -> server.tags.add(tag.asText()));
        server.userData = asked.path("user_data").textValue();
        JsonNode drive = asked.path("config_drive");
        server.configDrive = drive.isBoolean() ? drive.asBoolean() : TRUTHS.contains(drive.asText());
        String zone = asked.path("availability_zone").asText("");
        if (!zone.isEmpty()) {
            if (!site.dials.zones.contains(zone.split(":", 2)[0])) {
                throw bad("The requested availability zone is not available");
            }
            server.wantedZone = zone.split(":", 2)[0];
            server.zone = server.wantedZone;
        }
        String key = asked.path("key_name").asText("");
        if (!key.isEmpty()) {
            if (!site.books.keys.containsKey(caller.user() + " " + key)) {
                throw bad("Invalid key_name provided.");
            }
            server.key = key;
        }
        Set<String> known = new HashSet<>();
        site.catalog.groupsOf(caller.project()).forEach(group -> {
            known.add(group.name());
            known.add(group.id());
        });
        for (JsonNode group : asked.path("security_groups")) {
            String name = group.path("name").asText();
            if (!known.contains(name)) {
                throw bad("Unable to find security_group with name or id '" + name + "'");
            }
            server.groups.add(name);
        }
    }

    private void readDisks(JsonNode asked, Server server, Caller caller) throws Refusal {
        String image = asked.path("imageRef").asText("");
        JsonNode mappings = asked.path("block_device_mapping_v2");
        if (image.isEmpty() && mappings.isEmpty()) {
            throw bad("Missing imageRef attribute");
        }
        if (!image.isEmpty()) {
            if (!site.reaches(Service.IMAGE)) {
                throw NovaRefusals.unexpected("nova.exception.GlanceConnectionFailed");
            }
            if (site.catalog.image(image).isEmpty()) {
                throw bad("Can not find requested image");
            }
            server.image = image;
        }
        boolean root = mappings.isEmpty();
        int device = 0;
        for (JsonNode mapping : mappings) {
            String source = mapping.path("source_type").asText();
            boolean volume = mapping.path("destination_type")
                    .asText(source.equals("volume") ? "volume" : "local")
                    .equals("volume");
            root |= mapping.path("boot_index").asInt(-1) == 0 && !(source.equals("blank") && !image.isEmpty());
            String name = "/dev/sd" + (char) ('a' + device++);
            if (!volume) {
                continue;
            }
            Disk disk = new Disk();
            disk.device = name;
            disk.dies = mapping.path("delete_on_termination").asBoolean();
            disk.tag = mapping.path("tag").textValue();
            disk.size = mapping.path("volume_size").asInt();
            disk.mapping = site.uuid();
            String type = mapping.path("volume_type").asText("");
            if (!type.isEmpty()) {
                disk.type = site.catalog
                        .type(type)
                        .orElseThrow(() -> bad("Volume type " + type + " could not be found."))
                        .name();
            }
            switch (source) {
                case "blank" -> {
                    if (disk.size < 1) {
                        throw bad("Blank volumes (source: 'blank', dest: 'volume') need to have non-zero size");
                    }
                }
                case "image" -> disk.image = mapping.path("uuid").asText();
                case "volume" -> {
                    String id = mapping.path("uuid").asText();
                    Rows.Volume known = site.books.volumes.get(id);
                    if (known == null || !known.project.equals(caller.project())) {
                        throw bad("Block Device Mapping is Invalid: failed to get volume " + id + ".");
                    }
                    disk.volume = id;
                }
                default -> throw bad("Block Device Mapping is Invalid: " + source);
            }
            server.disks.add(disk);
        }
        if (!root) {
            throw bad("Block Device Mapping is Invalid: Boot sequence for the instance and image/block device mapping"
                    + " combination is not valid.");
        }
    }

    private void readNetworks(JsonNode asked, Server server, Caller caller) throws Refusal {
        JsonNode networks = asked.path("networks");
        boolean none = networks.isTextual() && networks.asText().equals("none");
        if (none) {
            return;
        }
        if (!site.reaches(Service.NETWORK)) {
            throw NovaRefusals.unexpected("keystoneauth1.exceptions.connection.ConnectFailure");
        }
        if (networks.isEmpty()) { // auto, or none named: the project's own network, if there is one
            site.catalog.networks.stream()
                    .filter(network -> network.project().equals(caller.project()) && !network.external())
                    .findFirst()
                    .ifPresent(network -> server.wantedNetworks.add(network.id()));
            return;
        }
        for (JsonNode network : networks) {
            String port = network.path("port").asText("");
            if (!port.isEmpty()) {
                Rows.Port known = site.books.ports.get(port);
                if (known == null || !known.project.equals(caller.project())) {
                    throw bad("Port id " + port + " could not be found.");
                }
                if (!known.device.isEmpty()) {
                    throw NovaRefusals.refusal(409, "Port " + port + " is still in use.");
                }
                server.wantedPorts.add(port);
                continue;
            }
            String id = network.path("uuid").asText();
            Optional<Network> known =
                    site.catalog.network(id).filter(one -> one.project().equals(caller.project()) || one.external());
            if (known.isEmpty()) {
                throw bad("Network " + id + " could not be found.");
            }
            server.wantedNetworks.add(id);
        }
    }
}
