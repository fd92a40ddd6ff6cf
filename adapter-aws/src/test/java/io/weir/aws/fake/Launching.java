package io.weir.aws.fake;

import io.weir.aws.fake.Ec2Event.Birth;
import io.weir.aws.fake.Ec2Event.Step;
import io.weir.aws.fake.Region.Subnet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * RunInstances.
 *
 * <ol>
 *   <li>A client token that is known where it holds answers with the reservation that it made: the same instances as they are now, and
 *       nothing more is looked at. Other parameters under it are refused. It holds for a zone if the call names one or a subnet, else for
 *       the region.
 *   <li>When all of its instances are terminated, the token itself is refused; a while after that it is forgotten.
 *   <li>As many are launched as there is room for, at most MaxCount; if that is fewer than MinCount, none.
 *   <li>What was not launched leaves no trace: the token of a refused call is free.
 * </ol>
 */
final class Launching {
    private static final Set<String> WITHOUT_MEANING = Set.of("ClientToken", "DryRun");

    private final Ground ground;
    private final InstanceView view;

    Launching(Ground ground, InstanceView view) {
        this.ground = ground;
        this.view = view;
    }

    List<Action.Need> needs(Query query) throws Refusal {
        return LaunchRequest.of(ground.region, query).needs();
    }

    Element run(Query query, long now) throws Refusal {
        LaunchRequest request = LaunchRequest.of(ground.region, query);
        Optional<String> token = query.text("ClientToken")
                .filter(text -> !text.isEmpty())
                .map(text -> text + "@" + request.zone().orElse(ground.region.name()));
        Optional<Ec2Event.Launched> known =
                token.flatMap(ground.ledger::byToken).filter(launch -> isRemembered(launch, now));
        if (known.isPresent() && !query.flag("DryRun")) {
            return repeated(query, known.get(), now);
        }
        int least = request.minCount();
        int most = request.maxCount();
        LaunchSpec spec = request.spec(subnets -> roomiest(subnets, query, now));
        Ground.endTrial(query);

        Room room = Room.in(ground, spec, now);
        int count = Math.min(most, room.left());
        if (count < least) {
            throw room.refusal();
        }
        List<Birth> births = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            births.add(birth(spec, ground.ledger.all().size() + i, now));
        }
        Ec2Event.Launched launch = new Ec2Event.Launched(
                Instant.ofEpochMilli(now),
                ground.newId("r-"),
                token.orElse(null),
                query.text("ClientToken").filter(text -> !text.isEmpty()).orElse(null),
                query.meaning(WITHOUT_MEANING),
                spec,
                births);
        ground.ledger.write(launch);
        return answer(launch, now);
    }

    private boolean isRemembered(Ec2Event.Launched launch, long now) {
        long end = ground.ledger.of(launch).stream()
                .mapToLong(Instance::ended)
                .max()
                .orElse(0);
        return end == Instance.NEVER || now < end + Ground.millis(ground.dials.tokenSeconds());
    }

    private Element repeated(Query query, Ec2Event.Launched launch, long now) throws Refusal {
        if (!launch.asked().equals(query.meaning(WITHOUT_MEANING))) {
            throw Refusal.client(
                    "IdempotentParameterMismatch",
                    "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).");
        }
        boolean allEnded = ground.ledger.of(launch).stream().allMatch(instance -> instance.ended() <= now);
        if (allEnded && ground.dials.terminatedTokens()) {
            throw Refusal.client(
                    "IdempotentInstanceTerminated",
                    "The client token you have provided is associated with a terminated instance. Please use a different client token.");
        }
        return answer(launch, now);
    }

    private Element answer(Ec2Event.Launched launch, long now) {
        return view.reservation("answer", launch, ground.ledger.of(launch), now, now);
    }

    /** Where there is most room; of several the first. */
    private Subnet roomiest(List<Subnet> subnets, Query query, long now) {
        Subnet best = subnets.get(0);
        int most = -1;
        for (Subnet subnet : subnets) {
            int left = Room.inPlace(
                    ground,
                    subnet.zone(),
                    subnet.id(),
                    query.text("InstanceType").orElse("m1.small"),
                    query.has("InstanceMarketOptions"),
                    now);
            if (left > most) {
                most = left;
                best = subnet;
            }
        }
        return best;
    }

    private Birth birth(LaunchSpec spec, int number, long now) {
        Ec2Dials dials = ground.dials;
        String id = ground.newId("i-");
        String network = Optional.ofNullable(spec.subnet())
                .flatMap(ground.region::subnet)
                .map(Subnet::network)
                .orElse("10.0.0");
        // Addresses are used again after so many, as they are in a subnet.
        String address = network.substring(0, network.lastIndexOf('.') + 1)
                + (Integer.parseInt(network.substring(network.lastIndexOf('.') + 1)) * 16 + number / 250 % 16)
                + "." + (4 + number % 250);
        List<Step> steps = new ArrayList<>();
        steps.add(Step.because(Instant.ofEpochMilli(now), State.PENDING, "pending", "pending"));
        Instant running = Instant.ofEpochMilli(now + ground.dice.millis(dials.boot()));
        if (ground.dice.happens(dials.lateRefusals().p())) {
            Instant failed = Instant.ofEpochMilli(
                    now + ground.dice.millisUpTo(dials.lateRefusals().seconds()));
            String reason = dials.lateRefusals().reason();
            steps.add(Step.because(failed, State.TERMINATED, reason, StateReasons.text(reason)));
        } else if (!ground.dice.happens(dials.neverBoots())) {
            steps.add(Step.of(running, State.RUNNING));
            if (ground.dice.happens(dials.diesYoung().p())) {
                Instant dead = running.plusMillis(
                        ground.dice.millisUpTo(dials.diesYoung().withinSeconds()));
                steps.add(Step.because(
                        dead, State.TERMINATED, "Server.InternalError", StateReasons.text("Server.InternalError")));
            } else if (spec.isSpot()
                    && ground.dice.happens(dials.spotInterruptions().p())) {
                Instant taken = running.plusMillis(
                        ground.dice.millisUpTo(dials.spotInterruptions().withinSeconds()));
                String reason = "Server.SpotInstanceTermination";
                steps.add(Step.because(taken, State.SHUTTING_DOWN, reason, StateReasons.text(reason)));
                steps.add(Step.because(taken.plusSeconds(30), State.TERMINATED, reason, StateReasons.text(reason)));
            }
        }
        return new Birth(id, address, steps);
    }

    /** How many more there may be, and what EC2 says if that is too few. */
    private record Room(int left, Refusal refusal) {

        static Room in(Ground ground, LaunchSpec spec, long now) {
            Room room = new Room(Integer.MAX_VALUE, Refusal.throttled());
            int vcpus = vcpus(ground, spec.instanceType());
            int instances = 0;
            int onDemand = 0;
            int spot = 0;
            int inSubnet = 0;
            for (Instance other : ground.ledger.shown()) {
                if (other.state(now) == State.TERMINATED) {
                    continue;
                }
                inSubnet += Objects.equals(other.spec.subnet(), spec.subnet()) ? 1 : 0;
                if (other.isAlive(now)) {
                    instances++;
                    onDemand += other.spec.isSpot() ? 0 : vcpus(ground, other.spec.instanceType());
                    spot += other.spec.isSpot() ? vcpus(ground, other.spec.instanceType()) : 0;
                }
            }
            Map<String, Integer> quota = ground.dials.quota();
            Integer instanceQuota = quota.get(Ec2Dials.INSTANCES);
            if (instanceQuota != null) {
                room = room.atMost(
                        instanceQuota - instances,
                        Refusal.client(
                                "InstanceLimitExceeded",
                                "You have requested more instances than your current instance limit of " + instanceQuota
                                        + " allows for the specified instance type. Please visit"
                                        + " http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit."));
            }
            Integer vcpuQuota = quota.get(Ec2Dials.VCPUS);
            if (vcpuQuota != null && !spec.isSpot()) {
                room = room.atMost(
                        (vcpuQuota - onDemand) / vcpus,
                        Refusal.client(
                                "VcpuLimitExceeded",
                                "You have requested more vCPU capacity than your current vCPU limit of " + vcpuQuota
                                        + " allows for the instance bucket that the specified instance type belongs to. Please visit"
                                        + " http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit."));
            }
            Integer spotQuota = quota.get(Ec2Dials.SPOT_VCPUS);
            if (spotQuota != null && spec.isSpot()) {
                room = room.atMost(
                        (spotQuota - spot) / vcpus,
                        Refusal.client("MaxSpotInstanceCountExceeded", "Max spot instance count exceeded"));
            }
            Optional<Subnet> subnet = Optional.ofNullable(spec.subnet()).flatMap(ground.region::subnet);
            if (subnet.isPresent()) {
                room = room.atMost(
                        subnet.get().addresses() - inSubnet,
                        Refusal.client(
                                "InsufficientFreeAddressesInSubnet",
                                "There are not enough free addresses in subnet '"
                                        + subnet.get().id() + "' to satisfy the requested number of instances."));
            }
            return room.atMost(
                    inPlace(ground, spec.zone(), spec.subnet(), spec.instanceType(), spec.isSpot(), now),
                    noCapacity(ground, spec));
        }

        private Room atMost(int other, Refusal why) {
            return other < left ? new Room(Math.max(0, other), why) : this;
        }

        private static Refusal noCapacity(Ground ground, LaunchSpec spec) {
            String others = String.join(
                    ", ",
                    ground.region.zones().stream()
                            .map(Region.Zone::name)
                            .filter(zone -> !zone.equals(spec.zone()))
                            .toList());
            return new Refusal(
                    500,
                    "InsufficientInstanceCapacity",
                    spec.isSpot()
                            ? "There is no Spot capacity available that matches your request."
                            : "We currently do not have sufficient " + spec.instanceType()
                                    + " capacity in the Availability Zone you requested (" + spec.zone()
                                    + "). Our system will be working on provisioning additional capacity. You can currently get "
                                    + spec.instanceType()
                                    + " capacity by not specifying an Availability Zone in your request or choosing "
                                    + others
                                    + ".");
        }

        private static int vcpus(Ground ground, String type) {
            return ground.region.type(type).map(Region.InstanceType::vcpus).orElse(1);
        }

        /** By the dials of capacity alone. */
        static int inPlace(
                Ground ground,
                String zone,
                @org.jspecify.annotations.Nullable String subnet,
                String type,
                boolean spot,
                long now) {
            int left = Integer.MAX_VALUE;
            for (Map.Entry<String, Integer> limit : ground.dials.capacity().entrySet()) {
                String[] words = limit.getKey().split("/", 3);
                boolean concerns = (words[0].equals(zone) || words[0].equals(subnet))
                        && (words.length < 2 || words[1].equals(type))
                        && (words.length < 3 || words[2].equals(spot ? "spot" : "on-demand"));
                if (concerns) {
                    int there = (int) ground.ledger.shown().stream()
                            .filter(other -> other.isAlive(now))
                            .filter(other -> words[0].equals(other.spec.zone()) || words[0].equals(other.spec.subnet()))
                            .filter(other -> words.length < 2 || words[1].equals(other.spec.instanceType()))
                            .filter(other -> words.length < 3 || words[2].equals("spot") == other.spec.isSpot())
                            .count();
                    left = Math.min(left, Math.max(0, limit.getValue() - there));
                }
            }
            return left;
        }
    }
}
