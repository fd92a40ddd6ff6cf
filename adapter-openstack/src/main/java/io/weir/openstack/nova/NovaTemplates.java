package io.weir.openstack.nova;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.driver.TemplateProblems;
import io.weir.driver.TemplateProblems.Problem;
import io.weir.openstack.nova.CatalogApi.Flavor;
import io.weir.openstack.nova.CatalogApi.Image;
import io.weir.openstack.nova.CatalogApi.Named;
import io.weir.openstack.nova.CatalogApi.Network;
import io.weir.openstack.nova.CatalogApi.Zone;
import io.weir.pool.Choice;
import io.weir.pool.Market;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolDocument.DataVolume;
import io.weir.pool.Template;
import io.weir.service.json.Fields;
import io.weir.service.json.Problems;
import io.weir.service.json.Spelling;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A document against the cloud's catalogs.
 *
 * <ol>
 *   <li>Names become ids. An image's name means its newest active image; a name that two networks or security groups share is a
 *       problem, because which one is meant is not for us to guess.
 *   <li>Choices: the flavors in the order wished, each in the zones wished; no zones means all that Nova says are available.
 *   <li>What OpenStack cannot do, or cannot be asked for, is a problem: spot markets there are none, and encryption is a volume
 *       type's.
 *   <li>Labels become metadata, user data Base64; what Nova would refuse is refused here.
 *   <li>A catalog is read only if the document names something of it.
 * </ol>
 *
 * All problems at once, each with its field.
 */
final class NovaTemplates {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}");
    private static final Pattern KEY = Pattern.compile("[a-zA-Z0-9\\-_:. ]{1,255}");
    private static final int LONGEST_VALUE = 255;
    private static final int LONGEST_USER_DATA = 65_535;
    /** Nova's usual 128, less what Weir itself writes. */
    private static final int MOST_LABELS = 120;

    private static final String NONE = "none";
    private static final String AUTO = "auto";

    private final PoolDocument document;
    private final CatalogApi catalog;
    private final String region;
    private final List<Problem> problems = new ArrayList<>();

    private NovaTemplates(PoolDocument document, CatalogApi catalog, String region) {
        this.document = document;
        this.catalog = catalog;
        this.region = region;
    }

    static Template template(PoolDocument document, CatalogApi catalog, String region)
            throws TemplateProblems, NovaFailure {
        return new NovaTemplates(document, catalog, region).template();
    }

    private Template template() throws TemplateProblems, NovaFailure {
        NovaSection section = section();
        Map<String, Flavor> flavors = flavors();
        List<String> zones = zones();
        Image image = image(section);
        fits(flavors, image, section);
        Networking networking = networking(section);
        String floatingNetwork = floatingNetwork(section, networking);
        Frozen frozen = new Frozen(
                flavors.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey,
                                flavor -> new Frozen.Flavor(
                                        flavor.getValue().id(),
                                        flavor.getValue().vcpus(),
                                        flavor.getValue().ramMb()))),
                image == null ? "" : image.id(),
                networking.mode(),
                networking.networks(),
                networking.ports(),
                securityGroups(section, networking),
                floatingNetwork,
                serverGroup(section),
                section.configDrive(),
                bootVolume(section),
                dataVolumes(),
                volumeZones(section),
                hints(section),
                keyPair(),
                userData(),
                labels());
        if (!problems.isEmpty()) {
            throw new TemplateProblems(problems);
        }
        List<Choice> choices = new ArrayList<>();
        for (String flavor : flavors.keySet()) {
            zones.forEach(zone -> choices.add(new Choice(zone, flavor, Market.ON_DEMAND, Optional.empty())));
        }
        String text = frozen.text();
        String identity = text + choices.stream().map(Choice::key).toList();
        return new Template(digest(identity), choices, text, NovaMachines.PROVIDER, region);
    }

    private NovaSection section() {
        JsonNode written;
        try {
            written = JSON.readTree(document.section());
        } catch (JsonProcessingException malformed) {
            written = JSON.nullNode();
        }
        Problems found = new Problems();
        NovaSection section = Fields.read(written, found, NovaSection::read);
        found.list()
                .forEach(problem -> problem(
                        problem.field().isEmpty() ? "openstack" : "openstack." + problem.field(), problem.message()));
        return section == null
                ? new NovaSection(
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        Map.of(),
                        Optional.empty())
                : section;
    }

    /** By their names, in the order of the document. */
    private Map<String, Flavor> flavors() throws NovaFailure {
        Map<String, Flavor> chosen = new LinkedHashMap<>();
        if (document.machineTypes().isEmpty()) {
            problem("machineTypes", "is missing; name one flavor or more");
            return chosen;
        }
        List<Flavor> known = catalog.flavors();
        for (int i = 0; i < document.machineTypes().size(); i++) {
            String wish = document.machineTypes().get(i);
            String field = "machineTypes[" + i + "]";
            Flavor found = known.stream()
                    .filter(flavor -> flavor.name().equals(wish))
                    .findFirst()
                    .or(() -> known.stream()
                            .filter(flavor -> flavor.id().equals(wish))
                            .findFirst())
                    .orElse(null);
            if (found == null) {
                problem(
                        field,
                        "there is no flavor \"" + wish + "\""
                                + hint(wish, known.stream().map(Flavor::name).toList()));
            } else if (chosen.put(found.name(), found) != null) {
                problem(field, "\"" + wish + "\" again");
            }
        }
        return chosen;
    }

    private List<String> zones() throws NovaFailure {
        List<Zone> known = catalog.zones();
        if (document.zones().isEmpty()) {
            List<String> all = known.stream()
                    .filter(Zone::available)
                    .map(Zone::name)
                    .sorted()
                    .toList();
            if (all.isEmpty()) {
                problem("zones", "Nova has no availability zone that is available");
            }
            return all;
        }
        for (int i = 0; i < document.zones().size(); i++) {
            String wish = document.zones().get(i);
            if (known.stream().noneMatch(zone -> zone.name().equals(wish))) {
                problem(
                        "zones[" + i + "]",
                        "there is no availability zone \"" + wish + "\""
                                + hint(wish, known.stream().map(Zone::name).toList()));
            } else if (document.zones().indexOf(wish) < i) {
                problem("zones[" + i + "]", "\"" + wish + "\" again");
            }
        }
        return document.zones();
    }

    private @Nullable Image image(NovaSection section) throws NovaFailure {
        if (section.image().isPresent()) {
            if (document.image().isPresent()) {
                problem("openstack.image", "and image are both there; one of them is enough");
                return null;
            }
            NovaSection.ImageWish wish = section.image().get();
            Map<String, String> filter = new TreeMap<>(wish.properties());
            wish.name().ifPresent(name -> filter.put("name", name));
            return newest("openstack.image", "with " + filter, catalog.images(filter));
        }
        if (document.image().isEmpty()) {
            problem("image", "is missing; name an image, or its properties in openstack.image");
            return null;
        }
        String wish = document.image().get();
        if (UUID.matcher(wish).matches()) {
            Optional<Image> found = catalog.image(wish);
            if (found.isPresent()) {
                return newest("image", "\"" + wish + "\"", List.of(found.get()));
            }
        }
        return newest("image", "\"" + wish + "\"", catalog.images(Map.of("name", wish)));
    }

    /** Of several, the newest that is active; of those of one second, the one with the lowest id. */
    private @Nullable Image newest(String field, String wish, List<Image> found) {
        Optional<Image> newest = found.stream()
                .filter(image -> image.status().equals("active"))
                .min(java.util.Comparator.comparing(Image::created).reversed().thenComparing(Image::id));
        if (newest.isEmpty()) {
            problem(
                    field,
                    found.isEmpty()
                            ? "there is no image " + wish
                            : "the image " + wish + " is " + found.get(0).status() + ", not active");
        }
        return newest.orElse(null);
    }

    /** Nova would refuse each launch. A root that is a volume has a size of its own. */
    private void fits(Map<String, Flavor> flavors, @Nullable Image image, NovaSection section) {
        if (image == null) {
            return;
        }
        section.bootVolume()
                .filter(volume -> volume.sizeGb() < image.minDiskGb())
                .ifPresent(volume -> problem(
                        "openstack.bootVolume.sizeGb",
                        volume.sizeGb() + " GB are too few: the image needs " + image.minDiskGb()));
        for (Flavor flavor : flavors.values()) {
            String field = "machineTypes[" + document.machineTypes().indexOf(flavor.name()) + "]";
            if (flavor.ramMb() < image.minRamMb()) {
                problem(
                        field,
                        flavor.name() + " has " + flavor.ramMb() + " MB, and the image needs " + image.minRamMb());
            }
            if (section.bootVolume().isEmpty() && flavor.diskGb() > 0 && flavor.diskGb() < image.minDiskGb()) {
                problem(
                        field,
                        flavor.name() + " has a disk of " + flavor.diskGb() + " GB, and the image needs "
                                + image.minDiskGb());
            }
        }
    }

    private record Networking(@Nullable String mode, List<String> networks, List<String> ports) {
        boolean isNone() {
            return NONE.equals(mode);
        }
    }

    private Networking networking(NovaSection section) throws NovaFailure {
        List<String> wishes =
                section.networks().isEmpty() ? document.network().map(List::of).orElse(List.of()) : section.networks();
        String field = section.networks().isEmpty() ? "network" : "openstack.networks";
        if (!section.networks().isEmpty() && document.network().isPresent()) {
            problem("network", "and openstack.networks are both there; one of them is enough");
        }
        if (!section.ports().isEmpty()) {
            return new Networking(null, List.of(), ports(section, wishes));
        }
        if (wishes.contains(NONE) || wishes.contains(AUTO)) {
            if (wishes.size() > 1) {
                problem(field, NONE + " and " + AUTO + " stand alone");
            }
            return new Networking(wishes.get(0), List.of(), List.of());
        }
        List<Network> known = catalog.networks();
        if (wishes.isEmpty()) {
            List<Network> inner =
                    known.stream().filter(network -> !network.external()).toList();
            if (inner.size() != 1) {
                problem(
                        "network",
                        "is missing; name one of "
                                + names(inner.stream().map(Network::name).toList()) + ", or none or auto");
                return new Networking(null, List.of(), List.of());
            }
            return new Networking(null, List.of(inner.get(0).id()), List.of());
        }
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < wishes.size(); i++) {
            pin(
                            section.networks().isEmpty() ? field : field + "[" + i + "]",
                            "network",
                            wishes.get(i),
                            known,
                            Network::id,
                            Network::name)
                    .ifPresent(ids::add);
        }
        return new Networking(null, ids, List.of());
    }

    private List<String> ports(NovaSection section, List<String> networks) throws NovaFailure {
        if (document.max() > 1) {
            problem(
                    "openstack.ports",
                    "serve one machine, and this pool may have " + document.max()
                            + ": set max to 1, or name networks instead");
        }
        if (!networks.isEmpty()) {
            problem("openstack.ports", "are of a network already; leave the networks out");
        }
        List<Named> known = catalog.ports();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < section.ports().size(); i++) {
            named("openstack.ports[" + i + "]", "port", section.ports().get(i), known)
                    .ifPresent(ids::add);
        }
        return ids;
    }

    private @Nullable String floatingNetwork(NovaSection section, Networking networking) throws NovaFailure {
        if (!document.publicAddress()) {
            section.floatingIpPool()
                    .ifPresent(pool -> problem("openstack.floatingIpPool", "is of no use without publicAddress: true"));
            return null;
        }
        if (networking.isNone()
                || AUTO.equals(networking.mode())
                || !networking.ports().isEmpty()) {
            problem("publicAddress", "needs a named network: a floating IP is bound to a port on it");
            return null;
        }
        List<Network> external =
                catalog.networks().stream().filter(Network::external).toList();
        if (section.floatingIpPool().isPresent()) {
            return pin(
                            "openstack.floatingIpPool",
                            "external network",
                            section.floatingIpPool().get(),
                            external,
                            Network::id,
                            Network::name)
                    .orElse(null);
        }
        if (external.size() != 1) {
            problem(
                    "openstack.floatingIpPool",
                    "is missing; name one of "
                            + names(external.stream().map(Network::name).toList()));
            return null;
        }
        return external.get(0).id();
    }

    private List<String> securityGroups(NovaSection section, Networking networking) throws NovaFailure {
        if (section.securityGroups().isEmpty()) {
            return List.of();
        }
        if (networking.isNone() || !networking.ports().isEmpty()) {
            problem("openstack.securityGroups", "are of ports, and no port is made for these machines");
            return List.of();
        }
        List<Named> known = catalog.securityGroups();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < section.securityGroups().size(); i++) {
            named(
                            "openstack.securityGroups[" + i + "]",
                            "security group",
                            section.securityGroups().get(i),
                            known)
                    .ifPresent(ids::add);
        }
        return ids;
    }

    private @Nullable String serverGroup(NovaSection section) throws NovaFailure {
        return section.serverGroup().isEmpty()
                ? null
                : named(
                                "openstack.serverGroup",
                                "server group",
                                section.serverGroup().get(),
                                catalog.serverGroups())
                        .orElse(null);
    }

    private Frozen.@Nullable Disk bootVolume(NovaSection section) throws NovaFailure {
        if (section.bootVolume().isEmpty()) {
            return null;
        }
        NovaSection.BootVolume wish = section.bootVolume().get();
        return new Frozen.Disk(
                wish.sizeGb(),
                volumeType("openstack.bootVolume.type", wish.type()).orElse(null));
    }

    private List<Frozen.Disk> dataVolumes() throws NovaFailure {
        List<Frozen.Disk> disks = new ArrayList<>();
        for (int i = 0; i < document.dataVolumes().size(); i++) {
            DataVolume wish = document.dataVolumes().get(i);
            String field = "dataVolumes[" + i + "]";
            if (wish.encrypted()) {
                problem(
                        field + ".encrypted",
                        "OpenStack encrypts by volume type: name an encrypted one in " + field
                                + ".type, and leave this out");
            }
            disks.add(new Frozen.Disk(
                    wish.sizeGb(), volumeType(field + ".type", wish.type()).orElse(null)));
        }
        return disks;
    }

    private Optional<String> volumeType(String field, Optional<String> wish) throws NovaFailure {
        return wish.isEmpty() ? Optional.empty() : named(field, "volume type", wish.get(), catalog.volumeTypes());
    }

    private List<String> volumeZones(NovaSection section) throws NovaFailure {
        if (section.bootVolume().isEmpty() && document.dataVolumes().isEmpty()) {
            return List.of();
        }
        return catalog.volumeZones().stream().map(Zone::name).sorted().toList();
    }

    private Map<String, String> hints(NovaSection section) {
        if (section.schedulerHints().containsKey("group")) {
            problem("openstack.schedulerHints.group", "is openstack.serverGroup, by name or id");
        }
        return section.schedulerHints();
    }

    private @Nullable String keyPair() throws NovaFailure {
        if (document.sshKey().isEmpty()) {
            return null;
        }
        return named("sshKey", "key pair", document.sshKey().get(), catalog.keyPairs())
                .orElse(null);
    }

    private @Nullable String userData() {
        String encoded = document.userData()
                .map(data -> Base64.getEncoder().encodeToString(data.getBytes(UTF_8)))
                .orElse(null);
        if (encoded != null && encoded.length() > LONGEST_USER_DATA) {
            problem(
                    "userData",
                    "has " + encoded.length() + " characters as Base64, and Nova takes " + LONGEST_USER_DATA
                            + ": about 48 KiB before that");
        }
        return encoded;
    }

    private Map<String, String> labels() {
        if (document.labels().size() > MOST_LABELS) {
            problem("labels", "are " + document.labels().size() + ", and at most " + MOST_LABELS + " can be carried");
        }
        new TreeMap<>(document.labels()).forEach((key, value) -> {
            if (key.startsWith("weir-")) {
                problem("labels." + key, "weir- is for Weir's own marks");
            } else if (!KEY.matcher(key).matches()) {
                problem("labels." + key, "the key must be 1 to 255 of a-z A-Z 0-9 - _ : . and space, as Nova wants it");
            }
            if (!value.codePoints().allMatch(Character::isBmpCodePoint)) {
                problem(
                        "labels." + key,
                        "has a character beyond the basic plane, as emoji are: Nova's database does not take it, and"
                                + " the server would be built for ever");
            }
            if (value.length() > LONGEST_VALUE) {
                problem("labels." + key, "the value is longer than " + LONGEST_VALUE + " characters");
            }
        });
        return document.labels();
    }

    private Optional<String> named(String field, String what, String wish, List<Named> known) {
        return pin(field, what, wish, known, Named::id, Named::name);
    }

    /** An id means itself; a name must mean one thing. */
    private <T> Optional<String> pin(
            String field, String what, String wish, List<T> known, Function<T, String> id, Function<T, String> name) {
        if (known.stream().anyMatch(one -> id.apply(one).equals(wish))) {
            return Optional.of(wish);
        }
        List<String> ids = known.stream()
                .filter(one -> name.apply(one).equals(wish))
                .map(id)
                .sorted()
                .toList();
        if (ids.size() == 1) {
            return Optional.of(ids.get(0));
        }
        problem(
                field,
                ids.isEmpty()
                        ? "there is no " + what + " \"" + wish + "\""
                                + hint(wish, known.stream().map(name).toList())
                        : ids.size() + " " + what + "s are called \"" + wish + "\": name one by its id, "
                                + String.join(" or ", ids));
        return Optional.empty();
    }

    private void problem(String field, String text) {
        problems.add(new Problem(field, text));
    }

    private static String hint(String wish, List<String> known) {
        return Spelling.nearest(wish, known)
                .map(near -> "; did you mean \"" + near + "\"?")
                .orElseGet(() -> known.isEmpty() ? "" : "; there is " + names(known));
    }

    private static String names(List<String> known) {
        List<String> some = known.stream().sorted().distinct().limit(12).toList();
        return String.join(", ", some) + (known.size() > some.size() ? ", …" : "");
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
