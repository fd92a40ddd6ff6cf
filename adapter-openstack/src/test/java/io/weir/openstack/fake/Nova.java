package io.weir.openstack.fake;

import static io.weir.openstack.fake.NovaRefusals.bad;
import static io.weir.openstack.fake.NovaRefusals.refusal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.openstack.fake.Catalog.Flavor;
import io.weir.openstack.fake.Keystone.Caller;
import io.weir.openstack.fake.Rows.Group;
import io.weir.openstack.fake.Rows.Key;
import io.weir.openstack.fake.Rows.Nic;
import io.weir.openstack.fake.Rows.Server;
import io.weir.pool.Marks;
import io.weir.simulated.SimulatedApi.Membership;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Nova v2.1 at the microversions 2.1 to 2.93. Which one counts is in the header of each call; without one it is 2.1. */
final class Nova {
    private static final int NEWEST = 93;

    private final Site site;
    private final NovaQuota quota;
    private final Launches launches;
    private final ServerView view;
    private final ServerList list;
    private final Attachments attachments;
    final Servers servers;

    Nova(Site site, Neutron neutron, Cinder cinder) {
        this.site = site;
        quota = new NovaQuota(site);
        launches = new Launches(site, quota, neutron);
        view = new ServerView(site);
        list = new ServerList(site, view);
        attachments = new Attachments(site, cinder);
        servers = new Servers(site, quota, neutron, cinder);
    }

    Answer answer(Request request, Caller caller) throws Refusal {
        int version = version(request);
        try {
            return stamped(route(request, caller, version), "2." + version);
        } catch (Refusal refusal) {
            Answer answer = refusal.answer();
            boolean nowhere = answer.status() == 404 && Answer.JSON.equals(answer.type());
            throw nowhere ? refusal : new Refusal(stamped(answer, "2." + version));
        }
    }

    private static Answer stamped(Answer answer, String version) {
        return answer.with("OpenStack-API-Version", "compute " + version)
                .with("X-OpenStack-Nova-API-Version", version)
                .with("Vary", "OpenStack-API-Version, X-OpenStack-Nova-API-Version");
    }

    /** The microversion's second number. */
    private static int version(Request request) throws Refusal {
        String header = request.header("openstack-api-version");
        String text = request.header("x-openstack-nova-api-version");
        if (header != null && header.startsWith("compute ")) {
            text = header.substring("compute ".length());
        }
        if (text == null) {
            return 1;
        }
        if (text.equals("latest")) {
            return NEWEST;
        }
        if (!text.matches("\\d+\\.\\d+")) {
            throw bad("API Version String " + text + " is of invalid format. Must be of format MajorNum.MinorNum.");
        }
        String[] parts = text.split("\\.");
        int minor = Integer.parseInt(parts[1]);
        if (!parts[0].equals("2") || minor < 1 || minor > NEWEST) {
            Refusal refusal = refusal(
                    406, "Version " + text + " is not supported by the API. Minimum is 2.1 and maximum is 2.93.");
            throw new Refusal(stamped(refusal.answer(), text));
        }
        return minor;
    }

    private Answer route(Request request, Caller caller, int version) throws Refusal {
        if (request.path().isEmpty()) {
            return Answer.json(200, root());
        }
        return switch (request.segment(0)) {
            case "servers" -> servers(request, caller, version);
            case "flavors" -> flavors(request, version);
            case "limits" -> limits(caller, version);
            case "os-quota-sets" -> quotas(request, caller, version);
            case "os-availability-zone" -> zones();
            case "os-keypairs" -> keys(request, caller, version);
            case "os-server-groups" -> groups(request, caller, version);
            case "images" -> images(version);
            default -> throw Glance.refusal(404, "The resource could not be found.");
        };
    }

    // Servers

    private Answer servers(Request request, Caller caller, int version) throws Refusal {
        if (request.is("GET", "servers") || request.is("GET", "servers", "detail")) {
            return list.list(request, caller, version);
        }
        if (request.is("POST", "servers")) {
            return launches.launch(body(request), caller, version);
        }
        Server server = server(request.segment(1), caller);
        checkCell(server, version, request.is("GET", "servers", "*"));
        if (request.path().size() == 2) {
            return server(request, server, caller, version);
        }
        return switch (request.segment(2)) {
            case "metadata" -> metadata(request, server);
            case "tags" -> tags(request, server, version);
            case "action" -> act(request, server, caller);
            case "os-volume_attachments" ->
                attachments.answer(
                        request,
                        request.method().equals("POST") || request.method().equals("PUT")
                                ? body(request)
                                : Site.object(),
                        server,
                        caller,
                        version);
            case "os-interface" -> interfaces(server);
            case "ips" -> addresses(server);
            default -> throw Glance.refusal(404, "The resource could not be found.");
        };
    }

    private Server server(String id, Caller caller) throws Refusal {
        Server server = site.books.servers.get(id);
        boolean own = server != null && (server.project.equals(caller.project()) || caller.isAdministrator());
        if (server == null || !own || !server.isThere()) {
            throw NovaRefusals.missing(id);
        }
        return server;
    }

    private void checkCell(Server server, int version, boolean looksOnly) throws Refusal {
        boolean down = server.host != null && site.dials.downCells.contains(server.zone);
        if (down && !(looksOnly && version >= 69)) {
            throw NovaRefusals.unexpected("nova.exception.NovaException");
        }
    }

    private Answer server(Request request, Server server, Caller caller, int version) throws Refusal {
        switch (request.method()) {
            case "GET" -> {
                if (!site.reaches(Service.NETWORK) && server.nics.isEmpty()) {
                    throw NovaRefusals.unexpected("neutronclient.common.exceptions.ConnectionFailed");
                }
                boolean down = server.host != null && site.dials.downCells.contains(server.zone);
                return one("server", down ? view.unknownAlone(server, version) : view.shown(server, version, true));
            }
            case "PUT" -> {
                server.name = body(request).path("server").path("name").asText(server.name);
                servers.touch(server);
                ObjectNode shown = view.shown(server, version, true);
                List<String> further = new ArrayList<>();
                shown.fieldNames().forEachRemaining(name -> {
                    if (name.startsWith("OS-EXT")
                            || name.startsWith("OS-SRV")
                            || name.startsWith("os-")
                            || name.equals("config_drive")
                            || name.equals("key_name")
                            || name.equals("security_groups")) {
                        further.add(name);
                    }
                });
                return one("server", version < 75 ? shown.without(further) : shown);
            }
            case "DELETE" -> {
                servers.delete(server, caller);
                return Answer.empty(204, Answer.JSON);
            }
            default -> throw refusal(405, "The method is not allowed for the requested URL.");
        }
    }

    private Answer metadata(Request request, Server server) throws Refusal {
        boolean reads = request.method().equals("GET");
        if (request.path().size() == 4) {
            return item(request, server, request.segment(3));
        }
        if (!reads) {
            JsonNode body = body(request);
            if (!body.has("metadata")) {
                throw bad("'metadata' is a required property");
            }
            Launches.checkMetadata(body.path("metadata"));
            Map<String, String> values =
                    request.method().equals("PUT") ? new LinkedHashMap<>() : new LinkedHashMap<>(server.metadata);
            body.path("metadata")
                    .properties()
                    .forEach(
                            entry -> values.put(entry.getKey(), entry.getValue().asText()));
            setMetadata(server, values);
        }
        ObjectNode answer = Site.object();
        ObjectNode metadata = answer.putObject("metadata");
        server.metadata.forEach(metadata::put);
        return Answer.json(200, answer);
    }

    private Answer item(Request request, Server server, String key) throws Refusal {
        if (request.method().equals("PUT")) {
            JsonNode meta = body(request).path("meta");
            if (!meta.has(key)) {
                throw bad("Request body and URI mismatch");
            }
            Map<String, String> values = new LinkedHashMap<>(server.metadata);
            values.put(key, meta.path(key).asText());
            setMetadata(server, values);
        } else if (!server.metadata.containsKey(key)) {
            throw refusal(404, "Metadata item was not found");
        }
        if (request.method().equals("DELETE")) {
            Map<String, String> values = new LinkedHashMap<>(server.metadata);
            values.remove(key);
            setMetadata(server, values);
            return Answer.empty(204, Answer.JSON);
        }
        ObjectNode answer = Site.object();
        answer.putObject("meta").put(key, server.metadata.get(key));
        return Answer.json(200, answer);
    }

    private void setMetadata(Server server, Map<String, String> values) throws Refusal {
        if (!List.of("active", "paused", "suspended", "stopped").contains(server.vmState)) {
            throw NovaRefusals.state("update metadata", server.id, server.vmState);
        }
        if (site.dials.basicPlaneOnly && values.values().stream().anyMatch(Launches::isBeyond)) {
            throw NovaRefusals.unexpected("oslo_db.exception.DBError");
        }
        keep(server, values);
    }

    /** Other keys stay. */
    void writeMetadata(Server server, Map<String, String> values) {
        Map<String, String> merged = new LinkedHashMap<>(server.metadata);
        merged.putAll(values);
        keep(server, merged);
    }

    private void keep(Server server, Map<String, String> values) {
        String before = server.metadata.get(Marks.POOL_TAG);
        server.metadata = values;
        String after = values.get(Marks.POOL_TAG);
        if (!Objects.equals(before, after)) {
            server.pools.add(new Membership(site.now, after));
        }
        site.books.write(server, site.now);
    }

    private Answer tags(Request request, Server server, int version) throws Refusal {
        if (version < 26) {
            throw refusal(404, "The resource could not be found.");
        }
        if (request.path().size() == 3) {
            if (request.method().equals("DELETE")) {
                server.tags.clear();
                site.books.write(server, site.now);
                return Answer.empty(204, Answer.JSON);
            }
            if (request.method().equals("PUT")) {
                JsonNode tags = body(request).path("tags");
                int index = 0;
                for (JsonNode tag : tags) {
                    if (!tag.asText().matches("[^,/]*")) {
                        throw NovaRefusals.field(
                                String.valueOf(index), tag, NovaRefusals.python(tag) + " does not match '^[^,/]*$'");
                    }
                    index++;
                }
                server.tags.clear();
                tags.forEach(tag -> server.tags.add(tag.asText()));
                site.books.write(server, site.now);
            }
            ObjectNode body = Site.object();
            body.set("tags", Site.array(server.tags));
            return Answer.json(200, body);
        }
        String tag = request.segment(3);
        switch (request.method()) {
            case "PUT" -> {
                boolean added = server.tags.add(tag);
                site.books.write(server, site.now);
                Answer answer = Answer.empty(added ? 201 : 204, Answer.HTML);
                return added
                        ? answer.with("Location", site.url(Service.COMPUTE) + "/servers/" + server.id + "/tags/" + tag)
                        : answer;
            }
            case "DELETE" -> {
                if (!server.tags.remove(tag)) {
                    throw refusal(404, "Instance " + server.id + " has no tag '" + tag + "'");
                }
                site.books.write(server, site.now);
                return Answer.empty(204, Answer.JSON);
            }
            default -> {
                if (!server.tags.contains(tag)) {
                    throw refusal(404, "Server " + server.id + " has no tag '" + tag + "'");
                }
                return Answer.empty(204, Answer.JSON);
            }
        }
    }

    private Answer act(Request request, Server server, Caller caller) throws Refusal {
        JsonNode body = body(request);
        if (body.size() != 1) {
            throw bad("Malformed request body");
        }
        String word = body.fieldNames().next();
        switch (word) {
            case "lock", "unlock" -> {
                server.locked = word.equals("lock");
                site.books.write(server, site.now);
            }
            case "os-resetState" -> {
                if (!caller.isAdministrator()) {
                    throw NovaRefusals.forbidden("os_compute_api:os-admin-actions:reset_state");
                }
                JsonNode state = body.path(word).path("state");
                if (!List.of("active", "error").contains(state.asText())) {
                    throw NovaRefusals.field(
                            "state", state, NovaRefusals.python(state) + " is not one of ['active', 'error']");
                }
                server.vmState = state.asText();
                server.task = null;
                servers.touch(server);
            }
            case "forceDelete" -> servers.gone(server, "deleted");
            case "restore" -> {
                server.vmState = "active";
                server.deleting = null;
                server.plan.clear();
                servers.touch(server);
            }
            default -> {
                if (!Servers.isAction(word)) {
                    throw bad("There is no such action: " + word);
                }
                servers.act(server, word);
            }
        }
        return word.equals("rescue")
                ? Answer.json(200, Site.object().put("adminPass", Site.hex(site.dice, 12)))
                : Answer.empty(202, Answer.JSON);
    }

    private Answer interfaces(Server server) {
        ObjectNode body = Site.object();
        ArrayNode rows = body.putArray("interfaceAttachments");
        for (Nic nic : server.nics) {
            ObjectNode row = rows.addObject().put("net_id", nic.network()).put("port_id", nic.port());
            row.put("mac_addr", nic.mac()).put("port_state", "ACTIVE");
            row.putArray("fixed_ips").addObject().put("subnet_id", nic.subnet()).put("ip_address", nic.address());
        }
        return Answer.json(200, body);
    }

    private static Answer addresses(Server server) {
        ObjectNode body = Site.object();
        ObjectNode addresses = body.putObject("addresses");
        for (Nic nic : server.nics) {
            ArrayNode known = (ArrayNode) addresses.withArray("/" + nic.networkName());
            known.addObject().put("version", 4).put("addr", nic.address());
            if (nic.floating() != null) {
                known.addObject().put("version", 4).put("addr", nic.floating());
            }
        }
        return Answer.json(200, body);
    }

    // What is offered

    private ObjectNode root() {
        ObjectNode body = Site.object();
        ObjectNode version = body.putObject("version").put("id", "v2.1").put("status", "CURRENT");
        version.put("version", "2.93").put("min_version", "2.1").put("updated", "2013-07-23T11:33:21Z");
        ArrayNode links = version.putArray("links");
        links.addObject().put("rel", "self").put("href", site.url(Service.COMPUTE) + "/");
        links.addObject().put("rel", "describedby").put("type", "text/html").put("href", "http://docs.openstack.org/");
        version.putArray("media-types")
                .addObject()
                .put("base", "application/json")
                .put("type", "application/vnd.openstack.compute+json;version=2.1");
        return body;
    }

    private Answer flavors(Request request, int version) throws Refusal {
        if (request.is("GET", "flavors", "*", "os-extra_specs")) {
            ObjectNode body = Site.object();
            body.putObject("extra_specs");
            return Answer.json(200, body);
        }
        boolean detailed = request.is("GET", "flavors", "detail");
        if (!detailed && request.path().size() == 2) {
            String id = request.segment(1);
            Flavor flavor =
                    site.catalog.flavor(id).orElseThrow(() -> refusal(404, "Flavor " + id + " could not be found."));
            return one("flavor", shown(flavor, version, true));
        }
        String limit = request.first("limit");
        String marker = request.first("marker");
        int most = limit == null ? site.dials.maxLimit : Math.min(site.dials.maxLimit, Integer.parseInt(limit));
        List<Flavor> all = site.catalog.flavors;
        int from = 0;
        if (marker != null) {
            Flavor last = site.catalog.flavor(marker).orElseThrow(() -> bad("marker [" + marker + "] not found"));
            from = all.indexOf(last) + 1;
        }
        List<Flavor> page = all.subList(from, (int) Math.min(all.size(), (long) from + most));
        ObjectNode body = Site.object();
        ArrayNode rows = body.putArray("flavors");
        page.forEach(flavor -> rows.add(shown(flavor, version, detailed)));
        if (!page.isEmpty() && page.size() == most) {
            body.putArray("flavors_links")
                    .addObject()
                    .put("rel", "next")
                    .put(
                            "href",
                            site.url(Service.COMPUTE) + "/flavors" + (detailed ? "/detail" : "") + "?limit=" + most
                                    + "&marker=" + page.get(page.size() - 1).id());
        }
        return Answer.json(200, body);
    }

    private ObjectNode shown(Flavor flavor, int version, boolean detailed) {
        ObjectNode row = Site.object().put("id", flavor.id()).put("name", flavor.name());
        if (detailed) {
            row.put("ram", flavor.ram()).put("disk", flavor.disk());
            if (version < 75) {
                row.put("swap", "");
            } else {
                row.put("swap", 0);
            }
            row.put("OS-FLV-EXT-DATA:ephemeral", 0)
                    .put("OS-FLV-DISABLED:disabled", false)
                    .put("vcpus", flavor.vcpus());
            row.put("os-flavor-access:is_public", true).put("rxtx_factor", 1.0);
        }
        String url = site.url(Service.COMPUTE);
        ArrayNode links = row.putArray("links");
        links.addObject().put("rel", "self").put("href", url + "/flavors/" + flavor.id());
        links.addObject().put("rel", "bookmark").put("href", url.replace("/v2.1", "") + "/flavors/" + flavor.id());
        if (version >= 55) {
            row.putNull("description");
        }
        if (version >= 61 && detailed) {
            row.putObject("extra_specs");
        }
        return row;
    }

    private Answer limits(Caller caller, int version) {
        String project = caller.project();
        ObjectNode body = Site.object();
        ObjectNode limits = body.putObject("limits");
        limits.putArray("rate");
        ObjectNode absolute = limits.putObject("absolute");
        absolute.put("maxTotalInstances", quota.limit("instances", project))
                .put("maxTotalCores", quota.limit("cores", project))
                .put("maxTotalRAMSize", quota.limit("ram", project))
                .put("maxServerMeta", 128);
        if (version < 39) {
            absolute.put("maxImageMeta", 128);
        }
        if (version < 57) {
            absolute.put("maxPersonality", 5).put("maxPersonalitySize", 10240);
        }
        absolute.put("maxTotalKeypairs", -1).put("maxServerGroups", -1).put("maxServerGroupMembers", 10);
        if (version < 36) {
            absolute.put("maxTotalFloatingIps", -1).put("maxSecurityGroups", -1).put("maxSecurityGroupRules", -1);
        }
        absolute.put("totalRAMUsed", quota.used("ram", project))
                .put("totalCoresUsed", quota.used("cores", project))
                .put("totalInstancesUsed", quota.used("instances", project));
        if (version < 36) {
            absolute.put("totalFloatingIpsUsed", 0).put("totalSecurityGroupsUsed", 0);
        }
        absolute.put(
                "totalServerGroupsUsed",
                site.books.groups.values().stream()
                        .filter(group -> group.project.equals(project))
                        .count());
        return Answer.json(200, body);
    }

    private Answer quotas(Request request, Caller caller, int version) throws Refusal {
        String project = request.segment(1);
        if (!request.method().equals("GET") && !caller.isAdministrator()) {
            throw NovaRefusals.forbidden("os_compute_api:os-quota-sets:update");
        }
        if (request.method().equals("DELETE")) {
            quota.reset(project);
            return Answer.empty(202, Answer.JSON);
        }
        boolean set = request.method().equals("PUT");
        if (set) {
            Map<String, Long> limits = new LinkedHashMap<>();
            body(request)
                    .path("quota_set")
                    .properties()
                    .forEach(
                            entry -> limits.put(entry.getKey(), entry.getValue().asLong()));
            quota.set(project, limits);
        }
        Map<String, Long> all = new LinkedHashMap<>();
        all.put("cores", quota.limit("cores", project));
        if (version < 36) {
            all.put("fixed_ips", -1L);
            all.put("floating_ips", -1L);
        }
        if (version < 57) {
            all.put("injected_file_content_bytes", 10240L);
            all.put("injected_file_path_bytes", 255L);
            all.put("injected_files", 5L);
        }
        all.put("instances", quota.limit("instances", project));
        all.put("key_pairs", -1L);
        all.put("metadata_items", 128L);
        all.put("ram", quota.limit("ram", project));
        if (version < 36) {
            all.put("security_group_rules", -1L);
            all.put("security_groups", -1L);
        }
        all.put("server_group_members", 10L);
        all.put("server_groups", -1L);
        ObjectNode body = Site.object();
        ObjectNode shown = body.putObject("quota_set");
        if (!set) {
            shown.put("id", project);
        }
        boolean detailed = request.path().size() > 2;
        all.forEach((what, limit) -> {
            if (detailed) {
                boolean counted = List.of("cores", "instances", "ram").contains(what);
                shown.putObject(what)
                        .put("limit", limit)
                        .put("in_use", counted ? quota.used(what, project) : 0)
                        .put("reserved", 0);
            } else {
                shown.put(what, limit);
            }
        });
        return Answer.json(200, body);
    }

    private Answer zones() {
        ObjectNode body = Site.object();
        ArrayNode zones = body.putArray("availabilityZoneInfo");
        for (String zone : site.dials.zones) {
            zones.addObject()
                    .put("zoneName", zone)
                    .putNull("hosts")
                    .putObject("zoneState")
                    .put("available", site.deadSince(zone).isEmpty());
        }
        return Answer.json(200, body);
    }

    private Answer images(int version) throws Refusal {
        if (version >= 36) {
            throw refusal(404, "The resource could not be found.");
        }
        ObjectNode body = Site.object();
        ArrayNode rows = body.putArray("images");
        for (Catalog.Image image : site.catalog.images) {
            ObjectNode row = rows.addObject().put("id", image.id()).put("name", image.name());
            String url = site.url(Service.COMPUTE);
            ArrayNode links = row.putArray("links");
            links.addObject().put("rel", "self").put("href", url + "/images/" + image.id());
            links.addObject().put("rel", "bookmark").put("href", url.replace("/v2.1", "") + "/images/" + image.id());
            links.addObject()
                    .put("rel", "alternate")
                    .put("type", "application/vnd.openstack.image")
                    .put("href", site.url(Service.IMAGE) + "//images/" + image.id());
        }
        return Answer.json(200, body);
    }

    // Keys

    private Answer keys(Request request, Caller caller, int version) throws Refusal {
        if (request.is("GET", "os-keypairs")) {
            ObjectNode body = Site.object();
            ArrayNode rows = body.putArray("keypairs");
            site.books.keys.values().stream()
                    .filter(key -> key.user.equals(caller.user()))
                    .forEach(key -> rows.addObject().set("keypair", brief(key, version)));
            return Answer.json(200, body);
        }
        if (request.is("POST", "os-keypairs")) {
            return makeKey(body(request).path("keypair"), caller, version);
        }
        String name = request.segment(1);
        Key key = site.books.keys.get(caller.user() + " " + name);
        if (key == null) {
            throw refusal(404, "Keypair " + name + " not found for user " + caller.user());
        }
        if (request.method().equals("DELETE")) {
            site.books.remove(key, site.now);
            return Answer.empty(version < 2 ? 202 : 204, Answer.JSON);
        }
        ObjectNode shown = brief(key, 1);
        shown.put("user_id", key.user)
                .put("created_at", Times.micros(key.created))
                .put("deleted", false);
        shown.putNull("deleted_at").put("id", key.number).putNull("updated_at");
        if (version >= 2) {
            shown.put("type", "ssh");
        }
        return one("keypair", shown);
    }

    private static ObjectNode brief(Key key, int version) {
        ObjectNode row = Site.object().put("name", key.name).put("public_key", key.publicKey);
        row.put("fingerprint", "5e:40:a2:ec:35:23:2c:32:44:1c:0c:4c:63:73:1d:43");
        if (version >= 2) {
            row.put("type", "ssh");
        }
        return row;
    }

    private Answer makeKey(JsonNode asked, Caller caller, int version) throws Refusal {
        String given = asked.path("public_key").asText("");
        if (asked.has("public_key") && !given.matches("(ssh-\\w+|ecdsa-\\S+) \\S{40,}.*")) {
            throw bad("Keypair data is invalid: failed to generate fingerprint");
        }
        String name = asked.path("name").asText();
        String id = caller.user() + " " + name;
        if (site.books.keys.containsKey(id)) {
            throw refusal(409, "Key pair '" + name + "' already exists.");
        }
        Key key = key(caller.user(), caller.project(), name);
        if (!given.isEmpty()) {
            key.publicKey = given;
        }
        site.books.write(key, site.now);
        ObjectNode shown = brief(key, version);
        if (given.isEmpty()) {
            shown.put("private_key", "made up");
        }
        return new Answer(
                version < 2 ? 200 : 201,
                Answer.JSON,
                Map.of(),
                one("keypair", shown.put("user_id", key.user)).body());
    }

    Key key(String user, String project, String name) {
        Key key = new Key();
        key.id = user + " " + name;
        key.user = user;
        key.project = project;
        key.name = name;
        key.number = site.books.keys.size() + 1;
        key.created = site.now;
        key.publicKey = "ssh-rsa " + Site.hex(site.dice, 64) + " made-up";
        site.books.write(key, site.now);
        return key;
    }

    // Server groups

    private Answer groups(Request request, Caller caller, int version) throws Refusal {
        if (request.is("GET", "os-server-groups")) {
            ObjectNode body = Site.object();
            ArrayNode rows = body.putArray("server_groups");
            site.books.groups.values().stream()
                    .filter(group -> group.project.equals(caller.project()))
                    .forEach(group -> rows.add(shown(group, version)));
            return Answer.json(200, body);
        }
        if (request.is("POST", "os-server-groups")) {
            JsonNode asked = body(request).path("server_group");
            if (version >= 64 && !asked.has("policy")) {
                throw NovaRefusals.field("server_group", asked, "'policy' is a required property");
            }
            JsonNode policy = version >= 64
                    ? asked.path("policy")
                    : asked.path("policies").path(0);
            if (version < 15 && policy.asText().startsWith("soft")) {
                throw NovaRefusals.field(
                        "0", policy, NovaRefusals.python(policy) + " is not one of ['anti-affinity', 'affinity']");
            }
            Group group = new Group();
            group.id = site.uuid();
            group.project = caller.project();
            group.user = caller.user();
            group.name = asked.path("name").asText();
            group.policy = policy.asText();
            group.created = site.now;
            site.books.write(group, site.now);
            return one("server_group", shown(group, version));
        }
        Group group = site.books.groups.get(request.segment(1));
        if (group == null) {
            throw refusal(404, "Instance group " + request.segment(1) + " could not be found.");
        }
        if (request.method().equals("DELETE")) {
            site.books.remove(group, site.now);
            return Answer.empty(204, Answer.JSON);
        }
        return one("server_group", shown(group, version));
    }

    private ObjectNode shown(Group group, int version) {
        ObjectNode row = Site.object().put("id", group.id).put("name", group.name);
        if (version >= 64) {
            row.put("policy", group.policy).putObject("rules");
        } else {
            row.set("policies", Site.array(List.of(group.policy)));
            row.putObject("metadata");
        }
        row.set(
                "members",
                Site.array(site.books.servers.values().stream()
                        .filter(server -> server.isThere() && group.id.equals(server.serverGroup))
                        .map(server -> server.id)
                        .toList()));
        if (version >= 13) {
            row.put("project_id", group.project).put("user_id", group.user);
        }
        return row;
    }

    // Words

    private static Answer one(String word, ObjectNode row) {
        ObjectNode body = Site.object();
        body.set(word, row);
        return Answer.json(200, body);
    }

    private static JsonNode body(Request request) throws Refusal {
        try {
            JsonNode body = Books.JSON.readTree(request.body());
            if (body != null && body.isObject()) {
                return body;
            }
        } catch (java.io.IOException none) {
            // told below
        }
        throw bad("Malformed request body");
    }
}
