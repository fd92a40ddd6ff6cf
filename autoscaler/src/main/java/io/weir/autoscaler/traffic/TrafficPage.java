package io.weir.autoscaler.traffic;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;

/**
 * What the endpoint shows, in the Prometheus text format.
 *
 * <ol>
 *   <li>{@code weir_traffic_requests_per_minute}: the rate of the running step of the recording.
 *   <li>{@code weir_traffic_requests_total}: the sum of all that came since the beginning.
 *   <li>{@code weir_traffic_recorded_seconds}: where in the recording this is, as Unix time.
 *   <li>After the end of a trace that does not loop there is no load any more. Silence is not zero.
 * </ol>
 */
public final class TrafficPage {
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private TrafficPage() {}

    public static String of(Playing playing, Instant now) {
        String labels = "{trace=\"" + escaped(playing.trace().name()) + "\"} ";
        var page = new StringBuilder();
        if (!playing.isOver(now)) {
            page.append("# HELP weir_traffic_requests_per_minute How much comes now, as recorded.\n")
                    .append("# TYPE weir_traffic_requests_per_minute gauge\nweir_traffic_requests_per_minute")
                    .append(labels)
                    .append(number(playing.perMinute(now)))
                    .append('\n');
        }
        return page.append("# HELP weir_traffic_requests_total All that came since the trace began to play.\n")
                .append("# TYPE weir_traffic_requests_total counter\nweir_traffic_requests_total")
                .append(labels)
                .append(number(Math.floor(playing.total(now))))
                .append("\n# HELP weir_traffic_recorded_seconds Where in the recording this is.\n")
                .append("# TYPE weir_traffic_recorded_seconds gauge\nweir_traffic_recorded_seconds")
                .append(labels)
                .append(playing.recorded(now).getEpochSecond())
                .append('\n')
                .toString();
    }

    private static String number(double value) {
        return new BigDecimal(value, new MathContext(15)).stripTrailingZeros().toPlainString();
    }

    private static String escaped(String label) {
        return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
