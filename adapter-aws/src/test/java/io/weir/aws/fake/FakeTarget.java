package io.weir.aws.fake;

import io.weir.aws.Aws;
import io.weir.aws.ec2.Ec2;
import io.weir.driver.CloudDriver;
import io.weir.kit.CloudTarget;
import io.weir.kit.HandClock;
import io.weir.kit.PoolText;
import io.weir.pool.MachineId;
import io.weir.pool.PoolDocument;
import io.weir.pool.Scope;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.ResourceType;

/** The driver over the fake, with a clock in the hand, as the contract kit wants it. */
final class FakeTarget implements CloudTarget {
    final HandClock clock = new HandClock(Bench.START);
    final FakeEc2 fake = FakeEc2.start(clock);
    Ec2 ec2 = Bench.door(fake.url(), clock);

    /** @param lag how far listings and tags may be behind, in seconds */
    FakeTarget(double lag) {
        fake.cloud().turn(turn -> {
            turn.lagSeconds = lag;
            turn.tagLagSeconds = lag;
        });
    }

    @Override
    public CloudDriver driver() {
        return ec2.driver();
    }

    @Override
    public InstantSource clock() {
        return clock;
    }

    @Override
    public PoolDocument document() {
        return PoolText.read(new Aws(), """
                max: 10
                image: weir-web-2026.*
                machineTypes: [t3.micro]
                sshKey: ops
                aws: {securityGroups: [web], instanceProfile: web}
                """);
    }

    @Override
    public void pass(Duration time) {
        clock.pass(time);
    }

    @Override
    public Duration patience() {
        return Duration.ofMinutes(3);
    }

    @Override
    public void restart() {
        ec2.close();
        ec2 = Bench.door(fake.url(), clock);
    }

    @Override
    public void writeTag(MachineId id, String key, String value) {
        try (Ec2Client somebody = somebody()) {
            somebody.createTags(request ->
                    request.resources(id.value()).tags(tag -> tag.key(key).value(value)));
        }
    }

    private Ec2Client somebody() {
        return Bench.client(Ec2Client.builder(), fake.url(), Bench.WEIR);
    }

    @Override
    public void forgetImages() {
        fake.cloud().change(region -> region.withImages(images -> List.of()));
    }

    @Override
    public void loseNextAnswer() {
        fake.cloud().loseAnswers(1);
    }

    @Override
    public void loseNextRequest() {
        fake.cloud().loseRequests(1);
    }

    @Override
    public void limitCapacity(Scope scope, int machines) {
        fake.cloud().turn(turn -> turn.capacity = Map.of(scope.value(), machines));
    }

    @Override
    public void limitQuota(int machines) {
        fake.cloud().turn(turn -> turn.quota = Map.of("vcpus", 2 * machines));
    }

    @Override
    public void refuseLater() {
        fake.cloud()
                .turn(turn ->
                        turn.lateRefusals = new Ec2Dials.LateRefusals(1, 5, "Server.InsufficientInstanceCapacity"));
    }

    @Override
    public void protect(MachineId id) {
        fake.cloud().protect(id.value(), true);
    }

    @Override
    public void pageSize(int machines) {
        fake.cloud().turn(turn -> turn.pageSize = machines);
    }

    @Override
    public void throttleListings(int calls) {
        fake.cloud().turn(turn -> turn.throttle = Map.of("DescribeInstances", new Ec2Dials.Buckets(calls, 0)));
    }

    @Override
    public void makeUnavailable() {
        fake.cloud().turn(turn -> turn.unavailable = true);
    }

    @Override
    public void revokeCredentials() {
        fake.cloud().turn(turn -> turn.unauthorized = true);
    }

    @Override
    public MachineId launchForeign(String name) {
        try (Ec2Client somebody = somebody()) {
            return new MachineId(somebody.runInstances(Bench.request()
                            .tagSpecifications(
                                    Bench.tags(ResourceType.INSTANCE, Map.of("Name", name, "owner", "somebody")))
                            .build())
                    .instances()
                    .get(0)
                    .instanceId());
        }
    }

    @Override
    public void kill(MachineId id) {
        fake.cloud().kill(id.value());
    }

    @Override
    public int everLaunched(String name) {
        // A whole batch: its places are EC2's launch indices.
        return (int) fake.cloud().ledger().stream()
                .filter(line -> name.equals(line.name()))
                .count();
    }

    @Override
    public void calm() {
        fake.cloud().set(Ec2Dials.DEFAULT);
    }

    @Override
    public void close() {
        ec2.close();
        fake.close();
    }
}
