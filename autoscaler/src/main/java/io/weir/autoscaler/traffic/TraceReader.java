package io.weir.autoscaler.traffic;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a trace as {@code timestamp,value} lines.
 *
 * <ol>
 *   <li>The first line is that header; blank lines and lines that begin with {@code #} are passed over.
 *   <li>A timestamp is ISO-8601 in UTC, a value a number of at least 0.
 *   <li>The first two rows make the step, at least a second; every later row is one step after the one before it.
 *   <li>What is not so is a {@link TraceProblem} that names the line.
 * </ol>
 */
public final class TraceReader {
    private static final String HEADER = "timestamp,value";
    private static final int MOST_ROWS = 10_000_000;

    private TraceReader() {}

    public static Trace read(String name, Reader source) throws IOException {
        var lines = new BufferedReader(source);
        @Nullable Instant start = null;
        @Nullable Instant last = null;
        @Nullable Duration step = null;
        List<Double> values = new ArrayList<>();
        boolean begun = false;
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            String text = line.strip();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            if (!begun) {
                if (!text.equals(HEADER)) {
                    throw problem(name, number, "\"" + HEADER + "\" is due, not \"" + shortened(text) + "\"");
                }
                begun = true;
                continue;
            }
            int comma = text.indexOf(',');
            if (comma < 0) {
                throw problem(name, number, "a timestamp and a value are due, not \"" + shortened(text) + "\"");
            }
            Instant at = instant(name, number, text.substring(0, comma).strip());
            if (start == null || last == null) {
                start = at;
            } else if (step == null) {
                step = Duration.between(last, at);
                if (step.compareTo(Duration.ofSeconds(1)) < 0) {
                    throw problem(name, number, "a step is a second or more, and this one comes after " + last);
                }
            } else if (!at.equals(last.plus(step))) {
                throw problem(name, number, last.plus(step) + " is due, a step of " + step + " after the row before");
            }
            last = at;
            values.add(value(name, number, text.substring(comma + 1).strip()));
            if (values.size() > MOST_ROWS) {
                throw problem(name, number, "more than " + MOST_ROWS + " rows");
            }
        }
        if (start == null || step == null) {
            throw new TraceProblem(name + ": a trace has two rows at least");
        }
        return new Trace(
                name,
                start,
                step,
                values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static Instant instant(String name, int number, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException noTime) {
            throw problem(name, number, "\"" + shortened(text) + "\" is no time like 1998-05-21T00:00:00Z");
        }
    }

    private static double value(String name, int number, String text) {
        try {
            double value = Double.parseDouble(text);
            if (Double.isFinite(value) && value >= 0) {
                return value;
            }
        } catch (NumberFormatException noNumber) {
            // told below
        }
        throw problem(name, number, "\"" + shortened(text) + "\" is no number of at least 0");
    }

    private static TraceProblem problem(String name, int number, String what) {
        return new TraceProblem(name + ", line " + number + ": " + what);
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
