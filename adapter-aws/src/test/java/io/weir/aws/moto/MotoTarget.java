package io.weir.aws.moto;

import io.weir.aws.Aws;
import io.weir.aws.ec2.Ec2;
import io.weir.aws.fake.Bench;
import io.weir.driver.CloudDriver;
import io.weir.kit.CloudTarget;
import io.weir.kit.PoolText;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.PoolDocument;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;

/**
 * The driver over moto. moto has no time, so a clock in the hand serves the driver; it has no capacity, no quotas and no launches that fail
 * later, so the tests of those are skipped.
 */
final class MotoTarget implements CloudTarget {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"));
    private final MotoProxy proxy;
    private final Ec2Client sdk;
    private Ec2 ec2;
    private final String image;

    MotoTarget(Moto moto) {
        moto.reset();
        proxy = new MotoProxy(moto.url());
        sdk = Bench.client(Ec2Client.builder(), moto.url(), Bench.WEIR);
        image = sdk.describeImages(request -> request.filters(
                        Filter.builder().name("architecture").values("x86_64").build(),
                        Filter.builder().name("root-device-type").values("ebs").build()))
                .images()
                .get(0)
                .imageId();
        ec2 = Bench.door(proxy.url(), now::get);
    }

    @Override
    public CloudDriver driver() {
        return ec2.driver();
    }

    @Override
    public InstantSource clock() {
        return now::get;
    }

    @Override
    public PoolDocument document() {
        return PoolText.read(new Aws(), """
                max: 10
                image: %s
                machineTypes: [t3.micro]
                zones: [us-east-1a, us-east-1b]
                """.formatted(image));
    }

    @Override
    public void restart() {
        ec2.close();
        ec2 = Bench.door(proxy.url(), now::get);
    }

    @Override
    public void writeTag(MachineId id, String key, String value) {
        sdk.createTags(request -> request.resources(id.value())
                .tags(Tag.builder().key(key).value(value).build()));
    }

    @Override
    public void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    @Override
    public Duration patience() {
        return Duration.ofSeconds(2);
    }

    @Override
    public void forgetImages() {
        sdk.deregisterImage(request -> request.imageId(image));
    }

    @Override
    public void loseNextAnswer() {
        proxy.loseAnswer();
    }

    @Override
    public void loseNextRequest() {
        proxy.loseRequest();
    }

    @Override
    public void protect(MachineId id) {
        sdk.modifyInstanceAttribute(
                request -> request.instanceId(id.value()).disableApiTermination(value -> value.value(true)));
    }

    @Override
    public void throttleListings(int calls) {
        proxy.answerListings(calls);
    }

    @Override
    public void makeUnavailable() {
        proxy.isUnavailable = true;
    }

    @Override
    public void revokeCredentials() {
        proxy.refusesKeys = true;
    }

    @Override
    public MachineId launchForeign(String name) {
        return new MachineId(sdk.runInstances(request -> request.imageId(image)
                        .instanceType("t3.micro")
                        .minCount(1)
                        .maxCount(1)
                        .tagSpecifications(
                                Bench.tags(ResourceType.INSTANCE, Map.of("Name", name, "owner", "somebody"))))
                .instances()
                .get(0)
                .instanceId());
    }

    @Override
    public void kill(MachineId id) {
        sdk.terminateInstances(request -> request.instanceIds(id.value()));
    }

    @Override
    public int everLaunched(String name) {
        return (int) sdk.describeInstancesPaginator().reservations().stream()
                .flatMap(reservation -> reservation.instances().stream())
                .filter(instance -> name.equals(nameOf(instance)))
                .count();
    }

    private static String nameOf(Instance instance) {
        return instance.tags().stream()
                .filter(tag -> tag.key().equals("weir-batch"))
                .map(Tag::value)
                .map(batch -> MachineName.of(new io.weir.pool.BatchId(batch), instance.amiLaunchIndex())
                        .value())
                .findFirst()
                .orElse("");
    }

    @Override
    public void calm() {
        proxy.calm();
    }

    @Override
    public void close() {
        ec2.close();
        sdk.close();
        proxy.close();
    }
}
