package io.weir.aws.fake;

import io.weir.aws.ec2.Ec2;
import io.weir.aws.ec2.Login;
import io.weir.cloud.Elastisys;
import io.weir.cloud.RequestMeter;
import io.weir.kit.HandClock;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceType;
import software.amazon.awssdk.services.ec2.model.Reservation;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.RunInstancesResponse;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/** The fake, a clock in the hand, and the real SDK over the wire. */
public final class Bench implements AutoCloseable {
    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    public static final AwsCredentials WEIR = AwsBasicCredentials.create(Access.WEIR.key(), Access.WEIR.secret());

    final HandClock clock = new HandClock(START);
    final FakeEc2 fake = FakeEc2.start(clock);
    final Ec2Client ec2 = ec2(WEIR);

    Ec2Cloud cloud() {
        return fake.cloud();
    }

    void pass(Duration time) {
        clock.pass(time);
    }

    /** Long enough for every boot and every end. */
    void settle() {
        clock.pass(Duration.ofMinutes(1));
    }

    Ec2Client ec2(AwsCredentials credentials) {
        return client(Ec2Client.builder(), fake.url(), credentials);
    }

    /** A client that does nothing by itself: what is lost or refused is told at once. */
    public static <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C client(
            B builder, URI endpoint, AwsCredentials credentials) {
        return patient(
                builder.overrideConfiguration(options -> options.retryStrategy(DefaultRetryStrategy.doNotRetry())),
                endpoint,
                credentials);
    }

    /** A client as the SDK makes it, that tries again by itself. */
    public static <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C patient(
            B builder, URI endpoint, AwsCredentials credentials) {
        return builder.endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                // An emulator on a busy machine takes its time.
                .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(Duration.ofMinutes(2)))
                .build();
    }

    /** The driver's room over an address that stands for all of AWS. */
    public static Ec2 door(URI url, InstantSource clock) {
        return door(url, clock, Access.WEIR.key(), Access.WEIR.secret(), Elastisys.NONE);
    }

    /** The same for somebody else, and for pools of somebody else. */
    public static Ec2 door(URI url, InstantSource clock, String key, String secret, Elastisys takeOver) {
        Ec2.Settings usual = Ec2.Settings.of(login(url, key, secret));
        return new Ec2(
                new Ec2.Settings(usual.login(), usual.lag(), usual.lateness(), takeOver),
                clock,
                Clock.systemUTC(),
                RequestMeter.NONE);
    }

    private static Login login(URI url, String key, String secret) {
        return new Login(
                Optional.of("us-east-1"),
                new Login.Credentials.Keys(key, () -> secret, Optional.empty()),
                Optional.empty(),
                new Login.Endpoints(Optional.of(url), Optional.of(url), Optional.of(url)),
                Optional.empty(),
                Duration.ofSeconds(2),
                Duration.ofSeconds(20));
    }

    static RunInstancesRequest.Builder request() {
        return RunInstancesRequest.builder()
                .imageId(ExampleRegion.IMAGE)
                .instanceType(InstanceType.T3_MICRO)
                .subnetId(ExampleRegion.SUBNET_A)
                .minCount(1)
                .maxCount(1);
    }

    RunInstancesResponse run(UnaryOperator<RunInstancesRequest.Builder> how) {
        return ec2.runInstances(how.apply(request()).build());
    }

    /** So many, with the pool's tag. */
    List<String> launch(int count, String pool) {
        return run(request -> request.minCount(count)
                        .maxCount(count)
                        .tagSpecifications(tags(ResourceType.INSTANCE, Map.of("weir-pool", pool))))
                .instances()
                .stream()
                .map(Instance::instanceId)
                .toList();
    }

    public static TagSpecification tags(ResourceType type, Map<String, String> tags) {
        return TagSpecification.builder()
                .resourceType(type)
                .tags(tags.entrySet().stream()
                        .map(tag -> Tag.builder()
                                .key(tag.getKey())
                                .value(tag.getValue())
                                .build())
                        .toList())
                .build();
    }

    static Map<String, String> map(List<Tag> tags) {
        return tags.stream().collect(java.util.stream.Collectors.toMap(Tag::key, Tag::value));
    }

    List<Instance> listed() {
        return instances(ec2.describeInstances().reservations());
    }

    Instance listed(String id) {
        return instances(ec2.describeInstances(request -> request.instanceIds(id))
                        .reservations())
                .get(0);
    }

    static List<Instance> instances(List<Reservation> reservations) {
        return reservations.stream()
                .flatMap(reservation -> reservation.instances().stream())
                .toList();
    }

    /** What a call is refused with. */
    public static AwsServiceException refused(ThrowingCallable call) {
        return Assertions.catchThrowableOfType(AwsServiceException.class, call);
    }

    public static String code(ThrowingCallable call) {
        AwsServiceException refused = refused(call);
        if (refused == null) {
            return "200";
        }
        String code = refused.awsErrorDetails().errorCode();
        // HttpURLConnection keeps the body of a 401 to itself.
        return code == null ? Integer.toString(refused.statusCode()) : code;
    }

    @Override
    public void close() {
        ec2.close();
        fake.close();
    }
}
