package io.weir.gce.compute;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.cloud.compute.v1.AccessConfig;
import com.google.cloud.compute.v1.AttachedDisk;
import com.google.cloud.compute.v1.AttachedDiskInitializeParams;
import com.google.cloud.compute.v1.CustomerEncryptionKey;
import com.google.cloud.compute.v1.Image;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.InstanceProperties;
import com.google.cloud.compute.v1.InstanceTemplate;
import com.google.cloud.compute.v1.Items;
import com.google.cloud.compute.v1.MachineType;
import com.google.cloud.compute.v1.Metadata;
import com.google.cloud.compute.v1.Network;
import com.google.cloud.compute.v1.NetworkInterface;
import com.google.cloud.compute.v1.ServiceAccount;
import com.google.cloud.compute.v1.ShieldedInstanceConfig;
import com.google.cloud.compute.v1.Subnetwork;
import com.google.cloud.compute.v1.Tags;
import io.weir.driver.CloudException;
import io.weir.driver.TemplateProblems;
import io.weir.driver.TemplateProblems.Problem;
import io.weir.pool.Choice;
import io.weir.pool.FailureKind;
import io.weir.pool.Market;
import io.weir.pool.PoolDocument;
import io.weir.pool.Template;
import io.weir.service.error.ApiException;
import io.weir.service.json.Fields;
import io.weir.service.json.Problems;
import io.weir.service.json.StrictJson;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A document against Compute Engine's catalogs.
 *
 * <ol>
 *   <li>The instance template, if there is one, must be there; Compute Engine's templates never change. What the document says wins over
 *       it; labels and metadata are laid over the template's, because Compute Engine would replace them whole. A disk or an address in it
 *       that only one machine can have is a problem: the second launch would fail, and every one after it.
 *   <li>The image is pinned to a name of an image: {@code project/name} or a bare name of {@code gce.imageProject} is an image, else a
 *       family, whose newest it means.
 *   <li>Choices: the machine types in the order wished, each in the zones wished where there are machines of it. None wished: all of the
 *       region but its AI zones, where Google's own groups launch nothing either unless they are named.
 *   <li>A zone that cannot be asked is taken for one that has everything: a pool must find its way around a zone that is down, and
 *       launches in one that cannot be listed are not made. If no other zone has any of the types, nothing can be said.
 *   <li>The network: {@code gce.subnetwork}, else the region's subnetwork of {@code network}, else the network {@code default}. An
 *       external address only if {@code publicAddress} says so.
 *   <li>Labels must be Compute Engine's as they are; {@code weir-} is not for documents. User data and start-up script are metadata, of at
 *       most 256 KiB each, and 512 KiB with all other metadata.
 * </ol>
 *
 * All problems at once, each with its field. It changes nothing; there is no dry run, so a permission or a quota shows at the launch.
 */
final class GceTemplates {
    /** Compute Engine takes 64 labels; Weir's own are four. */
    private static final int LABELS_MAX = 60;

    private static final int DISKS_MAX = 128;
    private static final int FORBIDDEN = 403;
    /** All entries together. */
    private static final int METADATA_MAX = 524_288;

    private static final String LABEL_CHARS = "\\p{Ll}\\p{Lo}\\p{N}_-";
    private static final Pattern LABEL_KEY = Pattern.compile("[\\p{Ll}\\p{Lo}][" + LABEL_CHARS + "]{0,62}");
    private static final Pattern LABEL_VALUE = Pattern.compile("[" + LABEL_CHARS + "]{0,63}");
    private static final Pattern SSH_KEY = Pattern.compile("[a-z_][a-z0-9_-]{0,31}:(ssh|ecdsa|sk)-\\S+ \\S+.*");
    private static final Pattern IMAGE =
            Pattern.compile("(?:(?:.*projects/)?([^/]+)/)??(?:global/images/)?(family/)?([^/]+)");
    private static final Pattern GLOBAL = Pattern.compile("(?:(?:.*projects/([^/]+)/)?global/[a-zA-Z]+/)?([^/]+)");
    private static final Pattern SUBNETWORK =
            Pattern.compile("(?:(?:.*projects/([^/]+)/)?regions/([^/]+)/subnetworks/)?([^/]+)");
    private static final String EXTERNAL = "External NAT";

    private final Catalog catalog;
    private final String project;
    private final String region;
    private final PoolDocument document;
    private final List<Problem> problems = new ArrayList<>();
    /** Zones that could not be asked: asked once, as each may take its time-out to say nothing. */
    private final Set<String> silentZones = new HashSet<>();

    private com.google.api.gax.rpc.@Nullable ApiException silence;
    private String denied = "";

    private GceTemplates(GceApi api, String project, String region, PoolDocument document) {
        this.catalog = new Catalog(api, project, region);
        this.project = project;
        this.region = region;
        this.document = document;
    }

    /** @throws com.google.api.gax.rpc.ApiException the catalogs cannot be read */
    static Template template(GceApi api, String project, String region, PoolDocument document) throws TemplateProblems {
        return new GceTemplates(api, project, region, document).template();
    }

    private Template template() throws TemplateProblems {
        GceSection section = section();
        Optional<InstanceTemplate> template = instanceTemplate(section); // 1
        InstanceProperties given =
                template.map(InstanceTemplate::getProperties).orElse(InstanceProperties.getDefaultInstance());
        @Nullable Image image = image(section, given); // 2
        List<String> zones = zones(); // 3, 4
        List<Choice> choices = choices(section, given, image, zones);
        Instance.Builder instance = Instance.newBuilder();
        network(section, given, instance); // 5
        instance.putAllLabels(labels(given)); // 6
        metadata(section, given, instance);
        disks(section, given, image, zones, instance);
        others(section, instance);
        if (choices.isEmpty() || !problems.isEmpty()) {
            throw problems();
        }
        String text = new LaunchParameters(
                        template.map(found -> path("instanceTemplates", section, found)), instance.build())
                .frozen();
        String identity = text + choices.stream().map(Choice::key).toList();
        return new Template(GceNames.digest(identity), choices, text, GceMachines.PROVIDER, region);
    }

    private String path(String kind, GceSection section, InstanceTemplate found) {
        String owner =
                named(GLOBAL, section.instanceTemplate().orElse("")).owner().orElse(project);
        return "projects/" + owner + "/global/" + kind + "/" + found.getName();
    }

    private TemplateProblems problems() {
        if (problems.isEmpty()) {
            problem("machineTypes", "there are machines of none of these types in these zones");
        }
        return new TemplateProblems(problems);
    }

    private void problem(String field, String text) {
        problems.add(new Problem(field, text));
    }

    private GceSection section() {
        Problems found = new Problems();
        GceSection section = null;
        try {
            section = Fields.read(StrictJson.json(document.section().getBytes(UTF_8)), found, GceSection::read);
        } catch (ApiException malformed) {
            found.add("", String.valueOf(malformed.getMessage()));
        }
        found.list().forEach(one -> problem(one.field().isEmpty() ? "gce" : "gce." + one.field(), one.message()));
        return section == null ? GceSection.NOTHING : section;
    }

    /**
     * Of another project, what may not be read is as what is not there: Compute Engine answers 403 for both, and for a project that nobody
     * has. Of the connection's own a permission is missing, and that is told as such.
     */
    private <T> Optional<T> allowed(String owner, Supplier<Optional<T>> ask) {
        try {
            Optional<T> found = ask.get();
            denied = found.isPresent() ? "" : denied;
            return found;
        } catch (com.google.api.gax.rpc.ApiException failure) {
            CloudException meaning = GceFailures.ofRead(failure);
            boolean denies = meaning.kind() == FailureKind.UNAUTHORIZED
                    && GceFailures.status(failure)
                            .filter(status -> status == FORBIDDEN)
                            .isPresent();
            if (owner.equals(project) || !denies) {
                throw failure;
            }
            denied = String.valueOf(meaning.getMessage());
            return Optional.empty();
        }
    }

    /** Why what was not found in another project was not shown, if that was why. */
    private String denial() {
        String text = denied.isEmpty() ? "" : ": " + denied;
        denied = "";
        return text;
    }

    private record Named(Optional<String> owner, String name) {}

    private static Named named(Pattern form, String text) {
        Matcher parts = form.matcher(text);
        return parts.matches()
                ? new Named(Optional.ofNullable(parts.group(1)), parts.group(parts.groupCount()))
                : new Named(Optional.empty(), text);
    }

    // 1. The instance template

    private Optional<InstanceTemplate> instanceTemplate(GceSection section) {
        if (section.instanceTemplate().isEmpty()) {
            return Optional.empty();
        }
        Named name = named(GLOBAL, section.instanceTemplate().get());
        String owner = name.owner().orElse(project);
        Optional<InstanceTemplate> found = allowed(owner, () -> catalog.instanceTemplate(owner, name.name()));
        if (found.isEmpty()) {
            problem(
                    "gce.instanceTemplate",
                    "there is no instance template \""
                            + section.instanceTemplate().get() + "\"" + denial());
            return found;
        }
        InstanceProperties given = found.get().getProperties();
        boolean spot = given.getScheduling().getProvisioningModel().equals("SPOT")
                || given.getScheduling().getPreemptible();
        if (spot && section.market() != Market.SPOT) {
            problem("gce.instanceTemplate", "asks for spot instances; say gce.provisioning: spot, or take it out");
        }
        return found;
    }

    // 2. The image

    private @Nullable Image image(GceSection section, InstanceProperties given) {
        if (document.image().isEmpty()) {
            if (given.getDisksCount() == 0) {
                problem("image", "is missing; project/image, project/family, or a name in gce.imageProject");
            }
            return null;
        }
        String text = document.image().get();
        Matcher parts = IMAGE.matcher(text);
        boolean whole = parts.matches();
        String owner = whole && parts.group(1) != null
                ? parts.group(1)
                : section.imageProject().orElse(project);
        String name = whole ? parts.group(3) : text;
        boolean family = whole && parts.group(2) != null;
        Optional<Image> found = family ? Optional.empty() : allowed(owner, () -> catalog.image(owner, name));
        if (found.isEmpty()) {
            found = allowed(owner, () -> catalog.newestImage(owner, name));
        }
        if (found.isEmpty()) {
            problem(
                    "image",
                    "there is no image and no family \"" + name + "\" in the project " + owner
                            + " that this account may use" + denial());
            return null;
        }
        Image image = found.get();
        String state = image.getDeprecated().getState();
        if (state.equals("OBSOLETE") || state.equals("DELETED")) {
            problem("image", "the image " + image.getName() + " is " + state.toLowerCase(java.util.Locale.ROOT));
        }
        if (!image.getStatus().isEmpty() && !image.getStatus().equals("READY")) {
            problem("image", "the image " + image.getName() + " is not ready but " + image.getStatus());
        }
        return image;
    }

    /** Without the address before the project: what is pinned holds at every endpoint. */
    private String pinned(Image image) {
        String link = image.getSelfLink();
        int at = link.indexOf("projects/");
        return at < 0 ? "projects/" + project + "/global/images/" + image.getName() : link.substring(at);
    }

    // 3, 4. Types, zones, choices

    private List<String> zones() {
        List<String> there = catalog.zones();
        if (document.zones().isEmpty()) {
            return there.stream().filter(GceNames::isForEverything).toList();
        }
        List<String> zones = new ArrayList<>();
        for (int i = 0; i < document.zones().size(); i++) {
            String zone = document.zones().get(i);
            if (zones.contains(zone)) {
                problem("zones[" + i + "]", "\"" + zone + "\" again");
            } else if (!there.contains(zone)) {
                problem(
                        "zones[" + i + "]",
                        "there is no zone \"" + zone + "\" in " + region + "; there is " + String.join(", ", there));
            } else {
                zones.add(zone);
            }
        }
        return zones;
    }

    private List<Choice> choices(
            GceSection section, InstanceProperties given, @Nullable Image image, List<String> zones) {
        List<String> wished =
                document.machineTypes().isEmpty() && !given.getMachineType().isEmpty()
                        ? List.of(GceNames.last(given.getMachineType()))
                        : document.machineTypes();
        if (wished.isEmpty()) {
            problem("machineTypes", "is missing; name at least one machine type");
        }
        List<String> where = zones.isEmpty() ? catalog.zones() : zones;
        List<Choice> choices = new ArrayList<>();
        boolean certain = false;
        for (int i = 0; i < wished.size(); i++) {
            String field = "machineTypes[" + i + "]";
            String name = wished.get(i);
            if (wished.indexOf(name) < i) {
                problem(field, "\"" + name + "\" again");
                continue;
            }
            @Nullable MachineType type = null;
            boolean perhaps = false;
            for (String zone : where) {
                Choice choice = new Choice(zone, name, section.market(), Optional.empty());
                Optional<Optional<MachineType>> here = asked(zone, () -> catalog.machineType(zone, name));
                if (here.isEmpty() || here.get().isPresent()) {
                    choices.add(choice);
                }
                perhaps |= here.isEmpty();
                type = here.flatMap(found -> found).orElse(type);
            }
            certain |= type != null;
            if (type == null && !perhaps) {
                problem(field, "there is no machine type \"" + name + "\" in " + String.join(", ", where));
            } else if (type != null && image != null && !fits(type, image)) {
                problem(
                        field,
                        name + " is " + type.getArchitecture() + ", and the image is " + image.getArchitecture());
            }
        }
        if (!certain && silence != null) {
            throw silence;
        }
        return choices;
    }

    /** Empty: the zone cannot be asked. */
    private <T> Optional<T> asked(String zone, Supplier<T> ask) {
        if (silentZones.contains(zone)) {
            return Optional.empty();
        }
        try {
            return Optional.of(ask.get());
        } catch (com.google.api.gax.rpc.ApiException failure) {
            if (GceFailures.ofRead(failure).kind() != FailureKind.UNAVAILABLE) {
                throw failure;
            }
            silentZones.add(zone);
            silence = failure;
            return Optional.empty();
        }
    }

    private static boolean fits(MachineType type, Image image) {
        return !type.hasArchitecture()
                || !image.hasArchitecture()
                || type.getArchitecture().equals(image.getArchitecture());
    }

    // 5. Network

    private void network(GceSection section, InstanceProperties given, Instance.Builder instance) {
        boolean said = document.network().isPresent() || section.subnetwork().isPresent();
        if (!said && given.getNetworkInterfacesCount() > 0) {
            if (given.getNetworkInterfacesList().stream().anyMatch(GceTemplates::isForOne)) {
                problem(
                        "gce.instanceTemplate",
                        "has an address that only one machine can have; name network or gce.subnetwork to replace its"
                                + " interfaces");
            }
            if (document.publicAddress() || section.networkTier().isPresent()) {
                problem(
                        document.publicAddress() ? "publicAddress" : "gce.networkTier",
                        "the instance template's network interface decides on addresses; name network or"
                                + " gce.subnetwork to replace it");
            }
            return;
        }
        NetworkInterface.Builder card = NetworkInterface.newBuilder();
        @Nullable Network network = namedNetwork();
        if (network != null) {
            card.setNetwork(path(network.getSelfLink()));
        }
        subnetwork(section, network, card);
        if (document.publicAddress()) {
            AccessConfig.Builder open =
                    AccessConfig.newBuilder().setName(EXTERNAL).setType("ONE_TO_ONE_NAT");
            section.networkTier().ifPresent(open::setNetworkTier);
            card.addAccessConfigs(open);
        } else if (section.networkTier().isPresent()) {
            problem("gce.networkTier", "is of an external address, and there is none without publicAddress");
        }
        instance.addNetworkInterfaces(card);
    }

    private @Nullable Network namedNetwork() {
        String wished = document.network().orElse("default");
        Named name = named(GLOBAL, wished);
        String owner = name.owner().orElse(project);
        Optional<Network> found = allowed(owner, () -> catalog.network(owner, name.name()));
        if (found.isEmpty() && document.network().isPresent()) {
            problem("network", "there is no network \"" + wished + "\"" + denial());
        }
        return found.orElse(null);
    }

    private void subnetwork(GceSection section, @Nullable Network network, NetworkInterface.Builder card) {
        if (section.subnetwork().isPresent()) {
            String wished = section.subnetwork().get();
            Matcher parts = SUBNETWORK.matcher(wished);
            String owner = parts.matches() && parts.group(1) != null ? parts.group(1) : project;
            String name = parts.matches() ? parts.group(3) : wished;
            if (parts.matches() && parts.group(2) != null && !parts.group(2).equals(region)) {
                problem("gce.subnetwork", "is in " + parts.group(2) + ", and the connection's region is " + region);
                return;
            }
            Optional<Subnetwork> found = allowed(owner, () -> catalog.subnetwork(owner, name));
            if (found.isEmpty()) {
                problem("gce.subnetwork", "there is no subnetwork \"" + wished + "\" in " + region + denial());
                return;
            }
            String its = path(found.get().getNetwork());
            if (document.network().isPresent() && network != null && !its.equals(path(network.getSelfLink()))) {
                problem("gce.subnetwork", "is of the network " + GceNames.last(its) + ", not of " + network.getName());
            }
            card.setSubnetwork(path(found.get().getSelfLink())).setNetwork(its);
        } else if (network == null) {
            if (document.network().isEmpty()) {
                problem("network", "is missing, and there is no network \"default\"");
            }
        } else if (!network.getAutoCreateSubnetworks()) {
            problem("gce.subnetwork", "is missing; the network " + network.getName() + " makes none by itself");
        }
    }

    private static String path(String link) {
        int at = link.indexOf("projects/");
        return at < 0 ? link : link.substring(at);
    }

    // 6. The rest

    private Map<String, String> labels(InstanceProperties given) {
        new TreeMap<>(document.labels()).forEach((key, value) -> {
            String field = "labels." + key;
            if (key.startsWith("weir-")) {
                problem(field, "weir- is for Weir's own labels");
            } else if (key.startsWith("goog")) {
                problem(field, "goog is for Google's own labels");
            } else if (!LABEL_KEY.matcher(key).matches()) {
                problem(field, "the key is not of 1 to 63 small letters, digits, - and _, a letter first");
            }
            if (!LABEL_VALUE.matcher(value).matches()) {
                problem(field, "the value is not of at most 63 small letters, digits, - and _");
            }
        });
        SortedMap<String, String> labels = new TreeMap<>(given.getLabelsMap());
        labels.putAll(document.labels());
        if (labels.size() > LABELS_MAX) {
            problem(
                    "labels",
                    "with the instance template's there are " + labels.size()
                            + "; beside Weir's own Compute Engine takes " + LABELS_MAX);
        }
        return labels;
    }

    private void metadata(GceSection section, InstanceProperties given, Instance.Builder instance) {
        Map<String, String> items = new LinkedHashMap<>(new TreeMap<>(section.metadata()));
        document.userData().ifPresent(text -> items.put(GceSection.USER_DATA, text));
        section.startupScript().ifPresent(text -> items.put(GceSection.STARTUP_SCRIPT, text));
        document.sshKey().ifPresent(key -> {
            if (items.containsKey(GceSection.SSH_KEYS)) {
                problem("sshKey", "and gce.metadata.ssh-keys are the same entry: say one of them");
            }
            if (!SSH_KEY.matcher(key).matches()) {
                problem(
                        "sshKey",
                        "Compute Engine keeps no keys by name: write a user and a public key, user:ssh-ed25519 AAAA…");
            }
            items.put(GceSection.SSH_KEYS, key);
        });
        items.forEach((key, value) -> {
            int size = value.getBytes(UTF_8).length;
            if (size > GceSection.LONGEST_VALUE) {
                problem(
                        key.equals(GceSection.USER_DATA) ? "userData" : "gce.metadata." + key,
                        "has " + size + " bytes; Compute Engine takes at most " + GceSection.LONGEST_VALUE);
            }
        });
        if (items.isEmpty()) {
            return;
        }
        Map<String, String> all = new TreeMap<>();
        given.getMetadata().getItemsList().forEach(item -> all.put(item.getKey(), item.getValue()));
        all.putAll(items);
        int bytes = all.entrySet().stream()
                .mapToInt(item -> (item.getKey() + item.getValue()).getBytes(UTF_8).length)
                .sum();
        if (bytes > METADATA_MAX) {
            problem(
                    "gce.metadata",
                    "with userData, scripts, keys and the instance template's there are " + bytes
                            + " bytes; Compute Engine takes at most " + METADATA_MAX);
        }
        Metadata.Builder metadata = Metadata.newBuilder();
        all.forEach(
                (key, value) -> metadata.addItems(Items.newBuilder().setKey(key).setValue(value)));
        instance.setMetadata(metadata);
    }

    private void disks(
            GceSection section,
            InstanceProperties given,
            @Nullable Image image,
            List<String> zones,
            Instance.Builder instance) {
        boolean more = !document.dataVolumes().isEmpty()
                || !section.dataDisks().isEmpty()
                || section.bootDisk().isPresent();
        if (document.image().isEmpty() && given.getDisksCount() > 0) {
            if (given.getDisksList().stream().anyMatch(GceTemplates::isForOne)) {
                problem(
                        "gce.instanceTemplate",
                        "has a disk that only one machine can have; name an image to replace its disks");
            }
            if (more) {
                problem(
                        !document.dataVolumes().isEmpty()
                                ? "dataVolumes"
                                : section.dataDisks().isEmpty() ? "gce.bootDisk" : "gce.dataDisks",
                        "the instance template decides on disks; name an image to replace them");
            }
            return;
        }
        if (image != null) {
            GceSection.Volume boot = section.bootDisk()
                    .orElse(new GceSection.Volume(
                            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), true));
            boot.sizeGb()
                    .filter(size -> size < image.getDiskSizeGb())
                    .ifPresent(size -> problem(
                            "gce.bootDisk.sizeGb", "the image needs at least " + image.getDiskSizeGb() + " GB"));
            checkType("gce.bootDisk.type", boot, zones);
            AttachedDisk.Builder disk = disk(boot).setBoot(true);
            disk.getInitializeParamsBuilder().setSourceImage(pinned(image));
            instance.addDisks(disk);
        }
        for (int i = 0; i < document.dataVolumes().size(); i++) {
            PoolDocument.DataVolume wished = document.dataVolumes().get(i);
            GceSection.Volume volume = new GceSection.Volume(
                    Optional.of(wished.sizeGb()), wished.type(), Optional.empty(), Optional.empty(), true);
            checkType("dataVolumes[" + i + "].type", volume, zones);
            instance.addDisks(disk(volume));
        }
        for (int i = 0; i < section.dataDisks().size(); i++) {
            checkType("gce.dataDisks[" + i + "].type", section.dataDisks().get(i), zones);
            instance.addDisks(disk(section.dataDisks().get(i)));
        }
        if (instance.getDisksCount() > DISKS_MAX) {
            problem("dataVolumes", "with the boot disk there are more than " + DISKS_MAX + " disks");
        }
        for (int number = 1; number < instance.getDisksCount(); number++) {
            instance.getDisksBuilder(number).setDeviceName("data-" + number);
        }
    }

    /** One that is there already, or whose name is fixed. */
    private static boolean isForOne(AttachedDisk disk) {
        boolean there = !disk.getSource().isEmpty() && !disk.getMode().equals("READ_ONLY");
        return there || !disk.getInitializeParams().getDiskName().isEmpty();
    }

    private static boolean isForOne(NetworkInterface card) {
        return !card.getNetworkIP().isEmpty()
                || card.getAccessConfigsList().stream()
                        .anyMatch(open -> !open.getNatIP().isEmpty());
    }

    private void checkType(String field, GceSection.Volume volume, List<String> zones) {
        volume.type().ifPresent(type -> {
            for (String zone : zones) {
                if (asked(zone, () -> catalog.diskType(zone, type))
                        .filter(Optional::isEmpty)
                        .isPresent()) {
                    problem(field, "there is no disk type \"" + type + "\" in " + zone);
                    return;
                }
            }
        });
    }

    private AttachedDisk.Builder disk(GceSection.Volume volume) {
        AttachedDiskInitializeParams.Builder made = AttachedDiskInitializeParams.newBuilder();
        volume.sizeGb().ifPresent(made::setDiskSizeGb);
        volume.type().ifPresent(made::setDiskType);
        volume.snapshot()
                .ifPresent(snapshot -> made.setSourceSnapshot(
                        snapshot.contains("/")
                                ? path(snapshot)
                                : "projects/" + project + "/global/snapshots/" + snapshot));
        AttachedDisk.Builder disk = AttachedDisk.newBuilder()
                .setAutoDelete(volume.autoDelete())
                .setType("PERSISTENT")
                .setMode("READ_WRITE")
                .setInitializeParams(made);
        volume.kmsKey()
                .ifPresent(key -> disk.setDiskEncryptionKey(
                        CustomerEncryptionKey.newBuilder().setKmsKeyName(key)));
        return disk;
    }

    private static void others(GceSection section, Instance.Builder instance) {
        if (!section.tags().isEmpty()) {
            instance.setTags(Tags.newBuilder().addAllItems(section.tags()));
        }
        section.serviceAccount()
                .ifPresent(account -> instance.addServiceAccounts(
                        ServiceAccount.newBuilder().setEmail(account.email()).addAllScopes(account.scopes())));
        section.shielded().ifPresent(shielded -> {
            ShieldedInstanceConfig.Builder config = ShieldedInstanceConfig.newBuilder();
            shielded.secureBoot().ifPresent(config::setEnableSecureBoot);
            shielded.vtpm().ifPresent(config::setEnableVtpm);
            shielded.integrity().ifPresent(config::setEnableIntegrityMonitoring);
            instance.setShieldedInstanceConfig(config);
        });
    }
}
