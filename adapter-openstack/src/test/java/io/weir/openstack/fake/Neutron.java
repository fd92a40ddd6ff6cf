package io.weir.openstack.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.openstack.fake.Catalog.Network;
import io.weir.openstack.fake.Keystone.Caller;
import io.weir.openstack.fake.Rows.FloatingIp;
import io.weir.openstack.fake.Rows.Port;
import io.weir.openstack.fake.Rows.Server;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Neutron: what networks and groups there are, ports, floating IPs, quotas. All of it happens at once. */
final class Neutron {
    private static final Set<String> QUERY =
            Set.of("fields", "limit", "marker", "sort_key", "sort_dir", "page_reverse");
    private static final List<String> QUOTAS = List.of(
            "network",
            "subnet",
            "subnetpool",
            "port",
            "router",
            "floatingip",
            "rbac_policy",
            "security_group",
            "security_group_rule");

    private final Site site;
    private int addresses;

    Neutron(Site site) {
        this.site = site;
    }

    Answer answer(Request request, Caller caller) throws Refusal {
        if (request.path().size() < 2) {
            throw refusal(404, "HTTPNotFound", "The resource could not be found.");
        }
        return switch (request.segment(1)) {
            case "networks" ->
                look(request, "network", "NetworkNotFound", "Network %s could not be found.", networks(caller));
            case "subnets" ->
                look(request, "subnet", "SubnetNotFound", "Subnet %s could not be found.", subnets(caller));
            case "security-groups" ->
                look(
                        request,
                        "security_group",
                        "SecurityGroupNotFound",
                        "Security group %s does not exist",
                        securityGroups(caller));
            case "ports" -> ports(request, caller);
            case "floatingips" -> floatingIps(request, caller);
            case "quotas" -> quotas(request, caller);
            case "routers" -> routers(request);
            default -> throw refusal(404, "HTTPNotFound", "The resource could not be found.");
        };
    }

    Answer versions() {
        ObjectNode body = Site.object();
        ObjectNode version =
                body.putArray("versions").addObject().put("id", "v2.0").put("status", "CURRENT");
        version.putArray("links").addObject().put("rel", "self").put("href", site.url(Service.NETWORK) + "/v2.0/");
        return Answer.json(200, body);
    }

    // What only is looked at

    private Answer look(Request request, String word, String type, String text, List<ObjectNode> rows) throws Refusal {
        if (!request.method().equals("GET")) {
            throw refusal(405, "HTTPMethodNotAllowed", "The method is not allowed for this resource.");
        }
        if (request.path().size() == 2) {
            return listed(request, word + "s", rows);
        }
        return Answer.json(200, one(word, row(rows, request.segment(2), type, text)));
    }

    private static ObjectNode row(List<ObjectNode> rows, String id, String type, String text) throws Refusal {
        for (ObjectNode row : rows) {
            if (row.path("id").asText().equals(id)) {
                return row;
            }
        }
        throw refusal(404, type, String.format(text, id));
    }

    private static ObjectNode one(String word, ObjectNode row) {
        ObjectNode body = Site.object();
        body.set(word, row);
        return body;
    }

    /** Values of one field are alternatives, fields are all due; what no row can have is refused. */
    private Answer listed(Request request, String word, List<ObjectNode> rows) throws Refusal {
        List<ObjectNode> found = new ArrayList<>(rows);
        for (Map.Entry<String, List<String>> filter : request.query().entrySet()) {
            String field = filter.getKey();
            if (QUERY.contains(field)) {
                continue;
            }
            if (!FIELDS.contains(field)) {
                throw refusal(400, "HTTPBadRequest", "['" + field + "'] is invalid attribute for filtering");
            }
            found.removeIf(row -> !matches(row, field, filter.getValue()));
        }
        String sort = request.first("sort_key");
        if (sort != null) {
            if (request.first("sort_dir") == null) {
                throw refusal(400, "HTTPBadRequest", "The number of sort_keys and sort_dirs must be same");
            }
            found.sort(java.util.Comparator.comparing(row -> row.path(sort).asText()));
        }
        return Answer.json(200, page(request, word, found));
    }

    private static final Set<String> FIELDS = Set.of(
            "id",
            "name",
            "network_id",
            "device_id",
            "device_owner",
            "description",
            "status",
            "port_id",
            "floating_network_id",
            "floating_ip_address",
            "router:external",
            "project_id",
            "tenant_id",
            "tags",
            "cidr",
            "mac_address",
            "shared");

    private static boolean matches(ObjectNode row, String field, List<String> values) {
        if (field.equals("tags")) {
            Set<String> tags = new java.util.HashSet<>();
            row.path("tags").forEach(tag -> tags.add(tag.asText()));
            return tags.containsAll(List.of(values.get(0).split(",")));
        }
        JsonNode value = row.path(field);
        return values.stream()
                .anyMatch(wanted -> value.isBoolean()
                        ? wanted.equalsIgnoreCase(value.asText())
                        : !value.isNull() && value.asText().equals(wanted));
    }

    private ObjectNode page(Request request, String word, List<ObjectNode> found) throws Refusal {
        String marker = request.first("marker");
        int from = 0;
        if (marker != null) {
            from = 1 + index(found, marker);
        }
        String limit = request.first("limit");
        int most = limit == null ? Integer.MAX_VALUE : Integer.parseInt(limit);
        int to = most <= 0 ? found.size() : (int) Math.min(found.size(), (long) from + most);
        ObjectNode body = Site.object();
        ArrayNode rows = body.putArray(word);
        for (ObjectNode row : found.subList(Math.min(from, to), to)) {
            rows.add(narrowed(row, request.query().get("fields")));
        }
        if (limit != null && from < to) {
            String query = request.query().entrySet().stream()
                    .filter(entry -> !entry.getKey().equals("marker"))
                    .flatMap(entry -> entry.getValue().stream().map(value -> entry.getKey() + "=" + value))
                    .collect(java.util.stream.Collectors.joining("&"));
            String url = site.url(Service.NETWORK) + "/v2.0/" + word.replace('_', '-') + "?" + query + "&marker=";
            ArrayNode links = body.putArray(word + "_links");
            if (to - from == most) {
                links.addObject()
                        .put("rel", "next")
                        .put("href", url + found.get(to - 1).path("id").asText());
            }
            links.addObject()
                    .put("rel", "previous")
                    .put("href", url + found.get(from).path("id").asText() + "&page_reverse=True");
        }
        return body;
    }

    private static int index(List<ObjectNode> found, String marker) throws Refusal {
        for (int i = 0; i < found.size(); i++) {
            if (found.get(i).path("id").asText().equals(marker)) {
                return i;
            }
        }
        throw refusal(404, "PortNotFound", "Port " + marker + " could not be found.");
    }

    private static ObjectNode narrowed(ObjectNode row, @Nullable List<String> fields) {
        if (fields == null) {
            return row;
        }
        ObjectNode narrowed = Site.object();
        fields.stream().filter(row::has).forEach(field -> narrowed.set(field, row.get(field)));
        return narrowed;
    }

    private List<ObjectNode> networks(Caller caller) {
        List<ObjectNode> rows = new ArrayList<>();
        for (Network network : site.catalog.networks) {
            if (network.external() || network.project().equals(caller.project()) || caller.isAdministrator()) {
                ObjectNode row = Site.object();
                row.put("id", network.id()).put("name", network.name()).put("tenant_id", network.project());
                row.put("admin_state_up", true).put("mtu", 1500).put("status", "ACTIVE");
                row.set("subnets", Site.array(List.of(network.subnet())));
                row.put("shared", false);
                row.putArray("availability_zone_hints");
                row.putArray("availability_zones");
                row.putNull("ipv4_address_scope").putNull("ipv6_address_scope");
                row.put("router:external", network.external())
                        .put("description", "")
                        .put("port_security_enabled", true);
                if (network.external()) {
                    row.put("is_default", false);
                }
                stamped(row, List.of(), site.catalog.made, site.catalog.made, 2, network.project());
                rows.add(row);
            }
        }
        return rows;
    }

    private List<ObjectNode> subnets(Caller caller) {
        List<ObjectNode> rows = new ArrayList<>();
        for (Network network : site.catalog.networks) {
            if (network.project().equals(caller.project())) {
                String head = network.cidr().replaceAll("\\d+/\\d+$", "");
                ObjectNode row = Site.object();
                row.put("id", network.subnet())
                        .put("name", network.subnetName())
                        .put("tenant_id", network.project());
                row.put("network_id", network.id()).put("ip_version", 4).putNull("subnetpool_id");
                row.put("enable_dhcp", true).putNull("ipv6_ra_mode").putNull("ipv6_address_mode");
                row.put("gateway_ip", head + "1").put("cidr", network.cidr());
                row.putArray("allocation_pools")
                        .addObject()
                        .put("start", head + "2")
                        .put("end", head + "254");
                row.putArray("host_routes");
                row.putArray("dns_nameservers");
                row.put("description", "").putArray("service_types");
                stamped(row, List.of(), site.catalog.made, site.catalog.made, 0, network.project());
                rows.add(row);
            }
        }
        return rows;
    }

    private List<ObjectNode> securityGroups(Caller caller) {
        List<ObjectNode> rows = new ArrayList<>();
        for (Catalog.SecurityGroup group : site.catalog.groupsOf(caller.project())) {
            ObjectNode row = Site.object();
            row.put("id", group.id()).put("name", group.name()).put("stateful", true);
            row.put("tenant_id", group.project()).put("description", "").put("shared", false);
            row.putArray("security_group_rules");
            stamped(row, List.of(), site.catalog.made, site.catalog.made, 1, group.project());
            rows.add(row);
        }
        return rows;
    }

    private static void stamped(
            ObjectNode row,
            List<String> tags,
            java.time.Instant created,
            java.time.@Nullable Instant updated,
            int revision,
            String project) {
        row.set("tags", Site.array(tags));
        row.put("created_at", Times.plain(created)).put("updated_at", Times.plain(updated == null ? created : updated));
        row.put("revision_number", revision).put("project_id", project);
    }

    /** The pin scenarios make one on a real cloud, where a floating IP needs it; here every inner network is routed. */
    private static Answer routers(Request request) throws Refusal {
        if (request.method().equals("DELETE")) {
            return Answer.empty(204, null);
        }
        ObjectNode body = Site.object();
        body.putObject("router").put("id", "00000000-0000-4000-a000-000000000001");
        return Answer.json(request.method().equals("POST") ? 201 : 200, body);
    }

    // Ports

    private Answer ports(Request request, Caller caller) throws Refusal {
        if (request.is("GET", "v2.0", "ports")) {
            return listed(
                    request,
                    "ports",
                    site.books.ports.values().stream()
                            .filter(port -> port.project.equals(caller.project()))
                            .map(this::shown)
                            .toList());
        }
        if (request.is("POST", "v2.0", "ports")) {
            return makePorts(body(request), caller);
        }
        Port port = site.books.ports.get(request.segment(2));
        if (port == null || !port.project.equals(caller.project())) {
            throw refusal(404, "PortNotFound", "Port " + request.segment(2) + " could not be found.");
        }
        if (request.is("PUT", "v2.0", "ports", "*", "tags")) {
            port.tags = texts(body(request).path("tags"));
            touch(port);
            ObjectNode body = Site.object();
            body.set("tags", Site.array(port.tags));
            return Answer.json(200, body);
        }
        return switch (request.method()) {
            case "GET" -> Answer.json(200, one("port", shown(port)));
            case "PUT" -> {
                JsonNode asked = body(request).path("port");
                port.name = asked.path("name").asText(port.name);
                port.description = asked.path("description").asText(port.description);
                if (asked.has("device_id")) {
                    port.device = asked.path("device_id").asText();
                }
                if (asked.has("security_groups")) {
                    port.groups = texts(asked.path("security_groups"));
                }
                touch(port);
                yield Answer.json(200, one("port", shown(port)));
            }
            case "DELETE" -> {
                drop(port);
                yield Answer.empty(204, null);
            }
            default -> throw refusal(405, "HTTPMethodNotAllowed", "The method is not allowed for this resource.");
        };
    }

    private Answer makePorts(JsonNode body, Caller caller) throws Refusal {
        List<JsonNode> asked = new ArrayList<>();
        boolean several = body.has("ports");
        if (several) {
            body.path("ports").forEach(asked::add);
        } else {
            asked.add(body.path("port"));
        }
        for (JsonNode one : asked) {
            if (!one.has("network_id")) {
                throw refusal(
                        400,
                        "HTTPBadRequest",
                        "Failed to parse request. Required attribute 'network_id' not specified");
            }
            visible(one.path("network_id").asText(), caller.project());
            for (JsonNode group : one.path("security_groups")) {
                if (site.catalog.groupsOf(caller.project()).stream()
                        .noneMatch(known -> known.id().equals(group.asText()))) {
                    throw refusal(404, "SecurityGroupNotFound", "Security group " + group.asText() + " does not exist");
                }
            }
        }
        requireQuota("port", asked.size(), caller.project());
        List<ObjectNode> made = new ArrayList<>();
        for (JsonNode one : asked) {
            Port port = makePort(
                    visible(one.path("network_id").asText(), caller.project()),
                    caller.project(),
                    one.has("security_groups")
                            ? texts(one.path("security_groups"))
                            : List.of(defaultGroup(caller.project())));
            port.name = one.path("name").asText("");
            port.description = one.path("description").asText("");
            port.device = one.path("device_id").asText("");
            port.tags = texts(one.path("tags"));
            site.books.write(port, site.now);
            made.add(shown(port));
        }
        if (!several) {
            return Answer.json(201, one("port", made.get(0)));
        }
        ObjectNode all = Site.object();
        made.forEach(all.putArray("ports")::add);
        return Answer.json(201, all);
    }

    String defaultGroup(String project) {
        return site.catalog.groupsOf(project).get(0).id();
    }

    private Network visible(String id, String project) throws Refusal {
        return site.catalog
                .network(id)
                .filter(network -> network.external() || network.project().equals(project))
                .orElseThrow(() -> refusal(404, "NetworkNotFound", "Network " + id + " could not be found."));
    }

    Port makePort(Network network, String project, List<String> groups) {
        Port port = new Port();
        port.id = site.uuid();
        port.project = project;
        port.created = site.now;
        port.network = network.id();
        port.subnet = network.subnet();
        port.address = address(network);
        port.mac = "fa:16:3e:" + Site.hex(site.dice, 6).replaceAll("(..)(..)(..)", "$1:$2:$3");
        port.groups = groups;
        site.books.write(port, site.now);
        return port;
    }

    private String address(Network network) {
        int next = 10 + addresses++;
        String[] parts = network.cidr().split("[./]");
        return parts[0] + "." + parts[1] + "." + (network.external() ? parts[2] : String.valueOf(next >> 8 & 255)) + "."
                + (next & 255);
    }

    void touch(Port port) {
        port.updated = site.now;
        port.revision++;
        site.books.write(port, site.now);
    }

    void drop(Port port) {
        for (FloatingIp address : List.copyOf(site.books.floatingIps.values())) {
            if (port.id.equals(address.port)) {
                address.port = null;
                address.fixed = null;
                address.revision++;
                address.updated = site.now;
                site.books.write(address, site.now);
            }
        }
        site.books.remove(port, site.now);
    }

    private ObjectNode shown(Port port) {
        ObjectNode row = Site.object();
        row.put("id", port.id)
                .put("name", port.name)
                .put("network_id", port.network)
                .put("tenant_id", port.project);
        row.put("mac_address", port.mac).put("admin_state_up", true);
        row.put("status", port.owner.isEmpty() ? "DOWN" : "ACTIVE");
        row.put("device_id", port.device).put("device_owner", port.owner);
        row.putArray("fixed_ips").addObject().put("subnet_id", port.subnet).put("ip_address", port.address);
        row.putArray("allowed_address_pairs");
        row.putArray("extra_dhcp_opts");
        row.set("security_groups", Site.array(port.groups));
        row.put("description", port.description)
                .put("binding:vnic_type", "normal")
                .put("port_security_enabled", true);
        stamped(row, port.tags, port.created, port.updated, port.revision, port.project);
        return row;
    }

    // Floating IPs

    private Answer floatingIps(Request request, Caller caller) throws Refusal {
        if (request.is("GET", "v2.0", "floatingips")) {
            return listed(
                    request,
                    "floatingips",
                    site.books.floatingIps.values().stream()
                            .filter(address -> address.project.equals(caller.project()))
                            .map(this::shown)
                            .toList());
        }
        if (request.is("POST", "v2.0", "floatingips")) {
            return makeFloatingIp(body(request).path("floatingip"), caller);
        }
        FloatingIp address = site.books.floatingIps.get(request.segment(2));
        if (address == null || !address.project.equals(caller.project())) {
            throw refusal(404, "FloatingIPNotFound", "Floating IP " + request.segment(2) + " could not be found");
        }
        return switch (request.method()) {
            case "GET" -> Answer.json(200, one("floatingip", shown(address)));
            case "PUT" -> {
                JsonNode asked = body(request).path("floatingip");
                address.description = asked.path("description").asText(address.description);
                if (asked.has("port_id")) {
                    give(address, asked.path("port_id"), caller);
                }
                address.revision++;
                address.updated = site.now;
                site.books.write(address, site.now);
                yield Answer.json(200, one("floatingip", shown(address)));
            }
            case "DELETE" -> {
                withdraw(address);
                site.books.remove(address, site.now);
                yield Answer.empty(204, null);
            }
            default -> throw refusal(405, "HTTPMethodNotAllowed", "The method is not allowed for this resource.");
        };
    }

    private Answer makeFloatingIp(JsonNode asked, Caller caller) throws Refusal {
        Network network = visible(asked.path("floating_network_id").asText(), caller.project());
        if (!network.external()) {
            throw refusal(
                    400,
                    "BadRequest",
                    "Bad floatingip request: Network " + network.id() + " is not a valid external network.");
        }
        requireQuota("floatingip", 1, caller.project());
        FloatingIp address = new FloatingIp();
        address.id = site.uuid();
        address.project = caller.project();
        address.created = site.now;
        address.network = network.id();
        address.address = address(network);
        address.description = asked.path("description").asText("");
        if (asked.has("port_id")) {
            give(address, asked.path("port_id"), caller);
        }
        site.books.write(address, site.now);
        ObjectNode row = shown(address);
        return Answer.json(201, one("floatingip", row));
    }

    private void give(FloatingIp address, JsonNode portId, Caller caller) throws Refusal {
        withdraw(address);
        if (portId.isNull()) {
            address.port = null;
            address.fixed = null;
            return;
        }
        Port port = site.books.ports.get(portId.asText());
        if (port == null || !(port.project.equals(caller.project()) || caller.isAdministrator())) {
            throw refusal(404, "PortNotFound", "Port " + portId.asText() + " could not be found.");
        }
        for (FloatingIp other : site.books.floatingIps.values()) {
            if (port.id.equals(other.port) && !other.id.equals(address.id)) {
                throw refusal(
                        409,
                        "FloatingIPPortAlreadyAssociated",
                        "Cannot associate floating IP " + address.address + " (" + address.id + ") with port " + port.id
                                + " using fixed IP " + port.address
                                + ", as that fixed IP already has a floating IP on external network " + address.network
                                + ".");
            }
        }
        address.port = port.id;
        address.fixed = port.address;
        onNic(port, address.address);
    }

    private void withdraw(FloatingIp address) {
        Optional.ofNullable(address.port).map(site.books.ports::get).ifPresent(port -> onNic(port, null));
    }

    /** Nova learns of it at once. */
    private void onNic(Port port, @Nullable String floating) {
        Server server = site.books.servers.get(port.device);
        if (server != null) {
            server.nics = new ArrayList<>(server.nics.stream()
                    .map(nic -> nic.port().equals(port.id)
                            ? new Rows.Nic(
                                    nic.port(),
                                    nic.network(),
                                    nic.networkName(),
                                    nic.subnet(),
                                    nic.address(),
                                    nic.mac(),
                                    nic.made(),
                                    floating)
                            : nic)
                    .toList());
            site.books.write(server, site.now);
        }
    }

    private ObjectNode shown(FloatingIp address) {
        ObjectNode row = Site.object();
        row.put("id", address.id).put("tenant_id", address.project).put("floating_ip_address", address.address);
        row.put("floating_network_id", address.network);
        row.put("router_id", address.port == null ? null : "00000000-0000-4000-a000-000000000001");
        row.put("port_id", address.port).put("fixed_ip_address", address.fixed).put("status", "DOWN");
        row.put("description", address.description);
        Port port = address.port == null ? null : site.books.ports.get(address.port);
        if (port == null) {
            row.putNull("port_details");
        } else {
            row.putObject("port_details")
                    .put("name", port.name)
                    .put("network_id", port.network)
                    .put("mac_address", port.mac)
                    .put("admin_state_up", true)
                    .put("status", port.owner.isEmpty() ? "DOWN" : "ACTIVE")
                    .put("device_id", port.device)
                    .put("device_owner", port.owner);
        }
        stamped(row, address.tags, address.created, address.updated, address.revision, address.project);
        return row;
    }

    // Quotas

    long used(String what, String project) {
        return switch (what) {
            case "port" ->
                site.books.ports.values().stream()
                        .filter(port -> port.project.equals(project))
                        .count();
            case "floatingip" ->
                site.books.floatingIps.values().stream()
                        .filter(address -> address.project.equals(project))
                        .count();
            case "network", "subnet" ->
                site.catalog.networks.stream()
                        .filter(network -> network.project().equals(project))
                        .count();
            case "security_group" -> site.catalog.groupsOf(project).size();
            case "security_group_rule" -> site.catalog.groupsOf(project).size() * 3L;
            default -> 0;
        };
    }

    long limit(String what, String project) {
        Rows.Limit own = site.books.limits.get("network " + project);
        if (own != null && own.limits.containsKey(what)) {
            return own.limits.get(what);
        }
        return switch (what) {
            case "rbac_policy" -> 10;
            case "security_group_rule" -> 1000;
            default -> site.dials.limitOf(what);
        };
    }

    boolean isLeft(String what, int more, String project) {
        long limit = limit(what, project);
        return limit < 0 || used(what, project) + more <= limit;
    }

    private void requireQuota(String what, int more, String project) throws Refusal {
        if (!isLeft(what, more, project)) {
            throw refusal(409, "OverQuota", "Quota exceeded for resources: ['" + what + "'].");
        }
    }

    private Answer quotas(Request request, Caller caller) throws Refusal {
        String project = request.segment(2);
        if (!project.equals(caller.project()) && !caller.isAdministrator()) {
            throw refusal(404, "HTTPNotFound", "The resource could not be found.");
        }
        String id = "network " + project;
        if (request.method().equals("PUT") && caller.isAdministrator()) {
            Rows.Limit own = site.books.limits.getOrDefault(id, new Rows.Limit());
            own.id = id;
            own.limits = new LinkedHashMap<>(own.limits);
            body(request)
                    .path("quota")
                    .properties()
                    .forEach(entry ->
                            own.limits.put(entry.getKey(), entry.getValue().asLong()));
            site.books.write(own, site.now);
        }
        if (request.method().equals("DELETE") && caller.isAdministrator()) {
            Rows.Limit own = site.books.limits.get(id);
            if (own != null) {
                site.books.remove(own, site.now);
            }
            return Answer.empty(204, null);
        }
        ObjectNode body = Site.object();
        ObjectNode quota = body.putObject("quota");
        boolean detailed = request.path().size() > 3;
        for (String what : QUOTAS) {
            if (detailed) {
                quota.putObject(what)
                        .put("limit", limit(what, project))
                        .put("used", used(what, project))
                        .put("reserved", 0);
            } else {
                quota.put(what, limit(what, project));
            }
        }
        return Answer.json(200, body);
    }

    // Words

    private static JsonNode body(Request request) throws Refusal {
        try {
            return Books.JSON.readTree(request.body());
        } catch (java.io.IOException none) {
            throw refusal(400, "HTTPBadRequest", "Body contains invalid data");
        }
    }

    static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static Refusal refusal(int status, String type, String message) {
        ObjectNode body = Site.object();
        body.putObject("NeutronError").put("type", type).put("message", message).put("detail", "");
        return new Refusal(Answer.json(status, body));
    }
}
