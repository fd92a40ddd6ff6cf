package io.weir.openstack.nova;

import static io.weir.pool.MachineState.PENDING;
import static io.weir.pool.MachineState.REJECTED;
import static io.weir.pool.MachineState.RUNNING;
import static io.weir.pool.MachineState.TERMINATED;
import static io.weir.pool.MachineState.TERMINATING;
import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.cloud.Elastisys;
import io.weir.pool.BatchId;
import io.weir.pool.Choice;
import io.weir.pool.CloudMachine;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.MachineState;
import io.weir.pool.Market;
import io.weir.pool.Marks;
import io.weir.pool.PoolName;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A server as Nova shows it (≥ 2.69) → the pool's fact of it. What is not there is left out; a word that nobody knows is a machine
 * that exists.
 *
 * <ol>
 *   <li>States: what Nova brings back by itself (a reboot, a migration) runs; what somebody has to bring back (stopped, paused,
 *       shelved, rescued) is pending: it exists, and if it never ran it is replaced once its boot deadline is over.
 *   <li>A server in ERROR is rejected: one that never ran was a launch that failed.
 *   <li>A soft-deleted server is gone: Nova only waits before it forgets it.
 *   <li>The pool is what {@code weir-pool} says; an empty one is nobody's. A server that never bore a mark of ours may bear
 *       elastisys' one.
 * </ol>
 */
final class NovaMachines {
    static final String PROVIDER = "OpenStack";
    static final String BATCH_TAG = "weir-batch";
    /** Which things were made beside the server and go with it: {@code v} volumes, {@code p} a port, {@code f} a floating IP. */
    static final String SIDES_TAG = "weir-sides";

    static final String NOVA_ZONE = "OS-EXT-AZ:availability_zone";

    private static final Map<String, MachineState> STATES = Map.ofEntries(
            entry("ACTIVE", RUNNING),
            entry("REBOOT", RUNNING),
            entry("HARD_REBOOT", RUNNING),
            entry("PASSWORD", RUNNING),
            entry("MIGRATING", RUNNING),
            entry("RESIZE", RUNNING),
            entry("VERIFY_RESIZE", RUNNING),
            entry("REVERT_RESIZE", RUNNING),
            entry("BUILD", PENDING),
            entry("REBUILD", PENDING),
            entry("PAUSED", PENDING),
            entry("SUSPENDED", PENDING),
            entry("SHUTOFF", PENDING),
            entry("SHELVED", PENDING),
            entry("SHELVED_OFFLOADED", PENDING),
            entry("RESCUE", PENDING),
            entry("RESCUED", PENDING),
            entry("ERROR", REJECTED),
            entry("SOFT_DELETED", TERMINATED),
            entry("DELETED", TERMINATED));

    private static final Set<String> ENDING = Set.of("deleting", "soft-deleting");

    private final String region;
    private final Elastisys elastisys;

    NovaMachines(String region, Elastisys elastisys) {
        this.region = region;
        this.elastisys = elastisys;
    }

    /** Of a cell that Nova cannot reach: an id, and nothing that says whose it is. */
    static boolean isOfADarkCell(JsonNode row) {
        return row.path("status").asText().equals("UNKNOWN");
    }

    /** In ERROR without ever having run: a launch that was accepted and failed since. */
    static boolean isRefusedLate(JsonNode row) {
        return row.path("status").asText().equals("ERROR") && launched(row).isEmpty();
    }

    /** It has no host, and lives in Nova's own books: it may leave them between two pages. */
    static boolean isNotPlacedYet(JsonNode row) {
        return row.path("status").asText().equals("BUILD")
                && row.path("hostId").asText("").isEmpty();
    }

    static String fault(JsonNode row) {
        return row.path("fault").path("message").asText("").strip();
    }

    static Map<String, String> metadata(JsonNode row) {
        return OpenstackNovaApi.texts(row.path("metadata"));
    }

    /**
     * What was made beside a server, as letters of {@link #SIDES_TAG}. One without our batch was not launched by us or was wiped since:
     * its marks are written again, but nobody remembers that word, so there may be any of them.
     */
    static String sides(Map<String, String> metadata) {
        return metadata.getOrDefault(SIDES_TAG, metadata.containsKey(BATCH_TAG) ? "" : "vpf");
    }

    CloudMachine machine(JsonNode row) {
        return machine(row, state(row));
    }

    CloudMachine machine(JsonNode row, MachineState state) {
        Map<String, String> metadata = metadata(row);
        Optional<PoolName> ours = Optional.ofNullable(metadata.get(Marks.POOL_TAG))
                .filter(PoolName::isLegal)
                .map(PoolName::new);
        Optional<Marks> theirs = elastisys.marks(metadata);
        return new CloudMachine(
                new MachineId(row.path("id").asText()),
                name(row, metadata),
                theirs.flatMap(Marks::pool).or(() -> ours),
                theirs.or(() ->
                        Optional.ofNullable(metadata.get(Marks.MARKS_TAG)).flatMap(value -> Marks.decode(ours, value))),
                Optional.ofNullable(metadata.get(BATCH_TAG))
                        .filter(id -> !id.isEmpty() && id.length() <= 64)
                        .map(BatchId::new),
                state,
                new Choice(text(row, NOVA_ZONE, "unknown"), type(row), Market.ON_DEMAND, Optional.empty()),
                PROVIDER,
                region,
                instant(row.path("created").asText("")),
                launched(row),
                addresses(row, true),
                addresses(row, false),
                shown(row, metadata));
    }

    private static Optional<MachineName> name(JsonNode row, Map<String, String> metadata) {
        String given = metadata.getOrDefault(Marks.NAME_TAG, row.path("name").asText(""));
        return Optional.of(given).filter(MachineName::isLegal).map(MachineName::new);
    }

    static MachineState state(JsonNode row) {
        if (ENDING.contains(row.path("OS-EXT-STS:task_state").asText(""))) {
            return TERMINATING;
        }
        return STATES.getOrDefault(row.path("status").asText(""), PENDING);
    }

    private static String type(JsonNode row) {
        JsonNode flavor = row.path("flavor");
        return text(flavor, "original_name", text(flavor, "id", "unknown"));
    }

    private static String text(JsonNode row, String field, String otherwise) {
        String text = row.path(field).asText("");
        return text.isEmpty() ? otherwise : text;
    }

    private static Optional<Instant> launched(JsonNode row) {
        return instant(row.path("OS-SRV-USG:launched_at").asText(""));
    }

    /** Nova writes {@code 2026-11-29T08:37:14Z} here and {@code 2026-11-29T08:37:14.000000} there; both are UTC. */
    private static Optional<Instant> instant(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.parse(text.endsWith("Z") ? text : text + "Z"));
        } catch (DateTimeException notOne) {
            return Optional.empty();
        }
    }

    /** Floating ones are public, fixed ones private, whatever network they are of. */
    private static List<String> addresses(JsonNode row, boolean floating) {
        List<String> found = new ArrayList<>();
        for (JsonNode network : row.path("addresses")) {
            for (JsonNode address : network) {
                boolean floats = address.path("OS-EXT-IPS:type").asText("").equals("floating");
                if (floats == floating && address.path("addr").isTextual()) {
                    found.add(address.path("addr").textValue());
                }
            }
        }
        return found;
    }

    /** Never user data, which Nova would show in a single look, and never the first password. */
    private static Map<String, String> shown(JsonNode row, Map<String, String> metadata) {
        Map<String, String> shown = new TreeMap<>();
        put(shown, "status", row.path("status"));
        put(shown, "task", row.path("OS-EXT-STS:task_state"));
        put(shown, "server", row.path("name"));
        put(shown, "image", row.path("image").path("id"));
        put(shown, "key", row.path("key_name"));
        put(shown, "fault", row.path("fault").path("message"));
        shown.put("type", type(row));
        put(shown, "zone", row.path(NOVA_ZONE));
        List<String> volumes = new ArrayList<>();
        row.path("os-extended-volumes:volumes_attached")
                .forEach(volume -> volumes.add(volume.path("id").asText()));
        if (!volumes.isEmpty()) {
            shown.put("volumes", String.join(" ", volumes));
        }
        metadata.forEach((key, value) -> shown.put("tag." + key, value));
        return Map.copyOf(shown);
    }

    private static void put(Map<String, String> shown, String key, JsonNode value) {
        if (value.isTextual() && !value.textValue().isEmpty()) {
            shown.put(key, value.textValue());
        }
    }
}
