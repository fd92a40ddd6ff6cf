package io.weir.aws.fake;

import io.weir.aws.fake.Ec2Event.Step;
import io.weir.aws.fake.LaunchSpec.Named;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How an instance reads in an answer. */
final class InstanceView {
    private static final DateTimeFormatter REASON_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);
    /** Volumes and a public address are not there in the answer to the launch, and in the next listing they are. */
    private static final long ATTACHED_AFTER = 1_000;

    private final Ground ground;

    InstanceView(Ground ground) {
        this.ground = ground;
    }

    static boolean isWellFormed(String id) {
        return id.matches("i-([0-9a-f]{8}|[0-9a-f]{17})");
    }

    /** A reservation with some of its instances. */
    Element reservation(String name, Ec2Event.Launched launch, Collection<Instance> instances, long at, long tagsAt) {
        return Element.of(
                name,
                Element.text("reservationId", launch.reservation()),
                Element.text("ownerId", ground.region.account()),
                Element.of("groupSet"),
                Element.list(
                        "instancesSet",
                        instances.stream()
                                .map(instance -> element(instance, at, tags(instance, at, tagsAt)))
                                .toList()));
    }

    /** What it bears; a tombstone loses its tags before it goes. */
    Map<String, String> tags(Instance instance, long at, long tagsAt) {
        long ended = instance.ended();
        boolean lost = ended != Instance.NEVER && at >= ended + Ground.millis(ground.dials.tombstoneTagsSeconds());
        return lost ? Map.of() : instance.tags.at(tagsAt);
    }

    /** @param at as of when it is shown */
    Element element(Instance instance, long at, Map<String, String> tags) {
        LaunchSpec spec = instance.spec;
        Step step = instance.step(at).orElseThrow();
        boolean gone = step.state() == State.TERMINATED;
        boolean isPublic = spec.publicAddress()
                && (step.state() == State.RUNNING || step.state() == State.PENDING)
                && at >= instance.launched + ATTACHED_AFTER;
        String publicName =
                isPublic ? "ec2-" + instance.publicAddress().replace('.', '-') + ".compute-1.amazonaws.com" : "";
        String privateName = gone ? "" : "ip-" + instance.address.replace('.', '-') + ".ec2.internal";
        return Element.item(
                Element.text("instanceId", instance.id),
                Element.text("imageId", spec.imageId()),
                step.state().element("instanceState"),
                Element.text("privateDnsName", privateName),
                Element.text("dnsName", publicName),
                Element.text("reason", transition(instance, step)),
                Element.maybe("keyName", spec.keyName()),
                Element.text("amiLaunchIndex", instance.launchIndex),
                Element.of("productCodes"),
                Element.text("instanceType", spec.instanceType()),
                Element.text("launchTime", Instant.ofEpochMilli(instance.launched)),
                Element.of(
                        "placement",
                        Element.text("availabilityZone", spec.zone()),
                        Element.text("availabilityZoneId", ground.region.zoneId(spec.zone())),
                        Element.text("groupName", spec.placementGroup() == null ? "" : spec.placementGroup()),
                        Element.text("tenancy", spec.tenancy())),
                Element.of("monitoring", Element.text("state", monitoring(spec, step))),
                gone ? null : Element.maybe("subnetId", spec.subnet()),
                gone ? null : Element.maybe("vpcId", spec.vpc()),
                gone ? null : Element.text("privateIpAddress", instance.address),
                isPublic ? Element.text("ipAddress", instance.publicAddress()) : null,
                gone ? null : Element.text("sourceDestCheck", true),
                gone ? Element.of("groupSet") : groups(spec.groups()),
                reason(step),
                Element.text("architecture", spec.architecture()),
                Element.text("rootDeviceType", "ebs"),
                Element.text("rootDeviceName", spec.rootDevice()),
                Element.list("blockDeviceMapping", gone ? List.of() : mappings(instance, at)),
                Element.text("virtualizationType", "hvm"),
                spec.isSpot() ? Element.text("instanceLifecycle", "spot") : null,
                spec.isSpot() ? Element.text("spotInstanceRequestId", instance.spotRequestId()) : null,
                Element.text("clientToken", instance.launch.clientToken() == null ? "" : instance.launch.clientToken()),
                Element.tags(tags),
                Element.text("hypervisor", "xen"),
                Element.list(
                        "networkInterfaceSet", gone ? List.of() : List.of(networkInterface(instance, step, isPublic))),
                profile(spec.profile()),
                Element.text("ebsOptimized", spec.ebsOptimized()),
                Element.text("enaSupport", true),
                Element.of(
                        "cpuOptions",
                        Element.text("coreCount", Math.max(1, vcpus(spec) / 2)),
                        Element.text("threadsPerCore", Math.min(2, vcpus(spec)))),
                Element.of("capacityReservationSpecification", Element.text("capacityReservationPreference", "open")),
                Element.of("hibernationOptions", Element.text("configured", false)),
                Element.of("enclaveOptions", Element.text("enabled", false)),
                metadata(spec.metadata(), step),
                Element.text("platformDetails", "Linux/UNIX"),
                Element.text("usageOperation", "RunInstances"),
                Element.text("usageOperationUpdateTime", Instant.ofEpochMilli(instance.launched)),
                gone
                        ? null
                        : Element.of(
                                "privateDnsNameOptions",
                                Element.text("hostnameType", "ip-name"),
                                Element.text("enableResourceNameDnsARecord", false),
                                Element.text("enableResourceNameDnsAAAARecord", false)),
                Element.of("maintenanceOptions", Element.text("autoRecovery", "default")),
                Element.text("currentInstanceBootMode", "legacy-bios"),
                Element.of("operator", Element.text("managed", false)));
    }

    private int vcpus(LaunchSpec spec) {
        return ground.region
                .type(spec.instanceType())
                .map(Region.InstanceType::vcpus)
                .orElse(1);
    }

    private static String monitoring(LaunchSpec spec, Step step) {
        if (!spec.monitoring()) {
            return "disabled";
        }
        return step.state() == State.PENDING ? "pending" : "enabled";
    }

    /** {@code User initiated (2014-01-11 14:39:31 GMT)}; empty where nobody asked. */
    static String transition(Instance instance, Step step) {
        if ("Client.UserInitiatedShutdown".equals(step.code())) {
            Instant asked = instance.asked() == Instance.NEVER ? step.at() : Instant.ofEpochMilli(instance.asked());
            return "User initiated (" + REASON_TIME.format(asked) + " GMT)";
        }
        return step.code() != null && step.code().startsWith("Server.") ? step.code() : "";
    }

    private static @Nullable Element reason(Step step) {
        if (step.code() == null) {
            return null;
        }
        String message = step.code().equals("pending") ? "pending" : String.valueOf(step.message());
        return Element.of("stateReason", Element.text("code", step.code()), Element.text("message", message));
    }

    static Element groups(List<Named> groups) {
        return Element.list(
                "groupSet",
                groups.stream()
                        .map(group -> Element.item(
                                Element.text("groupId", group.id()), Element.text("groupName", group.name())))
                        .toList());
    }

    private static List<Element> mappings(Instance instance, long at) {
        if (at < instance.launched + ATTACHED_AFTER) {
            return List.of();
        }
        return instance.spec.volumes().stream()
                .map(volume -> Element.item(
                        Element.text("deviceName", volume.device()),
                        Element.of(
                                "ebs",
                                Element.text("volumeId", instance.volumeId(volume)),
                                Element.text("status", attachment(instance, at)),
                                Element.text("attachTime", attached(instance)),
                                Element.text("deleteOnTermination", volume.deleteOnTermination()))))
                .toList();
    }

    static String attachment(Instance instance, long at) {
        return instance.state(at) == State.PENDING ? "attaching" : "attached";
    }

    static Instant attached(Instance instance) {
        return Instant.ofEpochMilli(instance.launched + ATTACHED_AFTER);
    }

    private Element networkInterface(Instance instance, Step step, boolean isPublic) {
        LaunchSpec spec = instance.spec;
        String privateName = "ip-" + instance.address.replace('.', '-') + ".ec2.internal";
        Element association = isPublic
                ? Element.of(
                        "association",
                        Element.text("publicIp", instance.publicAddress()),
                        Element.text(
                                "publicDnsName",
                                "ec2-" + instance.publicAddress().replace('.', '-') + ".compute-1.amazonaws.com"),
                        Element.text("ipOwnerId", "amazon"))
                : null;
        return Element.item(
                Element.text("networkInterfaceId", instance.interfaceId()),
                Element.maybe("subnetId", spec.subnet()),
                Element.maybe("vpcId", spec.vpc()),
                Element.of("description"),
                Element.text("ownerId", ground.region.account()),
                Element.text("status", "in-use"),
                Element.text("macAddress", mac(instance)),
                Element.text("privateIpAddress", instance.address),
                Element.text("privateDnsName", privateName),
                Element.text("sourceDestCheck", true),
                groups(spec.groups()),
                Element.of(
                        "attachment",
                        Element.text("attachmentId", instance.idOf("eni-attach-", "0")),
                        Element.text("deviceIndex", 0),
                        Element.text("status", step.state() == State.PENDING ? "attaching" : "attached"),
                        Element.text("attachTime", Instant.ofEpochMilli(instance.launched)),
                        Element.text("deleteOnTermination", true),
                        Element.text("networkCardIndex", 0)),
                association,
                Element.of(
                        "privateIpAddressesSet",
                        Element.item(
                                Element.text("privateIpAddress", instance.address),
                                Element.text("privateDnsName", privateName),
                                Element.text("primary", true),
                                association)),
                Element.text("interfaceType", "interface"),
                Element.of("operator", Element.text("managed", false)));
    }

    static String mac(Instance instance) {
        String hex = instance.idOf("", "mac");
        return "0e:" + hex.substring(1, 3) + ":" + hex.substring(3, 5) + ":" + hex.substring(5, 7) + ":"
                + hex.substring(7, 9) + ":" + hex.substring(9, 11);
    }

    private @Nullable Element profile(@Nullable Named profile) {
        return profile == null
                ? null
                : Element.of(
                        "iamInstanceProfile",
                        Element.text(
                                "arn",
                                "arn:aws:iam::" + ground.region.account() + ":instance-profile/" + profile.name()),
                        Element.text("id", profile.id()));
    }

    private static Element metadata(LaunchSpec.Metadata metadata, Step step) {
        return Element.of(
                "metadataOptions",
                Element.text("state", step.state() == State.PENDING ? "pending" : "applied"),
                Element.text("httpTokens", metadata.tokens()),
                Element.text("httpPutResponseHopLimit", metadata.hopLimit()),
                Element.text("httpEndpoint", metadata.endpoint()),
                Element.text("httpProtocolIpv6", metadata.ipv6()),
                Element.text("instanceMetadataTags", metadata.tags()));
    }
}
