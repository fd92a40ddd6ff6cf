package io.weir.autoscaler.loop;

import io.weir.autoscaler.decide.Decision;
import io.weir.autoscaler.metric.MetricSample;
import io.weir.autoscaler.policy.PoolSeen;
import io.weir.autoscaler.store.Pause;
import io.weir.autoscaler.target.Hold;
import io.weir.autoscaler.target.Posted;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A target after a beat: everything that is shown of it.
 *
 * @param at when the last beat was, null before the first
 * @param pool the pool when it was last seen
 * @param decision the last one, which an adapter in trouble leaves as it was
 * @param hold somebody keeps the size, as the adapter told it
 * @param metric why some metric cannot be trusted, and since when
 * @param adapter how the adapter fails, and since when
 * @param inside how we fail ourselves, and since when
 */
public record TargetView(
        @Nullable Instant at,
        Map<String, MetricSample> samples,
        @Nullable PoolSeen pool,
        @Nullable Instant poolSeenAt,
        @Nullable Decision decision,
        @Nullable LastPost lastPost,
        @Nullable Hold hold,
        @Nullable Pause pause,
        @Nullable Trouble metric,
        @Nullable Trouble adapter,
        @Nullable Trouble inside) {

    public record LastPost(Instant at, int size, Posted posted) {}

    public TargetView {
        samples = Map.copyOf(samples);
    }

    static TargetView before(@Nullable Pause pause) {
        return new TargetView(null, Map.of(), null, null, null, null, null, pause, null, null, null);
    }

    /**
     * What has failed for longer than is healthy, by what failed. What never was well (no beat yet, a pool that was never
     * seen) is a problem at once.
     */
    public Map<String, String> problems(Duration unhealthyAfter, Duration longestBeat, Instant now) {
        var problems = new TreeMap<String, String>();
        if (at == null) {
            problems.put("beat", "there was none yet");
        } else if (Duration.between(at, now).compareTo(unhealthyAfter.plus(longestBeat)) >= 0) {
            problems.put("beat", "there was none since " + at);
        }
        add(problems, "metric", metric, unhealthyAfter, now);
        add(problems, "adapter", adapter, pool == null ? Duration.ZERO : unhealthyAfter, now);
        add(problems, "inside", inside, unhealthyAfter, now);
        return problems;
    }

    private static void add(
            Map<String, String> problems,
            String part,
            @Nullable Trouble trouble,
            Duration unhealthyAfter,
            Instant now) {
        if (trouble != null && Duration.between(trouble.since(), now).compareTo(unhealthyAfter) >= 0) {
            problems.put(part, trouble.why() + " (since " + trouble.since() + ")");
        }
    }

    TargetView withPause(@Nullable Pause newPause) {
        return new TargetView(
                at, samples, pool, poolSeenAt, decision, lastPost, hold, newPause, metric, adapter, inside);
    }
}
