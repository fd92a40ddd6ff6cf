package io.weir.gce.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.cloud.compute.v1.AccessConfig;
import com.google.cloud.compute.v1.AttachedDisk;
import com.google.cloud.compute.v1.Disk;
import com.google.cloud.compute.v1.Image;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.InstanceProperties;
import com.google.cloud.compute.v1.InstanceTemplate;
import com.google.cloud.compute.v1.Items;
import com.google.cloud.compute.v1.Metadata;
import com.google.cloud.compute.v1.Network;
import com.google.cloud.compute.v1.NetworkInterface;
import com.google.cloud.compute.v1.Scheduling;
import com.google.cloud.compute.v1.ServiceAccount;
import com.google.cloud.compute.v1.ShieldedInstanceConfig;
import com.google.cloud.compute.v1.ShieldedInstanceIntegrityPolicy;
import com.google.cloud.compute.v1.Subnetwork;
import com.google.cloud.compute.v1.Tags;
import com.google.protobuf.Message;
import io.weir.simulated.CloudJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The instance that an insert asks for, checked against what there is in the project, and what it looks like once it is born.
 *
 * <ol>
 *   <li>An instance template is the ground, and what the call says lies on it as RFC 7396 merges: objects are merged, lists replaced.
 *   <li>Checks are those of Compute that users report; what is wrong is refused with its field, the first thing only.
 *   <li>A field that the schema has and the fake does not heed is refused as unknown to the fake.
 * </ol>
 */
final class LaunchRequest {
    private static final int LABELS_MOST = 64;
    private static final int VALUE_MOST = 256 * 1024;
    private static final int METADATA_MOST = 512 * 1024;

    /** What is heeded, of an instance and of the properties of several. */
    private static final Set<String> HEEDED = Set.of(
            "name",
            "description",
            "machineType",
            "labels",
            "canIpForward",
            "deletionProtection",
            "tags",
            "tags.items",
            "metadata",
            "metadata.kind",
            "metadata.items",
            "metadata.items.key",
            "metadata.items.value",
            "disks",
            "disks.kind",
            "disks.type",
            "disks.mode",
            "disks.boot",
            "disks.index",
            "disks.autoDelete",
            "disks.deviceName",
            "disks.interface",
            "disks.diskSizeGb",
            "disks.initializeParams",
            "disks.initializeParams.description",
            "disks.initializeParams.diskName",
            "disks.initializeParams.diskSizeGb",
            "disks.initializeParams.diskType",
            "disks.initializeParams.labels",
            "disks.initializeParams.sourceImage",
            "networkInterfaces",
            "networkInterfaces.kind",
            "networkInterfaces.name",
            "networkInterfaces.network",
            "networkInterfaces.subnetwork",
            "networkInterfaces.stackType",
            "networkInterfaces.nicType",
            "networkInterfaces.accessConfigs",
            "networkInterfaces.accessConfigs.kind",
            "networkInterfaces.accessConfigs.name",
            "networkInterfaces.accessConfigs.type",
            "networkInterfaces.accessConfigs.networkTier",
            "scheduling",
            "scheduling.automaticRestart",
            "scheduling.preemptible",
            "scheduling.onHostMaintenance",
            "scheduling.provisioningModel",
            "scheduling.instanceTerminationAction",
            "serviceAccounts",
            "serviceAccounts.email",
            "serviceAccounts.scopes",
            "shieldedInstanceConfig",
            "shieldedInstanceConfig.enableSecureBoot",
            "shieldedInstanceConfig.enableVtpm",
            "shieldedInstanceConfig.enableIntegrityMonitoring");

    private final Ground ground;
    private final String zone;
    private final Instance asked;
    private final String field;

    private LaunchRequest(Ground ground, String zone, Instance asked, String field) {
        this.ground = ground;
        this.zone = zone;
        this.asked = asked;
        this.field = field;
    }

    /** What one insert asks for. */
    static LaunchRequest of(Ground ground, String zone, Instance resource, String template) throws Refusal {
        heed(resource);
        return new LaunchRequest(ground, zone, merged(ground, zone, resource, template), "resource.").checked(true);
    }

    /** What each of a bulk insert is; its name is still due. */
    static LaunchRequest of(Ground ground, String zone, InstanceProperties properties, String template) throws Refusal {
        heed(properties);
        return new LaunchRequest(
                        ground,
                        zone,
                        merged(ground, zone, instance(zone, properties), template),
                        "resource.instanceProperties.")
                .checked(false);
    }

    private static void heed(Message message) throws Refusal {
        for (String path : Schema.paths(message)) {
            if (!HEEDED.contains(path)) {
                throw Refusal.notInTheFake("the field " + path + " of an instance");
            }
        }
    }

    /** Properties name a machine type without its zone. */
    private static Instance instance(String zone, InstanceProperties properties) {
        Instance.Builder instance = Schema.read(Schema.json(properties), Instance.newBuilder());
        if (properties.hasMachineType()) {
            instance.setMachineType("zones/" + zone + "/machineTypes/" + properties.getMachineType());
        }
        return instance.build();
    }

    private static Instance merged(Ground ground, String zone, Instance resource, String template) throws Refusal {
        if (template.isEmpty()) {
            return resource;
        }
        String name = Names.last(template);
        InstanceTemplate found = ground.project
                .template(name)
                .orElseThrow(() -> Refusal.notFound(Names.resource("global/instanceTemplates/" + name)));
        try {
            JsonNode whole = CloudJson.LENIENT.readTree(Schema.json(instance(zone, found.getProperties())));
            merge((ObjectNode) whole, (ObjectNode) CloudJson.LENIENT.readTree(Schema.json(resource)));
            return Schema.read(whole.toString(), Instance.newBuilder()).build();
        } catch (JsonProcessingException cannotBe) {
            throw new IllegalStateException(cannotBe);
        }
    }

    private static void merge(ObjectNode into, ObjectNode from) {
        from.properties().forEach(entry -> {
            JsonNode there = into.get(entry.getKey());
            if (there instanceof ObjectNode inner && entry.getValue() instanceof ObjectNode more) {
                merge(inner, more);
            } else {
                into.set(entry.getKey(), entry.getValue());
            }
        });
    }

    private Refusal invalid(String name, String value, String why) {
        return Refusal.invalid(field + name, value, why);
    }

    private LaunchRequest checked(boolean named) throws Refusal {
        if (named && !Names.isName(asked.getName())) {
            throw invalid("name", asked.getName(), "Must be a match of regex '" + Names.FORM + "'");
        }
        checkLabels(asked.getLabelsMap(), field + "labels");
        checkMachineType();
        checkDisks();
        checkNetwork();
        checkMetadata();
        for (String tag : asked.getTags().getItemsList()) {
            if (!Names.isName(tag)) {
                throw invalid("tags.items[0]", tag, "Must be a match of regex '" + Names.FORM + "'");
            }
        }
        Scheduling scheduling = asked.getScheduling();
        boolean spot = scheduling.getProvisioningModel().equals("SPOT") || scheduling.getPreemptible();
        if (spot
                && (scheduling.getAutomaticRestart()
                        || scheduling.getOnHostMaintenance().equals("MIGRATE"))) {
            throw invalid(
                    "scheduling",
                    "",
                    "Scheduling must have automaticRestart be false and onHostMaintenance be TERMINATE when preemptible"
                            + " is true.");
        }
        for (ServiceAccount account : asked.getServiceAccountsList()) {
            if (!account.getEmail().equals("default")
                    && !ground.project.serviceAccounts().contains(account.getEmail())) {
                throw Refusal.badRequest("The resource '" + Names.resource("serviceAccounts/" + account.getEmail())
                        + "' of type 'serviceAccount' was not found.");
            }
        }
        return this;
    }

    static void checkLabels(Map<String, String> labels, String field) throws Refusal {
        if (labels.size() > LABELS_MOST) {
            throw Refusal.invalid(field, "", "At most " + LABELS_MOST + " labels are allowed.");
        }
        for (Map.Entry<String, String> label : labels.entrySet()) {
            if (!Names.isLabelKey(label.getKey())) {
                throw Refusal.invalid(
                        field,
                        "",
                        "Label key '" + label.getKey()
                                + "' violates format constraints. The key must start with a lowercase character, can"
                                + " only contain lowercase letters, numeric characters, underscores and dashes. The key"
                                + " can be at most 63 characters long. International characters are allowed.");
            }
            if (!Names.isLabelValue(label.getValue())) {
                throw Refusal.invalid(
                        field,
                        "",
                        "Label value '" + label.getValue()
                                + "' violates format constraints. The value can only contain lowercase letters, numeric"
                                + " characters, underscores and dashes. The value can be at most 63 characters long."
                                + " International characters are allowed.");
            }
        }
    }

    private void checkMachineType() throws Refusal {
        String link = asked.getMachineType();
        if (link.isEmpty()) {
            throw invalid("machineType", "", "A machine type must be specified.");
        }
        String path = Names.reference(link).map(Names.Reference::path).orElse("");
        if (!path.matches("zones/[^/]+/machineTypes/[^/]+")) {
            throw invalid("machineType", link, "The URL is malformed.");
        }
        String name = Names.last(path);
        if (!path.split("/", -1)[1].equals(zone)
                || ground.project.type(name).filter(type -> type.isIn(zone)).isEmpty()) {
            throw invalid(
                    "machineType",
                    link,
                    "Machine type with name '" + name + "' does not exist in zone '" + zone + "'.");
        }
    }

    private void checkDisks() throws Refusal {
        if (asked.getDisksCount() == 0 || !asked.getDisks(0).getBoot()) {
            throw invalid("disks", "", "Boot disk must be the first disk attached to the instance.");
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < asked.getDisksCount(); i++) {
            AttachedDisk disk = asked.getDisks(i);
            String at = "disks[" + i + "].";
            if (!disk.hasInitializeParams()) {
                throw Refusal.notInTheFake("disks that were there before");
            }
            checkLabels(disk.getInitializeParams().getLabelsMap(), field + at + "initializeParams.labels");
            String source = disk.getInitializeParams().getSourceImage();
            Optional<Image> image = image(source);
            if (image.isEmpty() && (disk.getBoot() || !source.isEmpty())) {
                throw invalid(
                        at + "initializeParams.sourceImage",
                        source,
                        source.isEmpty()
                                ? "A boot disk needs a source."
                                : "The referenced image resource cannot be found.");
            }
            long size = size(disk);
            long least = image.map(Image::getDiskSizeGb).orElse(1L);
            if (size < least) {
                throw invalid(
                        at + "initializeParams.diskSizeGb",
                        Long.toString(size),
                        "Requested disk size cannot be smaller than the image size (" + least + " GB)");
            }
            String type = disk.getInitializeParams().getDiskType();
            if (!type.isEmpty() && !ground.project.diskTypes().contains(Names.last(type))) {
                throw invalid(
                        at + "initializeParams.diskType", type, "The referenced disk type resource cannot be found.");
            }
            String name = disk.getInitializeParams().getDiskName();
            if (!name.isEmpty() && (!Names.isName(name) || !names.add(name))) {
                throw invalid(at + "initializeParams.diskName", name, "Must be a match of regex '" + Names.FORM + "'");
            }
        }
    }

    /** Where a disk leaves its size open it is its image's. */
    private long size(AttachedDisk disk) {
        if (disk.getInitializeParams().hasDiskSizeGb()) {
            return disk.getInitializeParams().getDiskSizeGb();
        }
        return disk.hasDiskSizeGb()
                ? disk.getDiskSizeGb()
                : image(disk.getInitializeParams().getSourceImage())
                        .map(Image::getDiskSizeGb)
                        .orElse(500L);
    }

    private Optional<Image> image(String source) {
        return Names.reference(source).flatMap(reference -> {
            String name = Names.last(reference.path());
            return reference.path().startsWith("global/images/family/")
                    ? ground.project.family(reference.project(), name)
                    : ground.project.image(reference.project(), name);
        });
    }

    private void checkNetwork() throws Refusal {
        if (asked.getNetworkInterfacesCount() == 0) {
            throw invalid("networkInterfaces", "", "At least one network interface is required.");
        }
        if (asked.getNetworkInterfacesCount() > 1) {
            throw Refusal.notInTheFake("several network interfaces");
        }
        NetworkInterface card = asked.getNetworkInterfaces(0);
        if (!card.getNetwork().isEmpty()
                && ground.project.network(Names.last(card.getNetwork())).isEmpty()) {
            throw invalid(
                    "networkInterfaces[0].network",
                    card.getNetwork(),
                    "The referenced network resource cannot be found.");
        }
        if (subnetwork(card).isEmpty()) {
            throw card.getSubnetwork().isEmpty()
                    ? invalid(
                            "networkInterfaces[0]", "", "Subnetwork should be specified for custom subnetmode network")
                    : invalid(
                            "networkInterfaces[0].subnetwork",
                            card.getSubnetwork(),
                            "The referenced subnetwork resource cannot be found.");
        }
    }

    private Optional<Subnetwork> subnetwork(NetworkInterface card) {
        if (!card.getSubnetwork().isEmpty()) {
            String[] words = card.getSubnetwork().split("/", -1);
            String region = words.length > 2 ? words[words.length - 3] : ExampleProject.REGION;
            return ground.project.subnetwork(region, words[words.length - 1]);
        }
        String network = card.getNetwork().isEmpty() ? "default" : Names.last(card.getNetwork());
        return ground.project
                .network(network)
                .filter(Network::getAutoCreateSubnetworks)
                .flatMap(found -> ground.project.subnetwork(ExampleProject.REGION, network));
    }

    private void checkMetadata() throws Refusal {
        long all = 0;
        for (Items item : asked.getMetadata().getItemsList()) {
            int length = item.getValue().getBytes(UTF_8).length;
            all += length;
            if (length > VALUE_MOST || all > METADATA_MOST) {
                throw invalid(
                        "metadata",
                        "",
                        "The total size of all metadata keys and values must not exceed 512 KB, and of a value 256 KB");
            }
        }
    }

    String zone() {
        return zone;
    }

    Map<String, String> labels() {
        return asked.getLabelsMap();
    }

    String type() {
        return Names.last(asked.getMachineType());
    }

    String name() {
        return asked.getName();
    }

    boolean isSpot() {
        return asked.getScheduling().getProvisioningModel().equals("SPOT")
                || asked.getScheduling().getPreemptible();
    }

    boolean hasAddress() {
        return asked.getNetworkInterfaces(0).getAccessConfigsCount() > 0;
    }

    boolean usesAccount() {
        return asked.getServiceAccountsCount() > 0;
    }

    Instance asked() {
        return asked;
    }

    long gigabytes() {
        return asked.getDisksList().stream().mapToLong(this::size).sum();
    }

    /** The name of one of its disks: the boot disk bears the instance's name, others its name and their place. */
    String diskName(String instance, int index) {
        String name = asked.getDisks(index).getInitializeParams().getDiskName();
        return !name.isEmpty() ? name : index == 0 ? instance : instance + "-" + index;
    }

    /** As it is born, without what comes with its state and with its labels. */
    Instance born(String name, String id, int number, Instant at) {
        Instance.Builder born = asked.toBuilder()
                .clearLabels()
                .setKind("compute#instance")
                .setId(Long.parseUnsignedLong(id))
                .setCreationTimestamp(Names.time(at))
                .setName(name)
                .setDescription(asked.getDescription())
                .setMachineType(Names.link("zones/" + zone + "/machineTypes/" + type()))
                .setZone(Names.link("zones/" + zone))
                .setSelfLink(Names.link("zones/" + zone + "/instances/" + name))
                .setCanIpForward(asked.getCanIpForward())
                .setStartRestricted(false)
                .setDeletionProtection(asked.getDeletionProtection())
                .setFingerprint(LabelHistory.hash(id))
                .setTags(tags())
                .setMetadata(metadata())
                .setScheduling(scheduling())
                .clearNetworkInterfaces()
                .addNetworkInterfaces(card(number))
                .setShieldedInstanceConfig(ShieldedInstanceConfig.newBuilder()
                        .setEnableSecureBoot(false)
                        .setEnableVtpm(true)
                        .setEnableIntegrityMonitoring(true)
                        .mergeFrom(asked.getShieldedInstanceConfig()))
                .setShieldedInstanceIntegrityPolicy(
                        ShieldedInstanceIntegrityPolicy.newBuilder().setUpdateAutoLearnPolicy(true))
                .clearServiceAccounts()
                .clearDisks();
        for (ServiceAccount account : asked.getServiceAccountsList()) {
            born.addServiceAccounts(
                    account.getEmail().equals("default")
                            ? account.toBuilder().setEmail(ExampleProject.DEFAULT_ACCOUNT)
                            : account.toBuilder());
        }
        for (int i = 0; i < asked.getDisksCount(); i++) {
            born.addDisks(attached(name, i));
        }
        return born.build();
    }

    private Tags tags() {
        List<String> items = asked.getTags().getItemsList().stream().sorted().toList();
        return Tags.newBuilder()
                .addAllItems(items)
                .setFingerprint(items.isEmpty() ? LabelHistory.EMPTY : LabelHistory.hash(items.toString()))
                .build();
    }

    private Metadata metadata() {
        return asked.getMetadata().toBuilder()
                .setKind("compute#metadata")
                .setFingerprint(LabelHistory.hash(Schema.json(asked.getMetadata())))
                .build();
    }

    private Scheduling scheduling() {
        Scheduling.Builder scheduling = asked.getScheduling().toBuilder();
        boolean spot = isSpot();
        if (spot
                && !scheduling.hasInstanceTerminationAction()
                && scheduling.getProvisioningModel().equals("SPOT")) {
            scheduling.setInstanceTerminationAction("STOP");
        }
        return scheduling
                .setOnHostMaintenance(
                        scheduling.hasOnHostMaintenance()
                                ? scheduling.getOnHostMaintenance()
                                : spot ? "TERMINATE" : "MIGRATE")
                .setAutomaticRestart(scheduling.hasAutomaticRestart() ? scheduling.getAutomaticRestart() : !spot)
                .setPreemptible(spot)
                .setProvisioningModel(spot ? "SPOT" : "STANDARD")
                .build();
    }

    private NetworkInterface card(int number) {
        NetworkInterface wanted = asked.getNetworkInterfaces(0);
        Subnetwork subnet = subnetwork(wanted).orElseThrow();
        String[] address = subnet.getGatewayAddress().split("\\.", -1);
        NetworkInterface.Builder card = wanted.toBuilder()
                .setKind("compute#networkInterface")
                .setName("nic0")
                .setNetwork(subnet.getNetwork())
                .setSubnetwork(subnet.getSelfLink())
                .setNetworkIP(address[0] + "." + address[1] + "." + (Integer.parseInt(address[2]) + number / 250 % 16)
                        + "." + (2 + number % 250))
                .setFingerprint(LabelHistory.hash("nic" + number))
                .setStackType("IPV4_ONLY")
                .clearAccessConfigs();
        for (AccessConfig config : wanted.getAccessConfigsList()) {
            card.addAccessConfigs(config.toBuilder()
                    .setKind("compute#accessConfig")
                    .setName(config.getName().isEmpty() ? "external-nat" : config.getName())
                    .setType("ONE_TO_ONE_NAT")
                    .setNetworkTier(config.getNetworkTier().isEmpty() ? "PREMIUM" : config.getNetworkTier()));
        }
        return card.build();
    }

    private AttachedDisk attached(String name, int index) {
        AttachedDisk wanted = asked.getDisks(index);
        AttachedDisk.Builder disk = AttachedDisk.newBuilder()
                .setKind("compute#attachedDisk")
                .setType("PERSISTENT")
                .setMode(wanted.getMode().isEmpty() ? "READ_WRITE" : wanted.getMode())
                .setSource(Names.link("zones/" + zone + "/disks/" + diskName(name, index)))
                .setDeviceName(wanted.getDeviceName().isEmpty() ? "persistent-disk-" + index : wanted.getDeviceName())
                .setIndex(index)
                .setBoot(wanted.getBoot())
                .setAutoDelete(wanted.getAutoDelete())
                .setInterface(wanted.getInterface().isEmpty() ? "SCSI" : wanted.getInterface())
                .setDiskSizeGb(size(wanted));
        image(wanted.getInitializeParams().getSourceImage())
                .ifPresent(image -> disk.addAllLicenses(image.getLicensesList())
                        .addAllGuestOsFeatures(image.getGuestOsFeaturesList())
                        .setArchitecture(image.getArchitecture()));
        return disk.build();
    }

    /** @param labels those that the call gives it */
    record BornDisk(String name, String id, Map<String, String> labels, Disk disk) {}

    List<BornDisk> disks(String name, Instant at) {
        List<BornDisk> disks = new ArrayList<>();
        for (int i = 0; i < asked.getDisksCount(); i++) {
            AttachedDisk wanted = asked.getDisks(i);
            String id = ground.newId();
            String diskName = diskName(name, i);
            String type = wanted.getInitializeParams().getDiskType();
            Disk.Builder disk = Disk.newBuilder()
                    .setKind("compute#disk")
                    .setId(Long.parseUnsignedLong(id))
                    .setCreationTimestamp(Names.time(at))
                    .setName(diskName)
                    .setSizeGb(size(wanted))
                    .setZone(Names.link("zones/" + zone))
                    .setStatus("READY")
                    .setSelfLink(Names.link("zones/" + zone + "/disks/" + diskName))
                    .setType(Names.link(
                            "zones/" + zone + "/diskTypes/" + (type.isEmpty() ? "pd-standard" : Names.last(type))))
                    .setPhysicalBlockSizeBytes(4096)
                    .setLastAttachTimestamp(Names.time(at));
            image(wanted.getInitializeParams().getSourceImage())
                    .ifPresent(image -> disk.setSourceImage(image.getSelfLink())
                            .setSourceImageId(Long.toUnsignedString(image.getId()))
                            .addAllLicenses(image.getLicensesList())
                            .addAllGuestOsFeatures(image.getGuestOsFeaturesList())
                            .setArchitecture(image.getArchitecture()));
            disks.add(new BornDisk(
                    diskName, id, Map.copyOf(wanted.getInitializeParams().getLabelsMap()), disk.build()));
        }
        return disks;
    }

    boolean deletes(int disk) {
        return asked.getDisks(disk).getAutoDelete();
    }
}
