package io.weir.autoscaler.loop;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to leave somebody in peace who failed so often in a row: anything up to a limit that doubles each time (full jitter). */
public record BackOff(Duration first, Duration longest) {
    private static final int MOST_DOUBLINGS = 30;

    public Duration after(int failures, RandomGenerator random) {
        if (failures <= 0) {
            return Duration.ZERO;
        }
        long limit = first.toMillis() << Math.min(failures - 1, MOST_DOUBLINGS);
        long bounded = limit <= 0 ? longest.toMillis() : Math.min(limit, longest.toMillis());
        return Duration.ofMillis(random.nextLong(bounded + 1));
    }
}
