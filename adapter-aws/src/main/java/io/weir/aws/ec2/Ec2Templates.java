package io.weir.aws.ec2;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.driver.TemplateProblems;
import io.weir.driver.TemplateProblems.Problem;
import io.weir.pool.Choice;
import io.weir.pool.Market;
import io.weir.pool.PoolDocument;
import io.weir.pool.Template;
import io.weir.service.error.ApiException;
import io.weir.service.json.Fields;
import io.weir.service.json.Problems;
import io.weir.service.json.StrictJson;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ec2.model.Image;
import software.amazon.awssdk.services.ec2.model.InstanceTypeInfo;
import software.amazon.awssdk.services.ec2.model.LaunchTemplateInstanceNetworkInterfaceSpecification;
import software.amazon.awssdk.services.ec2.model.LaunchTemplateVersion;
import software.amazon.awssdk.services.ec2.model.ResponseLaunchTemplateData;
import software.amazon.awssdk.services.ec2.model.Subnet;

/**
 * A document against EC2's catalogs.
 *
 * <ol>
 *   <li>The launch template, if there is one, is pinned to a version. What the document says wins over it; what would make Weir's own
 *       rules untrue (another market, protection from termination, its own choice of types, more interfaces) is a problem.
 *   <li>The image is pinned to an id: {@code ami-…} is one, {@code resolve:ssm:/name} is what the parameter holds now, anything else
 *       is a name, {@code *} and {@code ?} allowed, and means the newest of {@code aws.imageOwner}.
 *   <li>Choices: the machine types in the order wished, each in the zones wished (none: all that have a subnet) where EC2 offers it.
 *   <li>A zone's subnet: the one of {@code aws.subnets}, else of the VPC that {@code network} names, else the zone's default one.
 *   <li>Labels are tags; {@code weir-} and {@code aws:} are not for documents. User data has at most 16 KiB.
 *   <li>When nothing else is wrong, EC2 is asked by a dry run whether it would launch the first choice.
 * </ol>
 *
 * All problems at once, each with its field. It changes nothing.
 */
final class Ec2Templates {
    static final int USER_DATA_MAX = 16_384;

    /** EC2 takes 50 tags; of an instance Weir's own are four. */
    private static final int LABELS_MAX = 46;

    private static final int LABEL_KEY_MAX = 128;
    private static final int LABEL_VALUE_MAX = 256;
    private static final String ALIAS = "resolve:ssm:";
    private static final String FREE_DEVICES = "fghijklmnop";

    private final Catalog catalog;
    private final Ec2Api api;
    private final String region;
    private final PoolDocument document;
    private final List<Problem> problems = new ArrayList<>();

    private Ec2Templates(Ec2Api api, String region, PoolDocument document) {
        this.catalog = new Catalog(api);
        this.api = api;
        this.region = region;
        this.document = document;
    }

    /** @throws SdkException the catalogs cannot be read */
    static Template template(Ec2Api api, String region, PoolDocument document) throws TemplateProblems {
        return new Ec2Templates(api, region, document).template();
    }

    private Template template() throws TemplateProblems {
        Ec2Section section = section();
        Optional<LaunchTemplateVersion> version = launchTemplate(section); // 1
        ResponseLaunchTemplateData given = version.map(LaunchTemplateVersion::launchTemplateData)
                .orElse(ResponseLaunchTemplateData.builder().build());
        @Nullable Image image = image(section, given); // 2
        List<InstanceTypeInfo> types = types(section, given, image); // 3
        SortedMap<String, Subnet> subnets = subnets(section); // 4
        List<String> zones = zones(subnets);
        List<Choice> choices = choices(section, types, zones);
        boolean writtenOut = isInterfaceWrittenOut(section, given);
        List<String> groups = groups(section, given, subnets);
        sshKey();
        placement(section, zones);
        labels(); // 5
        Optional<String> userData = userData();
        List<LaunchParameters.Disk> disks = disks(section, image);
        if (image == null || choices.isEmpty() || !problems.isEmpty()) {
            throw problems();
        }
        LaunchParameters frozen = new LaunchParameters(
                image.imageId(),
                used(subnets, choices),
                writtenOut,
                groups,
                section.publicIp() == Ec2Section.PublicIp.SUBNET ? null : document.publicAddress(),
                document.sshKey().orElse(null),
                section.instanceProfile().orElse(null),
                tokens(section, given),
                section.metadata().flatMap(Ec2Section.Metadata::hopLimit).orElse(null),
                section.metadata()
                        .filter(Ec2Section.Metadata::tags)
                        .map(Ec2Section.Metadata::tags)
                        .orElse(null),
                disks,
                section.placementGroup().orElse(null),
                section.tenancy().orElse(null),
                section.monitoring().orElse(null),
                version.map(found -> new LaunchParameters.Pinned(
                                found.launchTemplateId(), String.valueOf(found.versionNumber())))
                        .orElse(null),
                section.shutdown().toString(),
                section.maxPrice().orElse(null),
                userData.orElse(null),
                new TreeMap<>(document.labels()));
        dryRun(frozen, choices.get(0)); // 6
        String text = frozen.frozen();
        String identity = text + choices.stream().map(Choice::key).toList();
        return new Template(digest(identity), choices, text, Ec2Machines.provider(section.market()), region);
    }

    private TemplateProblems problems() {
        if (problems.isEmpty()) {
            problem("machineTypes", "none of these types is offered in these zones");
        }
        return new TemplateProblems(problems);
    }

    private void problem(String field, String text) {
        problems.add(new Problem(field, text));
    }

    private Ec2Section section() {
        Problems found = new Problems();
        Ec2Section section = null;
        try {
            section = Fields.read(StrictJson.json(document.section().getBytes(UTF_8)), found, Ec2Section::read);
        } catch (ApiException malformed) {
            found.add("", String.valueOf(malformed.getMessage()));
        }
        found.list().forEach(one -> problem(one.field().isEmpty() ? "aws" : "aws." + one.field(), one.message()));
        return section == null ? NOTHING : section;
    }

    private static final Ec2Section NOTHING = new Ec2Section(
            Market.ON_DEMAND,
            Optional.empty(),
            "self",
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Ec2Section.PublicIp.DOCUMENT,
            Ec2Section.Shutdown.TERMINATE);

    // 1. The launch template

    private Optional<LaunchTemplateVersion> launchTemplate(Ec2Section section) {
        if (section.launchTemplate().isEmpty()) {
            return Optional.empty();
        }
        Ec2Section.TemplateName name = section.launchTemplate().get();
        Optional<LaunchTemplateVersion> found = catalog.launchTemplate(name);
        if (found.isEmpty()) {
            problem(
                    "aws.launchTemplate",
                    "there is no launch template \"" + name.id().or(name::name).orElse("?") + "\" with version "
                            + name.version());
            return found;
        }
        ResponseLaunchTemplateData data = found.get().launchTemplateData();
        boolean spot = data.instanceMarketOptions() != null
                && "spot".equals(data.instanceMarketOptions().marketTypeAsString());
        if (spot && section.market() != Market.SPOT) {
            refuse("asks for spot instances; say aws.market: spot, or take it out");
        }
        if (Boolean.TRUE.equals(data.disableApiTermination())) {
            refuse("protects its instances from termination; a pool could not end them");
        }
        if (data.instanceRequirements() != null) {
            refuse("has instance requirements; name the types in machineTypes");
        }
        if (data.networkInterfaces().size() > 1) {
            refuse("has several network interfaces; a machine of a pool has one");
        }
        if (data.networkInterfaces().stream().anyMatch(card -> card.networkInterfaceId() != null)) {
            refuse("names one network interface, which only one machine could have");
        }
        return found;
    }

    private void refuse(String text) {
        problem("aws.launchTemplate", text);
    }

    // 2. The image

    private @Nullable Image image(Ec2Section section, ResponseLaunchTemplateData given) {
        Optional<String> wished = document.image().or(() -> Optional.ofNullable(given.imageId()));
        if (wished.isEmpty()) {
            problem("image", "is missing; an image's id, its name, or resolve:ssm: and a parameter");
            return null;
        }
        String name = wished.get();
        String id = name;
        if (name.startsWith(ALIAS)) {
            Optional<String> value = catalog.parameter(name.substring(ALIAS.length()));
            if (value.isEmpty()) {
                problem("image", "there is no parameter \"" + name.substring(ALIAS.length()) + "\"");
                return null;
            }
            id = value.get();
            if (!isImageId(id)) {
                problem("image", "the parameter \"" + name.substring(ALIAS.length()) + "\" holds no image's id");
                return null;
            }
        }
        Optional<Image> found = isImageId(id) ? catalog.image(id) : catalog.newestImage(id, section.imageOwner());
        if (found.isEmpty()) {
            problem(
                    "image",
                    isImageId(id)
                            ? "there is no image \"" + id + "\" that this account may use"
                            : "there is no image named \"" + name + "\" of owner " + section.imageOwner()
                                    + "; another owner is named by aws.imageOwner");
            return null;
        }
        String state = found.get().stateAsString();
        if (state != null && !state.equals("available")) {
            problem("image", "the image " + found.get().imageId() + " is " + state);
        }
        return found.get();
    }

    private static boolean isImageId(String text) {
        return text.matches("ami-[0-9a-f]{8,17}");
    }

    // 3. Types, zones, choices

    private List<InstanceTypeInfo> types(Ec2Section section, ResponseLaunchTemplateData given, @Nullable Image image) {
        List<String> wished = document.machineTypes().isEmpty() && given.instanceTypeAsString() != null
                ? List.of(given.instanceTypeAsString())
                : document.machineTypes();
        if (wished.isEmpty()) {
            problem("machineTypes", "is missing; name at least one instance type");
            return List.of();
        }
        Map<String, InstanceTypeInfo> there = catalog.types(wished);
        List<InstanceTypeInfo> types = new ArrayList<>();
        for (int i = 0; i < wished.size(); i++) {
            String field = "machineTypes[" + i + "]";
            InstanceTypeInfo type = there.get(wished.get(i));
            if (type == null) {
                problem(field, "there is no instance type \"" + wished.get(i) + "\" in " + region);
            } else if (wished.indexOf(wished.get(i)) < i) {
                problem(field, "\"" + wished.get(i) + "\" again");
            } else {
                checkType(field, type, section, image);
                types.add(type);
            }
        }
        return types;
    }

    private void checkType(String field, InstanceTypeInfo type, Ec2Section section, @Nullable Image image) {
        String name = type.instanceTypeAsString();
        List<String> processors =
                type.processorInfo() == null ? List.of() : type.processorInfo().supportedArchitecturesAsStrings();
        String needed = image == null ? null : image.architectureAsString();
        if (needed != null && !processors.isEmpty() && !processors.contains(needed)) {
            problem(field, name + " is " + String.join(" or ", processors) + ", and the image is " + needed);
        }
        if (section.market() == Market.SPOT
                && type.hasSupportedUsageClasses()
                && !type.supportedUsageClassesAsStrings().contains("spot")) {
            problem(field, name + " is not sold as spot");
        }
    }

    private List<String> zones(SortedMap<String, Subnet> subnets) {
        if (document.zones().isEmpty()) {
            return List.copyOf(subnets.keySet());
        }
        List<String> zones = new ArrayList<>();
        for (int i = 0; i < document.zones().size(); i++) {
            String zone = document.zones().get(i);
            if (zones.contains(zone)) {
                problem("zones[" + i + "]", "\"" + zone + "\" again");
            } else if (!subnets.containsKey(zone)) {
                problem(
                        "zones[" + i + "]",
                        "there is no subnet for a zone \"" + zone + "\"; there is one in "
                                + (subnets.isEmpty() ? "none" : String.join(", ", subnets.keySet())));
            } else {
                zones.add(zone);
            }
        }
        return zones;
    }

    private List<Choice> choices(Ec2Section section, List<InstanceTypeInfo> types, List<String> zones) {
        if (types.isEmpty() || zones.isEmpty()) {
            return List.of();
        }
        Set<Catalog.Offer> offers = catalog.offers(
                types.stream().map(InstanceTypeInfo::instanceTypeAsString).toList());
        List<Choice> choices = new ArrayList<>();
        for (InstanceTypeInfo type : types) {
            String name = type.instanceTypeAsString();
            List<Choice> here = zones.stream()
                    .filter(zone -> offers.contains(new Catalog.Offer(name, zone)))
                    .map(zone -> new Choice(zone, name, section.market(), Optional.empty()))
                    .toList();
            if (here.isEmpty()) {
                int place = Math.max(0, document.machineTypes().indexOf(name));
                problem(
                        "machineTypes[" + place + "]",
                        name + " is offered in none of the zones " + String.join(", ", zones));
            }
            choices.addAll(here);
        }
        return choices;
    }

    // 4. Network

    private SortedMap<String, Subnet> subnets(Ec2Section section) {
        Optional<String> vpc = document.network();
        if (vpc.filter(id -> !id.startsWith("vpc-")).isPresent()) {
            problem("network", "must be the id of a VPC, vpc-…, not \"" + vpc.get() + "\"");
            return new TreeMap<>();
        }
        return section.subnets().isEmpty() ? subnetsOf(vpc) : named(section.subnets(), vpc);
    }

    private SortedMap<String, Subnet> subnetsOf(Optional<String> vpc) {
        SortedMap<String, Subnet> byZone = new TreeMap<>();
        List<Subnet> found = vpc.isPresent() ? catalog.subnetsOf(vpc.get()) : catalog.defaultSubnets();
        for (Subnet subnet : found) {
            Subnet other = byZone.putIfAbsent(subnet.availabilityZone(), subnet);
            boolean wanted = document.zones().isEmpty() || document.zones().contains(subnet.availabilityZone());
            if (other != null && wanted) {
                problem(
                        "aws.subnets",
                        "is missing: the network has several subnets in " + subnet.availabilityZone() + ", "
                                + other.subnetId() + " and " + subnet.subnetId() + "; name one for each zone");
            }
        }
        if (found.isEmpty()) {
            vpc.ifPresentOrElse(
                    id -> problem("network", "there is no VPC \"" + id + "\", or no subnet in it"),
                    () -> problem(
                            "aws.subnets", "is missing, and there are no default subnets; name one for each zone"));
        }
        return byZone;
    }

    private SortedMap<String, Subnet> named(List<String> ids, Optional<String> vpc) {
        Map<String, Subnet> found = catalog.subnets(ids);
        SortedMap<String, Subnet> byZone = new TreeMap<>();
        Set<String> vpcs = new LinkedHashSet<>(vpc.map(List::of).orElse(List.of()));
        for (int i = 0; i < ids.size(); i++) {
            String field = "aws.subnets[" + i + "]";
            Subnet subnet = found.get(ids.get(i));
            if (subnet == null) {
                problem(field, "there is no subnet \"" + ids.get(i) + "\"");
                continue;
            }
            Subnet other = byZone.putIfAbsent(subnet.availabilityZone(), subnet);
            if (other != null) {
                problem(
                        field,
                        "is in zone " + subnet.availabilityZone() + ", and so is " + other.subnetId()
                                + ": a zone has one subnet here");
            }
            vpcs.add(subnet.vpcId());
            if (vpcs.size() > 1) {
                problem(
                        field,
                        "is in " + subnet.vpcId() + ", the others are in "
                                + vpcs.iterator().next());
            }
        }
        return byZone;
    }

    private static SortedMap<String, String> used(SortedMap<String, Subnet> subnets, List<Choice> choices) {
        Set<String> zones = choices.stream().map(Choice::zone).collect(Collectors.toSet());
        SortedMap<String, String> used = new TreeMap<>();
        subnets.forEach((zone, subnet) -> {
            if (zones.contains(zone)) {
                used.put(zone, subnet.subnetId());
            }
        });
        return used;
    }

    /** EC2 refuses an interface beside security groups of the instance, and a public address can only be asked for with an interface. */
    private boolean isInterfaceWrittenOut(Ec2Section section, ResponseLaunchTemplateData given) {
        boolean ofInstance =
                !given.securityGroupIds().isEmpty() || !given.securityGroups().isEmpty();
        if (ofInstance && section.publicIp() != Ec2Section.PublicIp.SUBNET) {
            problem(
                    "aws.publicIp",
                    "the launch template has security groups of the instance, and beside them nobody can decide on a public"
                            + " address: say subnet, or put the groups into the template's network interface");
        }
        return !ofInstance;
    }

    /** The groups of a launch template's interface are sent with the one that Weir writes out, or EC2 would take the default group. */
    private List<String> groups(
            Ec2Section section, ResponseLaunchTemplateData given, SortedMap<String, Subnet> subnets) {
        if (section.securityGroups().isEmpty()) {
            return given.networkInterfaces().stream()
                    .findFirst()
                    .map(LaunchTemplateInstanceNetworkInterfaceSpecification::groups)
                    .orElse(List.of());
        }
        if (subnets.isEmpty()) {
            return List.of(); // told already; groups belong to a VPC, and there is none
        }
        String vpc = subnets.values().iterator().next().vpcId();
        Map<String, String> found = catalog.groups(section.securityGroups(), vpc);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < section.securityGroups().size(); i++) {
            String wished = section.securityGroups().get(i);
            String id = found.get(wished);
            if (id == null) {
                problem("aws.securityGroups[" + i + "]", "there is no security group \"" + wished + "\" in " + vpc);
            } else {
                ids.add(id);
            }
        }
        return ids;
    }

    // 5. The rest

    private void sshKey() {
        document.sshKey()
                .filter(key -> !catalog.hasKey(key))
                .ifPresent(key -> problem("sshKey", "there is no key pair \"" + key + "\""));
    }

    private void placement(Ec2Section section, List<String> zones) {
        if (section.placementGroup().isEmpty()) {
            return;
        }
        String name = section.placementGroup().get();
        Optional<String> strategy = catalog.placementStrategy(name);
        if (strategy.isEmpty()) {
            problem("aws.placementGroup", "there is no placement group \"" + name + "\" that is available");
        } else if (strategy.get().equals("cluster") && zones.size() > 1) {
            problem(
                    "aws.placementGroup",
                    "a cluster placement group is in one zone, and here are " + zones.size() + ": name one in zones");
        }
    }

    private void labels() {
        if (document.labels().size() > LABELS_MAX) {
            problem(
                    "labels",
                    "has " + document.labels().size() + " entries; beside Weir's own EC2 takes " + LABELS_MAX);
        }
        new TreeMap<>(document.labels()).forEach((key, value) -> {
            String field = "labels." + key;
            if (key.startsWith("weir-")) {
                problem(field, "weir- is for Weir's own tags");
            } else if (key.toLowerCase(java.util.Locale.ROOT).startsWith("aws:")) {
                problem(field, "aws: is for AWS's own tags");
            } else if (key.isEmpty() || key.length() > LABEL_KEY_MAX) {
                problem(field, "the key is not of 1 to " + LABEL_KEY_MAX + " characters");
            }
            if (value.length() > LABEL_VALUE_MAX) {
                problem(field, "the value is longer than " + LABEL_VALUE_MAX + " characters");
            }
            if (!isXml(key) || !isXml(value)) {
                problem(field, "has a character that EC2's answers cannot show");
            }
        });
    }

    /** EC2 answers in XML 1.0: a tag with another character would make every listing unreadable. */
    private static boolean isXml(String text) {
        return text.codePoints()
                .allMatch(c -> c == '\t'
                        || c == '\n'
                        || c == '\r'
                        || (c >= 0x20 && c < 0xD800)
                        || (c > 0xDFFF && c < 0xFFFE)
                        || c > 0xFFFF);
    }

    private Optional<String> userData() {
        Optional<byte[]> bytes = document.userData().map(text -> text.getBytes(UTF_8));
        bytes.filter(some -> some.length > USER_DATA_MAX)
                .ifPresent(some ->
                        problem("userData", "has " + some.length + " bytes; EC2 takes at most " + USER_DATA_MAX));
        return bytes.map(Base64.getEncoder()::encodeToString);
    }

    private List<LaunchParameters.Disk> disks(Ec2Section section, @Nullable Image image) {
        List<LaunchParameters.Disk> disks = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        if (image != null) {
            image.blockDeviceMappings().forEach(disk -> taken.add(disk.deviceName()));
        }
        section.rootVolume().ifPresent(root -> {
            String device = image == null ? "?" : image.rootDeviceName();
            if (device == null) {
                problem("aws.rootVolume", "the image has no root device of EBS");
            } else {
                rootFits(root, image);
                disks.add(disk(device, root, root.type().orElse(null)));
            }
        });
        section.dataVolumes().forEach(disk -> disk.device()
                .filter(device -> !taken.add(device))
                .ifPresent(device -> problem("aws.dataVolumes", device + " is taken already")));
        List<Ec2Section.Volume> wished = new ArrayList<>();
        for (int i = 0; i < document.dataVolumes().size(); i++) {
            wished.add(neutral("dataVolumes[" + i + "].", document.dataVolumes().get(i)));
        }
        wished.addAll(section.dataVolumes());
        int next = 0;
        for (Ec2Section.Volume volume : wished) {
            String device = volume.device().orElse(null);
            while (device == null && next < FREE_DEVICES.length()) {
                String free = "/dev/sd" + FREE_DEVICES.charAt(next++);
                device = taken.add(free) ? free : null;
            }
            if (device == null) {
                problem("dataVolumes", "there are more volumes than devices; name devices in aws.dataVolumes");
                break;
            }
            disks.add(disk(device, volume, volume.type().orElse(VolumeTypes.USUAL)));
        }
        return disks;
    }

    private void rootFits(Ec2Section.Volume root, @Nullable Image image) {
        if (image == null || root.sizeGb().isEmpty()) {
            return;
        }
        image.blockDeviceMappings().stream()
                .filter(disk -> image.rootDeviceName().equals(disk.deviceName()))
                .filter(disk -> disk.ebs() != null && disk.ebs().volumeSize() != null)
                .filter(disk -> disk.ebs().volumeSize() > root.sizeGb().get())
                .findFirst()
                .ifPresent(disk -> problem(
                        "aws.rootVolume.sizeGb",
                        "the image needs at least " + disk.ebs().volumeSize() + " GiB"));
    }

    private Ec2Section.Volume neutral(String field, PoolDocument.DataVolume volume) {
        Ec2Section.Volume same = new Ec2Section.Volume(
                Optional.empty(),
                Optional.of(volume.sizeGb()),
                volume.type(),
                Optional.empty(),
                Optional.empty(),
                volume.encrypted(),
                Optional.empty(),
                Optional.empty(),
                true);
        VolumeTypes.problems(same, (name, text) -> problem(field + name, text));
        return same;
    }

    private static LaunchParameters.Disk disk(String device, Ec2Section.Volume volume, @Nullable String type) {
        return new LaunchParameters.Disk(
                device,
                volume.sizeGb().orElse(null),
                type,
                volume.iops().orElse(null),
                volume.throughput().orElse(null),
                volume.encrypted() ? true : null,
                volume.kmsKey().orElse(null),
                volume.snapshot().orElse(null),
                volume.deleteOnTermination());
    }

    /** Required, unless the document or the launch template says something. */
    private static @Nullable String tokens(Ec2Section section, ResponseLaunchTemplateData given) {
        if (section.metadata().isPresent()) {
            return section.metadata().get().tokens().toString();
        }
        return given.metadataOptions() != null && given.metadataOptions().httpTokensAsString() != null
                ? null
                : Ec2Section.Tokens.REQUIRED.toString();
    }

    // 6. The dry run

    private void dryRun(LaunchParameters frozen, Choice choice) throws TemplateProblems {
        try {
            api.dryRun(Ec2Requests.trial(frozen, choice));
        } catch (io.weir.driver.CloudException noSubnet) {
            throw new IllegalStateException(noSubnet);
        } catch (SdkException said) {
            String field = Ec2Failures.field(said).orElseThrow(() -> said);
            problem(field, Ec2Failures.words(said));
            throw problems();
        }
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return HexFormat.of().formatHex(hash, 0, 6);
        } catch (NoSuchAlgorithmException everyPlatformHasIt) {
            throw new IllegalStateException(everyPlatformHasIt);
        }
    }
}
