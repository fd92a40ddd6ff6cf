package io.weir.autoscaler.loop;

import java.time.Duration;

/**
 * When things are done for a target.
 *
 * @param every from one beat to the next
 * @param heartbeat an unchanged size is posted again after this long
 * @param unhealthyAfter a metric or an adapter that fails for longer makes the target unhealthy
 * @param longestBeat how long a beat with all its time-outs may take; one that is missing for longer is a problem too
 * @param backOff how long an adapter that failed is left in peace
 */
public record Rhythm(
        Duration every, Duration heartbeat, Duration unhealthyAfter, Duration longestBeat, BackOff backOff) {
    public static final Duration EVERY = Duration.ofSeconds(15);
    public static final Duration HEARTBEAT = Duration.ofMinutes(10);

    public static Rhythm of(Duration every, Duration heartbeat) {
        return new Rhythm(
                every,
                heartbeat,
                longer(Duration.ofMinutes(2), every.multipliedBy(4)),
                Duration.ofMinutes(1),
                new BackOff(every, longer(Duration.ofMinutes(2), every)));
    }

    public Rhythm {
        if (every.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("a beat takes at least a second");
        }
        if (heartbeat.compareTo(every) < 0) {
            throw new IllegalArgumentException("a heartbeat cannot be faster than a beat");
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
