package io.weir.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

    private Instant now = NOON;

    private Duration throttled(Backoff backoff) {
        backoff.throttled(now, Optional.empty());
        Duration wait = backoff.left(now).orElseThrow();
        now = now.plus(wait);
        assertThat(backoff.left(now)).isEmpty();
        return wait;
    }

    @Test
    void each_wait_is_anything_up_to_a_bound_that_doubles_to_a_minute() {
        List<Duration> longest = new ArrayList<>();
        List<Duration> shortest = new ArrayList<>();
        for (int seed = 0; seed < 400; seed++) {
            Backoff backoff = new Backoff(new Random(seed));
            for (int nth = 0; nth < 8; nth++) {
                Duration wait = throttled(backoff);
                if (seed == 0) {
                    longest.add(wait);
                    shortest.add(wait);
                }
                longest.set(nth, max(longest.get(nth), wait));
                shortest.set(nth, min(shortest.get(nth), wait));
            }
        }

        List<Integer> bounds = List.of(2, 4, 8, 16, 32, 60, 60, 60);
        for (int nth = 0; nth < bounds.size(); nth++) {
            Duration bound = Duration.ofSeconds(bounds.get(nth));
            assertThat(longest.get(nth)).isBetween(bound.multipliedBy(9).dividedBy(10), bound);
            assertThat(shortest.get(nth)).isLessThan(bound.dividedBy(10));
        }
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    @Test
    void a_call_that_is_not_throttled_ends_the_doubling() {
        Backoff backoff = new Backoff(new Random(1));
        for (int nth = 0; nth < 6; nth++) {
            throttled(backoff);
        }
        backoff.passed();

        assertThat(throttled(backoff)).isLessThanOrEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void what_the_cloud_says_counts_but_not_for_longer_than_two_minutes() {
        Backoff backoff = new Backoff(new Random(1));
        backoff.throttled(now, Optional.of(Duration.ofSeconds(7)));
        assertThat(backoff.left(now)).contains(Duration.ofSeconds(7));

        backoff.throttled(now, Optional.of(Duration.ofHours(1)));
        assertThat(backoff.left(now)).contains(Duration.ofMinutes(2));

        backoff.throttled(now, Optional.of(Duration.ofSeconds(1)));
        assertThat(backoff.left(now)).contains(Duration.ofMinutes(2));
    }

    @Test
    void calls_that_were_under_way_together_count_as_one() {
        Backoff backoff = new Backoff(new Random(1));
        backoff.throttled(now, Optional.empty());
        Optional<Duration> first = backoff.left(now);
        for (int other = 0; other < 10; other++) {
            backoff.throttled(now, Optional.empty());
        }

        assertThat(backoff.left(now)).isEqualTo(first);
    }
}
