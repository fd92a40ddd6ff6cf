package io.weir.aws.ec2;

import static java.util.Map.entry;

import io.weir.cloud.Elastisys;
import io.weir.driver.Listing;
import io.weir.pool.BatchId;
import io.weir.pool.Choice;
import io.weir.pool.CloudMachine;
import io.weir.pool.LateRefusal;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.MachineState;
import io.weir.pool.Market;
import io.weir.pool.Marks;
import io.weir.pool.PoolName;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.StateReason;
import software.amazon.awssdk.services.ec2.model.Tag;

/**
 * What EC2 shows of an instance → the pool's fact of it. Pure. What is missing or is not written as Weir writes it is left out; a row
 * is never dropped for it.
 *
 * <ol>
 *   <li>States: {@code pending}, {@code running}, {@code shutting-down} and {@code terminated} are what they say. {@code stopping} and
 *       {@code stopped} are no capacity, and Weir does not end them: they count as ending, and again as running if somebody starts them.
 *       A state that nobody knows yet is pending: it holds its slot and has a boot deadline.
 *   <li>EC2 tells of the launch only: it is the time of the request and, once there is an instance, of the launch.
 *   <li>An instance that bears no mark of Weir's and the tag of a pool that is taken over is a machine of that pool, marked by somebody else.
 *   <li>A terminated instance whose reason says that its launch failed is a late refusal, for as long as it is shown.
 * </ol>
 */
final class Ec2Machines {
    static final String ON_DEMAND_PROVIDER = "AWS-EC2";
    static final String SPOT_PROVIDER = "AWS-SPOT";

    private static final String UNKNOWN = "unknown";
    private static final Map<String, MachineState> STATES = Map.ofEntries(
            entry("pending", MachineState.PENDING),
            entry("running", MachineState.RUNNING),
            entry("shutting-down", MachineState.TERMINATING),
            entry("terminated", MachineState.TERMINATED),
            entry("stopping", MachineState.TERMINATING),
            entry("stopped", MachineState.TERMINATING));

    private final String region;
    private final Elastisys elastisys;

    Ec2Machines(String region, Elastisys elastisys) {
        this.region = region;
        this.elastisys = elastisys;
    }

    String region() {
        return region;
    }

    /** Whether any of these pools may have machines that bear the tag of their old pool only. */
    boolean takesOver(Set<PoolName> pools) {
        return elastisys.pools().values().stream().anyMatch(pools::contains);
    }

    CloudMachine machine(Instance instance) {
        Map<String, String> tags = tags(instance);
        Optional<Marks> theirs = elastisys.marks(tags);
        Optional<PoolName> pool = theirs.flatMap(Marks::pool).or(() -> Optional.ofNullable(tags.get(Marks.POOL_TAG))
                .filter(PoolName::isLegal)
                .map(PoolName::new));
        Optional<BatchId> batch = Ec2Names.batch(Optional.ofNullable(tags.get(Ec2Names.BATCH_TAG)));
        Market market = market(instance);
        Optional<Instant> launched = Optional.ofNullable(instance.launchTime());
        return new CloudMachine(
                new MachineId(instance.instanceId()),
                name(instance, tags, batch),
                pool,
                theirs.or(() ->
                        Optional.ofNullable(tags.get(Marks.MARKS_TAG)).flatMap(value -> Marks.decode(pool, value))),
                batch,
                state(instance),
                new Choice(
                        zone(instance),
                        Optional.ofNullable(instance.instanceTypeAsString()).orElse(UNKNOWN),
                        market,
                        Optional.empty()),
                provider(market),
                region,
                launched,
                launched,
                addresses(instance, true),
                addresses(instance, false),
                metadata(instance, tags));
    }

    static String provider(Market market) {
        return market == Market.SPOT ? SPOT_PROVIDER : ON_DEMAND_PROVIDER;
    }

    static MachineState state(Instance instance) {
        String name = instance.state() == null ? null : instance.state().nameAsString();
        return name == null ? MachineState.PENDING : STATES.getOrDefault(name, MachineState.PENDING);
    }

    /** The launch that failed after EC2 had accepted it; empty for an instance that lives, ran, or was ended by somebody. */
    static Optional<Listing.PoolRefusal> refusal(Instance instance, CloudMachine machine) {
        StateReason reason = instance.stateReason();
        boolean ended = machine.state() == MachineState.TERMINATED
                || "shutting-down"
                        .equals(
                                instance.state() == null
                                        ? null
                                        : instance.state().nameAsString());
        if (!ended
                || reason == null
                || machine.name().isEmpty()
                || machine.pool().isEmpty()) {
            return Optional.empty();
        }
        String text = reason.code() + ": " + reason.message();
        return Ec2Failures.ofLaunch(reason.code())
                .map(kind -> new Listing.PoolRefusal(
                        machine.pool().get(), new LateRefusal(machine.name().get(), kind, text)));
    }

    private static Optional<MachineName> name(Instance instance, Map<String, String> tags, Optional<BatchId> batch) {
        return Ec2Names.name(
                batch,
                Optional.ofNullable(instance.clientToken()),
                Optional.ofNullable(tags.get(Ec2Names.PART_TAG)),
                instance.amiLaunchIndex() == null ? 0 : instance.amiLaunchIndex());
    }

    private static Market market(Instance instance) {
        return "spot".equals(instance.instanceLifecycleAsString()) ? Market.SPOT : Market.ON_DEMAND;
    }

    private static String zone(Instance instance) {
        return instance.placement() == null || instance.placement().availabilityZone() == null
                ? UNKNOWN
                : instance.placement().availabilityZone();
    }

    private static Map<String, String> tags(Instance instance) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (Tag tag : instance.tags()) {
            if (tag.key() != null) {
                tags.put(tag.key(), tag.value() == null ? "" : tag.value());
            }
        }
        return tags;
    }

    /** The first interface's first address comes first: it is the one to connect to. */
    private static List<String> addresses(Instance instance, boolean open) {
        Set<String> addresses = new LinkedHashSet<>();
        add(addresses, open ? instance.publicIpAddress() : instance.privateIpAddress());
        instance.networkInterfaces().forEach(card -> card.privateIpAddresses().forEach(address -> {
            if (!open) {
                add(addresses, address.privateIpAddress());
            } else if (address.association() != null) {
                add(addresses, address.association().publicIp());
            }
        }));
        if (open) {
            add(addresses, instance.ipv6Address());
        }
        return List.copyOf(addresses);
    }

    private static void add(Set<String> addresses, @Nullable String address) {
        if (address != null && !address.isEmpty()) {
            addresses.add(address);
        }
    }

    /** {@code image}, {@code type}, {@code zone}, {@code market}, where it is in the network, why it ended, and {@code tag.*}. */
    private static Map<String, String> metadata(Instance instance, Map<String, String> tags) {
        Map<String, String> metadata = new TreeMap<>();
        put(metadata, "image", instance.imageId());
        put(metadata, "type", instance.instanceTypeAsString());
        put(metadata, "zone", zone(instance));
        put(metadata, "market", market(instance).name());
        put(metadata, "subnet", instance.subnetId());
        put(metadata, "vpc", instance.vpcId());
        put(metadata, "sshKey", instance.keyName());
        put(
                metadata,
                "state",
                instance.state() == null ? null : instance.state().nameAsString());
        put(
                metadata,
                "stateReason",
                instance.stateReason() == null ? null : instance.stateReason().message());
        tags.forEach((key, value) -> metadata.put("tag." + key, value));
        return Map.copyOf(metadata);
    }

    private static void put(Map<String, String> metadata, String key, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            metadata.put(key, value);
        }
    }
}
