package io.weir.gce.compute;

import static java.util.Map.entry;

import com.google.cloud.compute.v1.AccessConfig;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.NetworkInterface;
import com.google.cloud.compute.v1.Operation;
import io.weir.driver.CloudException;
import io.weir.driver.Listing;
import io.weir.pool.Choice;
import io.weir.pool.CloudMachine;
import io.weir.pool.LateRefusal;
import io.weir.pool.MachineName;
import io.weir.pool.MachineState;
import io.weir.pool.Market;
import io.weir.pool.Marks;
import io.weir.pool.PoolName;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What Compute Engine shows of an instance → the pool's fact of it. Pure. What is missing or is not written as Weir writes it is left
 * out; a row is never dropped for it.
 *
 * <ol>
 *   <li>States: {@code PROVISIONING}, {@code STAGING} and {@code REPAIRING} are pending, {@code RUNNING} is what it says. The others are
 *       no capacity: {@code TERMINATED} is Compute Engine's word for an instance that is stopped and still there, Weir does not end it,
 *       and it counts again if somebody starts it. A state that nobody knows yet is pending: it holds its slot and has a boot deadline.
 *   <li>A deleted instance leaves nothing to be seen.
 *   <li>An instance has no image: its disk has, and the disk is not asked for.
 *   <li>A launch that was accepted and failed is an operation of Weir's own that ended with an error, and its name says whose it was. One
 *       that failed because the name is taken is none: then an earlier call has launched it.
 * </ol>
 */
final class GceMachines {
    static final String PROVIDER = "GCE";

    private static final String UNKNOWN = "unknown";
    private static final Map<String, MachineState> STATES = Map.ofEntries(
            entry("PENDING", MachineState.PENDING),
            entry("PROVISIONING", MachineState.PENDING),
            entry("STAGING", MachineState.PENDING),
            entry("REPAIRING", MachineState.PENDING),
            entry("RUNNING", MachineState.RUNNING),
            entry("STOPPING", MachineState.TERMINATING),
            entry("PENDING_STOP", MachineState.TERMINATING),
            entry("DEPROVISIONING", MachineState.TERMINATING),
            entry("SUSPENDING", MachineState.TERMINATING),
            entry("SUSPENDED", MachineState.TERMINATING),
            entry("STOPPED", MachineState.TERMINATING),
            entry("TERMINATED", MachineState.TERMINATING));

    private final String region;
    private final TakeOver takeOver;

    GceMachines(String region, TakeOver takeOver) {
        this.region = region;
        this.takeOver = takeOver;
    }

    String region() {
        return region;
    }

    /** What finds machines that are not labelled by Weir yet. */
    TakeOver takeOver() {
        return takeOver;
    }

    /** @param zone where it was found: a row need not say */
    CloudMachine machine(String zone, Instance instance) {
        Map<String, String> labels = instance.getLabelsMap();
        Optional<Marks> theirs = takeOver.marks(labels);
        Optional<PoolName> pool = theirs.flatMap(Marks::pool).or(() -> Optional.ofNullable(labels.get(Marks.POOL_TAG))
                .filter(PoolName::isLegal)
                .map(PoolName::new));
        Optional<Instant> created = time(instance.getCreationTimestamp());
        return new CloudMachine(
                new GceNames.Place(zone, instance.getName()).id(),
                GceNames.machine(instance.getName(), labels.get(GceNames.BATCH_LABEL)),
                pool,
                theirs.or(() ->
                        Optional.ofNullable(labels.get(Marks.MARKS_TAG)).flatMap(value -> Marks.decode(pool, value))),
                GceNames.batch(labels.get(GceNames.BATCH_LABEL)),
                state(instance.getStatus()),
                new Choice(
                        zone,
                        instance.getMachineType().isEmpty() ? UNKNOWN : GceNames.last(instance.getMachineType()),
                        market(instance),
                        Optional.empty()),
                PROVIDER,
                region,
                created,
                time(instance.getLastStartTimestamp()).or(() -> created),
                addresses(instance, true),
                addresses(instance, false),
                metadata(zone, instance));
    }

    static MachineState state(String status) {
        return STATES.getOrDefault(status, MachineState.PENDING);
    }

    static Market market(Instance instance) {
        boolean spot = instance.getScheduling().getProvisioningModel().equals("SPOT")
                || instance.getScheduling().getPreemptible();
        return spot ? Market.SPOT : Market.ON_DEMAND;
    }

    /** Of each pool whose machine it may have been: what another pool's name begins with is no name that the pool knows. */
    static List<Listing.PoolRefusal> refusals(Operation operation, String zone, Set<PoolName> pools) {
        String name = GceNames.last(operation.getTargetLink());
        GceNames.Place place = new GceNames.Place(zone, name);
        if (!operation.hasError()
                || operation.getStatus() != Operation.Status.DONE
                || GceFailures.isNameTaken(operation)
                || !MachineName.isLegal(name)
                || !GceNames.isLaunch(operation.getClientOperationId(), place)) {
            return List.of();
        }
        CloudException why = GceFailures.ofLaunch(operation, UnaryOperator.identity());
        List<Listing.PoolRefusal> refusals = new ArrayList<>();
        for (PoolName pool : pools) {
            if (name.startsWith(pool + "-")) {
                refusals.add(new Listing.PoolRefusal(
                        pool,
                        // Without an id: nothing is left of it that could be shown, and ended.
                        new LateRefusal(new MachineName(name), why.kind(), String.valueOf(why.getMessage()))));
            }
        }
        return refusals;
    }

    /** As RFC 3339 has it, with an offset; empty if it is none. */
    static Optional<Instant> time(String text) {
        try {
            return text.isEmpty()
                    ? Optional.empty()
                    : Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException none) {
            return Optional.empty();
        }
    }

    /** The first interface's address comes first: it is the one to connect to. */
    private static List<String> addresses(Instance instance, boolean open) {
        Set<String> addresses = new LinkedHashSet<>();
        for (NetworkInterface card : instance.getNetworkInterfacesList()) {
            if (open) {
                card.getAccessConfigsList().stream().map(AccessConfig::getNatIP).forEach(addresses::add);
                card.getIpv6AccessConfigsList().stream()
                        .map(AccessConfig::getExternalIpv6)
                        .forEach(addresses::add);
            } else {
                addresses.add(card.getNetworkIP());
            }
        }
        addresses.remove("");
        return List.copyOf(addresses);
    }

    /** {@code type}, {@code zone}, {@code market}, where it is in the network, its state in Google's words, the group that made it, and labels as {@code tag.*}. */
    private static Map<String, String> metadata(String zone, Instance instance) {
        Map<String, String> metadata = new TreeMap<>();
        put(metadata, "type", GceNames.last(instance.getMachineType()));
        put(metadata, "zone", zone);
        put(metadata, "market", market(instance).name());
        put(metadata, "state", instance.getStatus());
        put(metadata, "stateReason", instance.getStatusMessage());
        put(metadata, "cpuPlatform", instance.getCpuPlatform());
        instance.getNetworkInterfacesList().stream().findFirst().ifPresent(card -> {
            put(metadata, "network", GceNames.last(card.getNetwork()));
            put(metadata, "subnetwork", GceNames.last(card.getSubnetwork()));
        });
        if (instance.hasTags()) {
            put(metadata, "networkTags", String.join(",", instance.getTags().getItemsList()));
        }
        instance.getMetadata().getItemsList().stream()
                .filter(item -> item.getKey().equals("created-by"))
                .forEach(item -> put(metadata, "createdBy", item.getValue()));
        instance.getLabelsMap().forEach((key, value) -> metadata.put("tag." + key, value));
        return Map.copyOf(metadata);
    }

    private static void put(Map<String, String> metadata, String key, String value) {
        if (!value.isEmpty()) {
            metadata.put(key, value);
        }
    }
}
