package io.weir.openstack.nova;

import static io.weir.openstack.nova.Service.COMPUTE;
import static io.weir.openstack.nova.Service.NETWORK;
import static io.weir.openstack.nova.Service.VOLUME;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.openstack.nova.NovaFailure.Fate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The driver's calls, as requests. */
final class OpenstackNovaApi implements NovaApi {
    private final OpenstackCalls calls;

    OpenstackNovaApi(OpenstackCalls calls) {
        this.calls = calls;
    }

    // Servers

    @Override
    public ServerPage servers(@Nullable String after) throws NovaFailure {
        OpenstackCalls.Call call = calls.get(COMPUTE, "/servers/detail");
        OpenstackCalls.Page page = (after == null ? call : call.with("marker", after)).page("servers");
        return new ServerPage(page.rows(), page.more());
    }

    @Override
    public Optional<JsonNode> server(String id) throws NovaFailure {
        try {
            JsonNode server = calls.get(COMPUTE, "/servers/{id}", id).object().path("server");
            if (!server.isObject()) {
                throw new NovaFailure(Fate.GARBLED, 200, "", "an answer without a server in it", Optional.empty());
            }
            return Optional.of(server);
        } catch (NovaFailure failure) {
            if (failure.isAbsence(id)) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    @Override
    public String boot(JsonNode request) throws NovaFailure {
        return id(calls.post(COMPUTE, "/servers").body(request).object().path("server"), "server");
    }

    @Override
    public void deleteServer(String id) throws NovaFailure {
        calls.delete(COMPUTE, "/servers/{id}", id).done();
    }

    @Override
    public Map<String, String> mergeMetadata(String id, Map<String, String> metadata) throws NovaFailure {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode values = body.putObject("metadata");
        new TreeMap<>(metadata).forEach(values::put);
        JsonNode now = calls.post(COMPUTE, "/servers/{id}/metadata", id)
                .body(body)
                .object()
                .path("metadata");
        if (!now.isObject()) {
            throw new NovaFailure(Fate.GARBLED, 200, "", "an answer without metadata in it", Optional.empty());
        }
        return texts(now);
    }

    // Quotas

    @Override
    public List<Quota> serverQuotas() throws NovaFailure {
        JsonNode limits = calls.get(COMPUTE, "/limits").object().path("limits").path("absolute");
        return quotas(
                limits,
                "instances",
                "maxTotalInstances",
                "totalInstancesUsed",
                "cores",
                "maxTotalCores",
                "totalCoresUsed",
                "ram",
                "maxTotalRAMSize",
                "totalRAMUsed");
    }

    @Override
    public List<Quota> networkQuotas() throws NovaFailure {
        String project = calls.session().token().getProject().getId();
        JsonNode quota = calls.get(NETWORK, "/quotas/{id}/details.json", project)
                .object()
                .path("quota");
        List<Quota> quotas = new ArrayList<>();
        for (String name : List.of("port", "floatingip")) {
            JsonNode one = quota.path(name);
            if (one.path("limit").isNumber() && one.path("used").isNumber()) {
                quotas.add(new Quota(
                        name.equals("port") ? "ports" : "floating IPs",
                        one.path("limit").asLong(),
                        one.path("used").asLong() + one.path("reserved").asLong()));
            }
        }
        return quotas;
    }

    @Override
    public List<Quota> volumeQuotas() throws NovaFailure {
        JsonNode limits = calls.get(VOLUME, "/limits").object().path("limits").path("absolute");
        return quotas(
                limits,
                "volumes",
                "maxTotalVolumes",
                "totalVolumesUsed",
                "gigabytes",
                "maxTotalVolumeGigabytes",
                "totalGigabytesUsed");
    }

    /** What is not told is left out: no figure is not the figure 0. */
    private static List<Quota> quotas(JsonNode limits, String... namesAndFields) {
        List<Quota> quotas = new ArrayList<>();
        for (int i = 0; i < namesAndFields.length; i += 3) {
            JsonNode limit = limits.path(namesAndFields[i + 1]);
            JsonNode used = limits.path(namesAndFields[i + 2]);
            if (limit.isNumber() && used.isNumber()) {
                quotas.add(new Quota(namesAndFields[i], limit.asLong(), used.asLong()));
            }
        }
        return quotas;
    }

    // Volumes

    @Override
    public boolean hasVolumes() throws NovaFailure {
        return calls.has(VOLUME);
    }

    @Override
    public List<Volume> volumes(Map<String, String> metadata) throws NovaFailure {
        String filter = metadata.entrySet().stream()
                .map(entry -> "'" + entry.getKey() + "': '" + entry.getValue() + "'")
                .collect(Collectors.joining(", ", "{", "}"));
        OpenstackCalls.Call call = calls.get(VOLUME, "/volumes/detail");
        return (metadata.isEmpty() ? call : call.with("metadata", filter))
                .rows("volumes").stream()
                        .map(OpenstackNovaApi::volume)
                        .filter(volume -> volume.metadata().entrySet().containsAll(metadata.entrySet()))
                        .toList();
    }

    @Override
    public Optional<Volume> volume(String id) throws NovaFailure {
        try {
            return Optional.of(
                    volume(calls.get(VOLUME, "/volumes/{id}", id).object().path("volume")));
        } catch (NovaFailure failure) {
            if (failure.isAbsence(id)) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    @Override
    public Volume makeVolume(JsonNode request) throws NovaFailure {
        JsonNode made = calls.post(VOLUME, "/volumes").body(request).object().path("volume");
        id(made, "volume");
        return volume(made);
    }

    private static Volume volume(JsonNode row) {
        return new Volume(
                row.path("id").asText(),
                row.path("status").asText(),
                texts(row.path("metadata")),
                StreamSupport.stream(row.path("attachments").spliterator(), false)
                        .map(attachment -> attachment.path("server_id").asText())
                        .toList(),
                row.path("created_at").asText());
    }

    @Override
    public void deleteVolume(String id) throws NovaFailure {
        gone(id, calls.delete(VOLUME, "/volumes/{id}", id));
    }

    @Override
    public void detachVolume(String id) throws NovaFailure {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("os-detach");
        calls.post(VOLUME, "/volumes/{id}/action", id).body(body).done();
    }

    @Override
    public void unmarkVolume(String id, String key) throws NovaFailure {
        gone(key, calls.delete(VOLUME, "/volumes/{id}/metadata/{id}", id, key));
    }

    // Ports and floating IPs

    @Override
    public List<Port> portsNamed(Collection<String> names) throws NovaFailure {
        OpenstackCalls.Call call = calls.get(NETWORK, "/ports");
        names.forEach(name -> call.with("name", name));
        return ports(call);
    }

    @Override
    public List<Port> portsDescribed(Collection<String> descriptions) throws NovaFailure {
        OpenstackCalls.Call call = calls.get(NETWORK, "/ports");
        descriptions.forEach(description -> call.with("description", description));
        return ports(call).stream()
                .filter(port -> descriptions.contains(port.description()))
                .toList();
    }

    @Override
    public List<Port> portsOf(String server) throws NovaFailure {
        return ports(calls.get(NETWORK, "/ports").with("device_id", server));
    }

    private static List<Port> ports(OpenstackCalls.Call call) throws NovaFailure {
        return call.rows("ports").stream().map(OpenstackNovaApi::port).toList();
    }

    private static Port port(JsonNode row) {
        return new Port(
                row.path("id").asText(),
                row.path("name").asText(),
                row.path("description").asText(),
                row.path("device_id").asText(),
                row.path("created_at").asText());
    }

    @Override
    public Port makePort(JsonNode request) throws NovaFailure {
        JsonNode made = calls.post(NETWORK, "/ports").body(request).object().path("port");
        id(made, "port");
        return port(made);
    }

    @Override
    public void describePort(String id, String description) throws NovaFailure {
        gone(id, calls.put(NETWORK, "/ports/{id}", id).body(described("port", description)));
    }

    @Override
    public void deletePort(String id) throws NovaFailure {
        gone(id, calls.delete(NETWORK, "/ports/{id}", id));
    }

    @Override
    public List<FloatingIp> floatingIps() throws NovaFailure {
        return calls.get(NETWORK, "/floatingips").rows("floatingips").stream()
                .map(OpenstackNovaApi::floatingIp)
                .toList();
    }

    private static FloatingIp floatingIp(JsonNode row) {
        return new FloatingIp(
                row.path("id").asText(),
                row.path("description").asText(),
                Optional.ofNullable(row.path("port_id").textValue()));
    }

    @Override
    public FloatingIp makeFloatingIp(JsonNode request) throws NovaFailure {
        JsonNode made =
                calls.post(NETWORK, "/floatingips").body(request).object().path("floatingip");
        id(made, "floatingip");
        return floatingIp(made);
    }

    @Override
    public void describeFloatingIp(String id, String description) throws NovaFailure {
        gone(id, calls.put(NETWORK, "/floatingips/{id}", id).body(described("floatingip", description)));
    }

    @Override
    public void deleteFloatingIp(String id) throws NovaFailure {
        gone(id, calls.delete(NETWORK, "/floatingips/{id}", id));
    }

    private static ObjectNode described(String what, String description) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject(what).put("description", description);
        return body;
    }

    /** What is not there need not be taken away. */
    private static void gone(String id, OpenstackCalls.Call call) throws NovaFailure {
        try {
            call.done();
        } catch (NovaFailure failure) {
            if (!failure.isAbsence(id)) {
                throw failure;
            }
        }
    }

    private static String id(JsonNode made, String what) throws NovaFailure {
        String id = made.path("id").asText("");
        if (id.isEmpty()) {
            throw new NovaFailure(Fate.GARBLED, 202, "", "an answer without the " + what + "'s id", Optional.empty());
        }
        return id;
    }

    static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new TreeMap<>();
        object.properties().forEach(entry -> {
            if (entry.getValue().isTextual()) {
                texts.put(entry.getKey(), entry.getValue().textValue());
            }
        });
        return texts;
    }
}
