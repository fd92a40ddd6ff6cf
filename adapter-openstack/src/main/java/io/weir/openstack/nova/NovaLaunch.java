package io.weir.openstack.nova;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.cloud.SideBySide;
import io.weir.driver.CloudException;
import io.weir.openstack.nova.NovaApi.Port;
import io.weir.openstack.nova.NovaApi.Quota;
import io.weir.openstack.nova.NovaApi.Volume;
import io.weir.openstack.nova.NovaFailure.Fate;
import io.weir.pool.Batch;
import io.weir.pool.FailureKind;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.Marks;
import io.weir.pool.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One batch, as one {@code POST /servers} for each name: Nova's own call for several gives them names of its own.
 *
 * <ol>
 *   <li>What earlier calls for the batch left (volumes, a port, a floating IP) is looked for, so that nothing is made twice.
 *   <li>The project's quotas are asked. Names that do not fit are refused with the quota's name, before anything is made for them.
 *   <li>What a machine lacks is made. Until its volumes are there its server is not asked for: the outcome is "not now", and the same
 *       names are asked for again a turn later. So nobody waits for a volume, and Nova never makes one that cannot be recognised.
 *   <li>The server is asked for, with name, pool and marks in the same call.
 *   <li>What was made for a machine that is refused for good is taken away, after another look: a server of an earlier call may have taken
 *       it meanwhile, and may be why this one was refused. Then nobody knows yet, and all of it stays.
 *   <li>No call begins that the one who asked could not wait for.
 * </ol>
 */
final class NovaLaunch {
    /** A call that has less time than this is not begun: its answer would be lost. */
    private static final Duration LEAST = Duration.ofSeconds(3);

    private static final Set<FailureKind> FOR_GOOD = Set.of(
            FailureKind.NO_CAPACITY,
            FailureKind.QUOTA_EXCEEDED,
            FailureKind.INVALID_TEMPLATE,
            FailureKind.CONFLICT,
            FailureKind.NOT_FOUND);

    private final NovaApi api;
    private final Batch batch;
    private final Frozen frozen;
    private final Frozen.Flavor flavor;
    private final SideBySide calls;
    private final Deadline deadline;

    private NovaLaunch(
            NovaApi api, Batch batch, Frozen frozen, Frozen.Flavor flavor, SideBySide calls, Deadline deadline) {
        this.api = api;
        this.batch = batch;
        this.frozen = frozen;
        this.flavor = flavor;
        this.calls = calls;
        this.deadline = deadline;
    }

    static NovaLaunch of(NovaApi api, Batch batch, SideBySide calls, Deadline deadline) throws CloudException {
        Frozen frozen = Frozen.parse(batch.frozen());
        Frozen.Flavor flavor = frozen.flavors().get(batch.choice().machineType());
        if (flavor == null) {
            throw new CloudException(
                    FailureKind.INVALID_TEMPLATE,
                    "the frozen parameters have no flavor " + batch.choice().machineType());
        }
        return new NovaLaunch(api, batch, frozen, flavor, calls, deadline);
    }

    Map<MachineName, Outcome> outcomes() throws NovaFailure, InterruptedException {
        Sides sides = Sides.read(api, batch, frozen); // 1
        Map<MachineName, Outcome> outcomes = new LinkedHashMap<>();
        List<MachineName> fitting = fitting(sides, outcomes); // 2
        if (frozen.volumes() > 0 || frozen.hasFloatingIp()) {
            fitting = equipped(sides, fitting, outcomes); // 3
        }
        outcomes.putAll(calls.each(fitting, name -> boot(sides, name), NovaLaunch::broken)); // 4
        takeAwayOfRefused(sides, outcomes); // 5
        return outcomes;
    }

    private void takeAwayOfRefused(Sides before, Map<MachineName, Outcome> outcomes) {
        List<MachineName> refused = outcomes.entrySet().stream()
                .filter(entry -> isForGood(entry.getValue()) && before.hasAnyOf(entry.getKey()))
                .map(Map.Entry::getKey)
                .toList();
        if (refused.isEmpty()) {
            return;
        }
        Sides.quietly(() -> {
            Sides now = Sides.read(api, batch, frozen);
            for (MachineName name : refused) {
                Optional<Outcome> taken = unready(now, name).filter(Outcome.Unknown.class::isInstance);
                taken.ifPresentOrElse(outcome -> outcomes.put(name, outcome), () -> now.takeAway(api, name));
            }
        });
    }

    private static boolean isForGood(Outcome outcome) {
        return outcome instanceof Outcome.Refused refused && FOR_GOOD.contains(refused.kind());
    }

    private List<MachineName> fitting(Sides sides, Map<MachineName, Outcome> outcomes) throws NovaFailure {
        Quotas quotas = new Quotas();
        quotas.add(asked(api::serverQuotas));
        if (frozen.portsTaken() > 0) {
            quotas.add(asked(api::networkQuotas));
        }
        if (batch.names().stream().anyMatch(name -> !sides.missingDisks(name).isEmpty())) {
            quotas.add(asked(api::volumeQuotas));
        }
        List<MachineName> fitting = new ArrayList<>();
        for (MachineName name : batch.names()) {
            Optional<String> problem = quotas.take(need(sides, name));
            if (problem.isPresent()) {
                outcomes.put(name, new Outcome.Refused(FailureKind.QUOTA_EXCEEDED, problem.get()));
            } else {
                fitting.add(name);
            }
        }
        return fitting;
    }

    private interface Asking {
        List<Quota> quotas() throws NovaFailure;
    }

    /** A cloud that does not tell its quotas tells soon enough when one is reached; a proxy that says 404 is no cloud. */
    private static List<Quota> asked(Asking asking) throws NovaFailure {
        try {
            return asking.quotas();
        } catch (NovaFailure failure) {
            if (failure.fate() == Fate.REFUSED && (failure.status() == 403 || failure.status() == 404)) {
                return List.of();
            }
            throw failure;
        }
    }

    private Map<String, Long> need(Sides sides, MachineName name) {
        List<Sides.Disk> missing = sides.missingDisks(name);
        boolean portThere = sides.port(name).isPresent();
        boolean addressThere = sides.floatingIp(name).isPresent();
        return Map.of(
                "instances",
                1L,
                "cores",
                (long) flavor.vcpus(),
                "ram",
                (long) flavor.ramMb(),
                "ports",
                (long) frozen.portsTaken() - (portThere ? 1 : 0),
                "floating IPs",
                frozen.hasFloatingIp() && !addressThere ? 1L : 0L,
                "volumes",
                (long) missing.size(),
                "gigabytes",
                missing.stream().mapToLong(disk -> disk.wish().sizeGb()).sum());
    }

    /** Those whose volumes are ready; the others get their outcome here. */
    private List<MachineName> equipped(Sides sides, List<MachineName> names, Map<MachineName, Outcome> outcomes)
            throws NovaFailure, InterruptedException {
        boolean making =
                names.stream().anyMatch(name -> !sides.missingDisks(name).isEmpty());
        Map<MachineName, Optional<Outcome>> made =
                calls.each(names, name -> make(sides, name), (name, bug) -> Optional.of(notMade(bug.toString())));
        if (making) {
            sides.readVolumes(api);
        }
        List<MachineName> ready = new ArrayList<>();
        made.forEach((name, failed) -> {
            Optional<Outcome> outcome = failed.or(() -> unready(sides, name));
            if (outcome.isPresent()) {
                outcomes.put(name, outcome.get());
            } else {
                ready.add(name);
            }
        });
        return ready;
    }

    private Optional<Outcome> make(Sides sides, MachineName name) {
        if (!deadline.leaves(LEAST)) {
            return Optional.of(noTime());
        }
        try {
            sides.makeMissing(api, name);
            return Optional.empty();
        } catch (NovaFailure failure) {
            // Whatever became of this call, the server was not asked for.
            FailureKind kind = NovaFailures.ofChange(failure);
            return Optional.of(
                    kind == FailureKind.UNKNOWN
                            ? notMade(failure.text())
                            : new Outcome.Refused(kind, failure.text(), failure.retryAfter()));
        } catch (CloudException unseen) {
            return Optional.of(
                    new Outcome.Refused(unseen.kind(), String.valueOf(unseen.getMessage()), unseen.retryAfter()));
        }
    }

    private static Outcome notMade(String text) {
        return new Outcome.Refused(FailureKind.UNAVAILABLE, text);
    }

    private static Outcome noTime() {
        return new Outcome.Refused(FailureKind.WITHHELD, "the cloud is slow: there was no time left to ask for it");
    }

    private Optional<Outcome> unready(Sides sides, MachineName name) {
        Optional<Port> port = sides.port(name).filter(one -> !one.server().isEmpty());
        if (port.isPresent()) {
            return Optional.of(new Outcome.Unknown(
                    "its port is held by server " + port.get().server() + ", of an earlier call"));
        }
        Optional<Outcome> notYet = Optional.empty();
        for (Sides.Disk disk : sides.disks()) {
            Optional<Volume> volume = sides.volume(name, disk);
            String status = volume.map(Volume::status).orElse("creating");
            switch (status) {
                case "available" -> {}
                case "error" -> {
                    return Optional.of(new Outcome.Refused(
                            FailureKind.NO_CAPACITY,
                            "Cinder could not make its volume of " + disk.wish().sizeGb() + " GB: it is in error"));
                }
                case "creating", "downloading" ->
                    notYet = Optional.of(
                            new Outcome.Refused(FailureKind.WITHHELD, "its volume is not ready yet: it is " + status));
                default -> {
                    return Optional.of(new Outcome.Unknown(
                            "its volume is " + status + ": a server of an earlier call may have it"));
                }
            }
        }
        return notYet;
    }

    private Outcome boot(Sides sides, MachineName name) {
        if (!deadline.leaves(LEAST)) {
            return noTime();
        }
        try {
            return new Outcome.Accepted(new MachineId(api.boot(request(sides, name))));
        } catch (NovaFailure failure) {
            return NovaFailures.change(failure);
        }
    }

    private static Outcome broken(MachineName name, RuntimeException bug) {
        return new Outcome.Unknown("the call for " + name + " failed inside: " + bug);
    }

    ObjectNode request(Sides sides, MachineName name) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode server = body.putObject("server");
        server.put("name", name.value());
        server.put("flavorRef", flavor.id());
        server.put("availability_zone", batch.choice().zone());
        if (frozen.bootVolume() == null) {
            server.put("imageRef", frozen.image());
        }
        disks(server, sides, name);
        networks(server, sides, name);
        if (frozen.keyPair() != null) {
            server.put("key_name", frozen.keyPair());
        }
        if (frozen.userData() != null) {
            server.put("user_data", frozen.userData());
        }
        if (frozen.configDrive()) {
            server.put("config_drive", true);
        }
        ObjectNode metadata = server.putObject("metadata");
        new TreeMap<>(frozen.labels()).forEach(metadata::put);
        metadata.put(Marks.POOL_TAG, batch.pool().value());
        metadata.put(Marks.MARKS_TAG, batch.marks().encode());
        metadata.put(Marks.NAME_TAG, name.value());
        metadata.put(NovaMachines.BATCH_TAG, batch.id().value());
        String word = Sides.word(frozen);
        if (!word.isEmpty()) {
            metadata.put(NovaMachines.SIDES_TAG, word);
        }
        if (frozen.serverGroup() != null || !frozen.schedulerHints().isEmpty()) {
            ObjectNode hints = body.putObject("os:scheduler_hints");
            new TreeMap<>(frozen.schedulerHints()).forEach(hints::put);
            if (frozen.serverGroup() != null) {
                hints.put("group", frozen.serverGroup());
            }
        }
        return body;
    }

    /** Beside volumes the image wants a row of its own, and a root that is a volume takes its place. */
    private void disks(ObjectNode server, Sides sides, MachineName name) {
        if (frozen.volumes() == 0) {
            return;
        }
        ArrayNode mapping = server.putArray("block_device_mapping_v2");
        if (frozen.bootVolume() == null) {
            ObjectNode image = mapping.addObject();
            image.put("uuid", frozen.image());
            image.put("source_type", "image");
            image.put("destination_type", "local");
            image.put("boot_index", 0);
            image.put("delete_on_termination", true);
        }
        boolean root = frozen.bootVolume() != null;
        for (Sides.Disk disk : sides.disks()) {
            ObjectNode volume = mapping.addObject();
            volume.put("uuid", sides.volume(name, disk).orElseThrow().id());
            volume.put("source_type", "volume");
            volume.put("destination_type", "volume");
            volume.put("boot_index", root ? 0 : -1);
            volume.put("delete_on_termination", true);
            root = false;
        }
    }

    private void networks(ObjectNode server, Sides sides, MachineName name) {
        if (frozen.networking() != null) {
            server.put("networks", frozen.networking());
            return;
        }
        ArrayNode networks = server.putArray("networks");
        frozen.ports().forEach(port -> networks.addObject().put("port", port));
        Optional<Port> port = frozen.hasFloatingIp() ? sides.port(name) : Optional.empty();
        for (int i = 0; i < frozen.networks().size(); i++) {
            if (i == 0 && port.isPresent()) {
                networks.addObject().put("port", port.get().id());
            } else {
                networks.addObject().put("uuid", frozen.networks().get(i));
            }
        }
        if (!frozen.securityGroups().isEmpty() && frozen.ports().isEmpty()) {
            ArrayNode groups = server.putArray("security_groups");
            frozen.securityGroups().forEach(id -> groups.addObject().put("name", id));
        }
    }
}
