package io.weir.gce.fake;

import com.google.cloud.compute.v1.AccessConfig;
import com.google.cloud.compute.v1.AttachedDisk;
import com.google.cloud.compute.v1.AttachedDiskInitializeParams;
import com.google.cloud.compute.v1.DeprecationStatus;
import com.google.cloud.compute.v1.GuestOsFeature;
import com.google.cloud.compute.v1.Image;
import com.google.cloud.compute.v1.InstanceProperties;
import com.google.cloud.compute.v1.InstanceTemplate;
import com.google.cloud.compute.v1.Network;
import com.google.cloud.compute.v1.NetworkInterface;
import com.google.cloud.compute.v1.Subnetwork;
import com.google.cloud.compute.v1.Tags;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What can be launched in the fake's one project, and by whose account. */
record ExampleProject(
        List<String> zones,
        List<Type> types,
        List<Image> images,
        List<Network> networks,
        List<Subnetwork> subnetworks,
        List<InstanceTemplate> templates,
        Set<String> diskTypes,
        Set<String> serviceAccounts) {

    static final String NAME = "weir-example";
    static final String NUMBER = "123456789012";
    static final String REGION = "us-central1";
    static final String IMAGE = "weir-web-20260210";
    static final String OLD_IMAGE = "weir-web-20260101";
    static final String FAMILY = "weir-web";
    static final String PUBLIC_PROJECT = "debian-cloud";
    static final String PUBLIC_FAMILY = "debian-12";
    static final String SUBNET = "web";
    static final String TEMPLATE = "web";
    static final String SOMEBODY = "somebody@example.com";
    static final String ACCOUNT = "web@weir-example.iam.gserviceaccount.com";
    static final String DEFAULT_ACCOUNT = NUMBER + "-compute@developer.gserviceaccount.com";

    /**
     * A machine type.
     *
     * @param zones where there are machines of it; empty: everywhere
     */
    record Type(
            String name,
            int cpus,
            int memoryMb,
            boolean shared,
            String architecture,
            BigDecimal price,
            BigDecimal spotPrice,
            List<String> zones) {
        boolean isIn(String zone) {
            return zones.isEmpty() || zones.contains(zone);
        }
    }

    static final ExampleProject PLAIN = new ExampleProject(
            List.of("us-central1-a", "us-central1-b", "us-central1-c"),
            List.of(
                    type("e2-micro", 2, 1, true, "0.0084", "0.0025"),
                    type("e2-small", 2, 2, true, "0.0168", "0.005"),
                    type("e2-medium", 2, 4, true, "0.0335", "0.0101"),
                    type("e2-standard-2", 2, 8, false, "0.067", "0.0201"),
                    type("n2-standard-4", 4, 16, false, "0.1942", "0.047"),
                    new Type(
                            "t2a-standard-1",
                            1,
                            4096,
                            false,
                            "ARM64",
                            new BigDecimal("0.0385"),
                            new BigDecimal("0.0115"),
                            List.of("us-central1-a", "us-central1-b"))),
            List.of(
                    image(NAME, OLD_IMAGE, FAMILY, "2026-01-01T03:00:00.000-08:00", "X86_64", 1, false),
                    image(NAME, IMAGE, FAMILY, "2026-02-10T03:00:00.000-08:00", "X86_64", 2, false),
                    image(NAME, "weir-web-20260220", FAMILY, "2026-02-20T03:00:00.000-08:00", "X86_64", 3, true),
                    image(NAME, "weir-arm-20260210", "weir-arm", "2026-02-10T03:00:00.000-08:00", "ARM64", 4, false),
                    image(
                            PUBLIC_PROJECT,
                            "debian-12-bookworm-v20260115",
                            PUBLIC_FAMILY,
                            "2026-01-15T03:00:00.000-08:00",
                            "X86_64",
                            5,
                            false)),
            List.of(network("default", 11, true), network("web", 12, false)),
            List.of(subnetwork("default", "default", "10.128.0", 21), subnetwork(SUBNET, "web", "10.2.0", 22)),
            List.of(template()),
            Set.of("pd-standard", "pd-balanced", "pd-ssd", "hyperdisk-balanced"),
            Set.of(ACCOUNT, DEFAULT_ACCOUNT));

    private static Type type(String name, int cpus, int memoryGib, boolean shared, String price, String spotPrice) {
        return new Type(
                name,
                cpus,
                memoryGib * 1024,
                shared,
                "X86_64",
                new BigDecimal(price),
                new BigDecimal(spotPrice),
                List.of());
    }

    private static Image image(
            String project,
            String name,
            String family,
            String created,
            String architecture,
            long id,
            boolean obsolete) {
        Image.Builder image = Image.newBuilder()
                .setKind("compute#image")
                .setId(1_000_000_000_000_000_000L + id)
                .setCreationTimestamp(created)
                .setName(name)
                .setFamily(family)
                .setStatus("READY")
                .setDiskSizeGb(10)
                .setArchiveSizeBytes(1 << 30)
                .setArchitecture(architecture)
                .setLabelFingerprint(LabelHistory.EMPTY)
                .setSelfLink(Names.link(project, "global/images/" + name))
                .addLicenses(Names.link(project, "global/licenses/" + family));
        for (String feature : List.of("VIRTIO_SCSI_MULTIQUEUE", "UEFI_COMPATIBLE", "GVNIC")) {
            image.addGuestOsFeatures(GuestOsFeature.newBuilder().setType(feature));
        }
        if (obsolete) {
            image.setDeprecated(DeprecationStatus.newBuilder().setState("OBSOLETE"));
        }
        return image.build();
    }

    private static Network network(String name, long id, boolean auto) {
        return Network.newBuilder()
                .setKind("compute#network")
                .setId(1_000_000_000_000_000_000L + id)
                .setCreationTimestamp("2026-01-01T03:00:00.000-08:00")
                .setName(name)
                .setAutoCreateSubnetworks(auto)
                .setSelfLink(Names.link("global/networks/" + name))
                .addSubnetworks(Names.link("regions/" + REGION + "/subnetworks/" + name))
                .build();
    }

    private static Subnetwork subnetwork(String name, String network, String address, long id) {
        return Subnetwork.newBuilder()
                .setKind("compute#subnetwork")
                .setId(1_000_000_000_000_000_000L + id)
                .setCreationTimestamp("2026-01-01T03:00:00.000-08:00")
                .setName(name)
                .setNetwork(Names.link("global/networks/" + network))
                .setIpCidrRange(address + ".0/20")
                .setGatewayAddress(address + ".1")
                .setRegion(Names.link("regions/" + REGION))
                .setSelfLink(Names.link("regions/" + REGION + "/subnetworks/" + name))
                .setPrivateIpGoogleAccess(false)
                .setFingerprint("dGhlZmFrZQ==")
                .setPurpose("PRIVATE")
                .setStackType("IPV4_ONLY")
                .build();
    }

    private static InstanceTemplate template() {
        return InstanceTemplate.newBuilder()
                .setKind("compute#instanceTemplate")
                .setId(1_000_000_000_000_000_031L)
                .setCreationTimestamp("2026-01-02T03:00:00.000-08:00")
                .setName(TEMPLATE)
                .setDescription("")
                .setSelfLink(Names.link("global/instanceTemplates/" + TEMPLATE))
                .setProperties(InstanceProperties.newBuilder()
                        .setMachineType("e2-small")
                        .setTags(Tags.newBuilder().addItems("from-template"))
                        .putLabels("team", "web")
                        .addDisks(AttachedDisk.newBuilder()
                                .setKind("compute#attachedDisk")
                                .setBoot(true)
                                .setAutoDelete(true)
                                .setMode("READ_WRITE")
                                .setType("PERSISTENT")
                                .setInitializeParams(AttachedDiskInitializeParams.newBuilder()
                                        .setSourceImage("projects/" + NAME + "/global/images/" + OLD_IMAGE)
                                        .setDiskType("pd-balanced")
                                        .setDiskSizeGb(20)))
                        .addNetworkInterfaces(NetworkInterface.newBuilder()
                                .setKind("compute#networkInterface")
                                .setNetwork(Names.link("global/networks/default"))
                                .addAccessConfigs(AccessConfig.newBuilder()
                                        .setKind("compute#accessConfig")
                                        .setName("External NAT")
                                        .setType("ONE_TO_ONE_NAT"))))
                .build();
    }

    ExampleProject withImages(List<Image> others) {
        return new ExampleProject(zones, types, others, networks, subnetworks, templates, diskTypes, serviceAccounts);
    }

    Optional<Type> type(String name) {
        return types.stream().filter(type -> type.name.equals(name)).findFirst();
    }

    private static String projectOf(Image image) {
        return Names.reference(image.getSelfLink().substring(Names.ROOT.length()))
                .orElseThrow()
                .project();
    }

    Optional<Image> image(String project, String name) {
        return images.stream()
                .filter(image ->
                        projectOf(image).equals(project) && image.getName().equals(name))
                .findFirst();
    }

    List<Image> images(String project) {
        return images.stream().filter(image -> projectOf(image).equals(project)).toList();
    }

    /** The newest of a family that is not deprecated. */
    Optional<Image> family(String project, String family) {
        return images.stream()
                .filter(image ->
                        projectOf(image).equals(project) && image.getFamily().equals(family))
                .filter(image -> !image.hasDeprecated())
                .max(Comparator.comparing(Image::getCreationTimestamp));
    }

    Optional<Network> network(String name) {
        return networks.stream()
                .filter(network -> network.getName().equals(name))
                .findFirst();
    }

    Optional<Subnetwork> subnetwork(String region, String name) {
        return subnetworks.stream()
                .filter(subnet -> region.equals(REGION) && subnet.getName().equals(name))
                .findFirst();
    }

    Optional<InstanceTemplate> template(String name) {
        return templates.stream()
                .filter(template -> template.getName().equals(name))
                .findFirst();
    }
}
