package io.weir.aws.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.kit.AdapterProcess;
import io.weir.kit.ProcessKills;
import io.weir.simulated.Delay;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weir adapter aws} as a process, in real time, in a region where two of three zones are full. */
class NextChoiceTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    @Test
    void a_zone_without_capacity_is_asked_once_and_the_next_one_within_two_seconds() throws Exception {
        Clock clock = Clock.systemUTC();
        Ec2Cloud cloud = new Ec2Cloud(clock, 1, ExampleRegion.REGION, Ec2Dials.DEFAULT.turned(turn -> {
            turn.boot = new Delay.Uniform(0.5, 1);
            turn.capacity = Map.of("us-east-1a", 0, "us-east-1b", 0);
        }));
        try (FakeEc2 fake = FakeEc2.start(cloud, Access.EXAMPLE, clock, clock, 0, dials -> {});
                AdapterProcess adapter =
                        Ec2Adapter.start(folder.resolve("home"), fake.url(), "lag: 1s\n    lateness: 1s")) {
            await().atMost(PATIENCE).ignoreExceptions().until(() -> adapter.takes(ProcessKills.POOL, 6));
            await().atMost(PATIENCE).until(() -> cloud.alive(ProcessKills.POOL) == 6);

            List<Calls.Call> launches = fake.calls().all().stream()
                    .filter(call -> call.action().equals("ec2:RunInstances"))
                    .filter(call -> !call.outcome().equals("DryRunOperation"))
                    .toList();
            List<Duration> gaps = new ArrayList<>();
            for (int i = 0; i + 1 < launches.size(); i++) {
                if (launches.get(i).outcome().equals("InsufficientInstanceCapacity")) {
                    gaps.add(Duration.between(
                            launches.get(i).at(), launches.get(i + 1).at()));
                }
            }
            System.out.println("figures: from a zone without capacity to the next launch: "
                    + gaps.stream().map(Duration::toMillis).toList() + " ms, " + launches.size() + " RunInstances");
            assertThat(gaps).hasSize(2).allSatisfy(gap -> assertThat(gap).isLessThanOrEqualTo(Duration.ofSeconds(2)));
            assertThat(launches.stream().filter(call -> call.outcome().equals("InsufficientInstanceCapacity")))
                    .as("neither the SDK nor the pool asks a full zone again")
                    .hasSize(2);
        }
    }
}
