package io.weir.openstack.fake;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.openstack.fake.Catalog.Image;
import io.weir.openstack.fake.Keystone.Caller;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Glance v2, of which a pool only looks images up. */
final class Glance {
    private static final Set<String> QUERY = Set.of("limit", "marker", "sort", "sort_key", "sort_dir");
    private static final int PAGE = 25;

    private final Site site;

    Glance(Site site) {
        this.site = site;
    }

    Answer versions() {
        ObjectNode body = Site.object();
        ArrayNode versions = body.putArray("versions");
        for (String version : List.of("2.15", "2.9", "2.7", "2.6", "2.5", "2.4", "2.3", "2.2", "2.1", "2.0")) {
            ObjectNode row = versions.addObject()
                    .put("id", "v" + version)
                    .put("status", version.equals("2.15") ? "CURRENT" : "SUPPORTED");
            row.putArray("links").addObject().put("rel", "self").put("href", site.url(Service.IMAGE) + "/v2/");
        }
        return Answer.json(300, body);
    }

    Answer answer(Request request, Caller caller) throws Refusal {
        if (request.is("GET", "v2", "images")) {
            return list(request);
        }
        if (request.is("GET", "v2", "images", "*")) {
            return Answer.json(200, shown(image(request.segment(2), 404)));
        }
        throw refusal(404, "The resource could not be found.");
    }

    private Image image(String id, int status) throws Refusal {
        return site.catalog.image(id).orElseThrow(() -> refusal(status, "No image found with ID " + id));
    }

    private Answer list(Request request) throws Refusal {
        List<Image> found = new ArrayList<>(site.catalog.images);
        for (Map.Entry<String, List<String>> filter : request.query().entrySet()) {
            String value = filter.getValue().get(0);
            switch (filter.getKey()) {
                case "name" -> found.removeIf(image -> !image.name().equals(value));
                case "status" -> found.removeIf(image -> !image.status().equals(value));
                case "visibility" ->
                    found.removeIf(
                            image -> !value.equals("all") && !image.visibility().equals(value));
                case "id" -> found.removeIf(image -> !image.id().equals(value));
                case "tag" -> found.removeIf(image -> !image.tags().contains(value));
                default -> {
                    if (!QUERY.contains(filter.getKey())) {
                        found.removeIf(image -> !value.equals(image.properties().get(filter.getKey())));
                    }
                }
            }
        }
        // Newest first, whatever else was asked for.
        found.sort(Comparator.comparing(Image::created).reversed().thenComparing(Image::id));
        int limit = limit(request);
        int from = 0;
        String marker = request.first("marker");
        if (marker != null) {
            from = found.indexOf(image(marker, 400)) + 1;
        }
        List<Image> page = found.subList(from, Math.min(found.size(), from + limit));
        ObjectNode body = Site.object();
        ArrayNode rows = body.putArray("images");
        page.forEach(image -> rows.add(shown(image)));
        String query = query(request);
        body.put("first", "/v2/images" + (query.isEmpty() ? "" : "?" + query)).put("schema", "/v2/schemas/images");
        if (!page.isEmpty() && page.size() == limit) {
            body.put(
                    "next",
                    "/v2/images?" + (query.isEmpty() ? "" : query + "&") + "marker="
                            + page.get(page.size() - 1).id());
        }
        return Answer.json(200, body);
    }

    private int limit(Request request) throws Refusal {
        String limit = request.first("limit");
        if (limit == null) {
            return PAGE;
        }
        try {
            return Math.min(Integer.parseInt(limit), site.dials.maxLimit);
        } catch (NumberFormatException none) {
            throw refusal(400, "limit param must be an integer");
        }
    }

    private static String query(Request request) {
        return request.query().entrySet().stream()
                .filter(entry -> !entry.getKey().equals("marker"))
                .map(entry -> entry.getKey() + "="
                        + URLEncoder.encode(entry.getValue().get(0), StandardCharsets.UTF_8))
                .collect(java.util.stream.Collectors.joining("&"));
    }

    private ObjectNode shown(Image image) {
        ObjectNode row = Site.object();
        row.put("name", image.name()).put("disk_format", "raw").put("container_format", "bare");
        row.put("visibility", image.visibility()).put("size", 1024).put("virtual_size", 1024);
        row.put("status", image.status())
                .put("checksum", "0f343b0931126a20f133d67c2b018a3b")
                .put("protected", false);
        row.put("min_ram", image.minRam()).put("min_disk", image.minDisk());
        row.put("owner", site.catalog.person("admin").orElseThrow().project()).put("os_hidden", false);
        row.put("os_hash_algo", "sha512").put("os_hash_value", "8efb4f73c5655351".repeat(8));
        row.put("id", image.id()).put("created_at", Times.plain(image.created()));
        row.put("updated_at", Times.plain(image.created())).set("tags", Site.array(image.tags()));
        image.properties().forEach(row::put);
        row.put("self", "/v2/images/" + image.id()).put("file", "/v2/images/" + image.id() + "/file");
        row.put("schema", "/v2/schemas/image");
        return row;
    }

    static Refusal refusal(int status, String message) {
        String title =
                switch (status) {
                    case 400 -> "Bad Request";
                    case 404 -> "Not Found";
                    default -> "Error";
                };
        return new Refusal(Answer.json(
                status,
                Site.object()
                        .put("message", message + "<br /><br />\n\n\n")
                        .put("code", status + " " + title)
                        .put("title", title)));
    }
}
