package io.weir.aws.fake;

import io.weir.aws.fake.Ec2Event.Step;
import io.weir.aws.fake.LaunchSpec.Volume;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * DescribeInstances, and what came with instances: volumes, network interfaces, spot requests.
 *
 * <ol>
 *   <li>Each instance is shown as it was some time ago, at most the lag: rows jump back and forth. One listing in two is as old as one
 *       draw, the others draw for each instance. Its tags have a lag of their own.
 *   <li>An id that is not shown, not yet or no more, refuses the whole call.
 *   <li>Pages count instances; a reservation may go on on the next page.
 * </ol>
 */
final class Listing {
    private final Ground ground;
    private final InstanceView view;

    Listing(Ground ground, InstanceView view) {
        this.ground = ground;
        this.view = view;
    }

    /** One instance as one listing sees it. */
    private record Seen(Instance instance, long at, long tagsAt, Step step, Map<String, String> tags) {
        LaunchSpec spec() {
            return instance.spec;
        }

        boolean isGone() {
            return step.state() == State.TERMINATED;
        }

        String order() {
            return String.format("%010d", instance.number);
        }
    }

    private final Filters<Seen> instances = new Filters<Seen>()
            .tags(Seen::tags)
            .with("architecture", seen -> seen.spec().architecture())
            .with("availability-zone", seen -> seen.spec().zone())
            .with("availability-zone-id", seen -> zoneId(seen))
            .each("block-device-mapping.device-name", seen -> volumes(seen, Volume::device))
            .each("block-device-mapping.volume-id", seen -> volumes(seen, seen.instance::volumeId))
            .with("client-token", seen -> seen.instance.launch.clientToken())
            .with("ebs-optimized", seen -> seen.spec().ebsOptimized())
            .with("hypervisor", seen -> "xen")
            .with(
                    "iam-instance-profile.id",
                    seen -> seen.spec().profile() == null
                            ? null
                            : seen.spec().profile().id())
            .with(
                    "iam-instance-profile.name",
                    seen -> seen.spec().profile() == null
                            ? null
                            : seen.spec().profile().name())
            .with("image-id", seen -> seen.spec().imageId())
            .with("instance-id", seen -> seen.instance.id)
            .with("instance-lifecycle", seen -> seen.spec().isSpot() ? "spot" : null)
            .with("instance-state-code", seen -> seen.step.state().code)
            .with("instance-state-name", seen -> seen.step.state().word)
            .with("instance-type", seen -> seen.spec().instanceType())
            .each("instance.group-id", seen -> groups(seen, LaunchSpec.Named::id))
            .each("instance.group-name", seen -> groups(seen, LaunchSpec.Named::name))
            .with("key-name", seen -> seen.spec().keyName())
            .with("launch-index", seen -> seen.instance.launchIndex)
            .with("launch-time", seen -> Element.time(Instant.ofEpochMilli(seen.instance.launched)))
            .with("metadata-options.http-tokens", seen -> seen.spec().metadata().tokens())
            .with("network-interface.network-interface-id", seen -> seen.isGone() ? null : seen.instance.interfaceId())
            .with(
                    "network-interface.subnet-id",
                    seen -> seen.isGone() ? null : seen.spec().subnet())
            .with(
                    "network-interface.vpc-id",
                    seen -> seen.isGone() ? null : seen.spec().vpc())
            .with("owner-id", seen -> account())
            .with("placement-group-name", seen -> seen.spec().placementGroup())
            .with("private-ip-address", seen -> seen.isGone() ? null : seen.instance.address)
            .with("reason", seen -> InstanceView.transition(seen.instance, seen.step))
            .with("reservation-id", seen -> seen.instance.launch.reservation())
            .with("root-device-name", seen -> seen.spec().rootDevice())
            .with("root-device-type", seen -> "ebs")
            .with("spot-instance-request-id", seen -> seen.spec().isSpot() ? seen.instance.spotRequestId() : null)
            .with("state-reason-code", seen -> seen.step.code())
            .with("subnet-id", seen -> seen.isGone() ? null : seen.spec().subnet())
            .with("tenancy", seen -> seen.spec().tenancy())
            .with("virtualization-type", seen -> "hvm")
            .with("vpc-id", seen -> seen.isGone() ? null : seen.spec().vpc());

    private String zoneId(Seen seen) {
        return ground.region.zoneId(seen.spec().zone());
    }

    private String account() {
        return ground.region.account();
    }

    private static Collection<String> volumes(Seen seen, Function<Volume, String> of) {
        return seen.isGone()
                ? List.of()
                : seen.spec().volumes().stream().map(of).toList();
    }

    private static Collection<String> groups(Seen seen, Function<LaunchSpec.Named, String> of) {
        return seen.isGone() ? List.of() : seen.spec().groups().stream().map(of).toList();
    }

    Element instances(Query query, long now) throws Refusal {
        Pages.refuseWith(query, "InstanceId", "instancesSet");
        Predicate<Seen> passes = instances.of(query);
        List<Seen> all = seen(now);
        Set<String> ids = new LinkedHashSet<>(query.texts("InstanceId"));
        if (!ids.isEmpty()) {
            for (String id : ids) {
                if (!InstanceView.isWellFormed(id)) {
                    throw Refusal.malformed("InvalidInstanceID", id);
                }
            }
            Set<String> missing = new LinkedHashSet<>(ids);
            all.forEach(seen -> missing.remove(seen.instance.id));
            if (!missing.isEmpty()) {
                throw Refusal.noInstances(missing);
            }
            all = all.stream().filter(seen -> ids.contains(seen.instance.id)).toList();
        }
        Pages<Seen> page = Pages.of(query, all.stream().filter(passes).toList(), Seen::order, ground.dials.pageSize());
        Map<Ec2Event.Launched, List<Seen>> reservations = new LinkedHashMap<>();
        page.things().forEach(seen -> reservations
                .computeIfAbsent(seen.instance.launch, first -> new ArrayList<>())
                .add(seen));
        return Element.of(
                "answer",
                Element.list(
                        "reservationSet",
                        reservations.entrySet().stream()
                                .map(one -> reservation(one.getKey(), one.getValue()))
                                .toList()),
                page.element());
    }

    private Element reservation(Ec2Event.Launched launch, List<Seen> some) {
        return Element.item(
                Element.text("reservationId", launch.reservation()),
                Element.text("ownerId", account()),
                Element.of("groupSet"),
                Element.list(
                        "instancesSet",
                        some.stream()
                                .map(seen -> view.element(seen.instance, seen.at, seen.tags))
                                .toList()));
    }

    private List<Seen> seen(long now) {
        double lag = ground.dials.lagSeconds();
        double tagLag = ground.dials.tagLagSeconds();
        boolean together = lag > 0 && ground.dice.happens(0.5);
        long common = ground.stale(now, together ? lag : 0);
        List<Seen> all = new ArrayList<>();
        for (Instance instance : ground.ledger.shown()) {
            long at = together ? common : ground.stale(now, lag);
            Optional<Step> step = instance.shown(at, ground.tombstone());
            if (step.isPresent()) {
                long tagsAt = Math.min(at, ground.stale(now, tagLag));
                // While its first tags have not arrived, an instance has none.
                Map<String, String> tags = tagsAt < instance.launched ? Map.of() : view.tags(instance, at, tagsAt);
                all.add(new Seen(instance, at, tagsAt, step.get(), tags));
            }
        }
        return all;
    }

    // What came with them

    private record Disk(Instance instance, Volume volume, long now, Map<String, String> tags) {
        String id() {
            return instance.volumeId(volume);
        }

        boolean isAttached() {
            return now < instance.ended();
        }

        String status() {
            if (!isAttached()) {
                return "available";
            }
            return InstanceView.attachment(instance, now).equals("attached") ? "in-use" : "creating";
        }
    }

    private final Filters<Disk> disks = new Filters<Disk>()
            .tags(Disk::tags)
            .with("attachment.instance-id", disk -> disk.isAttached() ? disk.instance.id : null)
            .with(
                    "attachment.delete-on-termination",
                    disk -> disk.isAttached() ? disk.volume.deleteOnTermination() : null)
            .with("attachment.device", disk -> disk.isAttached() ? disk.volume.device() : null)
            .with("availability-zone", disk -> disk.instance.spec.zone())
            .with("encrypted", disk -> disk.volume.encrypted())
            .with("size", disk -> disk.volume.sizeGb())
            .with("status", Disk::status)
            .with("volume-id", Disk::id)
            .with("volume-type", disk -> disk.volume.type());

    Element volumes(Query query, long now) throws Refusal {
        Pages.refuseWith(query, "VolumeId", "volumeSet");
        List<Disk> all = new ArrayList<>();
        for (Instance instance : ground.ledger.all()) {
            for (Volume volume : instance.spec.volumes()) {
                if (now < instance.ended() || !volume.deleteOnTermination()) {
                    all.add(new Disk(instance, volume, now, tagsNow(instance.volumeId(volume))));
                }
            }
        }
        Set<String> ids = new LinkedHashSet<>(query.texts("VolumeId"));
        for (String id : ids) {
            if (all.stream().noneMatch(disk -> disk.id().equals(id))) {
                throw Refusal.client("InvalidVolume.NotFound", "The volume '" + id + "' does not exist.");
            }
        }
        List<Disk> passed = all.stream()
                .filter(disk -> ids.isEmpty() || ids.contains(disk.id()))
                .filter(disks.of(query))
                .sorted(java.util.Comparator.comparing(Disk::id))
                .toList();
        Pages<Disk> page = Pages.of(query, passed, Disk::id, ground.dials.pageSize());
        return Element.of(
                "answer",
                Element.list(
                        "volumeSet", page.things().stream().map(this::element).toList()),
                page.element());
    }

    private Element element(Disk disk) {
        Element attachment = Element.item(
                Element.text("volumeId", disk.id()),
                Element.text("instanceId", disk.instance.id),
                Element.text("device", disk.volume.device()),
                Element.text("status", InstanceView.attachment(disk.instance, disk.now)),
                Element.text("attachTime", InstanceView.attached(disk.instance)),
                Element.text("deleteOnTermination", disk.volume.deleteOnTermination()));
        return Element.item(
                Element.text("volumeId", disk.id()),
                Element.text("size", disk.volume.sizeGb()),
                Element.of("snapshotId"),
                Element.text("availabilityZone", disk.instance.spec.zone()),
                Element.text("status", disk.status()),
                Element.text("createTime", InstanceView.attached(disk.instance)),
                Element.list("attachmentSet", disk.isAttached() ? List.of(attachment) : List.of()),
                Element.tags(disk.tags),
                Element.text("volumeType", disk.volume.type()),
                Element.maybe("iops", disk.volume.iops()),
                Element.maybe("throughput", disk.volume.throughput()),
                Element.text("encrypted", disk.volume.encrypted()),
                Element.maybe("kmsKeyId", disk.volume.kmsKey()),
                Element.text("multiAttachEnabled", false));
    }

    private final Filters<Instance> interfaces = new Filters<Instance>()
            .tags(instance -> tagsNow(instance.interfaceId()))
            .with("attachment.instance-id", instance -> instance.id)
            .with("availability-zone", instance -> instance.spec.zone())
            .with("network-interface-id", Instance::interfaceId)
            .with("private-ip-address", instance -> instance.address)
            .with("subnet-id", instance -> instance.spec.subnet())
            .with("vpc-id", instance -> instance.spec.vpc());

    Element interfaces(Query query, long now) throws Refusal {
        Pages.refuseWith(query, "NetworkInterfaceId", "networkInterfaceIdSet");
        Set<String> ids = new LinkedHashSet<>(query.texts("NetworkInterfaceId"));
        List<Instance> all = ground.ledger.shown().stream()
                .filter(instance -> now < instance.ended())
                .toList();
        for (String id : ids) {
            if (all.stream().noneMatch(instance -> instance.interfaceId().equals(id))) {
                throw Refusal.client(
                        "InvalidNetworkInterfaceID.NotFound", "The networkInterface ID '" + id + "' does not exist");
            }
        }
        List<Instance> passed = all.stream()
                .filter(instance -> ids.isEmpty() || ids.contains(instance.interfaceId()))
                .filter(interfaces.of(query))
                .sorted(java.util.Comparator.comparing(Instance::interfaceId))
                .toList();
        Pages<Instance> page = Pages.of(query, passed, Instance::interfaceId, ground.dials.pageSize());
        return Element.of(
                "answer",
                Element.list(
                        "networkInterfaceSet",
                        page.things().stream()
                                .map(instance -> Element.item(
                                        Element.text("networkInterfaceId", instance.interfaceId()),
                                        Element.maybe("subnetId", instance.spec.subnet()),
                                        Element.maybe("vpcId", instance.spec.vpc()),
                                        Element.text("availabilityZone", instance.spec.zone()),
                                        Element.of("description"),
                                        Element.text("ownerId", account()),
                                        Element.text("requesterManaged", false),
                                        Element.text("status", "in-use"),
                                        Element.text("macAddress", InstanceView.mac(instance)),
                                        Element.text("privateIpAddress", instance.address),
                                        Element.text("sourceDestCheck", true),
                                        InstanceView.groups(instance.spec.groups()),
                                        Element.of(
                                                "attachment",
                                                Element.text("attachmentId", instance.idOf("eni-attach-", "0")),
                                                Element.text("instanceId", instance.id),
                                                Element.text("instanceOwnerId", account()),
                                                Element.text("deviceIndex", 0),
                                                Element.text("status", InstanceView.attachment(instance, now)),
                                                Element.text("attachTime", Instant.ofEpochMilli(instance.launched)),
                                                Element.text("deleteOnTermination", true)),
                                        Element.tags(tagsNow(instance.interfaceId())),
                                        Element.text("interfaceType", "interface")))
                                .toList()),
                page.element());
    }

    private record SpotRequest(Instance instance, long now, Map<String, String> tags) {
        String id() {
            return instance.spotRequestId();
        }

        boolean isTakenBack() {
            return "Server.SpotInstanceTermination"
                    .equals(instance.step(now).map(Step::code).orElse(""));
        }

        String state() {
            return instance.isAlive(now) ? "active" : "closed";
        }

        String statusCode() {
            if (instance.isAlive(now)) {
                return "fulfilled";
            }
            return isTakenBack() ? "instance-terminated-no-capacity" : "instance-terminated-by-user";
        }

        String statusMessage() {
            return switch (statusCode()) {
                case "fulfilled" -> "Your spot request is fulfilled.";
                case "instance-terminated-no-capacity" ->
                    "Your Spot instance was terminated because there is no Spot capacity available that matches your request.";
                default -> "Your Spot Instance was terminated by user.";
            };
        }

        Instant updated() {
            return instance.step(now).map(Step::at).orElseThrow();
        }
    }

    private final Filters<SpotRequest> spotRequests = new Filters<SpotRequest>()
            .tags(SpotRequest::tags)
            .with("instance-id", request -> request.instance.id)
            .with("launched-availability-zone", request -> request.instance.spec.zone())
            .with("spot-instance-request-id", SpotRequest::id)
            .with("state", SpotRequest::state)
            .with("status-code", SpotRequest::statusCode)
            .with("type", request -> "one-time");

    Element spotRequests(Query query, long now) throws Refusal {
        Pages.refuseWith(query, "SpotInstanceRequestId", "spotInstanceRequestSet");
        Set<String> ids = new LinkedHashSet<>(query.texts("SpotInstanceRequestId"));
        List<SpotRequest> all = ground.ledger.shown().stream()
                .filter(instance -> instance.spec.isSpot())
                .map(instance -> new SpotRequest(instance, now, tagsNow(instance.spotRequestId())))
                .toList();
        for (String id : ids) {
            if (all.stream().noneMatch(request -> request.id().equals(id))) {
                throw Refusal.client(
                        "InvalidSpotInstanceRequestID.NotFound",
                        "The spot instance request ID '" + id + "' does not exist");
            }
        }
        List<SpotRequest> passed = all.stream()
                .filter(request -> ids.isEmpty() || ids.contains(request.id()))
                .filter(spotRequests.of(query))
                .sorted(java.util.Comparator.comparing(SpotRequest::id))
                .toList();
        Pages<SpotRequest> page = Pages.of(query, passed, SpotRequest::id, ground.dials.pageSize());
        return Element.of(
                "answer",
                Element.list(
                        "spotInstanceRequestSet",
                        page.things().stream().map(this::element).toList()),
                page.element());
    }

    private Element element(SpotRequest request) {
        LaunchSpec spec = request.instance.spec;
        String price = spec.spotPrice() != null
                ? spec.spotPrice()
                : ground.region
                        .type(spec.instanceType())
                        .map(type -> type.price().toPlainString())
                        .orElse("0");
        List<Element> volumes = spec.volumes().stream()
                .map(volume -> Element.item(
                        Element.text("deviceName", volume.device()),
                        Element.of(
                                "ebs",
                                Element.text("volumeSize", volume.sizeGb()),
                                Element.text("deleteOnTermination", volume.deleteOnTermination()),
                                Element.text("volumeType", volume.type()))))
                .toList();
        return Element.item(
                Element.text("spotInstanceRequestId", request.id()),
                Element.text("spotPrice", price),
                Element.text("type", "one-time"),
                Element.text("state", request.state()),
                Element.of(
                        "status",
                        Element.text("code", request.statusCode()),
                        Element.text("updateTime", request.updated()),
                        Element.text("message", request.statusMessage())),
                Element.of(
                        "launchSpecification",
                        Element.text("imageId", spec.imageId()),
                        Element.maybe("keyName", spec.keyName()),
                        InstanceView.groups(spec.groups()),
                        Element.text("instanceType", spec.instanceType()),
                        Element.of("placement", Element.text("availabilityZone", spec.zone())),
                        Element.list("blockDeviceMapping", volumes),
                        Element.maybe("subnetId", spec.subnet()),
                        Element.of("monitoring", Element.text("enabled", spec.monitoring()))),
                Element.text("instanceId", request.instance.id),
                Element.text("createTime", Instant.ofEpochMilli(request.instance.launched)),
                Element.text("productDescription", "Linux/UNIX"),
                Element.tags(request.tags),
                Element.text("launchedAvailabilityZone", spec.zone()),
                Element.text("instanceInterruptionBehavior", "terminate"));
    }

    private Map<String, String> tagsNow(String resource) {
        return ground.ledger.tagsOf(resource).map(TagHistory::now).orElse(Map.of());
    }
}
