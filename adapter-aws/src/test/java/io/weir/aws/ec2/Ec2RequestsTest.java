package io.weir.aws.ec2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.driver.CloudException;
import io.weir.pool.Batch;
import io.weir.pool.Choice;
import io.weir.pool.FailureKind;
import io.weir.pool.MachineName;
import io.weir.pool.Market;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/** What decision 023 says of a token and of what is asked for under it. */
class Ec2RequestsTest {

    @Test
    void the_same_batch_makes_the_same_request_whatever_order_its_names_are_in() throws Exception {
        Batch batch = TestBatches.batch(12);
        List<MachineName> mixed = new ArrayList<>(batch.names());
        Collections.reverse(mixed);

        assertThat(request(batch.only(mixed))).isEqualTo(request(batch));
    }

    @Test
    void the_token_is_the_batch_and_one_machine_is_enough() throws Exception {
        RunInstancesRequest request = request(TestBatches.batch(4));

        assertThat(request.clientToken()).isEqualTo(TestBatches.ID.value());
        assertThat(request.minCount()).isEqualTo(1);
        assertThat(request.maxCount()).isEqualTo(4);
    }

    @Test
    void a_part_keeps_the_token_and_is_another_request() throws Exception {
        Batch batch = TestBatches.batch(4);
        RunInstancesRequest part =
                request(batch.only(List.of(batch.names().get(1), batch.names().get(3))));

        assertThat(part.clientToken()).isEqualTo(request(batch).clientToken());
        assertThat(part.maxCount()).isEqualTo(2);
        assertThat(tags(part).get("instance")).containsEntry("weir-part", "1.3");
        assertThat(part).isNotEqualTo(request(batch));
        // Two parts of the same size are told apart, or EC2 would take the one for a repetition of the other.
        assertThat(part)
                .isNotEqualTo(request(
                        batch.only(List.of(batch.names().get(0), batch.names().get(2)))));
    }

    @Test
    void pool_marks_and_batch_travel_in_the_call_on_all_that_is_made() throws Exception {
        Batch batch = TestBatches.batch(2);
        Map<String, Map<String, String>> tags = tags(request(batch));

        assertThat(tags.get("instance"))
                .containsEntry("weir-pool", "web")
                .containsEntry("weir-batch", batch.id().value())
                .containsEntry("weir-marks", batch.marks().encode())
                .containsEntry("owner", "anna")
                .doesNotContainKey("weir-part");
        for (String beside : List.of("volume", "network-interface")) {
            assertThat(tags.get(beside))
                    .containsOnlyKeys("weir-pool", "weir-batch", "owner")
                    .containsEntry("weir-pool", "web");
        }
    }

    @Test
    void the_subnet_is_that_of_the_batchs_zone() throws Exception {
        Choice elsewhere = new Choice("eu-north-1b", "t3.small", Market.ON_DEMAND, Optional.empty());
        Batch batch = TestBatches.batch(
                TestBatches.ID, TestBatches.batch(1).names(), elsewhere, TestBatches.frozen(Optional.empty()));

        assertThat(request(batch).networkInterfaces().get(0).subnetId()).isEqualTo("subnet-0bbbbbbbbbbbbbbbb");
    }

    @Test
    void a_zone_that_nothing_was_frozen_for_is_refused() {
        Choice nowhere = new Choice("eu-north-1c", "t3.small", Market.ON_DEMAND, Optional.empty());
        Batch batch = TestBatches.batch(
                TestBatches.ID, TestBatches.batch(1).names(), nowhere, TestBatches.frozen(Optional.empty()));

        assertThatThrownBy(() -> request(batch))
                .isInstanceOfSatisfying(CloudException.class, failure -> assertThat(failure.kind())
                        .isEqualTo(FailureKind.INVALID_TEMPLATE));
    }

    @Test
    void spot_is_asked_for_once_and_never_stopped() throws Exception {
        Choice spot = new Choice("eu-north-1a", "t3.small", Market.SPOT, Optional.empty());
        RunInstancesRequest request = request(TestBatches.batch(
                TestBatches.ID, TestBatches.batch(1).names(), spot, TestBatches.frozen(Optional.empty())));

        assertThat(request.instanceMarketOptions().marketTypeAsString()).isEqualTo("spot");
        assertThat(request.instanceMarketOptions().spotOptions().spotInstanceTypeAsString())
                .isEqualTo("one-time");
        assertThat(request(TestBatches.batch(1)).instanceMarketOptions()).isNull();
    }

    @Test
    void what_is_frozen_comes_back_as_it_was_and_a_field_of_another_version_is_refused() throws Exception {
        LaunchParameters frozen = TestBatches.frozen(Optional.of("c2VzYW1l"));

        assertThat(LaunchParameters.thawed(frozen.frozen())).isEqualTo(frozen);
        assertThat(frozen.toString()).doesNotContain("c2VzYW1l");
        String newer = frozen.frozen().replaceFirst("\\{", "{\"placebo\":1,");
        assertThatThrownBy(() -> LaunchParameters.thawed(newer))
                .isInstanceOf(CloudException.class)
                .hasMessageContaining("placebo");
    }

    private static RunInstancesRequest request(Batch batch) throws CloudException {
        return Ec2Requests.launch(batch, LaunchParameters.thawed(batch.frozen()), Ec2Names.ordered(batch));
    }

    private static Map<String, Map<String, String>> tags(RunInstancesRequest request) {
        return request.tagSpecifications().stream()
                .collect(Collectors.toMap(TagSpecification::resourceTypeAsString, one -> one.tags().stream()
                        .collect(Collectors.toMap(Tag::key, Tag::value))));
    }
}
