package io.weir.aws.fake;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.kit.HandClock;
import io.weir.pool.MachineState;
import io.weir.simulated.LedgerJudge;
import io.weir.simulated.LinesFile;
import io.weir.simulated.SimulatedApi.LedgerLine;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
    @TempDir
    Path folder;

    private final HandClock clock = new HandClock(Bench.START);

    private static final Ec2Cloud.Caller ANYBODY = new Ec2Cloud.Caller() {
        @Override
        public void authenticate() {}

        @Override
        public void allow(Action.Need need) {}
    };

    private Ec2Cloud cloud(LinesFile<Ec2Event> file) {
        return new Ec2Cloud(clock, 1, ExampleRegion.REGION, Ec2Dials.DEFAULT, Optional.of(file));
    }

    private LinesFile<Ec2Event> file() throws Exception {
        return new LinesFile<>(folder.resolve("ledger.jsonl"), Ec2Event.class);
    }

    private static Element call(Ec2Cloud cloud, String form) throws Exception {
        return cloud.call(Query.parse(form), ANYBODY);
    }

    private static Element launch(Ec2Cloud cloud, String token, int count, String subnet) throws Exception {
        return call(
                cloud,
                "Action=RunInstances&ImageId=" + ExampleRegion.IMAGE + "&InstanceType=t3.micro&MinCount=1&MaxCount="
                        + count
                        + "&SubnetId=" + subnet + "&ClientToken=" + token
                        + "&InstanceMarketOptions.MarketType=spot"
                        + "&TagSpecification.1.ResourceType=instance&TagSpecification.1.Tag.1.Key=weir-pool"
                        + "&TagSpecification.1.Tag.1.Value=web");
    }

    @Test
    void a_fake_that_was_killed_wakes_up_as_if_it_had_never_slept() throws Exception {
        Element launched;
        List<LedgerLine> before;
        try (LinesFile<Ec2Event> file = file()) {
            Ec2Cloud cloud = cloud(file);
            launched = launch(cloud, "b", 3, ExampleRegion.SUBNET_A);
            List<LedgerLine> lines = cloud.ledger();
            clock.pass(Duration.ofSeconds(1));
            call(cloud, "Action=TerminateInstances&InstanceId.1=" + lines.get(0).id());
            call(cloud, "Action=CreateTags&ResourceId.1=" + lines.get(1).id() + "&Tag.1.Key=a&Tag.1.Value=b");
            call(
                    cloud,
                    "Action=ModifyInstanceAttribute&DisableApiTermination.Value=true&InstanceId="
                            + lines.get(1).id());
            cloud.interrupt(lines.get(2).id());
            clock.pass(Duration.ofMinutes(1));
            before = cloud.ledger();
        }
        try (LinesFile<Ec2Event> file = file()) {
            Ec2Cloud cloud = cloud(file);
            assertThat(cloud.ledger()).isEqualTo(before);
            assertThat(before)
                    .extracting(LedgerLine::state)
                    .containsExactly(MachineState.TERMINATED, MachineState.RUNNING, MachineState.TERMINATED);
            assertThat(before.get(2).cause()).isEqualTo("Server.SpotInstanceTermination");
            assertThat(launch(cloud, "b", 3, ExampleRegion.SUBNET_A).children().get(1))
                    .as("the token is known")
                    .isEqualTo(launched.children().get(1));
            assertThat(launch(cloud, "c", 1, ExampleRegion.SUBNET_A)).isNotNull();
            assertThat(cloud.ledger().get(3).id())
                    .isNotIn(before.stream().map(LedgerLine::id).toList());
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> call(
                            cloud,
                            "Action=TerminateInstances&InstanceId.1="
                                    + before.get(1).id()))
                    .hasMessageContaining("disableApiTermination");
        }
    }

    @Test
    void the_simulated_clouds_judge_reads_it_and_sees_a_token_that_was_launched_in_two_zones() throws Exception {
        Ec2Cloud cloud = new Ec2Cloud(clock, 1, ExampleRegion.REGION, Ec2Dials.DEFAULT);
        launch(cloud, "b", 2, ExampleRegion.SUBNET_A);
        clock.pass(Duration.ofMinutes(1));

        assertThat(judged(cloud, 2).isClean()).isTrue();
        launch(cloud, "b", 2, ExampleRegion.SUBNET_B);
        clock.pass(Duration.ofMinutes(1));

        assertThat(judged(cloud, 4).doubles()).hasSize(2).allSatisfy(text -> assertThat(text)
                .contains("alive twice"));
        assertThat(judged(cloud, 2).doubles())
                .anySatisfy(text -> assertThat(text).contains("3 alive"));
    }

    private LedgerJudge.Judgement judged(Ec2Cloud cloud, int wish) {
        Instant now = clock.instant();
        return LedgerJudge.judge(
                cloud.ledger(),
                new LedgerJudge.Question(
                        "web",
                        List.of(new LedgerJudge.Step(Bench.START.minusSeconds(1), wish)),
                        null,
                        0,
                        Set.copyOf(cloud.ledger().stream().map(LedgerLine::id).toList()),
                        null,
                        Bench.START,
                        now));
    }
}
