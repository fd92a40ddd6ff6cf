package io.weir.autoscaler.source;

import java.util.List;
import java.util.Map;

/** What one endpoint exposes: its series, and the type of each family that states one. */
record Exposition(List<Series> series, Map<String, Kind> kinds) {
    enum Kind {
        COUNTER,
        GAUGE,
        /** A histogram or summary: what it counts, sums up and sorts into buckets only grows. */
        DISTRIBUTION,
        UNKNOWN
    }

    Exposition {
        series = List.copyOf(series);
        kinds = Map.copyOf(kinds);
    }

    /** What a series with this name is, by its own family or by the one whose part it is. */
    Kind kindOf(String name) {
        Kind own = kinds.get(name);
        if (own != null) {
            return own == Kind.DISTRIBUTION ? Kind.GAUGE : own; // the quantiles of a summary bear its bare name
        }
        for (String part : List.of("_total", "_count", "_sum", "_bucket", "_created")) {
            Kind family = name.endsWith(part) ? kinds.get(name.substring(0, name.length() - part.length())) : null;
            if (family != null && !part.equals("_created")) {
                return family == Kind.DISTRIBUTION ? Kind.COUNTER : family;
            }
        }
        return Kind.UNKNOWN;
    }
}
