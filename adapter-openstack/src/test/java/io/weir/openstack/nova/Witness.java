package io.weir.openstack.nova;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.openstack.fake.Verdict.Leftovers;
import io.weir.pool.Marks;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What Nova, Neutron and Cinder of the test bed themselves say of the project: asked by its administrator, with requests of its own and
 * nothing of the driver's, so that no mistake of ours can hide itself.
 */
final class Witness implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final RealOpenstack cloud;
    private final String project;
    private String token = "";

    Witness(RealOpenstack cloud) {
        this(cloud, "demo");
    }

    /** @param user of the bed, whose project it looks at */
    Witness(RealOpenstack cloud, String user) {
        this.cloud = cloud;
        this.project = cloud.ofBed(user).path("project_id").asText();
    }

    /** The project's servers whose names begin so, as Nova shows them now. */
    List<JsonNode> servers(String beginning) {
        return servers(beginning, false);
    }

    /** Those that are gone, too: Nova keeps them for its administrators, without their metadata. */
    List<JsonNode> everyServer(String beginning) {
        List<JsonNode> all = new ArrayList<>(servers(beginning, false));
        all.addAll(servers(beginning, true));
        return all;
    }

    private List<JsonNode> servers(String beginning, boolean deleted) {
        Map<String, String> query = new TreeMap<>(
                Map.of("all_tenants", "1", "project_id", project, "deleted", String.valueOf(deleted), "limit", "1000"));
        if (!beginning.isEmpty()) {
            query.put("name", "^" + beginning);
        }
        JsonNode rows = get(at("compute") + "/servers/detail", query, "servers");
        if (rows.size() >= 1000) {
            throw new IllegalStateException("more servers than a page holds");
        }
        return rows(rows, row -> row.path("name").asText().startsWith(beginning));
    }

    /** Each name that a server ever had which begins so, with how many servers had it. */
    Map<String, Integer> everLaunched(String beginning) {
        Map<String, Integer> names = new TreeMap<>();
        everyServer(beginning).forEach(row -> names.merge(text(row, "name"), 1, Integer::sum));
        return names;
    }

    List<JsonNode> ports() {
        return rows(get(at("network") + "/v2.0/ports", Map.of("project_id", project), "ports"), row -> true);
    }

    List<JsonNode> floatingIps() {
        return rows(
                get(at("network") + "/v2.0/floatingips", Map.of("project_id", project), "floatingips"), row -> true);
    }

    List<JsonNode> volumes() {
        return rows(
                get(at("volume") + "/volumes/detail", Map.of("all_tenants", "1", "project_id", project), "volumes"),
                row -> true);
    }

    List<JsonNode> volumes(String pool) {
        return volumes().stream()
                .filter(row -> text(row.path("metadata"), Marks.POOL_TAG).equals(pool))
                .toList();
    }

    /** What is there and serves no server that is there, each in words, its marks included. */
    Leftovers leftovers(String beginning, Set<String> members) {
        Set<String> there = new HashSet<>();
        servers("").forEach(row -> there.add(row.path("id").asText()));
        List<String> servers = servers(beginning).stream()
                .filter(row -> !members.contains(row.path("id").asText()))
                .map(row -> "server " + text(row, "id") + " " + text(row, "name") + " " + text(row, "status"))
                .toList();
        Set<String> serving = new HashSet<>();
        List<String> ports = new ArrayList<>();
        for (JsonNode row : ports()) {
            if (there.contains(text(row, "device_id"))
                    || text(row, "device_owner").startsWith("network:")) {
                serving.add(text(row, "id"));
            } else {
                ports.add("port " + text(row, "id") + " " + text(row, "name") + " " + text(row, "description"));
            }
        }
        List<String> addresses = floatingIps().stream()
                .filter(row -> !serving.contains(text(row, "port_id")))
                .map(row -> "floating IP " + text(row, "id") + " " + text(row, "description"))
                .toList();
        List<String> volumes = volumes().stream()
                .filter(row -> !attached(row, there))
                .map(row -> "volume " + text(row, "id") + " " + text(row, "name") + " " + text(row, "status") + " "
                        + Marks.POOL_TAG + "="
                        + row.path("metadata").path(Marks.POOL_TAG).asText())
                .toList();
        return new Leftovers(servers, ports, addresses, volumes);
    }

    private static boolean attached(JsonNode volume, Set<String> there) {
        for (JsonNode attachment : volume.path("attachments")) {
            if (there.contains(text(attachment, "server_id"))) {
                return true;
            }
        }
        return false;
    }

    /** Everything of the project that bears this pool's mark, whatever it serves. */
    List<String> marked(String pool) {
        List<String> marked = new ArrayList<>();
        servers("").forEach(row -> add(marked, pool, "server", row));
        ports().forEach(row -> add(marked, pool, "port", row));
        floatingIps().forEach(row -> add(marked, pool, "floating IP", row));
        volumes().forEach(row -> add(marked, pool, "volume", row));
        return marked;
    }

    private static void add(List<String> marked, String pool, String kind, JsonNode row) {
        if (text(row.path("metadata"), Marks.POOL_TAG).equals(pool)
                || List.of(text(row, "description").split(" ")).contains(Marks.POOL_TAG + "=" + pool)) {
            marked.add(kind + " " + text(row, "id") + " " + text(row, "name"));
        }
    }

    private static String text(JsonNode row, String field) {
        return row.path(field).asText("");
    }

    private String at(String service) {
        return cloud.ofBed("endpoints").path(service).asText();
    }

    private static List<JsonNode> rows(JsonNode array, Predicate<JsonNode> which) {
        List<JsonNode> rows = new ArrayList<>();
        array.forEach(row -> {
            if (which.test(row)) {
                rows.add(row);
            }
        });
        return rows;
    }

    private synchronized JsonNode get(String url, Map<String, String> query, String array) {
        StringBuilder full = new StringBuilder(url);
        char sign = '?';
        for (Map.Entry<String, String> one : query.entrySet()) {
            full.append(sign)
                    .append(one.getKey())
                    .append('=')
                    .append(URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8));
            sign = '&';
        }
        for (int turn = 0; turn < 2; turn++) {
            if (token.isEmpty()) {
                token = login();
            }
            HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(full.toString()))
                    .header("X-Auth-Token", token)
                    .header("X-OpenStack-Nova-API-Version", "2.69")
                    .build());
            if (answer.statusCode() == 401) {
                token = "";
                continue;
            }
            JsonNode rows = parsed(answer).path(array);
            if (answer.statusCode() != 200 || !rows.isArray()) {
                throw new IllegalStateException(full + " answered " + answer.statusCode() + " " + answer.body());
            }
            return rows;
        }
        throw new IllegalStateException(full + " refuses a new token");
    }

    private String login() {
        JsonNode admin = cloud.ofBed("admin");
        String domain = cloud.ofBed("domain").asText();
        ObjectNode body = JSON.createObjectNode();
        ObjectNode auth = body.putObject("auth");
        ObjectNode identity = auth.putObject("identity");
        identity.putArray("methods").add("password");
        ObjectNode user = identity.putObject("password").putObject("user");
        user.put("name", text(admin, "user")).put("password", text(admin, "password"));
        user.putObject("domain").put("name", domain);
        ObjectNode scope = auth.putObject("scope").putObject("project");
        scope.put("name", text(admin, "project"));
        scope.putObject("domain").put("name", domain);
        HttpResponse<String> answer =
                send(HttpRequest.newBuilder(URI.create(cloud.ofBed("auth_url").asText() + "/auth/tokens"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body.toString()))
                        .build());
        return answer.headers()
                .firstValue("X-Subject-Token")
                .orElseThrow(() -> new IllegalStateException("no login: " + answer.statusCode() + " " + answer.body()));
    }

    private static JsonNode parsed(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException garbled) {
            throw new IllegalStateException(answer.uri() + " answered " + answer.statusCode() + " " + answer.body());
        }
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stop);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
