package io.weir.autoscaler.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.autoscaler.decide.Limits;
import io.weir.autoscaler.decide.Rules;
import io.weir.autoscaler.metric.MetricSample.Fresh;
import io.weir.autoscaler.policy.Bounds;
import io.weir.autoscaler.policy.Doubt;
import io.weir.autoscaler.policy.TotalTracking;
import io.weir.autoscaler.store.ForgetfulStore;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TargetLoopTest {
    private final AtomicInteger beats = new AtomicInteger();
    private final InstantSource clock = Clock.systemUTC();
    private final Target target = new Target(
            "web",
            new Rules(
                    new Bounds(1, 9),
                    List.of(new TotalTracking("load", "rps", BigDecimal.ONE, Doubt.UP_ONLY)),
                    Limits.DEFAULT),
            Rhythm.of(Duration.ofHours(1), Duration.ofHours(2)),
            Map.of("rps", () -> {
                beats.incrementAndGet();
                return new Fresh(1, clock.instant());
            }),
            new FakeAdapter(1),
            new ForgetfulStore(),
            clock,
            new Random(1),
            Tally.NONE);
    private TargetLoop loop = new TargetLoop(target, clock, 1);

    @AfterEach
    void stop() {
        loop.stop();
    }

    @Test
    void it_beats_at_once_and_when_it_is_woken() {
        Thread thread = Thread.ofVirtual().start(loop);
        await().until(() -> beats.get() == 1);
        loop.wake();
        await().until(() -> beats.get() == 2);
        loop.stop();
        await().until(() -> !thread.isAlive());
        assertThat(beats).hasValue(2);
    }

    @Test
    void where_time_runs_faster_it_beats_faster() {
        // A clock that runs 36,000 times as fast: an hour in a tenth of a second.
        var begun = clock.instant();
        InstantSource fast =
                () -> begun.plus(Duration.between(begun, clock.instant()).multipliedBy(36_000));
        loop = new TargetLoop(target, fast, 36_000);
        Thread.ofVirtual().start(loop);
        await().until(() -> beats.get() >= 3);
    }

    @Test
    void an_interrupt_ends_it() {
        Thread thread = Thread.ofVirtual().start(loop);
        await().until(() -> beats.get() == 1);
        thread.interrupt();
        await().until(() -> !thread.isAlive());
    }
}
