package io.weir.aws.ec2;

import io.weir.pool.Market;
import io.weir.service.json.Fields;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code aws:} section of a pool document: what only EC2 has. Reading it asks no cloud; {@link Ec2Templates} checks it against one.
 *
 * @param market on-demand unless it says {@code spot}
 * @param maxPrice for spot, dollars an hour; absent: the on-demand price, as EC2 has it
 * @param imageOwner whose images a name may mean: {@code self}, {@code amazon}, {@code aws-marketplace} or an account
 * @param subnets ids, at most one in a zone; none: the zones' default subnets, or those of {@code network}
 * @param securityGroups ids or names; none: the launch template's, else the network's default one
 * @param instanceProfile a name or an ARN
 * @param metadata how an instance asks for its metadata
 * @param rootVolume what differs from the image's own
 * @param dataVolumes beside the document's neutral ones, with what only EBS has
 * @param publicIp whether {@code publicAddress} decides, or the subnet's own setting
 * @param shutdown what becomes of an instance that shuts itself down
 */
public record Ec2Section(
        Market market,
        Optional<String> maxPrice,
        String imageOwner,
        List<String> subnets,
        List<String> securityGroups,
        Optional<String> instanceProfile,
        Optional<Metadata> metadata,
        Optional<Volume> rootVolume,
        List<Volume> dataVolumes,
        Optional<String> placementGroup,
        Optional<String> tenancy,
        Optional<Boolean> monitoring,
        Optional<TemplateName> launchTemplate,
        PublicIp publicIp,
        Shutdown shutdown) {
    private static final int LONGEST = 255;
    private static final int LONGEST_ARN = 2048;
    private static final int MOST = 16;
    private static final int LARGEST_GB = 65_536;
    private static final int MOST_IOPS = 256_000;
    private static final int MOST_THROUGHPUT = 2_000;
    private static final int MOST_HOPS = 64;
    private static final Pattern OWNER = Pattern.compile("self|amazon|aws-marketplace|[0-9]{12}");
    private static final Pattern DEVICE = Pattern.compile("/dev/(sd[a-z][0-9]{0,2}|xvd[a-z]{1,2})|xvd[a-z]{1,2}");
    private static final Pattern VERSION = Pattern.compile("\\$Latest|\\$Default|[1-9][0-9]{0,8}");
    private static final Pattern PRICE = Pattern.compile("[0-9]{1,6}(\\.[0-9]{1,6})?");

    /** @param tokens whether a session token (IMDSv2) is required; required unless the document says optional */
    public record Metadata(Tokens tokens, Optional<Integer> hopLimit, boolean tags) {}

    public enum Tokens {
        REQUIRED("required"),
        OPTIONAL("optional");

        private final String word;

        Tokens(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    public enum PublicIp {
        /** As the document's {@code publicAddress} says. */
        DOCUMENT("document"),
        /** As the subnet is set. */
        SUBNET("subnet");

        private final String word;

        PublicIp(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    public enum Shutdown {
        TERMINATE("terminate"),
        STOP("stop");

        private final String word;

        Shutdown(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    private enum Paid {
        ON_DEMAND("on-demand"),
        SPOT("spot");

        private final String word;

        Paid(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    private enum Tenant {
        DEFAULT("default"),
        DEDICATED("dedicated"),
        HOST("host");

        private final String word;

        Tenant(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /** An EBS volume. @param deleteOnTermination true unless the document says false: then it stays, and costs, and nobody removes it */
    public record Volume(
            Optional<String> device,
            Optional<Integer> sizeGb,
            Optional<String> type,
            Optional<Integer> iops,
            Optional<Integer> throughput,
            boolean encrypted,
            Optional<String> kmsKey,
            Optional<String> snapshot,
            boolean deleteOnTermination) {}

    /** @param version a number, {@code $Latest} or {@code $Default}: pinned to the number when the document is resolved */
    public record TemplateName(Optional<String> id, Optional<String> name, String version) {}

    /** Asks for every field, and tells what is wrong with it by itself. */
    public static Ec2Section read(Fields fields) {
        Paid paid = fields.optionalChoice("market", Paid.class, Paid.ON_DEMAND);
        Shutdown shutdown = fields.optionalChoice("shutdown", Shutdown.class, Shutdown.TERMINATE);
        if (paid == Paid.SPOT && shutdown == Shutdown.STOP) {
            fields.problem("shutdown", "a spot instance of a pool is terminated, not stopped");
        }
        return new Ec2Section(
                paid == Paid.SPOT ? Market.SPOT : Market.ON_DEMAND,
                price(fields, paid),
                matching(
                        fields,
                        "imageOwner",
                        OWNER,
                        "self",
                        "must be self, amazon, aws-marketplace or an account's 12 digits"),
                fields.strings("subnets", MOST, LONGEST),
                fields.strings("securityGroups", MOST, LONGEST),
                text(fields, "instanceProfile", LONGEST_ARN),
                Optional.ofNullable(fields.optional("metadata", Ec2Section::metadata)),
                Optional.ofNullable(fields.optional("rootVolume", root -> volume(root, false))),
                fields.list("dataVolumes", MOST, disk -> volume(disk, true)),
                text(fields, "placementGroup", LONGEST),
                Optional.ofNullable(fields.optionalChoice("tenancy", Tenant.class))
                        .map(Tenant::toString),
                Optional.ofNullable(fields.optionalBoolean("monitoring")),
                Optional.ofNullable(fields.optional("launchTemplate", Ec2Section::template)),
                fields.optionalChoice("publicIp", PublicIp.class, PublicIp.DOCUMENT),
                shutdown);
    }

    private static Optional<String> price(Fields fields, Paid paid) {
        @Nullable String price = fields.optionalString("maxPrice", LONGEST);
        if (price == null) {
            return Optional.empty();
        }
        if (paid != Paid.SPOT) {
            fields.problem("maxPrice", "is for market: spot");
        }
        if (!PRICE.matcher(price).matches() || new BigDecimal(price).signum() == 0) {
            fields.problem("maxPrice", "must be dollars an hour such as \"0.05\", not \"" + price + "\"");
            return Optional.empty();
        }
        return Optional.of(price);
    }

    private static Metadata metadata(Fields fields) {
        return new Metadata(
                fields.optionalChoice("tokens", Tokens.class, Tokens.REQUIRED),
                Optional.ofNullable(fields.optionalInt("hopLimit", 1, MOST_HOPS)),
                fields.optionalBoolean("tags", false));
    }

    private static Volume volume(Fields fields, boolean extra) {
        Optional<String> snapshot = extra ? text(fields, "snapshot", LONGEST) : Optional.empty();
        Optional<Integer> size = Optional.ofNullable(fields.optionalInt("sizeGb", 1, LARGEST_GB));
        if (extra && size.isEmpty() && snapshot.isEmpty()) {
            fields.problem("sizeGb", "is missing; a volume has a size or a snapshot");
        }
        Optional<String> kmsKey = text(fields, "kmsKey", LONGEST_ARN);
        boolean encrypted = fields.optionalBoolean("encrypted", kmsKey.isPresent());
        if (kmsKey.isPresent() && !encrypted) {
            fields.problem("encrypted", "must be true with a kmsKey");
        }
        Volume volume = new Volume(
                extra ? device(fields) : Optional.empty(),
                size,
                text(fields, "type", LONGEST),
                Optional.ofNullable(fields.optionalInt("iops", 100, MOST_IOPS)),
                Optional.ofNullable(fields.optionalInt("throughput", 125, MOST_THROUGHPUT)),
                encrypted,
                kmsKey,
                snapshot,
                fields.optionalBoolean("deleteOnTermination", true));
        VolumeTypes.problems(volume, fields::problem);
        return volume;
    }

    private static Optional<String> device(Fields fields) {
        @Nullable String device = fields.optionalString("device", LONGEST);
        if (device != null && !DEVICE.matcher(device).matches()) {
            fields.problem("device", "must be a device such as /dev/sdf, not \"" + device + "\"");
        }
        return Optional.ofNullable(device);
    }

    private static TemplateName template(Fields fields) {
        Optional<String> id = text(fields, "id", LONGEST);
        Optional<String> name = text(fields, "name", LONGEST);
        if (id.isPresent() == name.isPresent()) {
            fields.problem("id", "a launch template has either an id or a name here");
        }
        return new TemplateName(
                id,
                name,
                matching(fields, "version", VERSION, "$Default", "must be a number, $Latest or $Default, in quotes"));
    }

    private static String matching(Fields fields, String name, Pattern form, String otherwise, String rule) {
        String text = fields.optionalString(name, LONGEST, otherwise);
        if (!form.matcher(text).matches()) {
            fields.problem(name, rule + ", not \"" + text + "\"");
            return otherwise;
        }
        return text;
    }

    private static Optional<String> text(Fields fields, String name, int longest) {
        return Optional.ofNullable(fields.optionalString(name, longest));
    }
}
