package io.weir.autoscaler.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.service.json.Durations;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a run without one: the pool of the home's adapter, kept at load ÷ capacity by a metric that is
 * scraped. It is a document like one from a file and is read by the same reader.
 */
record EmbeddedDefault(
        List<URI> metricsUrls,
        String series,
        @Nullable Duration rate,
        BigDecimal capacity,
        int min,
        int max,
        Duration every,
        Duration stabilization,
        Duration coolDown,
        String pool) {

    JsonNode document() {
        ObjectNode root = JsonNodeFactory.withExactBigDecimals(true).objectNode();
        ObjectNode target = root.putArray("targets").addObject();
        target.put("name", pool);
        target.putObject("adapter").put("pool", pool);
        target.put("min", min);
        target.put("max", max);
        ObjectNode metric = target.putObject("metrics").putObject("load");
        ObjectNode scrape = metric.putObject("scrape");
        metricsUrls.forEach(url -> scrape.withArray("endpoints").add(url.toString()));
        scrape.put("series", series);
        if (rate != null) {
            scrape.put("rate", Durations.text(rate));
        }
        metric.put("existsAtZero", true);
        target.putArray("policies")
                .addObject()
                .put("name", "load")
                .putObject("total")
                .put("metric", "load")
                .put("capacityPerMachine", capacity);
        target.put("every", Durations.text(every));
        target.putObject("limits")
                .put("stabilization", Durations.text(stabilization))
                .put("coolDownDown", Durations.text(coolDown));
        return root;
    }
}
