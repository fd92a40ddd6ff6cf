package io.weir.openstack.nova;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.driver.CloudException;
import io.weir.openstack.nova.NovaApi.FloatingIp;
import io.weir.openstack.nova.NovaApi.Port;
import io.weir.openstack.nova.NovaApi.Volume;
import io.weir.pool.Batch;
import io.weir.pool.FailureKind;
import io.weir.pool.MachineName;
import io.weir.pool.Marks;
import io.weir.pool.PoolName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is made for a machine beside its server, and found again by its mark.
 *
 * <ol>
 *   <li>A volume is made before the server and bears pool, machine name, batch and place as metadata. Nova's own blank volumes bear
 *       nothing, and one whose build is killed stays for ever. Nova deletes it with the server.
 *   <li>A port is made only for a floating IP to stand on. It has the machine's name, and the pool in its description; the floating
 *       IP has both in its description. Nova leaves them when a server goes, so they are taken away by us.
 *   <li>What is there already is used and not made again, so a launch can be repeated. Neutron gives a port one floating IP and refuses
 *       a second: the one that it has may be ours, of an earlier call that was carried out since we looked.
 *   <li>What serves a server, or may, is never taken away.
 * </ol>
 */
final class Sides {
    static final String PORT_MARK = Marks.POOL_TAG + "=";

    private static final String PLACE_TAG = "weir-disk";
    private static final String ROOT = "root";
    /** Volumes that nothing holds. */
    private static final Set<String> FREE = Set.of("available", "error");

    private static final Set<String> GOING = Set.of("deleting", "error_deleting");

    private static final Pattern ADDRESS_MARK =
            Pattern.compile(Pattern.quote(Marks.POOL_TAG) + "=(\\S+) " + Pattern.quote(Marks.NAME_TAG) + "=(\\S+)");

    private final Batch batch;
    private final Frozen frozen;
    private final List<Volume> volumes = new ArrayList<>();
    private final List<Port> ports = new ArrayList<>();
    private final List<FloatingIp> floatingIps = new ArrayList<>();

    private Sides(Batch batch, Frozen frozen) {
        this.batch = batch;
        this.frozen = frozen;
    }

    /** What earlier calls for this batch left. */
    static Sides read(NovaApi api, Batch batch, Frozen frozen) throws NovaFailure {
        Sides sides = new Sides(batch, frozen);
        sides.readVolumes(api);
        if (frozen.hasFloatingIp()) {
            String mark = portMark(batch.pool());
            api.portsNamed(batch.names().stream().map(MachineName::value).toList()).stream()
                    .filter(port -> port.description().equals(mark))
                    .forEach(sides.ports::add);
            api.floatingIps().stream()
                    .filter(address -> addressMark(address.description())
                            .filter(mark0 -> mark0.pool().equals(batch.pool().value()))
                            .isPresent())
                    .forEach(sides.floatingIps::add);
        }
        return sides;
    }

    void readVolumes(NovaApi api) throws NovaFailure {
        if (frozen.volumes() > 0) {
            List<Volume> found =
                    api.volumes(Map.of(NovaMachines.BATCH_TAG, batch.id().value()));
            synchronized (this) {
                volumes.clear();
                volumes.addAll(found);
            }
        }
    }

    /** For a server's metadata: what goes with it. */
    static String word(Frozen frozen) {
        return (frozen.volumes() > 0 ? "v" : "") + (frozen.hasFloatingIp() ? "pf" : "");
    }

    // What one machine lacks

    /** A disk of a machine that is to be made. */
    record Disk(String place, Frozen.Disk wish) {}

    List<Disk> disks() {
        List<Disk> disks = new ArrayList<>();
        if (frozen.bootVolume() != null) {
            disks.add(new Disk(ROOT, frozen.bootVolume()));
        }
        for (int i = 0; i < frozen.dataVolumes().size(); i++) {
            disks.add(new Disk(String.valueOf(i), frozen.dataVolumes().get(i)));
        }
        return disks;
    }

    List<Disk> missingDisks(MachineName name) {
        return disks().stream().filter(disk -> volume(name, disk).isEmpty()).toList();
    }

    boolean hasAnyOf(MachineName name) {
        return port(name).isPresent() || missingDisks(name).size() < disks().size();
    }

    /** Of two, the one that is ready, else the older. */
    synchronized Optional<Volume> volume(MachineName name, Disk disk) {
        return volumes.stream()
                .filter(volume -> name.value().equals(volume.metadata().get(Marks.NAME_TAG))
                        && disk.place().equals(volume.metadata().get(PLACE_TAG))
                        && !GOING.contains(volume.status()))
                .min(Comparator.<Volume, Boolean>comparing(
                                volume -> !volume.status().equals("available"))
                        .thenComparing(Volume::created)
                        .thenComparing(Volume::id));
    }

    /** Of two, the one that has the machine's address, else the older. */
    synchronized Optional<Port> port(MachineName name) {
        return ports.stream()
                .filter(port -> port.name().equals(name.value()))
                .min(Comparator.<Port, Boolean>comparing(
                                port -> addressOn(name, port).isEmpty())
                        .thenComparing(Port::created)
                        .thenComparing(Port::id));
    }

    /** One that stands elsewhere is of no use to the machine. */
    synchronized Optional<FloatingIp> floatingIp(MachineName name) {
        return port(name).flatMap(port -> addressOn(name, port));
    }

    private Optional<FloatingIp> addressOn(MachineName name, Port port) {
        return floatingIps.stream()
                .filter(address -> isOf(name, address)
                        && address.port().filter(port.id()::equals).isPresent())
                .findFirst();
    }

    private boolean isOf(MachineName name, FloatingIp address) {
        return addressMark(address.description())
                .equals(Optional.of(new AddressMark(batch.pool().value(), name.value())));
    }

    // Making it

    /** @throws CloudException a look failed, which leaves it open what there is */
    void makeMissing(NovaApi api, MachineName name) throws NovaFailure, CloudException {
        for (Disk disk : missingDisks(name)) {
            Volume made = api.makeVolume(volumeRequest(name, disk));
            synchronized (this) {
                volumes.add(new Volume(made.id(), made.status(), tags(name, disk.place()), List.of(), made.created()));
            }
        }
        if (frozen.hasFloatingIp()) {
            if (port(name).isEmpty()) {
                Port made = api.makePort(portRequest(name));
                synchronized (this) {
                    ports.add(made);
                }
            }
            if (floatingIp(name).isEmpty()) {
                FloatingIp made =
                        makeAddress(api, name, port(name).orElseThrow().id());
                synchronized (this) {
                    floatingIps.add(made);
                }
            }
        }
    }

    /** An address that is not shown to us is not ours. */
    private FloatingIp makeAddress(NovaApi api, MachineName name, String port) throws NovaFailure, CloudException {
        try {
            return api.makeFloatingIp(addressRequest(name, port));
        } catch (NovaFailure refused) {
            if (NovaFailures.ofChange(refused) != FailureKind.CONFLICT) {
                throw refused;
            }
            List<FloatingIp> there = onPort(api, port);
            Optional<FloatingIp> ours =
                    there.stream().filter(address -> isOf(name, address)).findFirst();
            if (ours.isPresent()) {
                return ours.get();
            }
            if (there.isEmpty()) {
                throw refused;
            }
            throw new NovaFailure(
                    refused.fate(),
                    refused.status(),
                    refused.code(),
                    "its port " + port + " has the floating IP " + there.get(0).id() + ", which is not the machine's: "
                            + refused.text(),
                    refused.retryAfter());
        }
    }

    private static List<FloatingIp> onPort(NovaApi api, String port) throws CloudException {
        try {
            return api.floatingIps().stream()
                    .filter(address -> address.port().filter(port::equals).isPresent())
                    .toList();
        } catch (NovaFailure unseen) {
            throw NovaFailures.read(unseen);
        }
    }

    private Map<String, String> tags(MachineName name, String place) {
        return Map.of(
                Marks.POOL_TAG,
                batch.pool().value(),
                Marks.NAME_TAG,
                name.value(),
                NovaMachines.BATCH_TAG,
                batch.id().value(),
                PLACE_TAG,
                place);
    }

    private ObjectNode volumeRequest(MachineName name, Disk disk) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode volume = body.putObject("volume");
        volume.put("name", name + "-" + disk.place());
        volume.put("size", disk.wish().sizeGb());
        put(volume, "volume_type", disk.wish().type());
        if (disk.place().equals(ROOT)) {
            volume.put("imageRef", frozen.image());
        }
        if (frozen.volumeZones().contains(batch.choice().zone())) {
            volume.put("availability_zone", batch.choice().zone());
        }
        ObjectNode metadata = volume.putObject("metadata");
        tags(name, disk.place()).forEach(metadata::put);
        return body;
    }

    private static void put(ObjectNode object, String key, @Nullable String value) {
        if (value != null) {
            object.put(key, value);
        }
    }

    private ObjectNode portRequest(MachineName name) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode port = body.putObject("port");
        port.put("network_id", frozen.networks().get(0));
        port.put("name", name.value());
        port.put("description", portMark(batch.pool()));
        if (!frozen.securityGroups().isEmpty()) {
            frozen.securityGroups().forEach(port.putArray("security_groups")::add);
        }
        return body;
    }

    private ObjectNode addressRequest(MachineName name, String port) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode address = body.putObject("floatingip");
        put(address, "floating_network_id", frozen.floatingNetwork());
        address.put("port_id", port);
        address.put("description", addressMark(batch.pool(), name));
        return body;
    }

    static String portMark(PoolName pool) {
        return PORT_MARK + pool;
    }

    static String addressMark(PoolName pool, MachineName name) {
        return portMark(pool) + " " + Marks.NAME_TAG + "=" + name;
    }

    record AddressMark(String pool, String name) {}

    static Optional<AddressMark> addressMark(String description) {
        Matcher mark = ADDRESS_MARK.matcher(description);
        return mark.matches() ? Optional.of(new AddressMark(mark.group(1), mark.group(2))) : Optional.empty();
    }

    // Taking it away

    /** What was made for a launch that is refused for good. What fails here is found by its mark later. */
    void takeAway(NovaApi api, MachineName name) {
        for (Disk disk : disks()) {
            volume(name, disk).filter(Sides::isFree).ifPresent(volume -> quietly(() -> api.deleteVolume(volume.id())));
        }
        floatingIp(name).ifPresent(address -> quietly(() -> api.deleteFloatingIp(address.id())));
        port(name).filter(port -> port.server().isEmpty()).ifPresent(port -> quietly(() -> api.deletePort(port.id())));
    }

    static boolean isFree(Volume volume) {
        return FREE.contains(volume.status()) && volume.servers().isEmpty();
    }

    static void quietly(Removal removal) {
        try {
            removal.run();
        } catch (NovaFailure later) {
            // It bears our mark, and the next look for leftovers finds it.
        }
    }

    interface Removal {
        void run() throws NovaFailure;
    }
}
