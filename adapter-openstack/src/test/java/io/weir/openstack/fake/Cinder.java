package io.weir.openstack.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.openstack.fake.Catalog.VolumeType;
import io.weir.openstack.fake.FakeDials.What;
import io.weir.openstack.fake.Keystone.Caller;
import io.weir.openstack.fake.Rows.Volume;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Cinder v3, microversions 3.0 to 3.70: volumes with their states, types and quotas. */
final class Cinder {
    private static final String MADE = "made";
    private static final String DELETED = "deleted";
    private static final String STATUS =
            "Invalid volume: Volume status must be available or error or error_restoring or error_extending or"
                    + " error_managing and must not be migrating, attached, belong to a group, have snapshots, awaiting a"
                    + " transfer, or be disassociated from snapshots after volume transfer.";
    private static final Pattern PAIR = Pattern.compile("u?['\"]([^'\"]*)['\"]\\s*:\\s*u?['\"]([^'\"]*)['\"]");
    private static final int NEWEST = 70;

    private final Site site;

    Cinder(Site site) {
        this.site = site;
    }

    Answer answer(Request request, Caller caller) throws Refusal {
        int version = version(request);
        try {
            return stamped(route(request, caller, version), version);
        } catch (Refusal refusal) {
            throw new Refusal(stamped(refusal.answer(), version));
        }
    }

    private static Answer stamped(Answer answer, int version) {
        boolean nothing = answer.body().length > 0
                && new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8).contains("\"title\"");
        return nothing
                ? answer
                : answer.with("OpenStack-API-Version", "volume 3." + version).with("Vary", "OpenStack-API-Version");
    }

    private int version(Request request) throws Refusal {
        String header = request.header("openstack-api-version");
        if (header == null || !header.startsWith("volume ")) {
            return 0;
        }
        String text = header.substring("volume ".length());
        if (text.equals("latest")) {
            return NEWEST;
        }
        String[] parts = text.split("\\.");
        int minor = parts.length == 2 && parts[1].matches("\\d+") ? Integer.parseInt(parts[1]) : -1;
        if (!parts[0].equals("3") || minor < 0 || minor > NEWEST) {
            ObjectNode body = Site.object();
            body.putObject("computeFault")
                    .put("code", 406)
                    .put(
                            "message",
                            "Version " + text + " is not supported by the API. Minimum is 3.0 and maximum is 3.70.");
            throw new Refusal(Answer.json(406, body)
                    .with("OpenStack-API-Version", "volume " + text)
                    .with("Vary", "OpenStack-API-Version"));
        }
        return minor;
    }

    private Answer route(Request request, Caller caller, int version) throws Refusal {
        if (request.is("GET", "types")) {
            return types();
        }
        if (request.is("GET", "limits")) {
            return limits(caller);
        }
        if (request.is("GET", "os-availability-zone")) {
            ObjectNode body = Site.object();
            body.putArray("availabilityZoneInfo")
                    .addObject()
                    .put("zoneName", "nova")
                    .putObject("zoneState")
                    .put("available", true);
            return Answer.json(200, body);
        }
        if (request.begins("os-quota-sets")) {
            return quotas(request, caller);
        }
        if (request.is("GET", "volumes") || request.is("GET", "volumes", "detail")) {
            return list(request, caller, version);
        }
        if (request.is("POST", "volumes")) {
            return make(request, caller, version);
        }
        if (!request.begins("volumes") || request.path().size() < 2) {
            throw Glance.refusal(404, "The resource could not be found.");
        }
        Volume volume = volume(request.segment(1), caller);
        if (request.path().size() == 2) {
            return switch (request.method()) {
                case "GET" -> Answer.json(200, one("volume", shown(volume, version, true)));
                case "PUT" -> rename(request, volume, version);
                case "DELETE" -> {
                    delete(volume);
                    yield Answer.empty(202, Answer.HTML);
                }
                default -> throw refusal(405, "The method is not allowed.");
            };
        }
        if (request.segment(2).equals("metadata")) {
            return metadata(request, volume);
        }
        if (request.is("POST", "volumes", "*", "action")) {
            return act(request, caller, volume);
        }
        throw Glance.refusal(404, "The resource could not be found.");
    }

    Volume volume(String id, Caller caller) throws Refusal {
        Volume volume = site.books.volumes.get(id);
        if (volume == null || (!volume.project.equals(caller.project()) && !caller.isAdministrator())) {
            throw refusal(404, "Volume " + id + " could not be found.");
        }
        return volume;
    }

    // Listing

    private Answer list(Request request, Caller caller, int version) throws Refusal {
        List<Volume> found = new ArrayList<>(site.books.volumes.values().stream()
                .filter(volume -> volume.project.equals(caller.project()))
                .toList());
        Collections.reverse(found);
        for (Map.Entry<String, List<String>> filter : request.query().entrySet()) {
            String value = filter.getValue().get(0);
            switch (filter.getKey()) {
                case "name" -> found.removeIf(volume -> !volume.name.equals(value));
                case "status" -> found.removeIf(volume -> !volume.status.equals(value));
                case "metadata" -> {
                    Map<String, String> wanted = pairs(value);
                    found.removeIf(volume -> !volume.metadata.entrySet().containsAll(wanted.entrySet()));
                }
                case "limit", "marker", "sort", "sort_key", "sort_dir", "offset", "with_count", "all_tenants" -> {}
                default -> {
                    if (version >= 31) {
                        throw refusal(400, "Invalid filters " + filter.getKey() + " are found in query options.");
                    }
                }
            }
        }
        String sort = request.first("sort");
        if (sort != null) {
            String[] parts = sort.split(":");
            Comparator<Volume> order =
                    switch (parts[0]) {
                        case "size" -> Comparator.comparing(volume -> volume.size);
                        case "name", "display_name" -> Comparator.comparing(volume -> volume.name);
                        default -> Comparator.comparing(volume -> volume.created);
                    };
            found.sort(parts.length > 1 && parts[1].equals("asc") ? order : order.reversed());
        }
        return Answer.json(200, page(request, found, version));
    }

    private static Map<String, String> pairs(String text) {
        Map<String, String> pairs = new LinkedHashMap<>();
        Matcher matcher = PAIR.matcher(text);
        while (matcher.find()) {
            pairs.put(matcher.group(1), matcher.group(2));
        }
        return pairs;
    }

    private ObjectNode page(Request request, List<Volume> found, int version) throws Refusal {
        int from = 0;
        String marker = request.first("marker");
        if (marker != null) {
            Volume last = site.books.volumes.get(marker);
            if (last == null || !found.contains(last)) {
                throw refusal(404, "Volume " + marker + " could not be found.");
            }
            from = found.indexOf(last) + 1;
        }
        String limit = request.first("limit");
        int most = site.dials.maxLimit;
        if (limit != null) {
            if (!limit.matches("\\d+")) {
                throw refusal(400, "limit param must be an integer");
            }
            most = Math.min(most, Integer.parseInt(limit));
        }
        List<Volume> rows = found.subList(from, (int) Math.min(found.size(), (long) from + most));
        boolean detailed = request.path().size() > 1;
        ObjectNode body = Site.object();
        ArrayNode volumes = body.putArray("volumes");
        rows.forEach(volume -> volumes.add(detailed ? shown(volume, version, true) : brief(volume)));
        if (!rows.isEmpty() && rows.size() == most) {
            String query = request.query().entrySet().stream()
                    .filter(entry -> !entry.getKey().equals("marker"))
                    .map(entry -> entry.getKey() + "=" + entry.getValue().get(0))
                    .collect(java.util.stream.Collectors.joining("&"));
            body.putArray("volumes_links")
                    .addObject()
                    .put("rel", "next")
                    .put(
                            "href",
                            site.url(Service.VOLUME) + "/" + rows.get(0).project + "/volumes"
                                    + (detailed ? "/detail" : "") + "?" + (query.isEmpty() ? "" : query + "&")
                                    + "marker=" + rows.get(rows.size() - 1).id);
        }
        return body;
    }

    // Life

    private Answer make(Request request, Caller caller, int version) throws Refusal {
        JsonNode asked = body(request).path("volume");
        if (!asked.has("size") && !asked.has("source_volid") && !asked.has("snapshot_id")) {
            throw refusal(
                    400,
                    "The server could not comply with the request since it is either malformed or otherwise"
                            + " incorrect.");
        }
        int size = asked.path("size").asInt();
        if (size < 1) {
            throw refusal(
                    400,
                    "Invalid input for field/attribute size. Value: " + size + ". " + size
                            + " is less than the minimum of 1");
        }
        for (Map.Entry<String, JsonNode> entry : asked.path("metadata").properties()) {
            if (!entry.getValue().isTextual()) {
                throw refusal(
                        400,
                        "Invalid input for field/attribute " + entry.getKey() + ". Value: " + entry.getValue() + ". "
                                + entry.getValue() + " is not of type 'string'");
            }
        }
        String image = asked.path("imageRef").asText("");
        if (!image.isEmpty() && site.catalog.image(image).isEmpty()) {
            throw refusal(400, "Invalid image identifier or unable to access requested image.");
        }
        String type = asked.path("volume_type").asText("__DEFAULT__");
        VolumeType known = site.catalog
                .type(type)
                .orElseThrow(() -> refusal(404, "Volume type with name " + type + " could not be found."));
        String zone = asked.path("availability_zone").asText("nova");
        if (!zone.equals("nova")) {
            throw refusal(400, "Availability zone '" + zone + "' is invalid.");
        }
        Optional<String> beyond = beyondQuota(caller.project(), size);
        if (beyond.isPresent()) {
            throw tooMuch(beyond.get());
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        asked.path("metadata")
                .properties()
                .forEach(entry -> metadata.put(entry.getKey(), entry.getValue().asText()));
        Volume volume = make(
                caller.project(),
                caller.user(),
                asked.path("name").asText(""),
                size,
                known.name(),
                image.isEmpty() ? null : image,
                metadata);
        volume.description = asked.path("description").textValue();
        site.books.write(volume, site.now);
        return Answer.json(202, one("volume", shown(volume, version, false)));
    }

    Volume make(
            String project,
            String user,
            String name,
            int size,
            String type,
            @Nullable String image,
            Map<String, String> metadata) {
        Volume volume = new Volume();
        volume.id = site.uuid();
        volume.project = project;
        volume.user = user;
        volume.name = name;
        volume.size = size;
        volume.type = type;
        volume.image = image;
        volume.metadata = metadata;
        volume.created = site.now;
        double more = site.strikes(What.VOLUME_CREATE_DELAY, name)
                .map(FakeDials.Failure::seconds)
                .orElse(0.0);
        site.books.plan(volume, site.after(site.dials.volume).plusMillis((long) (more * 1000)), MADE, 0);
        site.books.write(volume, site.now);
        return volume;
    }

    void perform(Volume volume, Rows.Step step) {
        switch (step.what()) {
            case MADE -> {
                boolean served =
                        site.catalog.type(volume.type).map(VolumeType::served).orElse(true);
                boolean fails =
                        site.strikes(What.VOLUME_CREATE_FAIL, volume.name).isPresent();
                volume.status = served && !fails ? "available" : "error";
                volume.bootable = volume.image != null;
                volume.updated = site.now;
                site.books.write(volume, site.now);
            }
            case DELETED -> {
                if (site.strikes(What.VOLUME_DELETE_FAIL, volume.name).isPresent()) {
                    volume.status = "error_deleting";
                    volume.updated = site.now;
                    site.books.write(volume, site.now);
                } else {
                    site.books.remove(volume, site.now);
                }
            }
            default -> throw new IllegalStateException(step.what());
        }
    }

    private void delete(Volume volume) throws Refusal {
        if (!List.of("available", "error").contains(volume.status) || volume.server != null) {
            throw refusal(400, STATUS);
        }
        beginDelete(volume);
    }

    void beginDelete(Volume volume) {
        volume.status = "deleting";
        volume.updated = site.now;
        double more = site.strikes(What.VOLUME_DELETE_DELAY, volume.name)
                .map(FakeDials.Failure::seconds)
                .orElse(0.0);
        site.books.plan(volume, site.after(site.dials.volume).plusMillis((long) (more * 1000)), DELETED, 0);
        site.books.write(volume, site.now);
    }

    void attach(Volume volume, String server, String device, String attachment) {
        volume.status = "in-use";
        volume.server = server;
        volume.device = device;
        volume.attachment = attachment;
        volume.attached = site.now;
        volume.updated = site.now;
        site.books.write(volume, site.now);
    }

    void free(Volume volume) {
        volume.status = volume.status.equals("error") ? "error" : "available";
        volume.server = null;
        volume.attachment = "";
        volume.updated = site.now;
        site.books.write(volume, site.now);
    }

    private Answer rename(Request request, Volume volume, int version) throws Refusal {
        JsonNode asked = body(request).path("volume");
        volume.name = asked.path("name").asText(volume.name);
        if (asked.has("description")) {
            volume.description = asked.path("description").textValue();
        }
        asked.path("metadata")
                .properties()
                .forEach(entry ->
                        volume.metadata.put(entry.getKey(), entry.getValue().asText()));
        volume.updated = site.now;
        site.books.write(volume, site.now);
        return Answer.json(200, one("volume", shown(volume, version, false)));
    }

    private Answer metadata(Request request, Volume volume) throws Refusal {
        if (request.path().size() == 4) {
            String key = request.segment(3);
            if (!volume.metadata.containsKey(key)) {
                throw refusal(404, "Metadata item was not found");
            }
            if (request.method().equals("DELETE")) {
                volume.metadata.remove(key);
                site.books.write(volume, site.now);
                return Answer.empty(200, Answer.HTML);
            }
            ObjectNode body = Site.object();
            body.putObject("meta").put(key, volume.metadata.get(key));
            return Answer.json(200, body);
        }
        if (!request.method().equals("GET")) {
            if (request.method().equals("PUT")) {
                volume.metadata.clear();
            }
            body(request)
                    .path("metadata")
                    .properties()
                    .forEach(entry ->
                            volume.metadata.put(entry.getKey(), entry.getValue().asText()));
            site.books.write(volume, site.now);
        }
        ObjectNode body = Site.object();
        ObjectNode metadata = body.putObject("metadata");
        volume.metadata.forEach(metadata::put);
        return Answer.json(200, body);
    }

    private Answer act(Request request, Caller caller, Volume volume) throws Refusal {
        JsonNode action = body(request);
        if (action.has("os-reset_status")) {
            if (!caller.isAdministrator()) {
                throw refusal(
                        403,
                        "Policy doesn't allow volume_extension:volume_admin_actions:reset_status to be performed.");
            }
            JsonNode asked = action.path("os-reset_status");
            volume.status = asked.path("status").asText(volume.status);
            if (asked.path("attach_status").asText().equals("detached")) {
                volume.server = null;
            }
            site.books.write(volume, site.now);
            return Answer.empty(202, Answer.JSON);
        }
        if (action.has("os-detach")) {
            Rows.Server server = volume.server == null ? null : site.books.servers.get(volume.server);
            if (server != null && server.isThere()) {
                throw refusal(
                        409,
                        "ConflictNovaUsingAttachment: Detach volume from instance " + server.id
                                + " using the Compute API");
            }
            free(volume);
            return Answer.empty(202, Answer.JSON);
        }
        throw refusal(400, "There is no such action: " + action.fieldNames().next());
    }

    // Quotas

    long limit(String what, String project) {
        Rows.Limit own = site.books.limits.get("volume " + project);
        return own != null && own.limits.containsKey(what) ? own.limits.get(what) : site.dials.limitOf(what);
    }

    long used(String what, String project) {
        return site.books.volumes.values().stream()
                .filter(volume -> volume.project.equals(project))
                .mapToLong(volume -> what.equals("gigabytes") ? volume.size : 1)
                .sum();
    }

    /** Why a volume would be too much; empty: it would not. */
    Optional<String> beyondQuota(String project, int size) {
        long volumes = limit("volumes", project);
        if (volumes >= 0 && used("volumes", project) + 1 > volumes) {
            return Optional.of("VolumeLimitExceeded: Maximum number of volumes allowed (" + volumes
                    + ") exceeded for quota 'volumes'.");
        }
        long gigabytes = limit("gigabytes", project);
        long consumed = used("gigabytes", project);
        if (gigabytes >= 0 && consumed + size > gigabytes) {
            return Optional.of(
                    "VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed gigabytes quota."
                            + " Requested "
                            + size + "G, quota is " + gigabytes + "G and " + consumed + "G has been consumed.");
        }
        return Optional.empty();
    }

    private static Refusal tooMuch(String text) {
        ObjectNode body = Site.object();
        body.putObject("overLimit").put("code", 413).put("message", text).put("retryAfter", "0");
        return new Refusal(Answer.json(413, body).with("Retry-After", "0"));
    }

    private Answer limits(Caller caller) {
        String project = caller.project();
        ObjectNode body = Site.object();
        ObjectNode limits = body.putObject("limits");
        limits.putArray("rate");
        limits.putObject("absolute")
                .put("maxTotalVolumes", limit("volumes", project))
                .put("maxTotalSnapshots", -1)
                .put("maxTotalVolumeGigabytes", limit("gigabytes", project))
                .put("maxTotalBackups", 10)
                .put("maxTotalBackupGigabytes", 1000)
                .put("totalVolumesUsed", used("volumes", project))
                .put("totalGigabytesUsed", used("gigabytes", project))
                .put("totalSnapshotsUsed", 0)
                .put("totalBackupsUsed", 0)
                .put("totalBackupGigabytesUsed", 0);
        return Answer.json(200, body);
    }

    private Answer quotas(Request request, Caller caller) throws Refusal {
        String project = request.segment(1);
        String id = "volume " + project;
        if (!request.method().equals("GET") && !caller.isAdministrator()) {
            throw refusal(403, "Policy doesn't allow volume_extension:quotas:update to be performed.");
        }
        if (request.method().equals("PUT")) {
            Rows.Limit own = site.books.limits.getOrDefault(id, new Rows.Limit());
            own.id = id;
            body(request)
                    .path("quota_set")
                    .properties()
                    .forEach(entry ->
                            own.limits.put(entry.getKey(), entry.getValue().asLong()));
            site.books.write(own, site.now);
        }
        if (request.method().equals("DELETE")) {
            Rows.Limit own = site.books.limits.get(id);
            if (own != null) {
                site.books.remove(own, site.now);
            }
            return Answer.empty(200, Answer.HTML);
        }
        Map<String, long[]> quotas = new LinkedHashMap<>();
        quotas.put("volumes", new long[] {limit("volumes", project), used("volumes", project)});
        quotas.put("per_volume_gigabytes", new long[] {-1, 0});
        quotas.put("snapshots", new long[] {-1, 0});
        quotas.put("gigabytes", new long[] {limit("gigabytes", project), used("gigabytes", project)});
        quotas.put("backups", new long[] {10, 0});
        quotas.put("backup_gigabytes", new long[] {1000, 0});
        for (VolumeType type : site.catalog.volumeTypes) {
            for (String what : List.of("volumes", "gigabytes", "snapshots")) {
                quotas.put(what + "_" + type.name(), new long[] {-1, 0});
            }
        }
        quotas.put("groups", new long[] {10, 0});
        ObjectNode body = Site.object();
        ObjectNode set = body.putObject("quota_set");
        boolean usage = "true".equalsIgnoreCase(request.first("usage"));
        quotas.forEach((what, figures) -> {
            if (usage) {
                set.putObject(what)
                        .put("limit", figures[0])
                        .put("in_use", figures[1])
                        .put("reserved", 0);
            } else {
                set.put(what, figures[0]);
            }
        });
        set.put("id", project);
        return Answer.json(200, body);
    }

    private Answer types() {
        ObjectNode body = Site.object();
        ArrayNode types = body.putArray("volume_types");
        for (VolumeType type : site.catalog.volumeTypes) {
            ObjectNode row = types.addObject()
                    .put("id", type.id())
                    .put("name", type.name())
                    .put("is_public", true);
            row.put("description", type.description().isEmpty() ? null : type.description());
            row.putObject("extra_specs");
            row.put("os-volume-type-access:is_public", true);
        }
        return Answer.json(200, body);
    }

    // Views

    private ObjectNode brief(Volume volume) {
        ObjectNode row = Site.object().put("id", volume.id).put("name", volume.name);
        links(row, volume);
        return row;
    }

    private void links(ObjectNode row, Volume volume) {
        String root = site.url(Service.VOLUME);
        ArrayNode links = row.putArray("links");
        links.addObject().put("rel", "self").put("href", root + "/" + volume.project + "/volumes/" + volume.id);
        links.addObject()
                .put("rel", "bookmark")
                .put("href", root.replace("/v3", "") + "/" + volume.project + "/volumes/" + volume.id);
    }

    private ObjectNode shown(Volume volume, int version, boolean whole) {
        ObjectNode row = Site.object();
        row.put("id", volume.id)
                .put("status", volume.status)
                .put("size", volume.size)
                .put("availability_zone", "nova");
        row.put("created_at", Times.micros(volume.created)).put("updated_at", Times.micros(volume.updated));
        row.put("name", volume.name).put("description", volume.description).put("volume_type", volume.type);
        row.putNull("snapshot_id").putNull("source_volid");
        ObjectNode metadata = row.putObject("metadata");
        volume.metadata.forEach(metadata::put);
        links(row, volume);
        row.put("user_id", volume.user)
                .put("bootable", String.valueOf(volume.bootable))
                .put("encrypted", false);
        row.putNull("replication_status").putNull("consistencygroup_id").put("multiattach", false);
        ArrayNode attachments = row.putArray("attachments");
        if (volume.server != null) {
            attachments
                    .addObject()
                    .put("id", volume.id)
                    .put("attachment_id", volume.attachment)
                    .put("volume_id", volume.id)
                    .put("server_id", volume.server)
                    .putNull("host_name")
                    .put("device", volume.device)
                    .put("attached_at", Times.micros(volume.attached));
        }
        if (version >= 13) {
            row.putNull("group_id");
        }
        if (version >= 48) {
            row.put("shared_targets", true);
            row.put("service_uuid", "00000000-0000-4000-a000-000000000002");
        }
        if (version >= 63) {
            row.put(
                    "volume_type_id",
                    site.catalog.type(volume.type).map(VolumeType::id).orElse(null));
        }
        if (version >= 65) {
            row.put("consumes_quota", true);
        }
        if (whole) {
            row.put("os-vol-tenant-attr:tenant_id", volume.project);
            if (volume.image != null && volume.bootable) {
                Catalog.Image image = site.catalog.image(volume.image).orElseThrow();
                row.putObject("volume_image_metadata")
                        .put("image_id", image.id())
                        .put("image_name", image.name())
                        .put("checksum", "0f343b0931126a20f133d67c2b018a3b")
                        .put("container_format", "bare")
                        .put("disk_format", "raw")
                        .put("min_disk", "0")
                        .put("min_ram", "0")
                        .put("size", "1024");
            }
        }
        return row;
    }

    private static ObjectNode one(String word, ObjectNode row) {
        ObjectNode body = Site.object();
        body.set(word, row);
        return body;
    }

    private static JsonNode body(Request request) throws Refusal {
        try {
            return Books.JSON.readTree(request.body());
        } catch (java.io.IOException none) {
            throw refusal(400, "Malformed request body");
        }
    }

    private static Refusal refusal(int status, String message) {
        String word =
                switch (status) {
                    case 400 -> "badRequest";
                    case 403 -> "forbidden";
                    case 404 -> "itemNotFound";
                    case 405 -> "badMethod";
                    case 409 -> "conflictingRequest";
                    default -> "computeFault";
                };
        ObjectNode body = Site.object();
        body.putObject(word).put("code", status).put("message", message);
        return new Refusal(Answer.json(status, body));
    }
}
