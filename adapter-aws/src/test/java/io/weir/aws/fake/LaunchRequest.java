package io.weir.aws.fake;

import io.weir.aws.fake.LaunchSpec.Metadata;
import io.weir.aws.fake.LaunchSpec.Named;
import io.weir.aws.fake.LaunchSpec.Volume;
import io.weir.aws.fake.Region.Image;
import io.weir.aws.fake.Region.InstanceType;
import io.weir.aws.fake.Region.LaunchTemplate;
import io.weir.aws.fake.Region.Subnet;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a RunInstances call asks for: checked against the region, with its launch template and the defaults filled in. Each problem is told
 * alone and as EC2 words it.
 */
final class LaunchRequest {
    static final Set<String> UNDERSTOOD = Set.of(
            "BlockDeviceMapping.N.DeviceName",
            "BlockDeviceMapping.N.Ebs.DeleteOnTermination",
            "BlockDeviceMapping.N.Ebs.Encrypted",
            "BlockDeviceMapping.N.Ebs.Iops",
            "BlockDeviceMapping.N.Ebs.KmsKeyId",
            "BlockDeviceMapping.N.Ebs.SnapshotId",
            "BlockDeviceMapping.N.Ebs.Throughput",
            "BlockDeviceMapping.N.Ebs.VolumeSize",
            "BlockDeviceMapping.N.Ebs.VolumeType",
            "BlockDeviceMapping.N.NoDevice",
            "ClientToken",
            "DisableApiTermination",
            "EbsOptimized",
            "IamInstanceProfile.Arn",
            "IamInstanceProfile.Name",
            "ImageId",
            "InstanceInitiatedShutdownBehavior",
            "InstanceMarketOptions.MarketType",
            "InstanceMarketOptions.SpotOptions.InstanceInterruptionBehavior",
            "InstanceMarketOptions.SpotOptions.MaxPrice",
            "InstanceMarketOptions.SpotOptions.SpotInstanceType",
            "InstanceType",
            "KeyName",
            "LaunchTemplate.LaunchTemplateId",
            "LaunchTemplate.LaunchTemplateName",
            "LaunchTemplate.Version",
            "MaxCount",
            "MetadataOptions.HttpEndpoint",
            "MetadataOptions.HttpProtocolIpv6",
            "MetadataOptions.HttpPutResponseHopLimit",
            "MetadataOptions.HttpTokens",
            "MetadataOptions.InstanceMetadataTags",
            "MinCount",
            "Monitoring.Enabled",
            "NetworkInterface.N.AssociatePublicIpAddress",
            "NetworkInterface.N.DeleteOnTermination",
            "NetworkInterface.N.DeviceIndex",
            "NetworkInterface.N.SecurityGroupId.N",
            "NetworkInterface.N.SubnetId",
            "Placement.AvailabilityZone",
            "Placement.GroupName",
            "Placement.Tenancy",
            "SecurityGroupId.N",
            "SubnetId",
            "TagSpecification.N.ResourceType",
            "TagSpecification.N.Tag.N.Key",
            "TagSpecification.N.Tag.N.Value",
            "UserData");

    private static final int USER_DATA_MAX = 16_384;
    private static final Set<String> VOLUME_TYPES = Set.of("gp2", "gp3", "io1", "io2", "st1", "sc1", "standard");
    private static final Set<String> TENANCIES = Set.of("default", "dedicated", "host");
    private static final Set<String> TAGGED =
            Set.of("instance", "volume", "network-interface", "spot-instances-request");

    private final Region region;
    /** The call as it would be without a launch template. */
    private final Query query;

    private LaunchRequest(Region region, Query query) {
        this.region = region;
        this.query = query;
    }

    static LaunchRequest of(Region region, Query query) throws Refusal {
        return new LaunchRequest(region, query.has("LaunchTemplate") ? withTemplate(region, query) : query);
    }

    /** What the call names itself stands; the rest is the template's. */
    private static Query withTemplate(Region region, Query query) throws Refusal {
        LaunchTemplate template = template(region, query.part("LaunchTemplate"));
        Map<String, String> values = new HashMap<>(
                version(template, query.part("LaunchTemplate").text("Version").orElse("$Default")));
        values.keySet().removeIf(name -> query.has(name.split("\\.", 2)[0]));
        values.putAll(query.values());
        return new Query(values);
    }

    static LaunchTemplate template(Region region, Query reference) throws Refusal {
        Optional<String> id = reference.text("LaunchTemplateId");
        Optional<String> name = reference.text("LaunchTemplateName");
        if (id.isPresent() == name.isPresent()) {
            throw Refusal.client(
                    "InvalidLaunchTemplateName.MalformedException",
                    "Either launch template ID or launch template name must be specified, and not both");
        }
        return region.launchTemplates().stream()
                .filter(known -> id.map(known.id()::equals)
                        .orElseGet(() -> name.filter(known.name()::equals).isPresent()))
                .findFirst()
                .orElseThrow(() -> id.isPresent()
                        ? Refusal.client(
                                "InvalidLaunchTemplateId.NotFound",
                                "The specified launch template, with template ID " + id.get() + ", does not exist.")
                        : Refusal.client(
                                "InvalidLaunchTemplateName.NotFoundException",
                                "The specified launch template, with template name " + name.orElse("")
                                        + ", does not exist."));
    }

    static Map<String, String> version(LaunchTemplate template, String version) throws Refusal {
        int number = versionNumber(template, version);
        if (number < 1 || number > template.versions().size()) {
            throw Refusal.client(
                    "InvalidLaunchTemplateId.VersionNotFound",
                    "Could not find the specified version " + version + " for the launch template with ID "
                            + template.id() + ".");
        }
        return template.versions().get(number - 1);
    }

    static int versionNumber(LaunchTemplate template, String version) {
        return switch (version) {
            case "$Default" -> template.defaultVersion();
            case "$Latest" -> template.versions().size();
            default -> version.matches("\\d{1,6}") ? Integer.parseInt(version) : 0;
        };
    }

    /** The zone that the call names, itself or by its subnet; empty: none, and the token holds for the region. */
    Optional<String> zone() {
        return subnetId().flatMap(region::subnet).map(Subnet::zone).or(() -> query.text("Placement.AvailabilityZone"));
    }

    private Optional<String> subnetId() {
        return query.text("SubnetId").or(() -> primaryInterface().text("SubnetId"));
    }

    private Query primaryInterface() {
        List<Query> interfaces = query.items("NetworkInterface");
        return interfaces.isEmpty() ? new Query(Map.of()) : interfaces.get(0);
    }

    int minCount() throws Refusal {
        return count("MinCount");
    }

    int maxCount() throws Refusal {
        int max = count("MaxCount");
        if (max < minCount()) {
            throw Refusal.value("MaxCount (" + max + ") may not be less than MinCount (" + minCount() + ")");
        }
        return max;
    }

    private int count(String name) throws Refusal {
        int count = query.number(name).orElseThrow(() -> Refusal.missing(name));
        if (count < 1) {
            throw Refusal.value("Invalid value '" + count + "' for " + name + ". Expecting a value greater than 0.");
        }
        return count;
    }

    List<Action.Need> needs() throws Refusal {
        List<Action.Need> needs = new ArrayList<>();
        String arn = "arn:aws:ec2:" + region.name() + ":";
        String own = arn + region.account() + ":";
        Map<String, Map<String, String>> tags = tags();
        for (String type : List.of("instance", "volume", "network-interface")) {
            needs.add(runs(own + type + "/*", tags.getOrDefault(type, Map.of())));
        }
        if (isSpot()) {
            needs.add(runs(own + "spot-instances-request/*", tags.getOrDefault("spot-instances-request", Map.of())));
        }
        needs.add(runs(arn + ":image/" + imageId().orElse("*"), Map.of()));
        subnetId().ifPresent(subnet -> needs.add(runs(own + "subnet/" + subnet, Map.of())));
        groupIds().forEach(group -> needs.add(runs(own + "security-group/" + group, Map.of())));
        query.text("KeyName").ifPresent(key -> needs.add(runs(own + "key-pair/" + key, Map.of())));
        if (query.has("LaunchTemplate")) {
            String id = template(region, query.part("LaunchTemplate")).id();
            needs.add(runs(own + "launch-template/" + id, Map.of()));
        }
        tags.forEach((type, values) -> {
            Map<String, Set<String>> facts = new HashMap<>(Tagging.requested(values));
            facts.put("ec2:CreateAction", Set.of("RunInstances"));
            needs.add(new Action.Need("ec2:CreateTags", own + type + "/*", facts));
        });
        profile()
                .ifPresent(profile -> needs.add(new Action.Need(
                        "iam:PassRole",
                        "arn:aws:iam::" + region.account() + ":role/" + profile.name(),
                        Map.of("iam:PassedToService", Set.of("ec2.amazonaws.com")))));
        return needs;
    }

    private Action.Need runs(String resource, Map<String, String> tags) {
        Map<String, Set<String>> facts = new HashMap<>(Tagging.requested(tags));
        facts.put("ec2:InstanceType", Set.of(query.text("InstanceType").orElse("m1.small")));
        facts.put("ec2:InstanceMarketType", Set.of(isSpot() ? "spot" : "on-demand"));
        query.text("MetadataOptions.HttpTokens")
                .ifPresent(tokens -> facts.put("ec2:MetadataHttpTokens", Set.of(tokens)));
        return new Action.Need("ec2:RunInstances", resource, facts);
    }

    /** @param elsewhere where EC2 puts instances that name neither a zone nor a subnet */
    LaunchSpec spec(Function<List<Subnet>, Subnet> elsewhere) throws Refusal {
        String token = query.text("ClientToken").orElse("");
        if (token.length() > 64 || !token.chars().allMatch(c -> c > 31 && c < 127)) {
            throw Refusal.client("InvalidClientToken", "The client token must be at most 64 ASCII characters");
        }
        Image image = image();
        InstanceType type = type();
        Subnet subnet = subnet(elsewhere);
        if (!type.architecture().equals(image.architecture())) {
            throw Refusal.value("The architecture '" + type.architecture()
                    + "' of the specified instance type does not match the architecture '" + image.architecture()
                    + "' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again."
                    + " You can use 'describe-instance-types' or 'describe-images' to discover the architecture of the instance"
                    + " type or AMI.");
        }
        if (!type.offeredIn(subnet.zone())) {
            throw Refusal.client(
                    "Unsupported",
                    "Your requested instance type (" + type.name()
                            + ") is not supported in your requested Availability Zone (" + subnet.zone()
                            + "). Please retry your request by not specifying an Availability Zone or choosing "
                            + String.join(", ", type.zones()) + ".");
        }
        return new LaunchSpec(
                image.id(),
                type.name(),
                type.architecture(),
                subnet.zone(),
                subnet.id(),
                subnet.vpc(),
                groups(subnet),
                keyName(),
                oneOf("Placement.Tenancy", "default", TENANCIES),
                query.text("Placement.GroupName").orElse(null),
                query.flag("Monitoring.Enabled"),
                profile().orElse(null),
                metadata(),
                image.rootDevice(),
                volumes(image),
                publicAddress(subnet),
                query.flag("EbsOptimized"),
                oneOf("InstanceInitiatedShutdownBehavior", "stop", Set.of("stop", "terminate")),
                query.flag("DisableApiTermination"),
                isSpot(),
                spotPrice(type),
                userData(),
                tags());
    }

    private Optional<String> imageId() {
        Optional<String> given = query.text("ImageId").filter(id -> !id.isEmpty());
        return given.isPresent() && given.get().startsWith("resolve:ssm:")
                ? Optional.ofNullable(region.parameters().get(given.get().substring("resolve:ssm:".length())))
                : given;
    }

    private Image image() throws Refusal {
        if (!query.has("ImageId")) {
            throw Refusal.missing("ImageId");
        }
        String id = imageId().orElse(query.text("ImageId").orElse(""));
        if (!id.matches("ami-([0-9a-f]{8}|[0-9a-f]{17})")) {
            throw Refusal.malformed("InvalidAMIID", id);
        }
        Image image = region.image(id)
                .orElseThrow(
                        () -> Refusal.client("InvalidAMIID.NotFound", "The image id '[" + id + "]' does not exist"));
        if (!image.state().equals("available")) {
            throw Refusal.client("InvalidAMIID.Unavailable", "The image ID '" + id + "' is no longer available");
        }
        return image;
    }

    private InstanceType type() throws Refusal {
        String name = query.text("InstanceType").orElse("m1.small");
        return region.type(name).orElseThrow(() -> Refusal.value("Invalid value '" + name + "' for InstanceType."));
    }

    private Subnet subnet(Function<List<Subnet>, Subnet> elsewhere) throws Refusal {
        Optional<String> zone = query.text("Placement.AvailabilityZone");
        if (zone.isPresent() && !region.hasZone(zone.get())) {
            throw Refusal.value("Invalid availability zone: [" + zone.get() + "]");
        }
        if (query.has("NetworkInterface")) {
            if (query.has("SubnetId")) {
                throw Refusal.client(
                        "InvalidParameterCombination",
                        "Network interfaces and an instance-level subnet ID may not be specified on the same request");
            }
            if (query.has("SecurityGroupId")) {
                throw Refusal.client(
                        "InvalidParameterCombination",
                        "Network interfaces and an instance-level security groups may not be specified on the same request");
            }
        }
        Optional<String> id = subnetId();
        if (id.isPresent()) {
            Subnet subnet = region.subnet(id.get())
                    .orElseThrow(() -> Refusal.client(
                            "InvalidSubnetID.NotFound", "The subnet ID '" + id.get() + "' does not exist"));
            if (zone.isPresent() && !zone.get().equals(subnet.zone())) {
                throw Refusal.value("The availability zone '" + zone.get() + "' is not that of subnet " + subnet.id());
            }
            return subnet;
        }
        List<Subnet> defaults = region.subnets().stream()
                .filter(Subnet::isDefault)
                .filter(subnet -> zone.map(subnet.zone()::equals).orElse(true))
                .toList();
        if (defaults.isEmpty()) {
            throw Refusal.client(
                    "MissingInput",
                    "No subnets found for the default VPC. Please specify a subnet."); // the account's default VPC is
            // gone
        }
        return elsewhere.apply(defaults);
    }

    private List<String> groupIds() {
        List<String> own = query.texts("SecurityGroupId");
        return own.isEmpty() ? primaryInterface().texts("SecurityGroupId") : own;
    }

    private List<Named> groups(Subnet subnet) throws Refusal {
        List<Named> groups = new ArrayList<>();
        for (String id : groupIds()) {
            Region.Group group = region.group(id)
                    .orElseThrow(() ->
                            Refusal.client("InvalidGroup.NotFound", "The security group '" + id + "' does not exist"));
            if (!group.vpc().equals(subnet.vpc())) {
                throw Refusal.client(
                        "InvalidParameter",
                        "Security group " + id + " and subnet " + subnet.id() + " belong to different networks.");
            }
            groups.add(new Named(group.id(), group.name()));
        }
        if (groups.isEmpty()) {
            region.groups().stream()
                    .filter(group ->
                            group.name().equals("default") && group.vpc().equals(subnet.vpc()))
                    .forEach(group -> groups.add(new Named(group.id(), group.name())));
        }
        return groups;
    }

    private @Nullable String keyName() throws Refusal {
        Optional<String> name = query.text("KeyName");
        if (name.isPresent() && !region.keyPairs().contains(name.get())) {
            throw Refusal.client("InvalidKeyPair.NotFound", "The key pair '" + name.get() + "' does not exist");
        }
        return name.orElse(null);
    }

    private Optional<Named> profile() throws Refusal {
        Query profile = query.part("IamInstanceProfile");
        Optional<String> name = profile.text("Name");
        Optional<String> arn = profile.text("Arn");
        if (name.isEmpty() && arn.isEmpty()) {
            return Optional.empty();
        }
        Optional<Named> known = region.profiles().stream()
                .filter(one -> name.map(one.name()::equals).orElseGet(() -> arn.filter(profileArn(one.name())::equals)
                        .isPresent()))
                .map(one -> new Named(one.id(), one.name()))
                .findFirst();
        if (known.isEmpty()) {
            throw Refusal.value(
                    name.or(() -> arn).orElse(""),
                    "iamInstanceProfile." + (name.isPresent() ? "name" : "arn"),
                    "Invalid IAM Instance Profile " + (name.isPresent() ? "name" : "ARN"));
        }
        return known;
    }

    private String profileArn(String name) {
        return "arn:aws:iam::" + region.account() + ":instance-profile/" + name;
    }

    private Metadata metadata() throws Refusal {
        Query options = query.part("MetadataOptions");
        int hops = options.number("HttpPutResponseHopLimit").orElse(1);
        if (hops < 1 || hops > 64) {
            throw Refusal.value(Integer.toString(hops), "HttpPutResponseHopLimit", "It must be from 1 to 64.");
        }
        return new Metadata(
                oneOf("MetadataOptions.HttpTokens", "optional", Set.of("optional", "required")),
                hops,
                oneOf("MetadataOptions.HttpEndpoint", "enabled", Set.of("enabled", "disabled")),
                oneOf("MetadataOptions.HttpProtocolIpv6", "disabled", Set.of("enabled", "disabled")),
                oneOf("MetadataOptions.InstanceMetadataTags", "disabled", Set.of("enabled", "disabled")));
    }

    private List<Volume> volumes(Image image) throws Refusal {
        Map<String, Volume> byDevice = new LinkedHashMap<>();
        byDevice.put(
                image.rootDevice(),
                new Volume(image.rootDevice(), image.rootSizeGb(), "gp3", false, null, null, null, true));
        Set<String> seen = new java.util.HashSet<>();
        for (Query mapping : query.items("BlockDeviceMapping")) {
            String device = mapping.need("DeviceName");
            if (!seen.add(device)) {
                throw Refusal.client(
                        "InvalidBlockDeviceMapping",
                        "The device '" + device + "' is used in more than one block-device mapping");
            }
            if (mapping.has("NoDevice")) {
                byDevice.remove(device);
                continue;
            }
            byDevice.put(device, volume(image, device, mapping.part("Ebs")));
        }
        return List.copyOf(byDevice.values());
    }

    private static Volume volume(Image image, String device, Query ebs) throws Refusal {
        boolean isRoot = device.equals(image.rootDevice());
        // The fake keeps no snapshots: one that is named may be any, and is as large as the image's.
        int size = ebs.number("VolumeSize").orElse(isRoot || ebs.has("SnapshotId") ? image.rootSizeGb() : 0);
        String type = ebs.text("VolumeType").orElse("gp3");
        if (!VOLUME_TYPES.contains(type)) {
            throw Refusal.value("Value (" + type + ") for parameter volumeType is invalid.");
        }
        if (size < 1) {
            throw Refusal.client("MissingParameter", "The request must contain the parameter size or snapshotId");
        }
        if (isRoot && size < image.rootSizeGb()) {
            throw Refusal.client(
                    "InvalidBlockDeviceMapping",
                    "Volume of size " + size + "GB is smaller than snapshot 'snap-"
                            + image.id().substring(4) + "', expect size >= " + image.rootSizeGb() + "GB");
        }
        if (Set.of("io1", "io2").contains(type) && ebs.number("Iops").isEmpty()) {
            throw Refusal.client("MissingParameter", "The parameter iops must be specified for " + type + " volumes.");
        }
        return new Volume(
                device,
                size,
                type,
                ebs.flag("Encrypted"),
                ebs.number("Iops").orElse(null),
                ebs.number("Throughput").orElse(null),
                ebs.text("KmsKeyId").orElse(null),
                ebs.text("DeleteOnTermination").map(Boolean::parseBoolean).orElse(true));
    }

    private boolean publicAddress(Subnet subnet) {
        return primaryInterface()
                .text("AssociatePublicIpAddress")
                .map(Boolean::parseBoolean)
                .orElse(subnet.publicAddresses());
    }

    boolean isSpot() {
        return query.text("InstanceMarketOptions.MarketType")
                .filter("spot"::equals)
                .isPresent();
    }

    private @Nullable String spotPrice(InstanceType type) throws Refusal {
        oneOf("InstanceMarketOptions.MarketType", "spot", Set.of("spot"));
        Query options = query.part("InstanceMarketOptions.SpotOptions");
        oneOf("InstanceMarketOptions.SpotOptions.SpotInstanceType", "one-time", Set.of("one-time"));
        oneOf("InstanceMarketOptions.SpotOptions.InstanceInterruptionBehavior", "terminate", Set.of("terminate"));
        Optional<String> most = options.text("MaxPrice");
        if (most.isPresent() && new java.math.BigDecimal(most.get()).compareTo(type.spotPrice()) < 0) {
            throw Refusal.client(
                    "SpotMaxPriceTooLow",
                    "Your Spot request price of " + most.get()
                            + " is lower than the minimum required Spot request fulfillment price of "
                            + type.spotPrice()
                            + ".");
        }
        return most.orElse(null);
    }

    private @Nullable String userData() throws Refusal {
        Optional<String> encoded = query.text("UserData").filter(text -> !text.isEmpty());
        if (encoded.isPresent()) {
            try {
                if (Base64.getDecoder().decode(encoded.get()).length > USER_DATA_MAX) {
                    throw Refusal.value("User data is limited to " + USER_DATA_MAX + " bytes");
                }
            } catch (IllegalArgumentException notBase64) {
                throw Refusal.client("InvalidUserData.Malformed", "Invalid BASE64 encoding of user data.");
            }
        }
        return encoded.orElse(null);
    }

    /** By resource type. */
    private Map<String, Map<String, String>> tags() throws Refusal {
        Map<String, Map<String, String>> tags = new TreeMap<>();
        for (Query specification : query.items("TagSpecification")) {
            String type = specification.need("ResourceType");
            if (!TAGGED.contains(type) || (type.equals("spot-instances-request") && !isSpot())) {
                throw Refusal.value("'" + type + "' is not a valid taggable resource type for this operation.");
            }
            if (tags.put(type, Tagging.parse(specification)) != null) {
                throw Refusal.value("The resource type '" + type + "' is specified more than once.");
            }
        }
        return tags;
    }

    private String oneOf(String parameter, String otherwise, Set<String> allowed) throws Refusal {
        String value = query.text(parameter).orElse(otherwise);
        if (!allowed.contains(value)) {
            throw Refusal.value(
                    value,
                    parameter,
                    "Valid values are " + allowed.stream().sorted().collect(Collectors.joining(", ")) + ".");
        }
        return value;
    }
}
