package io.weir.aws.fake;

import io.weir.aws.fake.Region.Group;
import io.weir.aws.fake.Region.Image;
import io.weir.aws.fake.Region.InstanceType;
import io.weir.aws.fake.Region.LaunchTemplate;
import io.weir.aws.fake.Region.Subnet;
import io.weir.aws.fake.Region.Zone;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/** What a launch can be made of: images, subnets, security groups, types, zones, key pairs, launch templates, prices, limits. */
final class Catalogue {
    private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

    private final Ground ground;

    Catalogue(Ground ground) {
        this.ground = ground;
    }

    /** What a call names, or all; sorted, filtered, paged, as a list of items. */
    private <T> Element answer(
            Query query,
            String set,
            List<T> all,
            Function<T, String> key,
            Filters<T> filters,
            Function<T, Element> element)
            throws Refusal {
        List<T> passed = all.stream()
                .filter(filters.of(query))
                .sorted(Comparator.comparing(key))
                .toList();
        Pages<T> page = Pages.of(query, passed, key, ground.dials.pageSize());
        return Element.of(
                "answer", Element.list(set, page.things().stream().map(element).toList()), page.element());
    }

    private interface Missing {
        Refusal of(String id);
    }

    private static <T> List<T> named(
            Query query, String parameter, List<T> all, Function<T, String> id, Missing missing) throws Refusal {
        List<String> ids = query.texts(parameter);
        for (String wanted : ids) {
            if (all.stream().noneMatch(one -> id.apply(one).equals(wanted))) {
                throw missing.of(wanted);
            }
        }
        return ids.isEmpty()
                ? all
                : all.stream().filter(one -> ids.contains(id.apply(one))).toList();
    }

    private final Filters<Image> images = new Filters<Image>()
            .with("architecture", Image::architecture)
            .with("image-id", Image::id)
            .with("image-type", image -> "machine")
            .with("is-public", Image::isPublic)
            .with("name", Image::name)
            .with("owner-alias", Image::alias)
            .with("owner-id", Image::owner)
            .with("root-device-type", image -> "ebs")
            .with("state", Image::state)
            .with("virtualization-type", image -> "hvm")
            .tags(image -> Map.of());

    Element images(Query query, long now) throws Refusal {
        Pages.refuseWith(query, "ImageId", "imageIdsSet");
        for (String id : query.texts("ImageId")) {
            if (!id.matches("ami-([0-9a-f]{8}|[0-9a-f]{17})")) {
                throw Refusal.malformed("InvalidAMIID", id);
            }
        }
        List<String> owners = query.texts("Owner");
        Predicate<Image> owned = image -> owners.isEmpty()
                || owners.contains(image.owner())
                || (image.alias() != null && owners.contains(image.alias()))
                || (owners.contains("self") && image.owner().equals(ground.region.account()));
        List<Image> all = named(
                query,
                "ImageId",
                ground.region.images(),
                Image::id,
                id -> Refusal.client("InvalidAMIID.NotFound", "The image id '[" + id + "]' does not exist"));
        return answer(
                query,
                "imagesSet",
                all.stream().filter(owned).toList(),
                Image::id,
                images,
                image -> Element.item(
                        Element.text("imageId", image.id()),
                        Element.text("imageLocation", image.owner() + "/" + image.name()),
                        Element.text("imageState", image.state()),
                        Element.text("imageOwnerId", image.owner()),
                        Element.maybe("imageOwnerAlias", image.alias()),
                        Element.text("creationDate", image.created()),
                        Element.text("isPublic", image.isPublic()),
                        Element.text("architecture", image.architecture()),
                        Element.text("imageType", "machine"),
                        Element.text("name", image.name()),
                        Element.text("rootDeviceType", "ebs"),
                        Element.text("rootDeviceName", image.rootDevice()),
                        Element.of(
                                "blockDeviceMapping",
                                Element.item(
                                        Element.text("deviceName", image.rootDevice()),
                                        Element.of(
                                                "ebs",
                                                Element.text(
                                                        "snapshotId",
                                                        "snap-" + image.id().substring(4)),
                                                Element.text("volumeSize", image.rootSizeGb()),
                                                Element.text("deleteOnTermination", true),
                                                Element.text("volumeType", "gp3"),
                                                Element.text("encrypted", false)))),
                        Element.text("virtualizationType", "hvm"),
                        Element.text("hypervisor", "xen"),
                        Element.text("enaSupport", true),
                        Element.text("platformDetails", "Linux/UNIX"),
                        Element.text("usageOperation", "RunInstances")));
    }

    private final Filters<Subnet> subnets = new Filters<Subnet>()
            .tags(Subnet::tags)
            .with("availability-zone", Subnet::zone)
            .with("default-for-az", Subnet::isDefault)
            .with("state", subnet -> "available")
            .with("subnet-id", Subnet::id)
            .with("vpc-id", Subnet::vpc);

    Element subnets(Query query, long now) throws Refusal {
        List<Subnet> all = named(
                query,
                "SubnetId",
                ground.region.subnets(),
                Subnet::id,
                id -> Refusal.client("InvalidSubnetID.NotFound", "The subnet ID '" + id + "' does not exist"));
        return answer(
                query,
                "subnetSet",
                all,
                Subnet::id,
                subnets,
                subnet -> Element.item(
                        Element.text("subnetId", subnet.id()),
                        Element.text("subnetArn", ground.arn("subnet/" + subnet.id())),
                        Element.text("state", "available"),
                        Element.text("ownerId", ground.region.account()),
                        Element.text("vpcId", subnet.vpc()),
                        Element.text("cidrBlock", cidr(subnet)),
                        Element.text("availableIpAddressCount", subnet.addresses() - taken(subnet, now)),
                        Element.text("availabilityZone", subnet.zone()),
                        Element.text("availabilityZoneId", ground.region.zoneId(subnet.zone())),
                        Element.text("defaultForAz", subnet.isDefault()),
                        Element.text("mapPublicIpOnLaunch", subnet.publicAddresses()),
                        Element.text("assignIpv6AddressOnCreation", false),
                        Element.tags(subnet.tags())));
    }

    private static String cidr(Subnet subnet) {
        int dot = subnet.network().lastIndexOf('.');
        return subnet.network().substring(0, dot + 1)
                + Integer.parseInt(subnet.network().substring(dot + 1)) * 16 + ".0/20";
    }

    private int taken(Subnet subnet, long now) {
        return (int) ground.ledger.shown().stream()
                .filter(instance -> subnet.id().equals(instance.spec.subnet()))
                .filter(instance -> now < instance.ended())
                .count();
    }

    private final Filters<Group> groups = new Filters<Group>()
            .tags(group -> Map.of())
            .with("group-id", Group::id)
            .with("group-name", Group::name)
            .with("vpc-id", Group::vpc);

    Element groups(Query query, long now) throws Refusal {
        List<Group> byId = named(
                query,
                "GroupId",
                ground.region.groups(),
                Group::id,
                id -> Refusal.client("InvalidGroup.NotFound", "The security group '" + id + "' does not exist"));
        List<Group> all = named(
                query,
                "GroupName",
                byId,
                Group::name,
                name -> Refusal.client("InvalidGroup.NotFound", "The security group '" + name + "' does not exist"));
        return answer(
                query,
                "securityGroupInfo",
                all,
                Group::id,
                groups,
                group -> Element.item(
                        Element.text("ownerId", ground.region.account()),
                        Element.text("groupId", group.id()),
                        Element.text("groupName", group.name()),
                        Element.text("groupDescription", group.name()),
                        Element.text("vpcId", group.vpc()),
                        Element.of("ipPermissions"),
                        Element.of("ipPermissionsEgress")));
    }

    private final Filters<InstanceType> types = new Filters<InstanceType>()
            .with("current-generation", type -> true)
            .with("instance-type", InstanceType::name)
            .with("processor-info.supported-architecture", InstanceType::architecture)
            .with("vcpu-info.default-vcpus", InstanceType::vcpus);

    Element types(Query query, long now) throws Refusal {
        Pages.refuseWith(query, "InstanceType", "instanceTypeSet");
        List<InstanceType> all = named(
                query,
                "InstanceType",
                ground.region.types(),
                InstanceType::name,
                name -> Refusal.client(
                        "InvalidInstanceType", "The following supplied instance types do not exist: [" + name + "]"));
        return answer(
                query,
                "instanceTypeSet",
                all,
                InstanceType::name,
                types,
                type -> Element.item(
                        Element.text("instanceType", type.name()),
                        Element.text("currentGeneration", true),
                        Element.text("freeTierEligible", type.name().equals("t3.micro")),
                        Element.of(
                                "supportedUsageClasses",
                                Element.text("item", "on-demand"),
                                Element.text("item", "spot")),
                        Element.of("supportedRootDeviceTypes", Element.text("item", "ebs")),
                        Element.of("supportedVirtualizationTypes", Element.text("item", "hvm")),
                        Element.text("bareMetal", false),
                        Element.text("hypervisor", "nitro"),
                        Element.of(
                                "processorInfo",
                                Element.of("supportedArchitectures", Element.text("item", type.architecture()))),
                        Element.of("vCpuInfo", Element.text("defaultVCpus", type.vcpus())),
                        Element.of("memoryInfo", Element.text("sizeInMiB", type.memoryMib())),
                        Element.text("instanceStorageSupported", false),
                        Element.text(
                                "burstablePerformanceSupported", type.name().startsWith("t"))));
    }

    private record Offering(String type, String location) {
        String key() {
            return type + "@" + location;
        }
    }

    private final Filters<Offering> offerings =
            new Filters<Offering>().with("instance-type", Offering::type).with("location", Offering::location);

    Element offerings(Query query, long now) throws Refusal {
        String kind = query.text("LocationType").orElse("region");
        List<Offering> all = new ArrayList<>();
        for (InstanceType type : ground.region.types()) {
            switch (kind) {
                case "region" -> all.add(new Offering(type.name(), ground.region.name()));
                case "availability-zone", "availability-zone-id" -> {
                    for (Zone zone : ground.region.zones()) {
                        if (type.offeredIn(zone.name())) {
                            all.add(new Offering(type.name(), kind.endsWith("id") ? zone.id() : zone.name()));
                        }
                    }
                }
                default -> throw Refusal.value(kind, "LocationType", "Unknown location type.");
            }
        }
        return answer(
                query,
                "instanceTypeOfferingSet",
                all,
                Offering::key,
                offerings,
                offering -> Element.item(
                        Element.text("instanceType", offering.type),
                        Element.text("locationType", kind),
                        Element.text("location", offering.location)));
    }

    private final Filters<Zone> zones = new Filters<Zone>()
            .with("opt-in-status", zone -> "opt-in-not-required")
            .with("state", zone -> "available")
            .with("zone-id", Zone::id)
            .with("zone-name", Zone::name)
            .with("zone-type", zone -> "availability-zone");

    Element zones(Query query, long now) throws Refusal {
        List<Zone> all = named(
                query,
                "ZoneName",
                ground.region.zones(),
                Zone::name,
                name -> Refusal.value("Invalid availability zone: [" + name + "]"));
        return answer(
                query,
                "availabilityZoneInfo",
                all,
                Zone::name,
                zones,
                zone -> Element.item(
                        Element.text("zoneName", zone.name()),
                        Element.text("zoneState", "available"),
                        Element.text("regionName", ground.region.name()),
                        Element.of("messageSet"),
                        Element.text("optInStatus", "opt-in-not-required"),
                        Element.text("zoneId", zone.id()),
                        Element.text("groupName", ground.region.name() + "-zg-1"),
                        Element.text("networkBorderGroup", ground.region.name()),
                        Element.text("zoneType", "availability-zone")));
    }

    private final Filters<String> keyPairs =
            new Filters<String>().with("key-name", name -> name).tags(name -> Map.of());

    Element keyPairs(Query query, long now) throws Refusal {
        List<String> all = named(
                query,
                "KeyName",
                ground.region.keyPairs(),
                name -> name,
                name -> Refusal.client("InvalidKeyPair.NotFound", "The key pair '" + name + "' does not exist"));
        return answer(
                query,
                "keySet",
                all,
                name -> name,
                keyPairs,
                name -> Element.item(
                        Element.text("keyPairId", "key-0" + String.format("%016x", name.hashCode() & 0xffffffffL)),
                        Element.text("keyName", name),
                        Element.text("keyType", "ed25519"),
                        Element.text("createTime", BEGINNING)));
    }

    private final Filters<LaunchTemplate> templates = new Filters<LaunchTemplate>()
            .with("launch-template-name", LaunchTemplate::name)
            .tags(template -> Map.of());

    Element templates(Query query, long now) throws Refusal {
        List<LaunchTemplate> byId = named(
                query,
                "LaunchTemplateId",
                ground.region.launchTemplates(),
                LaunchTemplate::id,
                id -> Refusal.client(
                        "InvalidLaunchTemplateId.NotFound",
                        "The specified launch template, with template ID " + id + ", does not exist."));
        List<LaunchTemplate> all = named(
                query,
                "LaunchTemplateName",
                byId,
                LaunchTemplate::name,
                name -> Refusal.client(
                        "InvalidLaunchTemplateName.NotFoundException",
                        "The specified launch template, with template name " + name + ", does not exist."));
        return answer(
                query,
                "launchTemplates",
                all,
                LaunchTemplate::id,
                templates,
                template -> Element.item(
                        Element.text("launchTemplateId", template.id()),
                        Element.text("launchTemplateName", template.name()),
                        Element.text("createTime", BEGINNING),
                        Element.text("createdBy", "arn:aws:iam::" + ground.region.account() + ":root"),
                        Element.text("defaultVersionNumber", template.defaultVersion()),
                        Element.text("latestVersionNumber", template.versions().size())));
    }

    Element templateVersions(Query query, long now) throws Refusal {
        LaunchTemplate template = LaunchRequest.template(ground.region, query);
        List<String> wanted = query.texts("LaunchTemplateVersion");
        List<Element> versions = new ArrayList<>();
        if (wanted.isEmpty()) {
            for (int number = 1; number <= template.versions().size(); number++) {
                versions.add(version(template, number));
            }
        }
        for (String version : wanted) {
            LaunchRequest.version(template, version);
            versions.add(version(template, LaunchRequest.versionNumber(template, version)));
        }
        return Element.of("answer", Element.list("launchTemplateVersionSet", versions));
    }

    private Element version(LaunchTemplate template, int number) {
        return Element.item(
                Element.text("launchTemplateId", template.id()),
                Element.text("launchTemplateName", template.name()),
                Element.text("versionNumber", number),
                Element.text("createTime", BEGINNING),
                Element.text("createdBy", "arn:aws:iam::" + ground.region.account() + ":root"),
                Element.text("defaultVersion", number == template.defaultVersion()),
                launchTemplateData(new Query(template.versions().get(number - 1))));
    }

    /** As far as templates of the fake hold it. */
    private static Element launchTemplateData(Query data) {
        return Element.of(
                "launchTemplateData",
                Element.maybe("imageId", data.text("ImageId").orElse(null)),
                Element.maybe("instanceType", data.text("InstanceType").orElse(null)),
                Element.maybe("keyName", data.text("KeyName").orElse(null)),
                Element.maybe("userData", data.text("UserData").orElse(null)),
                data.has("IamInstanceProfile")
                        ? Element.of(
                                "iamInstanceProfile",
                                Element.maybe(
                                        "name",
                                        data.text("IamInstanceProfile.Name").orElse(null)),
                                Element.maybe(
                                        "arn",
                                        data.text("IamInstanceProfile.Arn").orElse(null)))
                        : null,
                data.has("SecurityGroupId")
                        ? Element.list(
                                "securityGroupIdSet",
                                data.texts("SecurityGroupId").stream()
                                        .map(id -> Element.text("item", id))
                                        .toList())
                        : null);
    }

    Element spotPrices(Query query, long now) throws Refusal {
        List<String> wanted = query.texts("InstanceType");
        Map<String, Element> prices = new TreeMap<>();
        for (InstanceType type : ground.region.types()) {
            for (Zone zone : ground.region.zones()) {
                Optional<String> only = query.text("AvailabilityZone");
                if ((wanted.isEmpty() || wanted.contains(type.name()))
                        && type.offeredIn(zone.name())
                        && only.map(zone.name()::equals).orElse(true)) {
                    prices.put(type.name() + "@" + zone.name(), price(type, zone, now));
                }
            }
        }
        Pages<Map.Entry<String, Element>> page =
                Pages.of(query, List.copyOf(prices.entrySet()), Map.Entry::getKey, ground.dials.pageSize());
        return Element.of(
                "answer",
                Element.list(
                        "spotPriceHistorySet",
                        page.things().stream().map(Map.Entry::getValue).toList()),
                Element.text("nextToken", page.next() == null ? "" : page.next()));
    }

    private static Element price(InstanceType type, Zone zone, long now) {
        BigDecimal price = type.spotPrice();
        return Element.item(
                Element.text("instanceType", type.name()),
                Element.text("productDescription", "Linux/UNIX"),
                Element.text("spotPrice", price.toPlainString()),
                Element.text("timestamp", Instant.ofEpochMilli(now - now % 3_600_000)),
                Element.text("availabilityZone", zone.name()));
    }

    Element accountAttributes(Query query, long now) throws Refusal {
        Map<String, String> attributes = new TreeMap<>(Map.of(
                "supported-platforms",
                "VPC",
                "default-vpc",
                ground.region.subnets().stream()
                        .filter(Subnet::isDefault)
                        .map(Subnet::vpc)
                        .findFirst()
                        .orElse("none"),
                "max-instances",
                String.valueOf(ground.dials.quota().getOrDefault(Ec2Dials.INSTANCES, 20)),
                "vpc-max-security-groups-per-interface",
                "5",
                "max-elastic-ips",
                "5",
                "vpc-max-elastic-ips",
                "5"));
        List<String> wanted = query.texts("AttributeName");
        for (String name : wanted) {
            if (!attributes.containsKey(name)) {
                throw Refusal.value(name, "attributeName", "Unknown attribute.");
            }
        }
        return Element.of(
                "answer",
                Element.list(
                        "accountAttributeSet",
                        attributes.entrySet().stream()
                                .filter(one -> wanted.isEmpty() || wanted.contains(one.getKey()))
                                .map(one -> Element.item(
                                        Element.text("attributeName", one.getKey()),
                                        Element.of(
                                                "attributeValueSet",
                                                Element.item(Element.text("attributeValue", one.getValue())))))
                                .toList()));
    }
}
