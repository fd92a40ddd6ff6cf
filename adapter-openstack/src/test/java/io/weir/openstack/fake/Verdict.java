package io.weir.openstack.fake;

import io.weir.openstack.fake.Rows.Server;
import io.weir.pool.MachineState;
import io.weir.simulated.SimulatedApi.LedgerLine;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the fake's books say of how a pool was kept, in the words of the simulated cloud's ledger and beyond them. */
public final class Verdict {
    private Verdict() {}

    /** A walk over all pages of a project's servers, that came to its end. */
    public record Walk(Instant begun, Instant ended) {}

    /** What is there now and belongs to nothing: by kind, as {@code volume <id> <name>}. */
    public record Leftovers(List<String> servers, List<String> ports, List<String> floatingIps, List<String> volumes) {
        public boolean isNothing() {
            return servers.isEmpty() && ports.isEmpty() && floatingIps.isEmpty() && volumes.isEmpty();
        }
    }

    /** A server as a line of the ledger. One that never came up ended when it failed. */
    static LedgerLine line(Server server, Catalog catalog) {
        Instant ended = server.failed == null ? server.deleted : server.failed;
        Instant running = server.launched;
        return new LedgerLine(
                server.name,
                server.id,
                server.metadata.get(io.weir.pool.Marks.POOL_TAG),
                server.metadata.getOrDefault("weir-batch", ""),
                null,
                server.zone,
                catalog.flavor(server.flavor).orElseThrow().name(),
                "ON_DEMAND",
                BigDecimal.ZERO,
                state(server),
                server.created,
                running,
                server.deleting,
                ended,
                server.cause,
                server.metadata,
                server.pools);
    }

    private static MachineState state(Server server) {
        if (!server.isThere() || server.failed != null) {
            return MachineState.TERMINATED;
        }
        if (server.deleting != null) {
            return MachineState.TERMINATING;
        }
        return server.launched == null ? MachineState.PENDING : MachineState.RUNNING;
    }

    /**
     * Twins that outlived a listing: both were alive when a whole listing began that could show both, and when the next one began still.
     */
    public static List<String> survivors(List<LedgerLine> ledger, List<Walk> walks) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < ledger.size(); i++) {
            for (int j = i + 1; j < ledger.size(); j++) {
                LedgerLine one = ledger.get(i);
                LedgerLine other = ledger.get(j);
                if (!one.name().equals(other.name())) {
                    continue;
                }
                Instant both = one.launched().isAfter(other.launched()) ? one.launched() : other.launched();
                Instant seen = next(walks, both);
                Instant judged = seen == null ? null : next(walks, seen);
                if (judged != null && one.isAliveAt(judged) && other.isAliveAt(judged)) {
                    found.add(one.name() + ": " + one.id() + " and " + other.id() + " still at " + judged);
                }
            }
        }
        return found;
    }

    private static @Nullable Instant next(List<Walk> walks, Instant after) {
        return walks.stream()
                .filter(walk -> walk.begun().isAfter(after))
                .map(Walk::begun)
                .min(Instant::compareTo)
                .orElse(null);
    }

    /** @param members the servers that may be there; what hangs on them may be too */
    static Leftovers leftovers(Books books, String project, Set<String> members) {
        List<String> servers = new ArrayList<>();
        Set<String> there = new TreeSet<>();
        for (Server server : books.servers.values()) {
            if (server.isThere() && server.project.equals(project)) {
                there.add(server.id);
                if (!members.contains(server.id)) {
                    servers.add("server " + server.id + " " + server.name + " " + server.vmState);
                }
            }
        }
        List<String> ports = books.ports.values().stream()
                .filter(port -> port.project.equals(project) && !there.contains(port.device))
                .map(port -> "port " + port.id + " " + port.name + " " + port.description)
                .toList();
        List<String> floatingIps = books.floatingIps.values().stream()
                .filter(address -> address.project.equals(project) && address.port == null)
                .map(address -> "floating IP " + address.id + " " + address.description)
                .toList();
        List<String> volumes = books.volumes.values().stream()
                .filter(volume -> volume.project.equals(project))
                .filter(volume -> volume.server == null || !there.contains(volume.server))
                .map(volume -> "volume " + volume.id + " " + volume.name + " " + volume.status + " " + volume.metadata)
                .toList();
        return new Leftovers(servers, ports, floatingIps, volumes);
    }
}
