package io.weir.openstack.fake;

import io.weir.openstack.fake.Catalog.Flavor;
import io.weir.openstack.fake.Catalog.Network;
import io.weir.openstack.fake.FakeDials.Death;
import io.weir.openstack.fake.FakeDials.Failure;
import io.weir.openstack.fake.FakeDials.What;
import io.weir.openstack.fake.Keystone.Caller;
import io.weir.openstack.fake.Rows.Disk;
import io.weir.openstack.fake.Rows.Fault;
import io.weir.openstack.fake.Rows.Nic;
import io.weir.openstack.fake.Rows.Port;
import io.weir.openstack.fake.Rows.Server;
import io.weir.openstack.fake.Rows.Volume;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of servers.
 *
 * <ol>
 *   <li>First a host is chosen: here quotas count again, and room runs out. A server without a host never had one: its DELETE is done at
 *       once.
 *   <li>Then its ports and its volumes are made, one volume after the other, looked at once a second.
 *   <li>Then it spawns. If it fails on every host its ports go, its volumes stay.
 *   <li>A DELETE is answered at once and takes its time. Ports that Nova made go with it, those of others are let go; so are floating
 *       IPs; volumes go or stay as their mapping says.
 * </ol>
 */
final class Servers {
    static final String SCHEDULE = "schedule";
    private static final String MAKE_VOLUME = "make volume";
    private static final String WAIT_FOR_VOLUME = "wait for volume";
    private static final String MISS_CINDER = "miss cinder";
    private static final String SPAWN = "spawn";
    private static final String DIE = "die";
    private static final String END = "end";
    private static final String RECLAIM = "reclaim";
    private static final String SETTLE = "settle";

    private static final int FAULT_MAX = 255;
    private static final Duration KNOWN_DEAD = Duration.ofSeconds(15);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration NO_CINDER = Duration.ofSeconds(8);
    private static final Duration CINDER_PATIENCE = Duration.ofSeconds(4);

    private final Site site;
    private final NovaQuota quota;
    private final Neutron neutron;
    private final Cinder cinder;

    Servers(Site site, NovaQuota quota, Neutron neutron, Cinder cinder) {
        this.site = site;
        this.quota = quota;
        this.neutron = neutron;
        this.cinder = cinder;
    }

    void perform(Server server, Rows.Step step) {
        if (!server.isThere()) {
            return;
        }
        switch (step.what()) {
            case SCHEDULE -> schedule(server);
            case MAKE_VOLUME -> makeVolume(server, step.which());
            case WAIT_FOR_VOLUME -> waitForVolume(server, step.which());
            case MISS_CINDER -> {
                if (site.reaches(Service.VOLUME)) {
                    makeVolume(server, step.which());
                } else {
                    abort(server, "Connection to cinder host failed: Unable to establish connection");
                }
            }
            case SPAWN -> spawn(server);
            case DIE -> die(server, site.dials.diesYoung.death());
            case END -> end(server);
            case RECLAIM -> gone(server, "deleted");
            case SETTLE -> settle(server, step.which());
            default -> throw new IllegalStateException(step.what());
        }
    }

    // Coming up

    private void schedule(Server server) {
        if (site.dials.basicPlaneOnly && server.metadata.values().stream().anyMatch(Launches::isBeyond)) {
            return; // the conductor cannot write it down, and says nothing
        }
        String zone = server.wantedZone == null ? freest() : server.wantedZone;
        Optional<Instant> dead = site.deadSince(zone);
        if (dead.isPresent() && dead.get().plus(KNOWN_DEAD).isAfter(site.now)) {
            plan(server, LOOK, SCHEDULE, 0);
            return;
        }
        Flavor flavor = site.catalog.flavor(server.flavor).orElseThrow();
        if (dead.isPresent()) {
            bury(server, "No valid host was found. There are not enough hosts available.");
        } else if (flavor.name().equals("m1.toobig")
                || isFull(zone, flavor)
                || site.dials.unreachable.contains("placement")
                || site.strikes(What.NO_VALID_HOST, server.name).isPresent()) {
            bury(server, "No valid host was found. ");
        } else {
            host(server, zone, flavor);
        }
    }

    /** A zone that has room, the emptiest first. */
    private String freest() {
        return site.dials.zones.stream()
                .filter(zone -> !site.dials.deadHosts.contains(zone))
                .min(java.util.Comparator.comparing(zone -> hosted(zone, null)))
                .orElse(site.dials.zones.get(0));
    }

    private long hosted(String zone, @Nullable Flavor flavor) {
        return site.books.servers.values().stream()
                .filter(server -> server.isThere() && server.host != null && server.zone.equals(zone))
                .filter(server -> flavor == null || server.flavor.equals(flavor.id()))
                .count();
    }

    private boolean isFull(String zone, Flavor flavor) {
        Integer all = site.dials.capacity.get(zone);
        Integer some = site.dials.capacity.get(zone + "/" + flavor.name());
        return (all != null && hosted(zone, null) >= all) || (some != null && hosted(zone, flavor) >= some);
    }

    private void host(Server server, String zone, Flavor flavor) {
        server.inCell = true;
        Optional<String> beyond = quota.beyond(server.project, flavor, 1, server);
        if (beyond.isPresent()) {
            fail(server, 413, beyond.get());
            server.zone = zone;
            write(server);
            return;
        }
        server.zone = zone;
        server.host = "fake-host-" + zone;
        if (!network(server)) {
            retriesExhausted(server);
            return;
        }
        boolean volumes = server.disks.stream().anyMatch(disk -> disk.volume == null);
        server.task = volumes ? "block_device_mapping" : "spawning";
        if (volumes) {
            plan(server, Duration.ZERO, MAKE_VOLUME, 0);
        } else {
            planSpawn(server);
        }
    }

    private void planSpawn(Server server) {
        server.task = "spawning";
        double more = site.strikes(What.SPAWN_DELAY, server.name)
                .map(Failure::seconds)
                .orElse(0.0);
        Instant at = site.after(site.dials.boot).plusMillis((long) (more * 1000));
        site.books.plan(server, at, SPAWN, 0);
        write(server);
    }

    private boolean network(Server server) {
        for (String id : server.wantedPorts) {
            Port port = site.books.ports.get(id);
            if (port == null) {
                return false;
            }
            bind(server, port, false);
        }
        for (String id : server.wantedNetworks) {
            if (!neutron.isLeft("port", 1, server.project) || !site.reaches(Service.NETWORK)) {
                return false;
            }
            Network network = site.catalog.network(id).orElseThrow();
            bind(server, neutron.makePort(network, server.project, groupsOf(server)), true);
        }
        return true;
    }

    private List<String> groupsOf(Server server) {
        if (server.groups.isEmpty()) {
            return List.of(neutron.defaultGroup(server.project));
        }
        return site.catalog.groupsOf(server.project).stream()
                .filter(group -> server.groups.contains(group.name()) || server.groups.contains(group.id()))
                .map(Catalog.SecurityGroup::id)
                .toList();
    }

    private void bind(Server server, Port port, boolean made) {
        Network network = site.catalog.network(port.network).orElseThrow();
        port.device = server.id;
        port.owner = "compute:" + server.zone;
        neutron.touch(port);
        String floating = site.books.floatingIps.values().stream()
                .filter(address -> port.id.equals(address.port))
                .map(address -> address.address)
                .findFirst()
                .orElse(null);
        server.nics.add(
                new Nic(port.id, network.id(), network.name(), port.subnet, port.address, port.mac, made, floating));
    }

    private void makeVolume(Server server, int index) {
        if (index >= server.disks.size()) {
            attachAll(server);
            return;
        }
        Disk disk = server.disks.get(index);
        if (disk.volume != null) {
            makeVolume(server, index + 1);
            return;
        }
        if (!site.reaches(Service.VOLUME)) {
            plan(server, CINDER_PATIENCE, MISS_CINDER, index);
            return;
        }
        Optional<String> beyond = cinder.beyondQuota(server.project, disk.size);
        if (beyond.isPresent()) {
            abort(server, beyond.get());
            return;
        }
        String name = disk.image == null ? server.id + "-blank-vol" : "";
        Volume volume = cinder.make(
                server.project,
                server.user,
                name,
                disk.size,
                disk.type == null ? "__DEFAULT__" : disk.type,
                disk.image,
                new java.util.LinkedHashMap<>());
        volume.description = "";
        site.books.write(volume, site.now);
        disk.making = volume.id;
        if (site.strikes(What.VOLUME_CREATE_LEAK, server.name).isPresent()) {
            server.disks.clear(); // who waited for it is dead, and nobody else knows of it
            settleFailure(server, null);
            return;
        }
        plan(server, LOOK, WAIT_FOR_VOLUME, index);
    }

    private void waitForVolume(Server server, int index) {
        Disk disk = server.disks.get(index);
        String id = String.valueOf(disk.making);
        Volume volume = site.books.volumes.get(id);
        if (volume == null || volume.status.equals("error")) {
            abort(
                    server,
                    "Volume " + id
                            + " did not finish being created even after we waited 0 seconds or 1 attempts. And its"
                            + " status is error.");
        } else if (!volume.status.equals("available")) {
            plan(server, LOOK, WAIT_FOR_VOLUME, index);
        } else if (site.strikes(What.VOLUME_ATTACH_FAIL, volume.name).isPresent()) {
            abort(
                    server,
                    "Unable to update attachment.(Bad or unexpected response from the storage volume backend API:"
                            + " Driver initialize connection failed (error: Bad or unexpected response from the storage"
                            + " volume backend API: injected volume-attach-fail).");
        } else {
            disk.volume = id;
            disk.making = null;
            makeVolume(server, index + 1);
        }
    }

    private void attachAll(Server server) {
        if (server.deleting != null) { // only now is it heard
            gone(server, "deleted");
            return;
        }
        planSpawn(server);
    }

    private void spawn(Server server) {
        if (site.strikes(What.SPAWN_HANG, server.name).isPresent()) {
            return;
        }
        if (site.strikes(What.SPAWN_ABORT, server.name).isPresent()) {
            abort(server, "injected spawn-abort");
            return;
        }
        if (site.strikes(What.SPAWN_FAIL, server.name).isPresent()) {
            retriesExhausted(server);
            return;
        }
        for (Disk disk : server.disks) {
            Volume volume = site.books.volumes.get(String.valueOf(disk.volume));
            if (volume != null) {
                disk.attached = true;
                disk.attachment = site.uuid();
                cinder.attach(volume, server.id, disk.device, disk.attachment);
            }
        }
        server.vmState = "active";
        server.task = null;
        server.power = 1;
        server.launched = site.now;
        server.updated = site.now;
        if (site.dice.happens(site.dials.diesYoung.p())) {
            plan(server, Duration.ofMillis(site.dice.millisUpTo(site.dials.diesYoung.withinSeconds())), DIE, 0);
        }
        write(server);
    }

    // Failing

    /** It never had a host. */
    private void bury(Server server, String text) {
        fail(server, 500, text);
        server.zone = server.wantedZone == null ? "" : server.wantedZone;
        write(server);
    }

    private void retriesExhausted(Server server) {
        dropPorts(server);
        fail(
                server,
                500,
                "Exceeded maximum number of retries. Exhausted all hosts available for retrying build failures for"
                        + " instance "
                        + server.id + ".");
    }

    private void abort(Server server, String why) {
        dropPorts(server);
        for (Disk disk : server.disks) {
            Volume volume = site.books.volumes.get(disk.making == null ? String.valueOf(disk.volume) : disk.making);
            if (volume != null && disk.dies) {
                cinder.beginDelete(volume);
            } else if (volume != null) {
                cinder.free(volume);
            }
        }
        server.disks.clear();
        String text = "Build of instance " + server.id + " aborted: " + why;
        fail(server, 500, text.substring(0, Math.min(text.length(), FAULT_MAX)));
    }

    private void fail(Server server, int code, String text) {
        settleFailure(server, new Fault(code, text, site.now));
    }

    private void settleFailure(Server server, @Nullable Fault fault) {
        server.plan.clear();
        server.vmState = "error";
        server.task = null;
        server.power = 0;
        server.fault = fault;
        server.host = null;
        server.zone = "";
        server.failed = site.now;
        server.cause = fault == null ? "nova-compute was killed" : fault.message();
        server.updated = site.now;
        if (server.deleting != null) {
            gone(server, "deleted");
            return;
        }
        write(server);
    }

    /** A server dies by itself. */
    void die(Server server, Death death) {
        switch (death) {
            case GONE -> gone(server, "died");
            case ERROR -> {
                server.vmState = "error";
                server.failed = site.now;
                server.cause = "died";
                touch(server);
            }
            case SHUTOFF -> {
                server.vmState = "stopped";
                server.power = 4;
                server.failed = site.now;
                server.cause = "died";
                touch(server);
            }
        }
    }

    // Ending

    void delete(Server server, Caller caller) throws Refusal {
        if (server.locked && !caller.isAdministrator()) {
            throw NovaRefusals.refusal(409, "Instance " + server.id + " is locked");
        }
        if (server.deleting == null) {
            server.deleting = site.now;
        }
        if (server.host == null) {
            gone(server, "deleted");
            return;
        }
        if (site.dials.reclaimSeconds > 0 && server.launched != null && !server.vmState.equals("soft-delete")) {
            server.vmState = "soft-delete";
            server.task = null;
            plan(server, Duration.ofMillis((long) (site.dials.reclaimSeconds * 1000)), RECLAIM, 0);
            return;
        }
        Optional<Instant> dead = site.deadSince(server.zone);
        if (dead.isPresent()) {
            if (!dead.get().plus(KNOWN_DEAD).isAfter(site.now)) {
                gone(server, "deleted");
            } else {
                server.task = "deleting";
                touch(server);
            }
            return;
        }
        boolean again = "deleting".equals(server.task);
        boolean makesVolumes = "block_device_mapping".equals(server.task);
        server.task = "deleting";
        if (!again && !makesVolumes) {
            server.plan.clear();
            double more = site.strikes(What.DESTROY_DELAY, server.name)
                    .map(Failure::seconds)
                    .orElse(0.0);
            site.books.plan(server, site.after(site.dials.end).plusMillis((long) (more * 1000)), END, 0);
        }
        touch(server);
    }

    private void end(Server server) {
        if (site.strikes(What.DESTROY_HANG, server.name).isPresent()) {
            return;
        }
        if (site.strikes(What.DESTROY_FAIL, server.name).isPresent()) {
            server.vmState = "error";
            server.task = null;
            server.fault = new Fault(500, "injected destroy-fail on " + server.host, site.now);
            touch(server);
            return;
        }
        boolean volumes = server.disks.stream().anyMatch(disk -> disk.volume != null);
        if (volumes && !site.reaches(Service.VOLUME)) {
            plan(server, NO_CINDER, RECLAIM, 0);
            return;
        }
        gone(server, "deleted");
    }

    void gone(Server server, String cause) {
        dropPorts(server);
        for (Disk disk : server.disks) {
            Volume volume = site.books.volumes.get(String.valueOf(disk.volume));
            if (volume == null || !site.reaches(Service.VOLUME)) {
                continue;
            }
            if (site.strikes(What.VOLUME_DETACH_FAIL, volume.name).isPresent()) {
                continue;
            }
            cinder.free(volume);
            if (disk.dies) {
                cinder.beginDelete(volume);
            }
        }
        server.plan.clear();
        server.vmState = "deleted";
        server.task = null;
        server.power = 0;
        server.deleted = site.now;
        if (server.cause == null) {
            server.cause = cause;
        }
        touch(server);
    }

    private void dropPorts(Server server) {
        for (Nic nic : server.nics) {
            Port port = site.books.ports.get(nic.port());
            if (port != null && nic.made()) {
                neutron.drop(port);
            } else if (port != null) {
                port.device = "";
                port.owner = "";
                neutron.touch(port);
            }
        }
        server.nics = new ArrayList<>();
    }

    // Actions

    private static final Map<String, String> STATES = Map.of(
            "os-stop", "stopped",
            "os-start", "active",
            "pause", "paused",
            "unpause", "active",
            "suspend", "suspended",
            "resume", "active",
            "shelve", "shelved_offloaded",
            "unshelve", "active",
            "rescue", "rescued",
            "unrescue", "active");
    private static final List<String> SETTLED =
            List.of("stopped", "active", "paused", "suspended", "shelved_offloaded", "rescued", "error");

    static boolean isAction(String word) {
        return STATES.containsKey(word);
    }

    void act(Server server, String word) throws Refusal {
        String state = STATES.get(word);
        if (server.vmState.equals(state) || server.launched == null) {
            throw NovaRefusals.state(word.replace("os-", ""), server.id, server.vmState);
        }
        server.task = word.equals("os-stop") ? "powering-off" : word;
        plan(server, Duration.ofMillis(300), SETTLE, SETTLED.indexOf(state));
    }

    private void settle(Server server, int which) {
        server.vmState = SETTLED.get(which);
        server.task = null;
        switch (server.vmState) {
            case "stopped" -> server.power = 4;
            case "shelved_offloaded" -> {
                server.power = 4;
                server.host = null;
                server.zone = "";
            }
            case "active" -> {
                server.power = 1;
                if (server.host == null) {
                    server.zone = server.wantedZone == null ? freest() : server.wantedZone;
                    server.host = "fake-host-" + server.zone;
                }
            }
            default -> {}
        }
        touch(server);
    }

    void touch(Server server) {
        server.updated = site.now;
        write(server);
    }

    private void plan(Server server, Duration after, String what, int which) {
        site.books.plan(server, site.now.plus(after), what, which);
        write(server);
    }

    private void write(Server server) {
        site.books.write(server, site.now);
    }
}
