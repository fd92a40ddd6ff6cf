package io.weir.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.pool.ConnectionPolicy;
import io.weir.pool.HealthProbe;
import io.weir.pool.Pace;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolDocument.DataVolume;
import io.weir.pool.PoolDocument.Health;
import io.weir.pool.PoolDocument.Timeouts;
import io.weir.pool.Rate;
import io.weir.pool.VictimPolicy;
import io.weir.service.json.Durations;
import io.weir.service.json.Fields;
import io.weir.service.json.Spelling;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The pool document as people write it, in JSON or YAML.
 *
 * <ol>
 *   <li>The neutral fields mean the same on every cloud; then there may be one section, named for the cloud of this adapter.
 *   <li>Every problem is told at once, each with its field; an unknown field with the name that was probably meant.
 *   <li>What is written can be read again; fields without a value are left out, because null is never read.
 *   <li>User data is shown to those who may write it, to all others as length and hash.
 * </ol>
 */
public final class Documents {
    private static final List<String> SECTIONS = List.of("aws", "openstack", "gce", "simulated");
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_USER_DATA = 400 * 1024;
    private static final int MOST = 100;
    private static final int HIGHEST_PORT = 65_535;
    private static final Duration PROBE_INTERVAL = Duration.ofSeconds(10);
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);
    private static final int PROBE_FAILURES = 3;
    private static final int PROBE_SUCCESSES = 2;
    private static final Duration TINY = Duration.ofMillis(1);
    private static final Duration YEAR = Duration.ofDays(366);
    private static final String NEVER = "never";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String cloud;
    private final Consumer<Fields> section;

    /**
     * @param cloud the name of this adapter's section
     * @param section asks for each field that the section may have; what it does not ask for is unknown
     */
    public Documents(String cloud, Consumer<Fields> section) {
        this.cloud = cloud;
        this.section = section;
    }

    /** For {@code Body.read} and {@code Fields.read}, which tell of all problems. */
    public PoolDocument read(Fields fields) {
        int max = fields.requiredInt("max", 0, PoolDocument.MAX_SIZE);
        int min = fields.optionalInt("min", 0, PoolDocument.MAX_SIZE, 0);
        int size = fields.optionalInt("size", 0, PoolDocument.MAX_SIZE, min);
        boolean bounded = fields.has("max") && min > max;
        if (bounded) {
            fields.problem("min", "must not be above max (" + max + "), not " + min);
        } else if (fields.has("max") && (size < min || size > max)) {
            fields.problem("size", "must be from min to max (" + min + " to " + max + "), not " + size);
        }
        int top = Math.max(min, max);
        VictimPolicy policy = choice(fields, "victimPolicy", VictimPolicy.class, VictimPolicy.NEWEST);
        @Nullable Duration billing = fields.optionalDuration("billingPeriod", Duration.ofMinutes(1), YEAR);
        if (policy == VictimPolicy.BILLING_PERIOD_END && !fields.has("billingPeriod")) {
            fields.problem("billingPeriod", "is missing; victimPolicy " + word(policy) + " needs it");
        }
        return new PoolDocument(
                min,
                top,
                Math.clamp(size, min, top),
                text(fields, "image"),
                fields.strings("machineTypes", MOST, LONGEST_NAME),
                fields.strings("zones", MOST, LONGEST_NAME),
                fields.list("dataVolumes", MOST, Documents::volume),
                Optional.ofNullable(fields.optionalString("userData", LONGEST_USER_DATA)),
                fields.optionalBoolean("publicAddress", false),
                choice(fields, "connectionPolicy", ConnectionPolicy.class, ConnectionPolicy.AUTO),
                text(fields, "sshKey"),
                text(fields, "network"),
                fields.stringMap("labels", MOST, LONGEST_NAME),
                text(fields, "connection"),
                fields.strings("autoscalers", MOST, LONGEST_NAME),
                fields.optional("health", Documents::health, Health.DEFAULT),
                policy,
                Optional.ofNullable(billing),
                fields.optional("pace", Documents::pace, Pace.DEFAULT),
                fields.optional("timeouts", Documents::timeouts, Timeouts.DEFAULT),
                section(fields));
    }

    private String section(Fields fields) {
        for (String other : SECTIONS) {
            if (!other.equals(cloud) && fields.has(other)) {
                fields.problem(other, "is for another cloud; this adapter serves " + cloud);
            }
        }
        fields.optional(cloud, known -> {
            section.accept(known);
            return known;
        });
        JsonNode written = fields.raw(cloud);
        return written == null || !written.isObject() ? "{}" : written.toString();
    }

    private static DataVolume volume(Fields fields) {
        return new DataVolume(
                fields.requiredInt("sizeGb", 1, 65_536),
                text(fields, "type"),
                fields.optionalBoolean("encrypted", false));
    }

    private static Health health(Fields fields) {
        Optional<Duration> replaceAfter = Optional.ofNullable(fields.optionalDuration("replaceAfter", TINY, YEAR));
        Duration interval =
                fields.optionalDuration("interval", Duration.ofSeconds(1), Duration.ofHours(1), PROBE_INTERVAL);
        Duration timeout =
                fields.optionalDuration("timeout", Duration.ofMillis(100), Duration.ofSeconds(30), PROBE_TIMEOUT);
        int failures = fields.optionalInt("failures", 1, MOST, PROBE_FAILURES);
        int successes = fields.optionalInt("successes", 1, MOST, PROBE_SUCCESSES);
        if (!fields.has("probe")) {
            for (String name : List.of("interval", "timeout", "failures", "successes")) {
                if (fields.has(name)) {
                    fields.problem(name, "says how to probe, and there is no probe");
                }
            }
        }
        if (timeout.compareTo(interval) > 0) {
            fields.problem("timeout", "must not be longer than interval (" + Durations.text(interval) + ")");
        }
        Asked asked = fields.optional("probe", Documents::probe);
        return new Health(
                replaceAfter,
                Optional.ofNullable(asked)
                        .map(one -> new HealthProbe(one.port, one.http, interval, timeout, failures, successes)));
    }

    private record Asked(int port, Optional<HealthProbe.Http> http) {}

    private static Asked probe(Fields fields) {
        if (fields.has("tcp") == fields.has("http")) {
            fields.problem("tcp", "or http is due, and only one of them");
        }
        Asked http = fields.optional(
                "http",
                one -> new Asked(
                        one.requiredInt("port", 1, HIGHEST_PORT),
                        Optional.of(new HealthProbe.Http(path(one), one.optionalInt("status", 100, 599, 200)))));
        Asked tcp =
                fields.optional("tcp", one -> new Asked(one.requiredInt("port", 1, HIGHEST_PORT), Optional.empty()));
        return http != null ? http : tcp != null ? tcp : new Asked(1, Optional.empty());
    }

    private static String path(Fields fields) {
        String path = fields.optionalString("path", LONGEST_NAME, "/");
        if (!path.matches("/[!$&-;=?-Z_a-z~%\\[\\]]*") || path.startsWith("//") || !isUri("http://host" + path)) {
            fields.problem("path", "must begin with one / and be a part of a URL, such as /health?full=1");
        }
        return path;
    }

    private static boolean isUri(String text) {
        try {
            return new URI(text).getRawFragment() == null;
        } catch (URISyntaxException no) {
            return false;
        }
    }

    private static Pace pace(Fields fields) {
        return new Pace(
                rate(fields, "wish", Pace.DEFAULT.wish(), Optional.of(Pace.WISH_CEILING)),
                rate(fields, "repair", Pace.DEFAULT.repair(), Optional.of(Pace.REPAIR_CEILING)),
                rate(fields, "cleanup", Pace.DEFAULT.cleanup(), Optional.of(Pace.CLEANUP_CEILING)),
                rate(fields, "launch", Pace.DEFAULT.launch(), Optional.empty()));
    }

    private static Rate rate(Fields fields, String name, Rate otherwise, Optional<Rate> ceiling) {
        Rate found = fields.optional(
                name,
                rate -> new Rate(
                        rate.optionalInt(
                                "count", 1, ceiling.map(Rate::count).orElse(PoolDocument.MAX_SIZE), otherwise.count()),
                        rate.optionalInt(
                                "percent", 0, ceiling.map(Rate::percent).orElse(1000), otherwise.percent()),
                        rate.optionalDuration(
                                "window",
                                ceiling.map(Rate::window).orElse(Duration.ofSeconds(1)),
                                Duration.ofDays(1),
                                otherwise.window())),
                otherwise);
        return found;
    }

    private static Timeouts timeouts(Fields fields) {
        Timeouts usual = Timeouts.DEFAULT;
        return new Timeouts(
                fields.optionalDuration("boot", Duration.ofSeconds(1), Duration.ofDays(1), usual.boot()),
                fields.optionalDuration("young", Duration.ZERO, Duration.ofDays(1), usual.young()),
                adoptAfter(fields, usual.adoptAfter()),
                fields.optionalDuration("giveUp", Duration.ofSeconds(1), Duration.ofDays(1), usual.giveUp()),
                fields.optionalDuration("show", Duration.ZERO, Duration.ofDays(1), usual.show()));
    }

    private static Optional<Duration> adoptAfter(Fields fields, Optional<Duration> usual) {
        JsonNode node = fields.raw("adoptAfter");
        if (node != null && node.isTextual() && node.textValue().equals(NEVER)) {
            return Optional.empty();
        }
        Duration found = fields.optionalDuration("adoptAfter", Duration.ofMinutes(6), YEAR);
        return found == null ? usual : Optional.of(found);
    }

    private static Optional<String> text(Fields fields, String name) {
        String found = fields.optionalString(name, LONGEST_NAME);
        if (found != null && found.isBlank()) {
            fields.problem(name, "must not be empty; leave it out");
        }
        return Optional.ofNullable(found);
    }

    private static <E extends Enum<E>> E choice(Fields fields, String name, Class<E> type, E otherwise) {
        String written = fields.optionalString(name, LONGEST_NAME);
        if (written == null) {
            return otherwise;
        }
        List<String> words =
                Arrays.stream(type.getEnumConstants()).map(Documents::word).toList();
        int at = words.indexOf(written);
        if (at < 0) {
            String hint = Spelling.nearest(written, words)
                    .map(word -> ", did you mean \"" + word + "\"?")
                    .orElse("");
            fields.problem(name, "must be one of " + String.join(", ", words) + hint);
            return otherwise;
        }
        return type.getEnumConstants()[at];
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @param secrets whether the reader may see user data */
    public Map<String, Object> write(PoolDocument document, boolean secrets) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("min", document.min());
        fields.put("max", document.max());
        fields.put("size", document.size());
        document.image().ifPresent(image -> fields.put("image", image));
        putUnlessEmpty(fields, "machineTypes", document.machineTypes());
        putUnlessEmpty(fields, "zones", document.zones());
        putUnlessEmpty(
                fields,
                "dataVolumes",
                document.dataVolumes().stream().map(Documents::volume).toList());
        document.userData().ifPresent(data -> fields.put("userData", secrets ? data : digest(data)));
        fields.put("publicAddress", document.publicAddress());
        fields.put("connectionPolicy", word(document.connectionPolicy()));
        document.sshKey().ifPresent(key -> fields.put("sshKey", key));
        document.network().ifPresent(network -> fields.put("network", network));
        if (!document.labels().isEmpty()) {
            fields.put("labels", new java.util.TreeMap<>(document.labels()));
        }
        document.connection().ifPresent(connection -> fields.put("connection", connection));
        putUnlessEmpty(fields, "autoscalers", document.autoscalers());
        if (!document.health().equals(Health.DEFAULT)) {
            fields.put("health", health(document.health()));
        }
        fields.put("victimPolicy", word(document.victimPolicy()));
        document.billingPeriod().ifPresent(period -> fields.put("billingPeriod", Durations.text(period)));
        fields.put("pace", pace(document.pace()));
        fields.put("timeouts", timeouts(document.timeouts()));
        Map<?, ?> section = section(document.section());
        if (!section.isEmpty()) {
            fields.put(cloud, section);
        }
        return fields;
    }

    private static void putUnlessEmpty(Map<String, Object> fields, String name, List<?> values) {
        if (!values.isEmpty()) {
            fields.put(name, values);
        }
    }

    private static Map<String, Object> volume(DataVolume volume) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("sizeGb", volume.sizeGb());
        volume.type().ifPresent(type -> fields.put("type", type));
        fields.put("encrypted", volume.encrypted());
        return fields;
    }

    private static Map<String, Object> health(Health health) {
        Map<String, Object> fields = new LinkedHashMap<>();
        health.replaceAfter().ifPresent(after -> fields.put("replaceAfter", Durations.text(after)));
        health.probe().ifPresent(probe -> {
            Map<String, Object> look = new LinkedHashMap<>();
            look.put("port", probe.port());
            probe.http().ifPresent(http -> {
                look.put("path", http.path());
                look.put("status", http.status());
            });
            fields.put("probe", Map.of(probe.http().isPresent() ? "http" : "tcp", look));
            fields.put("interval", Durations.text(probe.interval()));
            fields.put("timeout", Durations.text(probe.timeout()));
            fields.put("failures", probe.failures());
            fields.put("successes", probe.successes());
        });
        return fields;
    }

    private static Map<String, Object> pace(Pace pace) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("wish", rate(pace.wish()));
        fields.put("repair", rate(pace.repair()));
        fields.put("cleanup", rate(pace.cleanup()));
        fields.put("launch", rate(pace.launch()));
        return fields;
    }

    private static Map<String, Object> rate(Rate rate) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("count", rate.count());
        fields.put("percent", rate.percent());
        fields.put("window", Durations.text(rate.window()));
        return fields;
    }

    private static Map<String, Object> timeouts(Timeouts timeouts) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("boot", Durations.text(timeouts.boot()));
        fields.put("young", Durations.text(timeouts.young()));
        fields.put("adoptAfter", timeouts.adoptAfter().map(Durations::text).orElse(NEVER));
        fields.put("giveUp", Durations.text(timeouts.giveUp()));
        fields.put("show", Durations.text(timeouts.show()));
        return fields;
    }

    private static Map<?, ?> section(String json) {
        try {
            return JSON.readValue(json, LinkedHashMap.class);
        } catch (JsonProcessingException notOurs) {
            throw new IllegalStateException("a stored section is no JSON object", notOurs);
        }
    }

    private static Map<String, Object> digest(String data) {
        byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("length", bytes.length);
            fields.put("sha256", HexFormat.of().formatHex(hash));
            return fields;
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
