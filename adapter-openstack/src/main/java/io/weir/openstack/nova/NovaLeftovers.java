package io.weir.openstack.nova;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.driver.CloudException;
import io.weir.driver.Leftovers;
import io.weir.openstack.nova.NovaApi.FloatingIp;
import io.weir.openstack.nova.NovaApi.Port;
import io.weir.openstack.nova.NovaApi.Volume;
import io.weir.pool.FailureKind;
import io.weir.pool.Leftover;
import io.weir.pool.MachineName;
import io.weir.pool.Marks;
import io.weir.pool.PoolName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Volumes, ports and floating IPs that bear a pool's mark and serve no server.
 *
 * <ol>
 *   <li>A volume serves while it is attached, on its way to be or to be made. One that Cinder holds to be attached to a server that
 *       Nova no longer knows serves nobody: Cinder was away when the server was deleted. It is detached first.
 *   <li>A port serves while a server has it; a floating IP while it is on a port that serves.
 *   <li>Each is looked at once more before it is taken away.
 * </ol>
 */
final class NovaLeftovers implements Leftovers {
    private static final String VOLUME = "volume:";
    private static final String PORT = "port:";
    private static final String FLOATING_IP = "floating-ip:";
    private static final Set<String> FREE = Set.of("available", "error");
    private static final Set<String> HELD = Set.of("in-use", "detaching");

    private final Supplier<NovaApi> apis;

    NovaLeftovers(Supplier<NovaApi> apis) {
        this.apis = apis;
    }

    @Override
    public List<Leftover> list(Set<PoolName> pools) throws CloudException {
        if (pools.isEmpty()) {
            return List.of();
        }
        try {
            Look look = new Look(apis.get(), pools);
            List<Leftover> found = new ArrayList<>(look.volumes());
            found.addAll(look.addresses());
            return found;
        } catch (NovaFailure failure) {
            throw NovaFailures.read(failure);
        }
    }

    @Override
    public void takeAway(Leftover leftover) throws CloudException {
        NovaApi api = apis.get();
        try {
            if (!new Look(api, Set.of(leftover.pool())).isStill(leftover)) {
                throw new CloudException(FailureKind.CONFLICT, leftover.id() + " serves a server by now, or is gone");
            }
            String id = leftover.id().substring(leftover.id().indexOf(':') + 1);
            if (leftover.id().startsWith(VOLUME)) {
                takeVolume(api, id);
            } else if (leftover.id().startsWith(PORT)) {
                api.deletePort(id);
            } else {
                api.deleteFloatingIp(id);
            }
        } catch (NovaFailure failure) {
            FailureKind kind = NovaFailures.ofChange(failure);
            throw new CloudException(kind, failure.text(), failure.retryAfter());
        }
    }

    private static void takeVolume(NovaApi api, String id) throws NovaFailure {
        Optional<Volume> volume = api.volume(id);
        if (volume.isPresent() && HELD.contains(volume.get().status())) {
            api.detachVolume(id);
        }
        api.deleteVolume(id);
    }

    /** One look at what there is, with the servers that it names. */
    private static final class Look {
        private final NovaApi api;
        private final Map<String, PoolName> pools;
        private final Map<String, Boolean> servers = new HashMap<>();
        private boolean listed;

        Look(NovaApi api, Set<PoolName> pools) {
            this.api = api;
            this.pools = pools.stream().collect(Collectors.toMap(PoolName::value, pool -> pool));
        }

        boolean isStill(Leftover leftover) throws NovaFailure {
            List<Leftover> now = leftover.id().startsWith(VOLUME) ? volumes() : addresses();
            return now.contains(leftover);
        }

        List<Leftover> volumes() throws NovaFailure {
            if (!api.hasVolumes()) {
                return List.of();
            }
            List<Leftover> found = new ArrayList<>();
            for (Volume volume : api.volumes(Map.of())) {
                Optional<Leftover> leftover = leftover(
                        VOLUME + volume.id(),
                        volume.metadata().get(Marks.POOL_TAG),
                        volume.metadata().get(Marks.NAME_TAG));
                if (leftover.isPresent() && servesNobody(volume)) {
                    found.add(leftover.get());
                }
            }
            return found;
        }

        private boolean servesNobody(Volume volume) throws NovaFailure {
            if (FREE.contains(volume.status()) && volume.servers().isEmpty()) {
                return true;
            }
            if (!HELD.contains(volume.status()) || volume.servers().isEmpty()) {
                return false;
            }
            for (String server : volume.servers()) {
                if (exists(server)) {
                    return false;
                }
            }
            return true;
        }

        List<Leftover> addresses() throws NovaFailure {
            List<Leftover> found = new ArrayList<>();
            Set<String> serving = new HashSet<>();
            List<Port> ports = api.portsDescribed(
                    pools.values().stream().map(Sides::portMark).toList());
            for (Port port : ports) {
                Optional<Leftover> leftover =
                        leftover(PORT + port.id(), port.description().replace(Sides.PORT_MARK, ""), port.name());
                if (!port.server().isEmpty() && exists(port.server())) {
                    serving.add(port.id());
                } else {
                    leftover.ifPresent(found::add);
                }
            }
            Set<String> ours = ports.stream().map(Port::id).collect(Collectors.toSet());
            for (FloatingIp address : api.floatingIps()) {
                Optional<Leftover> leftover = Sides.addressMark(address.description())
                        .flatMap(mark -> leftover(FLOATING_IP + address.id(), mark.pool(), mark.name()));
                boolean serves = address.port()
                        .map(port -> serving.contains(port) || !ours.contains(port))
                        .orElse(false);
                if (leftover.isPresent() && !serves) {
                    found.add(leftover.get());
                }
            }
            return found;
        }

        /** What no page of a listing shows is asked for by its id: a cell may be dark. */
        private boolean exists(String server) throws NovaFailure {
            if (!listed) {
                listed = true;
                for (JsonNode row : api.servers(null).rows()) {
                    servers.put(row.path("id").asText(), true);
                }
            }
            Boolean known = servers.get(server);
            if (known == null) {
                known = api.server(server).isPresent();
                servers.put(server, known);
            }
            return known;
        }

        private Optional<Leftover> leftover(String id, @Nullable String pool, @Nullable String name) {
            PoolName known = pool == null ? null : pools.get(pool);
            return known == null || name == null || !MachineName.isLegal(name)
                    ? Optional.empty()
                    : Optional.of(new Leftover(id, known, new MachineName(name)));
        }
    }
}
