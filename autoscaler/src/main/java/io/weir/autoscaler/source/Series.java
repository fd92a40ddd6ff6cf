package io.weir.autoscaler.source;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One line of an exposition: a name, its labels, a value as it was written (also NaN), and a stamp if it bears one. */
record Series(
        String name,
        Map<String, String> labels,
        double value,
        @Nullable Instant at) {
    Series {
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }

    /** What makes it the same series in the next look. */
    String identity() {
        return name + labels;
    }
}
