package io.weir.aws.fake;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.pool.PoolDocument;
import io.weir.simulated.SimulatedApi.LedgerLine;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** 5,000 machines out of an account that EC2 lets launch 1,000 at once and 2 a second for long. */
@EnabledIfSystemProperty(
        named = "weir.figures",
        matches = "true",
        disabledReason = "it takes a minute; .ci/aws-test makes the figures")
class BigLaunchTest {
    private static final int MACHINES = 5000;
    private static final Duration INTERVAL = Duration.ofSeconds(40);
    private static final PoolDocument DOCUMENT =
            Ec2Pools.document(MACHINES, "{count: " + MACHINES + ", percent: 100, window: 1m}");

    @Test
    void a_large_launch_uses_what_ec2_allows_and_is_never_throttled() {
        try (Ec2Pools world = new Ec2Pools(1, DOCUMENT)) {
            world.fake.cloud().turn(turn -> turn.throttle = Ec2Buckets.all());
            world.pools.wish(0);
            assertThat(world.pools.become(0, INTERVAL, Duration.ofMinutes(10))).isTrue();
            Instant wished = world.clock.instant();
            world.pools.wish(MACHINES);

            assertThat(world.pools.become(MACHINES, INTERVAL, Duration.ofHours(2)))
                    .isTrue();

            Instant last = world.fake.cloud().ledger().stream()
                    .map(LedgerLine::launched)
                    .max(Instant::compareTo)
                    .orElseThrow();
            double seconds = Duration.between(wished, last).toMillis() / 1000.0;
            double share = MACHINES / (1000 + 2 * seconds);
            int throttled = world.fake.calls().count(call -> call.outcome().equals("RequestLimitExceeded"));
            System.out.printf(
                    Locale.ROOT,
                    "%d machines launched in %.0f s by %d RunInstances, %.1f %% of what EC2 allows; throttled %d times; %d turns%n",
                    MACHINES,
                    seconds,
                    world.fake.calls().count("ec2:RunInstances"),
                    100 * share,
                    throttled,
                    world.pools.turns());
            assertThat(share).isGreaterThanOrEqualTo(0.95);
            assertThat(throttled).isZero();
            assertThat(world.pools.judged(Ec2Pools.POOL).isClean()).isTrue();
        }
    }
}
