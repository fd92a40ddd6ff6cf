package io.weir.autoscaler.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.autoscaler.metric.Freshness;
import io.weir.autoscaler.metric.MetricSample;
import io.weir.autoscaler.metric.MetricSample.Absent;
import io.weir.autoscaler.metric.MetricSample.Ambiguous;
import io.weir.autoscaler.metric.MetricSample.Fresh;
import io.weir.autoscaler.metric.MetricSample.Partial;
import io.weir.autoscaler.metric.MetricSample.Unreachable;
import io.weir.autoscaler.metric.NumbersGate;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the HTTP API of a Prometheus server, or of one that speaks the same.
 *
 * <ol>
 *   <li>The query must come to one series (or a scalar); several are ambiguous, and are summed up in the query itself.
 *   <li>Instant: its value now. The stamp of the answer is the time of the question and hides how old the sample is (a server
 *       shows a series for five minutes after its last sample, unless the scrape failed, which ends it at once). So the server
 *       is asked to look back no further than the greatest age, which those before 2.44 pass over; and an age query, if there
 *       is one, tells the age in seconds, for example {@code time() - min(timestamp(load))}.
 *   <li>Range: the last, highest or average of the points in a window, stamped as the last one. Fewer than half the points
 *       are a part.
 *   <li>An answer with warnings is a part: behind several stores a warning says that one did not answer.
 *   <li>No series is absent. An error, and whatever is not the API's JSON, is a failed source.
 * </ol>
 */
public final class PrometheusSource implements MetricSource {
    private final HttpReader http;
    private final URI server;
    private final String query;
    private final @Nullable Range range;
    private final @Nullable String ageQuery;
    private final Freshness freshness;
    private final InstantSource clock;
    private final ObjectMapper json = new ObjectMapper();

    /** The points of a window, one each step, and what to take of them. */
    public record Range(Duration window, Duration step, Take take) {
        public Range {
            if (step.compareTo(Duration.ofSeconds(1)) < 0) {
                throw new IllegalArgumentException("a step is at least a second");
            }
            if (window.compareTo(step) < 0) {
                throw new IllegalArgumentException("a window is at least one step");
            }
            if (window.dividedBy(step) > 10_000) {
                throw new IllegalArgumentException("a window of more than 10000 steps is more than the server answers");
            }
        }
    }

    public enum Take {
        LAST,
        MAX,
        AVG;

        /** As a configuration writes it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param range null for an instant query
     * @param ageQuery null where the stamp of the answer is taken as it is
     */
    public PrometheusSource(
            HttpReader http,
            URI server,
            String query,
            @Nullable Range range,
            @Nullable String ageQuery,
            Freshness freshness,
            InstantSource clock) {
        this.http = http;
        this.server = server;
        this.query = query;
        this.range = range;
        this.ageQuery = ageQuery;
        this.freshness = freshness;
        this.clock = clock;
    }

    @Override
    public MetricSample read() {
        Instant asked = clock.instant();
        MetricSample sample = ask(question(query, range, asked), range);
        if (ageQuery == null || !(sample instanceof Fresh || sample instanceof Partial)) {
            return sample;
        }
        return switch (ask(question(ageQuery, null, asked), null)) {
            case Fresh age -> aged(sample, Duration.ofMillis((long) (age.value() * 1000)));
            case MetricSample other -> new Unreachable("the age query: " + other.told());
        };
    }

    private MetricSample aged(MetricSample sample, Duration age) {
        Instant now = clock.instant();
        return switch (sample) {
            case Fresh fresh -> NumbersGate.pass(fresh.value(), fresh.at().minus(age), freshness, now, null);
            case Partial part -> NumbersGate.pass(part.value(), part.at().minus(age), freshness, now, part.missing());
            default -> sample;
        };
    }

    private MetricSample ask(URI question, @Nullable Range over) {
        HttpReader.Page page;
        try {
            page = http.get(question, "application/json").join();
        } catch (CompletionException failed) {
            return new Unreachable(server + ": " + http.told(failed));
        }
        JsonNode answer;
        try {
            answer = json.readTree(page.body());
        } catch (IOException noJson) {
            return new Unreachable(server + ": status " + page.status() + " and no JSON");
        }
        if (answer == null || !answer.path("status").asText("").equals("success")) {
            String error = answer == null ? "" : answer.path("error").asText("");
            return new Unreachable(server + ": status " + page.status() + (error.isEmpty() ? "" : ", " + error)); // 5
        }
        try {
            return sample(answer, over, clock.instant());
        } catch (ArithmeticException | NumberFormatException noNumber) {
            return new Unreachable(server + ": not the API's JSON");
        }
    }

    private URI question(String promql, @Nullable Range over, Instant now) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("query", promql);
        if (over == null) {
            form.put("time", seconds(now));
        } else {
            form.put("start", seconds(now.minus(over.window())));
            form.put("end", seconds(now));
            form.put("step", seconds(over.step()));
        }
        form.put("lookback_delta", seconds(freshness.maxAge())); // 2
        String text = String.join(
                "&",
                form.entrySet().stream()
                        .map(entry ->
                                entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                        .toList());
        String base = server.toString();
        return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base)
                + (over == null ? "/api/v1/query?" : "/api/v1/query_range?")
                + text);
    }

    private static String seconds(Instant instant) {
        return BigDecimal.valueOf(instant.toEpochMilli(), 3).toPlainString();
    }

    private static String seconds(Duration duration) {
        return BigDecimal.valueOf(duration.toMillis(), 3).toPlainString();
    }

    private MetricSample sample(JsonNode answer, @Nullable Range over, Instant now) {
        JsonNode result = answer.path("data").path("result");
        String type = answer.path("data").path("resultType").asText("");
        List<JsonNode> points = new ArrayList<>();
        switch (type) {
            case "scalar" -> points.add(result);
            case "vector", "matrix" -> {
                if (result.isEmpty()) {
                    return new Absent("the query has no series");
                }
                if (result.size() > 1) {
                    return new Ambiguous("the query has " + result.size() + " series, sum them up in it"); // 1
                }
                JsonNode series = result.get(0);
                if (series.has("histogram") || series.has("histograms")) {
                    return new Ambiguous("the query has a histogram, take a number of it");
                }
                if (type.equals("vector")) {
                    points.add(series.path("value"));
                } else {
                    series.path("values").forEach(points::add);
                }
            }
            default -> {
                return new Ambiguous("the query has a " + (type.isEmpty() ? "result without a type" : type));
            }
        }
        JsonNode warnings = answer.path("warnings");
        @Nullable String missing = warnings.isEmpty() ? null : warnings.get(0).asText(); // 4
        return over == null
                ? NumbersGate.pass(value(points.getFirst()), stamp(points.getFirst()), freshness, now, missing)
                : taken(over, points, now, missing);
    }

    private MetricSample taken(Range over, List<JsonNode> points, Instant now, @Nullable String warning) {
        var values = new ArrayList<Double>();
        @Nullable Instant last = null;
        for (JsonNode point : points) {
            double value = value(point);
            if (Double.isFinite(value)) {
                values.add(value);
                last = stamp(point);
            }
        }
        if (last == null) {
            return points.isEmpty()
                    ? new Absent("the query has no points")
                    : NumbersGate.pass(value(points.getLast()), now, freshness, now, warning);
        }
        double taken =
                switch (over.take()) {
                    case LAST -> values.getLast();
                    case MAX -> Combine.MAX.of(values);
                    case AVG -> Combine.AVG.of(values);
                };
        long due = over.window().dividedBy(over.step()) + 1;
        @Nullable
        String missing =
                warning == null && values.size() * 2L < due ? values.size() + " of " + due + " points" : warning; // 3
        return NumbersGate.pass(taken, last, freshness, now, missing);
    }

    private static Instant stamp(JsonNode point) {
        JsonNode seconds = point.path(0);
        if (!seconds.isNumber()) {
            throw new NumberFormatException("a point without a stamp");
        }
        return Instant.ofEpochMilli(seconds.decimalValue()
                .movePointRight(3)
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact());
    }

    private static double value(JsonNode point) {
        String text = point.path(1).asText("");
        return switch (text) {
            case "NaN" -> Double.NaN;
            case "+Inf", "Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> new BigDecimal(text).doubleValue();
        };
    }
}
