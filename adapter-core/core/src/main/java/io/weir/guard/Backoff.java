package io.weir.guard;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How long calls of one kind wait after the cloud throttled one: as long as it says, at most two minutes; else a random time between nothing
 * and two seconds, doubled with each one after that up to a minute ("full jitter": M. Brooker, Exponential Backoff And Jitter, AWS Architecture Blog,
 * 2015), so that those who were throttled together do not come back together. A call that is not throttled ends the doubling. Not safe for threads.
 */
final class Backoff {
    private static final Duration FIRST = Duration.ofSeconds(2);
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Duration LONGEST_SAID = Duration.ofMinutes(2);

    private final RandomGenerator dice;
    private int throttled;
    private Optional<Instant> until = Optional.empty();

    Backoff(RandomGenerator dice) {
        this.dice = dice;
    }

    /** What is left of it; empty: it is over. */
    Optional<Duration> left(Instant now) {
        return until.filter(now::isBefore).map(end -> Duration.between(now, end));
    }

    /** @param said by the cloud: when to come back */
    void throttled(Instant now, Optional<Duration> said) {
        if (said.isEmpty() && left(now).isPresent()) {
            return; // by a call that was under way when the wait began
        }
        Duration wait = said.map(time -> time.compareTo(LONGEST_SAID) > 0 ? LONGEST_SAID : time)
                .orElseGet(() -> Duration.ofMillis(dice.nextLong(bound().toMillis()) + 1));
        throttled++;
        Instant end = now.plus(wait);
        if (until.filter(end::isBefore).isEmpty()) {
            until = Optional.of(end);
        }
    }

    private Duration bound() {
        Duration bound = FIRST;
        for (int i = 0; i < throttled && bound.compareTo(LONGEST) < 0; i++) {
            bound = bound.multipliedBy(2);
        }
        return bound.compareTo(LONGEST) > 0 ? LONGEST : bound;
    }

    void passed() {
        throttled = 0;
    }
}
