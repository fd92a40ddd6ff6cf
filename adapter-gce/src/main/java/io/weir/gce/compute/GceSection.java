package io.weir.gce.compute;

import io.weir.pool.Market;
import io.weir.service.json.Fields;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code gce:} section of a pool document: what only Compute Engine has. Reading it asks no cloud; {@link GceTemplates} checks it
 * against one.
 *
 * @param market standard unless it says {@code spot}
 * @param imageProject whose image a bare name means; absent: the connection's project
 * @param subnetwork a name in the region, or {@code projects/…/regions/…/subnetworks/…}
 * @param networkTier of an external address; absent: the project's own
 * @param tags network tags, which firewall rules look at
 * @param serviceAccount as whom the machine speaks; absent: as nobody
 * @param startupScript the metadata {@code startup-script}
 * @param metadata further entries
 * @param shielded absent: as the image has it
 * @param bootDisk what differs from the image's own
 * @param dataDisks beside the document's neutral ones, with what only Compute Engine has
 * @param instanceTemplate a name, or {@code projects/…/global/instanceTemplates/…}; what the document says is laid over it
 */
public record GceSection(
        Market market,
        Optional<String> imageProject,
        Optional<String> subnetwork,
        Optional<String> networkTier,
        List<String> tags,
        Optional<Account> serviceAccount,
        Optional<String> startupScript,
        Map<String, String> metadata,
        Optional<Shielded> shielded,
        Optional<Volume> bootDisk,
        List<Volume> dataDisks,
        Optional<String> instanceTemplate) {
    static final GceSection NOTHING = new GceSection(
            Market.ON_DEMAND,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.empty());
    static final String USER_DATA = "user-data";
    static final String STARTUP_SCRIPT = "startup-script";
    static final String SSH_KEYS = "ssh-keys";

    private static final int LONGEST = 255;
    private static final int LONGEST_PATH = 1024;
    static final int LONGEST_VALUE = 262_144;
    private static final int MOST = 64;
    private static final int LARGEST_GB = 65_536;
    private static final Pattern TAG = Pattern.compile("[a-z]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern KEY = Pattern.compile("[a-zA-Z0-9_-]{1,127}");
    private static final Set<String> OWN_FIELD = Set.of(USER_DATA, STARTUP_SCRIPT);
    private static final String EVERYTHING = "https://www.googleapis.com/auth/cloud-platform";

    /** @param scopes what its tokens are good for; absent: all that the account may */
    public record Account(String email, List<String> scopes) {}

    public record Shielded(Optional<Boolean> secureBoot, Optional<Boolean> vtpm, Optional<Boolean> integrity) {}

    /** @param autoDelete true unless the document says false: then it stays, and costs, and nobody removes it */
    public record Volume(
            Optional<Integer> sizeGb,
            Optional<String> type,
            Optional<String> snapshot,
            Optional<String> kmsKey,
            boolean autoDelete) {}

    private enum Provisioning {
        STANDARD("standard"),
        SPOT("spot");

        private final String word;

        Provisioning(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    private enum Tier {
        PREMIUM("premium"),
        STANDARD("standard");

        private final String word;

        Tier(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /** Asks for every field, and tells what is wrong with it by itself. */
    public static GceSection read(Fields fields) {
        Provisioning paid = fields.optionalChoice("provisioning", Provisioning.class, Provisioning.STANDARD);
        List<String> tags = fields.strings("tags", MOST, LONGEST);
        for (int i = 0; i < tags.size(); i++) {
            if (!TAG.matcher(tags.get(i)).matches()) {
                fields.problem(
                        "tags[" + i + "]", "must be of a-z, 0-9 and -, a letter first, not \"" + tags.get(i) + "\"");
            }
        }
        Map<String, String> metadata = fields.stringMap("metadata", MOST, LONGEST_VALUE);
        metadata.keySet().forEach(key -> {
            if (OWN_FIELD.contains(key)) {
                fields.problem("metadata." + key, "has a field of its own, userData or gce.startupScript");
            } else if (!KEY.matcher(key).matches()) {
                fields.problem("metadata." + key, "the key is not of 1 to 127 letters, digits, - and _");
            }
        });
        return new GceSection(
                paid == Provisioning.SPOT ? Market.SPOT : Market.ON_DEMAND,
                text(fields, "imageProject", LONGEST),
                text(fields, "subnetwork", LONGEST_PATH),
                Optional.ofNullable(fields.optionalChoice("networkTier", Tier.class))
                        .map(Tier::name),
                tags,
                Optional.ofNullable(fields.optional("serviceAccount", GceSection::account)),
                text(fields, "startupScript", LONGEST_VALUE),
                metadata,
                Optional.ofNullable(fields.optional("shielded", GceSection::shielded)),
                Optional.ofNullable(fields.optional("bootDisk", disk -> volume(disk, false))),
                fields.list("dataDisks", MOST, disk -> volume(disk, true)),
                text(fields, "instanceTemplate", LONGEST_PATH));
    }

    private static Account account(Fields fields) {
        List<String> scopes = fields.strings("scopes", MOST, LONGEST);
        return new Account(
                fields.requiredString("email", LONGEST),
                scopes.isEmpty()
                        ? List.of(EVERYTHING)
                        : scopes.stream().map(GceSection::scope).toList());
    }

    /** {@code devstorage.read_only} is short for what every scope begins with. */
    private static String scope(String text) {
        return text.startsWith("https://") ? text : "https://www.googleapis.com/auth/" + text;
    }

    private static Shielded shielded(Fields fields) {
        return new Shielded(
                Optional.ofNullable(fields.optionalBoolean("secureBoot")),
                Optional.ofNullable(fields.optionalBoolean("vtpm")),
                Optional.ofNullable(fields.optionalBoolean("integrityMonitoring")));
    }

    private static Volume volume(Fields fields, boolean extra) {
        Optional<String> snapshot = extra ? text(fields, "snapshot", LONGEST_PATH) : Optional.empty();
        Optional<Integer> size = Optional.ofNullable(fields.optionalInt("sizeGb", 1, LARGEST_GB));
        if (extra && size.isEmpty() && snapshot.isEmpty()) {
            fields.problem("sizeGb", "is missing; a disk has a size or a snapshot");
        }
        return new Volume(
                size,
                text(fields, "type", LONGEST),
                snapshot,
                text(fields, "kmsKey", LONGEST_PATH),
                fields.optionalBoolean("autoDelete", true));
    }

    private static Optional<String> text(Fields fields, String name, int longest) {
        @Nullable String text = fields.optionalString(name, longest);
        return Optional.ofNullable(text);
    }
}
