package io.weir.plan;

import java.time.Duration;
import java.util.Optional;

/**
 * What the planner must know of the cloud's promises and of our own calls.
 *
 * @param lag how far behind a listing may be
 * @param lateness how long after a client's time-out a call may still land
 * @param tokenMemory how long a repeated launch is known to be the same; empty: look before repeating
 * @param batchMax the most machines in one launch call
 * @param callBound the longest that one call of ours can last: what a crash may have left under way
 */
public record Limits(
        Duration lag, Duration lateness, Optional<Duration> tokenMemory, int batchMax, Duration callBound) {

    /** Two listings that speak for an absence are at least this far apart (G3). */
    public Duration spacing() {
        Duration least = Duration.ofSeconds(30);
        return lag.compareTo(least) > 0 ? lag : least;
    }
}
