package io.weir.autoscaler.app;

import io.weir.autoscaler.app.MetricConfig.From;
import io.weir.autoscaler.app.MetricConfig.Prometheus;
import io.weir.autoscaler.app.MetricConfig.Scrape;
import io.weir.autoscaler.decide.Limits;
import io.weir.autoscaler.decide.Rules;
import io.weir.autoscaler.decide.StepLimit;
import io.weir.autoscaler.decide.Tolerance;
import io.weir.autoscaler.loop.BackOff;
import io.weir.autoscaler.loop.Rhythm;
import io.weir.autoscaler.metric.Freshness;
import io.weir.autoscaler.policy.Bounds;
import io.weir.autoscaler.policy.Doubt;
import io.weir.autoscaler.policy.PerMachineTracking;
import io.weir.autoscaler.policy.Recurrence;
import io.weir.autoscaler.policy.ScalingPolicy;
import io.weir.autoscaler.policy.ScheduleBounds;
import io.weir.autoscaler.policy.TotalTracking;
import io.weir.autoscaler.source.Combine;
import io.weir.autoscaler.source.PrometheusSource.Range;
import io.weir.autoscaler.source.PrometheusSource.Take;
import io.weir.autoscaler.source.SeriesSelector;
import io.weir.service.json.Fields;
import java.math.BigDecimal;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads one target. */
final class TargetReader {
    private static final int MOST_MACHINES = 1_000_000;
    private static final int MOST_METRICS = 50;
    private static final int MOST_ENDPOINTS = 1000;
    private static final int LONGEST_TEXT = 8192;
    private static final double LEAST = 1e-9;
    private static final double MOST = 1e15;

    private final ConfigReader reader;
    private final Surroundings around;

    TargetReader(ConfigReader reader, Surroundings around) {
        this.reader = reader;
        this.around = around;
    }

    TargetConfig read(Fields fields) {
        String name = reader.name(fields);
        AdapterConfig adapter = around.hasHome() && !fields.has("adapter")
                ? reader.adapter(null)
                : fields.required("adapter", reader::adapter);
        Bounds bounds = bounds(fields);
        Map<String, MetricConfig> metrics = fields.map("metrics", MOST_METRICS, this::metric);
        List<ScalingPolicy> policies = fields.list("policies", MOST_METRICS, this::policy);
        Rhythm rhythm = rhythm(fields);
        Limits limits = fields.optional("limits", TargetReader::limits, Limits.DEFAULT);
        check(fields, bounds, metrics, policies);
        if (!limits.stabilization().isZero()
                && limits.stabilization().compareTo(rhythm.every().multipliedBy(2)) < 0) {
            fields.problem("limits.stabilization", "must be 0s, or at least two beats (every)");
        }
        return new TargetConfig(
                name, adapter, metrics, new Rules(bounds, policies.isEmpty() ? NOTHING : policies, limits), rhythm);
    }

    /** Stands in where the policies that were declared are a problem already told. */
    private static final List<ScalingPolicy> NOTHING =
            List.of(new TotalTracking("none", "none", BigDecimal.ONE, Doubt.HOLD));

    private static Bounds bounds(Fields fields) {
        int min = fields.requiredInt("min", 0, MOST_MACHINES);
        int max = fields.requiredInt("max", 0, MOST_MACHINES);
        if (max < min) {
            if (fields.has("max") && fields.has("min")) {
                fields.problem("max", "must not be below min (" + min + "), is " + max);
            }
            return new Bounds(min, min);
        }
        return new Bounds(min, max);
    }

    private static void check(
            Fields fields, Bounds bounds, Map<String, MetricConfig> metrics, List<ScalingPolicy> policies) {
        if (!fields.has("policies")) {
            fields.problem("policies", "is missing");
        }
        Set<String> names = new HashSet<>();
        Set<String> used = new TreeSet<>();
        boolean seesTheFirst = false;
        boolean tracks = false;
        for (int i = 0; i < policies.size(); i++) {
            ScalingPolicy policy = policies.get(i);
            if (!names.add(policy.name())) {
                fields.problem("policies[" + i + "].name", "is the name of two policies: " + policy.name());
            }
            @Nullable String metric = metricOf(policy);
            if (metric != null) {
                tracks = true;
                used.add(metric);
                MetricConfig config = metrics.get(metric);
                if (config == null && !metric.equals("?")) {
                    fields.problem(
                            "policies[" + i + "]", "uses the metric " + metric + ", which is not declared in metrics");
                }
                seesTheFirst |= config != null && config.existsAtZero() && policy instanceof TotalTracking;
            }
        }
        for (String metric : metrics.keySet()) {
            if (!used.contains(metric)) {
                fields.problem("metrics." + metric, "is used by no policy");
            }
        }
        if (bounds.min() == 0 && tracks && !seesTheFirst) {
            fields.problem(
                    "min",
                    "may be 0 only with a policy of a total whose metric exists while there is no machine, or the pool"
                            + " would never come back: say existsAtZero: true at a metric of which that is true, or min: 1");
        }
    }

    private static @Nullable String metricOf(ScalingPolicy policy) {
        return switch (policy) {
            case TotalTracking total -> total.metric();
            case PerMachineTracking each -> each.metric();
            default -> null;
        };
    }

    private MetricConfig metric(Fields fields) {
        boolean scrapes = fields.has("scrape");
        if (scrapes == fields.has("prometheus")) {
            fields.problem("scrape", "one of scrape and prometheus is due, and only one");
        }
        From from = scrapes
                ? fields.required("scrape", TargetReader::scrape)
                : fields.optional("prometheus", this::prometheus, NO_QUERY);
        Duration usualAge = scrapes ? Duration.ofMinutes(1) : Duration.ofMinutes(5);
        var freshness = new Freshness(
                fields.optionalDuration("maxAge", Duration.ofSeconds(1), ConfigReader.LONGEST, usualAge),
                fields.optionalDuration("maxAhead", Duration.ZERO, ConfigReader.LONGEST, Duration.ofSeconds(5)));
        return new MetricConfig(
                from,
                freshness,
                fields.optionalDuration(
                        "timeout", Duration.ofMillis(100), Duration.ofMinutes(1), Duration.ofSeconds(5)),
                fields.optionalBoolean("existsAtZero", false),
                fields.optionalSecret("authorization"),
                reader.optionalPath(fields, "ca"));
    }

    private static final Prometheus NO_QUERY = new Prometheus(URI.create("http://invalid"), "?", null, null);

    private static Scrape scrape(Fields fields) {
        List<URI> endpoints = new ArrayList<>();
        for (String text : fields.strings("endpoints", MOST_ENDPOINTS, LONGEST_TEXT)) {
            endpoints.add(ConfigReader.uri(fields, "endpoints", text, "http", "https"));
        }
        if (endpoints.isEmpty()) {
            fields.problem("endpoints", "must name at least one URL");
        }
        return new Scrape(
                endpoints,
                selector(fields),
                fields.optionalChoice("combine", Combine.class, Combine.SUM),
                fields.optionalDuration("rate", Duration.ofSeconds(1), ConfigReader.LONGEST));
    }

    private static SeriesSelector selector(Fields fields) {
        String text = fields.requiredString("series", LONGEST_TEXT);
        try {
            return SeriesSelector.of(text);
        } catch (IllegalArgumentException e) {
            if (!text.equals("?")) {
                fields.problem("series", String.valueOf(e.getMessage()));
            }
            return SeriesSelector.of("none");
        }
    }

    private Prometheus prometheus(Fields fields) {
        if (around.scaledTime()) {
            fields.problem("url", "is stamped in real time, and this clock runs faster: use scrape, or time scale 1");
        }
        return new Prometheus(
                ConfigReader.uri(fields, "url", fields.requiredString("url", LONGEST_TEXT), "http", "https"),
                fields.requiredString("query", LONGEST_TEXT),
                fields.optional(
                        "range",
                        range -> new Range(
                                range.requiredDuration("window", Duration.ofSeconds(1), ConfigReader.LONGEST),
                                range.optionalDuration(
                                        "step", Duration.ofSeconds(1), Duration.ofHours(1), Duration.ofSeconds(15)),
                                range.optionalChoice("take", Take.class, Take.LAST))),
                fields.optionalString("ageQuery", LONGEST_TEXT));
    }

    private ScalingPolicy policy(Fields fields) {
        String name = reader.name(fields);
        List<String> kinds = List.of("total", "perMachine", "schedule").stream()
                .filter(fields::has)
                .toList();
        if (kinds.size() != 1) {
            fields.problem("total", "one of total, perMachine and schedule is due, and only one");
            return new TotalTracking(name, "?", BigDecimal.ONE, Doubt.HOLD);
        }
        return switch (kinds.getFirst()) {
            case "total" ->
                fields.required(
                        "total",
                        total -> new TotalTracking(
                                name,
                                total.requiredString("metric", 63),
                                BigDecimal.valueOf(total.requiredNumber("capacityPerMachine", LEAST, MOST)),
                                doubt(total)));
            case "perMachine" ->
                fields.required(
                        "perMachine",
                        each -> new PerMachineTracking(
                                name,
                                each.requiredString("metric", 63),
                                BigDecimal.valueOf(each.requiredNumber("target", LEAST, MOST)),
                                doubt(each)));
            default -> fields.required("schedule", schedule -> schedule(name, schedule));
        };
    }

    private static Doubt doubt(Fields fields) {
        return fields.optionalChoice("whenPartial", Doubt.class, Doubt.UP_ONLY);
    }

    private static ScheduleBounds schedule(String name, Fields fields) {
        Recurrence from = recurrence(fields, "from");
        Recurrence until = recurrence(fields, "until");
        String zone = fields.requiredString("zone", 100);
        int min = fields.optionalInt("min", 0, MOST_MACHINES, 0);
        int max = fields.optionalInt("max", 0, MOST_MACHINES, MOST_MACHINES);
        if (!fields.has("min") && !fields.has("max")) {
            fields.problem("min", "min or max is due, or both");
        }
        return new ScheduleBounds(name, from, until, zone(fields, zone), new Bounds(min, max));
    }

    private static Recurrence recurrence(Fields fields, String field) {
        String text = fields.requiredString(field, 200);
        try {
            return new Recurrence(text);
        } catch (IllegalArgumentException e) {
            if (!text.equals("?")) {
                fields.problem(field, String.valueOf(e.getMessage()));
            }
            return new Recurrence("0 0 * * *");
        }
    }

    private static ZoneId zone(Fields fields, String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException noZone) {
            if (!text.equals("?")) {
                fields.problem("zone", "must be a time zone such as Europe/Berlin or UTC, not \"" + text + "\"");
            }
            return ZoneId.of("UTC");
        }
    }

    private static Rhythm rhythm(Fields fields) {
        Duration every = fields.optionalDuration("every", Duration.ofSeconds(1), Duration.ofHours(1), Rhythm.EVERY);
        Duration heartbeat = fields.optionalDuration(
                "heartbeat",
                every,
                ConfigReader.LONGEST,
                every.compareTo(Rhythm.HEARTBEAT) > 0 ? every : Rhythm.HEARTBEAT);
        Rhythm usual = Rhythm.of(every, heartbeat);
        Duration unhealthyAfter = fields.optionalDuration(
                "unhealthyAfter", Duration.ofSeconds(1), ConfigReader.LONGEST, usual.unhealthyAfter());
        Duration longest = fields.optionalDuration(
                "longestBackOff",
                Duration.ofSeconds(1),
                Duration.ofHours(1),
                usual.backOff().longest());
        return new Rhythm(
                every,
                heartbeat,
                unhealthyAfter,
                usual.longestBeat(),
                new BackOff(usual.backOff().first(), longest));
    }

    private static Limits limits(Fields fields) {
        Limits usual = Limits.DEFAULT;
        return new Limits(
                fields.optional("tolerance", TargetReader::tolerance, usual.tolerance()),
                fields.optional("stepUp", TargetReader::step, usual.up()),
                fields.optional("stepDown", TargetReader::step, usual.down()),
                wait(fields, "stabilization", usual.stabilization()),
                wait(fields, "coolDownUp", usual.coolDownUp()),
                wait(fields, "coolDownDown", usual.coolDownDown()));
    }

    private static Duration wait(Fields fields, String name, Duration usual) {
        return fields.optionalDuration(name, Duration.ZERO, ConfigReader.LONGEST, usual);
    }

    private static Tolerance tolerance(Fields fields) {
        return new Tolerance(
                BigDecimal.valueOf(fields.optionalNumber("up", 0, 1, 0)),
                BigDecimal.valueOf(fields.optionalNumber("down", 0, 1, 0)));
    }

    private static StepLimit step(Fields fields) {
        return new StepLimit(
                fields.optionalInt("machines", 0, MOST_MACHINES, 0), fields.optionalInt("percent", 0, 10_000, 0));
    }
}
