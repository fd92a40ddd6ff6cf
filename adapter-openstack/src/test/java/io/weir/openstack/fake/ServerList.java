package io.weir.openstack.fake;

import static io.weir.openstack.fake.NovaRefusals.bad;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.openstack.fake.Keystone.Caller;
import io.weir.openstack.fake.Rows.Server;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Nova's listing of servers.
 *
 * <ol>
 *   <li>What has no cell yet comes first, then all others; each newest first by the second, or as the keys say.
 *   <li>A filter that does not exist is ignored before 2.75 and refused from then on; one that only administrators may use is ignored,
 *       that is: all servers come back.
 *   <li>Servers of a cell that does not answer are left out without a word, but for one case: at 2.69 and later, when nothing at all was
 *       asked for (no filter, no page, no order), they are the first rows, with the status UNKNOWN.
 *   <li>A page ends at the limit asked for or Nova's own; one that is full names the next.
 * </ol>
 */
final class ServerList {
    private static final Set<String> PAGING = Set.of("limit", "marker", "sort_key", "sort_dir");
    private static final Set<String> FOR_ALL = Set.of(
            "reservation_id",
            "name",
            "status",
            "image",
            "flavor",
            "ip",
            "ip6",
            "changes-since",
            "changes-before",
            "all_tenants");
    private static final Set<String> FOR_ADMINISTRATORS = Set.of(
            "vm_state", "task_state", "metadata", "deleted", "host", "uuid", "project_id", "tenant_id", "user_id");
    private static final Set<String> STATUSES = Set.of(
            "ACTIVE",
            "BUILD",
            "DELETED",
            "ERROR",
            "PAUSED",
            "RESCUE",
            "SHELVED",
            "SHELVED_OFFLOADED",
            "SHUTOFF",
            "SOFT_DELETED",
            "SUSPENDED",
            "MIGRATING",
            "REBOOT",
            "REBUILD",
            "RESIZE",
            "VERIFY_RESIZE",
            "HARD_REBOOT",
            "PASSWORD",
            "REVERT_RESIZE");
    private static final String SORT_KEYS =
            "['access_ip_v4', 'access_ip_v6', 'auto_disk_config', 'availability_zone', 'config_drive', 'created_at',"
                    + " 'display_description', 'display_name', 'host', 'hostname', 'image_ref', 'instance_type_id',"
                    + " 'kernel_id', 'key_name', 'launch_index', 'launched_at', 'locked_by', 'node', 'power_state',"
                    + " 'progress', 'project_id', 'ramdisk_id', 'root_device_name', 'task_state', 'terminated_at',"
                    + " 'updated_at', 'user_id', 'uuid', 'vm_state', 'architecture', 'cell_name', 'cleaned',"
                    + " 'default_ephemeral_device', 'default_swap_device', 'deleted', 'deleted_at', 'disable_terminate',"
                    + " 'ephemeral_gb', 'ephemeral_key_uuid', 'id', 'key_data', 'launched_on', 'locked', 'memory_mb',"
                    + " 'os_type', 'reservation_id', 'root_gb', 'shutdown_terminate', 'user_data', 'vcpus', 'vm_mode']";

    private final Site site;
    private final ServerView view;
    private @Nullable Server repeated;

    ServerList(Site site, ServerView view) {
        this.site = site;
        this.view = view;
    }

    Answer list(Request request, Caller caller, int version) throws Refusal {
        boolean detailed = request.path().size() > 1;
        checkQuery(request, caller, version);
        Optional<Instant> since = time(request, "changes-since");
        boolean everybody = "1".equals(request.first("all_tenants"));
        if (everybody && !caller.isAdministrator()) {
            throw NovaRefusals.forbidden(
                    "os_compute_api:servers:" + (detailed ? "detail" : "index") + ":get_all_tenants");
        }
        boolean bare = version >= 69
                && request.query().keySet().stream().noneMatch(PAGING::contains)
                && request.query().keySet().stream().noneMatch(name -> understood(name, caller, version));
        Duration behind =
                Duration.ofMillis(site.dials.lagSeconds <= 0 ? 0 : site.dice.millisUpTo(site.dials.lagSeconds));
        List<Server> rows = new ArrayList<>();
        List<Server> unseen = new ArrayList<>();
        for (Server known : site.books.servers.values()) {
            if (!everybody && !known.project.equals(caller.project())) {
                continue;
            }
            Optional<Server> server = asSeen(known, behind);
            if (server.isEmpty()) {
                continue;
            }
            if (known.host != null && site.dials.downCells.contains(known.zone)) {
                if (!site.dials.skipsDownCells) {
                    throw NovaRefusals.unexpected("nova.exception.NovaException");
                }
                if (server.get().isThere()) {
                    unseen.add(server.get());
                }
                continue;
            }
            if (matches(server.get(), request, caller, version, since)) {
                rows.add(server.get());
            }
        }
        rows.sort(order(request));
        return page(request, rows, bare ? unseen : List.of(), detailed, version);
    }

    /** A page is read from one copy of the database, which is behind as a whole. */
    private Optional<Server> asSeen(Server server, Duration behind) {
        return behind.isZero() ? Optional.of(server) : site.books.past(server, site.now.minus(behind));
    }

    // Filters

    private void checkQuery(Request request, Caller caller, int version) throws Refusal {
        String limit = request.first("limit");
        if (limit != null && !limit.matches("[0-9]*")) {
            throw NovaRefusals.parameter("limit", limit, "'" + limit + "' does not match '^[0-9]*$'");
        }
        String name = request.first("name");
        if (name != null) {
            try {
                Pattern.compile(name);
            } catch (PatternSyntaxException none) {
                throw NovaRefusals.parameter("name", name, "'" + name + "' is not a 'regex'");
            }
        }
        String key = request.first("sort_key");
        if (key != null && !SORT_KEYS.contains("'" + key + "'")) {
            throw NovaRefusals.parameter("sort_key", key, "'" + key + "' is not one of " + SORT_KEYS);
        }
        for (String filter : request.query().keySet()) {
            boolean known = PAGING.contains(filter)
                    || FOR_ALL.contains(filter)
                    || FOR_ADMINISTRATORS.contains(filter)
                    || List.of("tags", "tags-any", "not-tags", "not-tags-any", "locked", "availability_zone")
                            .contains(filter);
            if (!known && version >= 75) {
                throw bad("'" + filter + "' does not match any of the regexes: '^_'");
            }
        }
        if (caller.isAdministrator() && request.query().containsKey("metadata")) {
            throw bad("Invalid filter field: metadata.");
        }
        String status = request.first("status");
        if (status != null && version >= 38 && !STATUSES.contains(status.toUpperCase(java.util.Locale.ROOT))) {
            throw bad("Invalid status value");
        }
    }

    /** Whether Nova heeds it at all. */
    private static boolean understood(String filter, Caller caller, int version) {
        if (filter.equals("all_tenants")) {
            return false;
        }
        return FOR_ALL.contains(filter)
                || (version >= 26 && filter.contains("tags"))
                || (caller.isAdministrator() && FOR_ADMINISTRATORS.contains(filter))
                // what everybody may filter by from 2.83 on
                || (version >= 83
                        && FOR_ADMINISTRATORS.contains(filter)
                        && !List.of("metadata", "deleted", "host", "uuid", "tenant_id", "project_id")
                                .contains(filter));
    }

    private boolean matches(Server server, Request request, Caller caller, int version, Optional<Instant> since)
            throws Refusal {
        if (since.isEmpty() && !server.isThere()) {
            return false;
        }
        if (since.isPresent()) {
            Instant changed = server.updated == null ? server.created : server.updated;
            boolean remembered = server.deleted == null
                    || server.deleted
                            .plusMillis((long) (site.dials.tombstoneSeconds * 1000))
                            .isAfter(site.now);
            if (changed.isBefore(since.get()) || !remembered) {
                return false;
            }
        } else if (server.vmState.equals("soft-delete")) {
            return false;
        }
        for (Map.Entry<String, List<String>> filter : request.query().entrySet()) {
            String value = filter.getValue().get(0);
            if (understood(filter.getKey(), caller, version) && !matches(server, filter.getKey(), value)) {
                return false;
            }
        }
        return true;
    }

    private static boolean matches(Server server, String filter, String value) {
        List<String> words = Arrays.asList(value.split(","));
        return switch (filter) {
            case "name" -> Pattern.compile(value).matcher(server.name).find();
            case "status" -> ServerView.status(server).equalsIgnoreCase(value);
            case "vm_state" -> server.vmState.equals(value);
            case "task_state" -> value.equals(String.valueOf(server.task));
            case "image" -> value.equals(server.image);
            case "flavor" -> value.equals(server.flavor);
            case "reservation_id" -> value.equals(server.reservation);
            case "uuid" -> value.equals(server.id);
            case "tags" -> server.tags.containsAll(words);
            case "tags-any" -> words.stream().anyMatch(server.tags::contains);
            case "not-tags" -> !server.tags.containsAll(words);
            case "not-tags-any" -> words.stream().noneMatch(server.tags::contains);
            default -> true;
        };
    }

    private static Optional<Instant> time(Request request, String name) throws Refusal {
        String text = request.first(name);
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.parse(text.endsWith("Z") || text.contains("+") ? text : text + "Z"));
        } catch (DateTimeParseException none) {
            throw NovaRefusals.parameter(name, text, "'" + text + "' is not a 'date-time'");
        }
    }

    // Order and pages

    private static Comparator<Server> order(Request request) {
        Comparator<Server> cells = Comparator.comparing(server -> server.inCell || server.fault != null);
        String key = request.first("sort_key");
        Comparator<Server> by =
                switch (key == null ? "created_at" : key) {
                    case "uuid" -> Comparator.comparing(server -> server.id);
                    case "display_name" -> Comparator.comparing(server -> server.name);
                    case "updated_at" ->
                        Comparator.comparing(server -> server.updated == null ? server.created : server.updated);
                    default -> Comparator.comparing(server -> Times.seconds(server.created));
                };
        if (!"asc".equals(request.first("sort_dir"))) {
            by = by.reversed();
        }
        return cells.thenComparing(by).thenComparing(server -> server.id);
    }

    private Answer page(Request request, List<Server> rows, List<Server> unseen, boolean detailed, int version)
            throws Refusal {
        int from = 0;
        String marker = request.first("marker");
        if (marker != null) {
            from = 1 + index(rows, marker);
        }
        String limit = request.first("limit");
        int most = limit == null || limit.isEmpty()
                ? site.dials.maxLimit
                : (int) Math.min(site.dials.maxLimit, Long.parseLong(limit));
        List<Server> page = new ArrayList<>(rows.subList(from, (int) Math.min(rows.size(), (long) from + most)));
        Server last = page.isEmpty() ? null : page.get(page.size() - 1);
        Server again = repeated;
        repeated = null;
        if (again != null && marker != null && !page.contains(again)) {
            page.add(0, again);
        }
        if (last != null && site.dice.happens(site.dials.repeatedRows)) {
            repeated = last;
        }
        ObjectNode body = Site.object();
        ArrayNode servers = body.putArray("servers");
        unseen.forEach(server -> servers.add(view.unknown(server, detailed)));
        page.forEach(server -> servers.add(detailed ? view.shown(server, version, false) : view.brief(server)));
        if (last != null && servers.size() >= most) {
            body.putArray("servers_links")
                    .addObject()
                    .put("rel", "next")
                    .put(
                            "href",
                            site.url(Service.COMPUTE) + "/servers" + (detailed ? "/detail" : "") + "?" + rest(request)
                                    + "marker=" + last.id);
        }
        return Answer.json(200, body);
    }

    private static String rest(Request request) {
        StringBuilder rest = new StringBuilder();
        request.query().entrySet().stream()
                .filter(entry -> !entry.getKey().equals("marker"))
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> entry.getValue().forEach(value -> rest.append(entry.getKey())
                        .append('=')
                        .append(URLEncoder.encode(value, StandardCharsets.UTF_8))
                        .append('&')));
        return rest.toString();
    }

    private static int index(List<Server> rows, String marker) throws Refusal {
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).id.equals(marker)) {
                return i;
            }
        }
        throw bad("marker [" + marker + "] not found");
    }
}
