package io.weir.autoscaler.source;

import java.util.List;
import java.util.Locale;

/** How many numbers become one. */
public enum Combine {
    SUM,
    AVG,
    MAX;

    /** As a configuration writes it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Of at least one number. */
    double of(List<Double> values) {
        double sum = 0;
        double max = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            sum += value;
            max = Math.max(max, value);
        }
        return switch (this) {
            case SUM -> sum;
            case AVG -> sum / values.size();
            case MAX -> max;
        };
    }
}
