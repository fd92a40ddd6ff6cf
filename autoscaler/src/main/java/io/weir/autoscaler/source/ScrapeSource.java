package io.weir.autoscaler.source;

import io.weir.autoscaler.metric.Freshness;
import io.weir.autoscaler.metric.MetricSample;
import io.weir.autoscaler.metric.MetricSample.Absent;
import io.weir.autoscaler.metric.MetricSample.Ambiguous;
import io.weir.autoscaler.metric.MetricSample.Fresh;
import io.weir.autoscaler.metric.MetricSample.Unreachable;
import io.weir.autoscaler.metric.MetricWindow;
import io.weir.autoscaler.metric.NumbersGate;
import io.weir.autoscaler.source.Exposition.Kind;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reads text endpoints itself.
 *
 * <ol>
 *   <li>All endpoints are read at once. One that fails, or has no such series, is a missing part.
 *   <li>Without a rate a series is what it shows, with a rate how fast it grew per second over that window. A counter
 *       without a rate, or a rate of a gauge, has no meaning: it grows for ever, or says nothing.
 *   <li>A series that has just appeared has no rate yet, and one that is no number or too old has no value: missing parts.
 *   <li>The parts there are become one by sum, average or maximum, stamped as the oldest. All missing: why, by the first.
 * </ol>
 *
 * It remembers earlier looks at counters, so it is read by one thread.
 */
public final class ScrapeSource implements MetricSource {
    private static final String ACCEPT = "text/plain;version=0.0.4;charset=utf-8,text/plain;q=0.5";
    private static final int TOLD = 3;

    private final HttpReader http;
    private final List<URI> endpoints;
    private final SeriesSelector selector;
    private final Combine combine;
    private final @Nullable Duration rate;
    private final Freshness freshness;
    private final InstantSource clock;
    private Map<String, MetricWindow> windows = new HashMap<>();

    public ScrapeSource(
            HttpReader http,
            List<URI> endpoints,
            SeriesSelector selector,
            Combine combine,
            @Nullable Duration rate,
            Freshness freshness,
            InstantSource clock) {
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("no endpoint to read");
        }
        this.http = http;
        this.endpoints = List.copyOf(endpoints);
        this.selector = selector;
        this.combine = combine;
        this.rate = rate;
        this.freshness = freshness;
        this.clock = clock;
    }

    /** What one endpoint brought; without an exposition it failed, and {@code failure} says how. */
    private record Look(URI endpoint, Instant at, @Nullable Exposition exposition, String failure) {}

    /** A part of the whole, and where it came from. */
    private record Part(String from, MetricSample sample) {}

    @Override
    public MetricSample read() {
        List<CompletableFuture<Look>> pending =
                endpoints.stream().map(this::look).toList(); // 1
        List<Look> looks = pending.stream().map(CompletableFuture::join).toList();
        Instant now = clock.instant();
        var parts = new ArrayList<Part>();
        Map<String, MetricWindow> seen = new HashMap<>();
        for (Look look : looks) {
            parts.addAll(parts(look, now, seen));
        }
        // A series that an endpoint shows no more is forgotten; those of an endpoint that failed are kept for its
        // return.
        for (Look look : looks) {
            if (look.exposition() == null) {
                String prefix = look.endpoint() + " ";
                windows.forEach((key, window) -> {
                    if (key.startsWith(prefix)) {
                        seen.put(key, window);
                    }
                });
            }
        }
        windows = seen;
        return whole(parts, now);
    }

    private CompletableFuture<Look> look(URI endpoint) {
        return http.get(endpoint, ACCEPT).handle((page, failure) -> {
            Instant at = clock.instant();
            if (failure != null) {
                return failed(endpoint, at, http.told(failure));
            }
            if (page.status() != 200) {
                return failed(endpoint, at, "status " + page.status());
            }
            boolean openMetrics =
                    page.contentType().toLowerCase(Locale.ROOT).startsWith("application/openmetrics-text");
            try {
                String text = new String(page.body(), StandardCharsets.UTF_8);
                return new Look(endpoint, at, ExpositionReader.read(text, openMetrics), "");
            } catch (ExpositionReader.Unreadable unreadable) {
                return failed(endpoint, at, "not the text format, " + unreadable.getMessage());
            }
        });
    }

    private static Look failed(URI endpoint, Instant at, String why) {
        return new Look(endpoint, at, null, why);
    }

    private List<Part> parts(Look look, Instant now, Map<String, MetricWindow> seen) {
        String from = look.endpoint().toString();
        if (look.exposition() == null) {
            return List.of(new Part(from, new Unreachable(from + ": " + look.failure())));
        }
        List<Series> matched =
                look.exposition().series().stream().filter(selector::matches).toList();
        if (matched.isEmpty()) {
            return List.of(new Part(from, new Absent("no " + selector + " at " + from)));
        }
        Kind kind = look.exposition().kindOf(selector.name());
        if (rate == null && kind == Kind.COUNTER) {
            return List.of(new Part(from, new Ambiguous(selector.name() + " is a counter, it needs a rate"))); // 2
        }
        if (rate != null && kind == Kind.GAUGE) {
            return List.of(new Part(from, new Ambiguous(selector.name() + " is a gauge, it has no rate")));
        }
        return matched.stream()
                .map(series -> new Part(series.identity() + " at " + from, sample(look, series, now, seen)))
                .toList();
    }

    private MetricSample sample(Look look, Series series, Instant now, Map<String, MetricWindow> seen) {
        Instant at = series.at() == null ? look.at() : series.at();
        if (rate == null || !Double.isFinite(series.value())) {
            return NumbersGate.pass(series.value(), at, freshness, now, null);
        }
        String key = look.endpoint() + " " + series.identity();
        MetricWindow window =
                windows.getOrDefault(key, MetricWindow.EMPTY).with(new MetricWindow.Point(at, series.value()), rate);
        seen.put(key, window);
        OptionalDouble perSecond = window.perSecond();
        if (perSecond.isEmpty()) {
            return new Absent("one look at a counter is no rate yet"); // 3
        }
        return NumbersGate.pass(
                perSecond.getAsDouble(), window.points().getLast().at(), freshness, now, null);
    }

    private MetricSample whole(List<Part> parts, Instant now) {
        var values = new ArrayList<Double>();
        var missing = new ArrayList<Part>();
        Instant oldest = now;
        for (Part part : parts) {
            if (part.sample() instanceof Fresh fresh) {
                values.add(fresh.value());
                oldest = fresh.at().isBefore(oldest) ? fresh.at() : oldest;
            } else {
                missing.add(part);
            }
        }
        if (values.isEmpty()) {
            return missing.getFirst().sample();
        }
        return NumbersGate.pass(
                combine.of(values), oldest, freshness, now, missing.isEmpty() ? null : told(missing, parts)); // 4
    }

    private static String told(List<Part> missing, List<Part> parts) {
        var text = new StringBuilder(missing.size() + " of " + parts.size() + " parts missing: ");
        text.append(String.join(
                ", ",
                missing.stream()
                        .limit(TOLD)
                        .map(part -> part.from() + " " + part.sample().told())
                        .toList()));
        return missing.size() > TOLD ? text + ", …" : text.toString();
    }
}
