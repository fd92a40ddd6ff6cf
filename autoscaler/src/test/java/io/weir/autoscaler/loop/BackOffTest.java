package io.weir.autoscaler.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackOffTest {
    private final BackOff backOff = new BackOff(Duration.ofSeconds(15), Duration.ofMinutes(2));

    @Test
    void it_grows_with_every_failure_up_to_its_longest_and_is_not_the_same_for_all() {
        var random = new Random(7);
        assertThat(backOff.after(0, random)).isZero();
        for (int failures = 1; failures < 100; failures++) {
            long limit = failures > 3 ? 120_000 : 15_000L << (failures - 1);
            for (int i = 0; i < 50; i++) {
                assertThat(backOff.after(failures, random)).isBetween(Duration.ZERO, Duration.ofMillis(limit));
            }
        }
        assertThat(backOff.after(Integer.MAX_VALUE, random)).isLessThanOrEqualTo(Duration.ofMinutes(2));
        assertThat(IntStream.range(0, 100)
                        .mapToLong(i -> backOff.after(9, random).toSeconds())
                        .distinct()
                        .count())
                .isGreaterThan(30);
    }
}
