package io.weir.aws.fake;

import static io.weir.aws.fake.Bench.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;

class FaultsTest {
    private static final RunInstancesRequest ONE = Bench.request().build();
    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    private int answered(int calls, Runnable call) {
        return (int) IntStream.range(0, calls)
                .filter(i -> code(call::run).equals("200"))
                .count();
    }

    private void throttleAsEc2() {
        bench.cloud().turn(turn -> turn.throttle = Ec2Buckets.all());
    }

    @Test
    void launches_have_a_bucket_of_5_calls_and_2_a_second() {
        throttleAsEc2();

        assertThat(answered(8, () -> bench.ec2.runInstances(ONE))).isEqualTo(5);
        assertThat(Bench.refused(() -> bench.ec2.runInstances(ONE)).statusCode())
                .isEqualTo(503);
        assertThat(code(() -> bench.ec2.runInstances(ONE))).isEqualTo("RequestLimitExceeded");
        bench.pass(Duration.ofSeconds(1));
        assertThat(answered(4, () -> bench.ec2.runInstances(ONE))).isEqualTo(2);
    }

    @Test
    void launched_instances_have_a_bucket_of_1000_and_2_a_second() {
        throttleAsEc2();
        RunInstancesRequest many = ONE.toBuilder().minCount(1).maxCount(500).build();

        assertThat(answered(3, () -> bench.ec2.runInstances(many))).isEqualTo(2);
        assertThat(bench.cloud().ledger()).hasSize(1000);
        bench.pass(Duration.ofSeconds(10));
        assertThat(code(() ->
                        bench.ec2.runInstances(ONE.toBuilder().maxCount(21).build())))
                .isEqualTo("RequestLimitExceeded");
        assertThat(code(() ->
                        bench.ec2.runInstances(ONE.toBuilder().maxCount(20).build())))
                .isEqualTo("200");
    }

    @Test
    void a_listing_without_a_filter_or_a_page_has_a_smaller_bucket() {
        throttleAsEc2();

        assertThat(answered(60, () -> bench.ec2.describeInstances())).isEqualTo(50);
        assertThat(answered(
                        60,
                        () -> bench.ec2.describeInstances(request -> request.filters(Filter.builder()
                                .name("tag-key")
                                .values("weir-pool")
                                .build()))))
                .as("what is left of a hundred")
                .isEqualTo(50);
        assertThat(code(() -> bench.ec2.describeSubnets()))
                .as("each action its own")
                .isEqualTo("200");
        bench.pass(Duration.ofSeconds(1));
        assertThat(answered(25, () -> bench.ec2.describeInstances(request -> request.maxResults(5))))
                .isEqualTo(20);
    }

    @Test
    void ends_and_tags_have_theirs() {
        throttleAsEc2();
        String id = bench.launch(1, "web").get(0);

        assertThat(answered(105, () -> bench.ec2.terminateInstances(request -> request.instanceIds(id))))
                .isEqualTo(100);
        assertThat(answered(
                        105,
                        () -> bench.ec2.createTags(request ->
                                request.resources(id).tags(tag -> tag.key("a").value("b")))))
                .isEqualTo(100);
    }

    @Test
    void a_lost_call_closes_the_connection_without_a_word() {
        bench.cloud().turn(turn -> turn.lostRequests = 1);

        assertThatThrownBy(() -> bench.ec2.describeInstances()).isInstanceOf(SdkClientException.class);
        bench.cloud().turn(turn -> turn.lostRequests = 0);
        assertThat(bench.listed()).isEmpty();
    }

    @Test
    void a_service_that_is_down_says_so() {
        bench.cloud().turn(turn -> turn.unavailable = true);

        assertThat(Bench.refused(() -> bench.ec2.describeInstances()).statusCode())
                .isEqualTo(503);
        assertThat(code(() -> bench.ec2.runInstances(ONE))).isEqualTo("Unavailable");
    }

    /** Why a driver turns the SDK's own patience off. */
    @Test
    void the_sdk_as_it_comes_asks_four_times_for_capacity_that_is_not_there() {
        bench.cloud().turn(turn -> turn.capacity = java.util.Map.of("us-east-1a", 0));
        try (Ec2Client patient = Bench.patient(Ec2Client.builder(), bench.fake.url(), Bench.WEIR)) {
            assertThat(code(() -> patient.runInstances(ONE))).isEqualTo("InsufficientInstanceCapacity");
        }

        assertThat(bench.fake.calls().count("ec2:RunInstances")).isEqualTo(4);
    }

    @Test
    void the_same_seed_makes_the_same_ledger() {
        List<String> ids = bench.launch(3, "web");
        try (Bench other = new Bench()) {
            assertThat(other.launch(3, "web")).isEqualTo(ids);
        }
    }

    @Test
    void every_call_is_noted_with_its_outcome() {
        bench.listed();
        bench.cloud().turn(turn -> turn.capacity = java.util.Map.of("us-east-1a", 0));
        code(() -> bench.ec2.runInstances(ONE));

        assertThat(bench.fake.calls().table())
                .isEqualTo(java.util.Map.of(
                        "ec2:DescribeInstances", java.util.Map.of("200", 1),
                        "ec2:RunInstances", java.util.Map.of("InsufficientInstanceCapacity", 1)));
    }
}
