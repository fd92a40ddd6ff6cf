package io.weir.aws.fake;

import static io.weir.aws.fake.Bench.code;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.RunInstancesResponse;

class TokensTest {
    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    private static RunInstancesRequest.Builder three(RunInstancesRequest.Builder request) {
        return request.clientToken("batch-1").minCount(1).maxCount(3);
    }

    private static List<String> ids(RunInstancesResponse answer) {
        return answer.instances().stream().map(Instance::instanceId).toList();
    }

    @Test
    void the_same_call_again_is_the_same_reservation() {
        RunInstancesResponse first = bench.run(TokensTest::three);
        bench.settle();
        RunInstancesResponse again = bench.run(TokensTest::three);

        assertThat(again.reservationId()).isEqualTo(first.reservationId());
        assertThat(ids(again)).isEqualTo(ids(first));
        assertThat(again.instances().get(0).state().nameAsString())
                .as("as it is now")
                .isEqualTo("running");
        assertThat(bench.cloud().ledger()).hasSize(3);
    }

    @Test
    void a_repetition_after_a_partial_fill_brings_no_more_even_when_there_is_room_again() {
        bench.cloud().turn(turn -> turn.capacity = Map.of("us-east-1a", 2));
        assertThat(bench.run(TokensTest::three).instances()).hasSize(2);

        bench.cloud().turn(turn -> turn.capacity = Map.of());

        assertThat(bench.run(TokensTest::three).instances()).hasSize(2);
        assertThat(bench.cloud().ledger()).hasSize(2);
    }

    @Test
    void other_parameters_under_a_token_are_refused() {
        bench.run(TokensTest::three);

        assertThat(code(() -> bench.run(request -> three(request).maxCount(4))))
                .isEqualTo("IdempotentParameterMismatch");
        assertThat(code(() -> bench.run(request -> three(request).instanceType("t3.small"))))
                .isEqualTo("IdempotentParameterMismatch");
        assertThat(bench.cloud().ledger()).hasSize(3);
    }

    @Test
    void in_another_zone_the_same_token_launches_again() {
        List<String> first = ids(bench.run(TokensTest::three));
        List<String> elsewhere = ids(bench.run(request -> three(request).subnetId(ExampleRegion.SUBNET_B)));

        assertThat(elsewhere).doesNotContainAnyElementsOf(first);
        assertThat(bench.cloud().ledger()).hasSize(6);
    }

    @Test
    void without_a_zone_a_token_holds_for_the_region() {
        List<String> first = ids(bench.run(request -> three(request).subnetId(null)));

        assertThat(ids(bench.run(request -> three(request).subnetId(null)))).isEqualTo(first);
    }

    @Test
    void a_refused_call_leaves_its_token_free() {
        bench.cloud().turn(turn -> turn.capacity = Map.of("us-east-1a", 0));
        assertThat(code(() -> bench.run(TokensTest::three))).isEqualTo("InsufficientInstanceCapacity");
        bench.cloud().turn(turn -> turn.capacity = Map.of());

        assertThat(bench.run(TokensTest::three).instances()).hasSize(3);
    }

    @Test
    void a_repetition_is_answered_when_the_image_is_gone() {
        List<String> first = ids(bench.run(TokensTest::three));
        bench.cloud().change(region -> region.withImages(images -> List.of()));

        assertThat(ids(bench.run(TokensTest::three))).isEqualTo(first);
        assertThat(code(() -> bench.run(request -> request))).isEqualTo("InvalidAMIID.NotFound");
    }

    @Test
    void a_token_whose_instances_are_all_terminated_is_refused_and_one_that_lives_is_enough_to_be_answered() {
        List<String> ids = ids(bench.run(TokensTest::three));
        bench.ec2.terminateInstances(request -> request.instanceIds(ids.subList(0, 2)));
        bench.settle();
        assertThat(ids(bench.run(TokensTest::three))).isEqualTo(ids);

        bench.ec2.terminateInstances(request -> request.instanceIds(ids));
        bench.settle();

        assertThat(code(() -> bench.run(TokensTest::three))).isEqualTo("IdempotentInstanceTerminated");
        assertThat(bench.cloud().ledger()).hasSize(3);
    }

    @Test
    void before_2025_it_was_answered_with_the_terminated_instances() {
        bench.cloud().turn(turn -> turn.terminatedTokens = false);
        List<String> ids = ids(bench.run(TokensTest::three));
        bench.ec2.terminateInstances(request -> request.instanceIds(ids));
        bench.pass(Duration.ofHours(2));

        assertThat(ids(bench.run(TokensTest::three))).isEqualTo(ids);
    }

    @Test
    void a_token_is_forgotten_a_day_after_the_end_of_its_instances() {
        List<String> ids = ids(bench.run(TokensTest::three));
        bench.pass(Duration.ofDays(30));
        assertThat(ids(bench.run(TokensTest::three))).isEqualTo(ids);
        bench.ec2.terminateInstances(request -> request.instanceIds(ids));
        bench.pass(Duration.ofHours(25));

        assertThat(ids(bench.run(TokensTest::three))).doesNotContainAnyElementsOf(ids);
    }

    @Test
    void a_lost_answer_and_a_repetition_launch_once() {
        bench.cloud().loseAnswers(1);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> bench.run(TokensTest::three))
                .isInstanceOf(SdkClientException.class);
        assertThat(bench.cloud().ledger()).hasSize(3);

        assertThat(bench.run(TokensTest::three).instances()).hasSize(3);
        assertThat(bench.cloud().ledger()).hasSize(3);
    }

    @Test
    void a_lost_request_and_a_repetition_launch_once() {
        bench.cloud().loseRequests(1);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> bench.run(TokensTest::three))
                .isInstanceOf(SdkClientException.class);
        assertThat(bench.cloud().ledger()).isEmpty();

        assertThat(bench.run(TokensTest::three).instances()).hasSize(3);
    }

    @Test
    void the_ledger_calls_a_token_and_an_index_one_machine_wherever_it_is_alive() {
        bench.run(TokensTest::three);
        bench.run(request -> three(request).subnetId(ExampleRegion.SUBNET_B));

        assertThat(bench.cloud().ledger())
                .extracting(io.weir.simulated.SimulatedApi.LedgerLine::name)
                .containsExactly("batch-1-0", "batch-1-1", "batch-1-2", "batch-1-0", "batch-1-1", "batch-1-2");
    }
}
