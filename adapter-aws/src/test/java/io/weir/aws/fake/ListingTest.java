package io.weir.aws.fake;

import static io.weir.aws.fake.Bench.code;
import static io.weir.aws.fake.Bench.instances;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.ResourceType;

class ListingTest {
    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    private List<String> where(String name, String... values) {
        return instances(bench.ec2
                        .describeInstances(request -> request.filters(
                                Filter.builder().name(name).values(values).build()))
                        .reservations())
                .stream()
                .map(Instance::instanceId)
                .toList();
    }

    @Test
    void filters_let_pass_what_matches_one_of_their_values() {
        String web = bench.launch(1, "web").get(0);
        String batch = bench.launch(1, "batch").get(0);
        String token = bench.run(request -> request.clientToken("b-7")
                        .subnetId(ExampleRegion.SUBNET_B)
                        .minCount(2)
                        .maxCount(2))
                .instances()
                .get(1)
                .instanceId();
        bench.settle();
        bench.ec2.terminateInstances(request -> request.instanceIds(batch));

        assertThat(where("tag:weir-pool", "web")).containsExactly(web);
        assertThat(where("tag:weir-pool", "w*", "x")).containsExactly(web);
        assertThat(where("tag-key", "weir-pool")).containsExactly(web, batch);
        assertThat(where("tag:weir-pool", "?eb")).containsExactly(web);
        assertThat(where("tag:Weir-Pool", "web")).isEmpty();
        assertThat(where("instance-state-name", "shutting-down", "terminated")).containsExactly(batch);
        assertThat(where("instance-state-code", "16")).hasSize(3);
        assertThat(where("client-token", "b-7")).hasSize(2).contains(token);
        assertThat(where("launch-index", "1")).containsExactly(token);
        assertThat(where("availability-zone", "us-east-1b")).hasSize(2);
        assertThat(where("subnet-id", ExampleRegion.SUBNET_B)).hasSize(2);
        assertThat(where("image-id", ExampleRegion.OLD_IMAGE)).isEmpty();
        assertThat(where("state-reason-code", "Client.UserInitiatedShutdown")).containsExactly(batch);
        assertThat(where(
                        "reservation-id",
                        bench.ec2.describeInstances().reservations().get(0).reservationId()))
                .containsExactly(web);
        assertThat(code(() -> where("no-such-filter", "x"))).isEqualTo("InvalidParameterValue");
        assertThat(code(() -> where(
                        "instance-id", java.util.Collections.nCopies(201, "i-0").toArray(String[]::new))))
                .isEqualTo("FilterLimitExceeded");
    }

    @Test
    void pages_count_instances_and_together_are_everything() {
        List<String> ids = bench.launch(12, "web");
        List<String> seen = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        String token = null;
        do {
            String next = token;
            DescribeInstancesResponse page =
                    bench.ec2.describeInstances(request -> request.maxResults(5).nextToken(next));
            seen.addAll(instances(page.reservations()).stream()
                    .map(Instance::instanceId)
                    .toList());
            sizes.add(instances(page.reservations()).size());
            token = page.nextToken();
        } while (token != null);

        assertThat(seen).isEqualTo(ids);
        assertThat(sizes).containsExactly(5, 5, 2);
    }

    @Test
    void what_cannot_be_a_page_is_refused() {
        String id = bench.launch(1, "web").get(0);

        assertThat(code(() -> bench.ec2.describeInstances(request -> request.maxResults(4))))
                .isEqualTo("InvalidParameterValue");
        assertThat(code(() -> bench.ec2.describeInstances(
                        request -> request.maxResults(5).instanceIds(id))))
                .isEqualTo("InvalidParameterCombination");
        assertThat(code(() -> bench.ec2.describeInstances(request -> request.nextToken("nonsense"))))
                .isEqualTo("InvalidParameterValue");
    }

    @Test
    void a_server_may_give_less_on_a_page_than_was_asked_for() {
        bench.launch(7, "web");
        bench.cloud().turn(turn -> turn.pageSize = 3);

        assertThat(bench.ec2.describeInstancesPaginator(request -> request.maxResults(1000)).reservations().stream()
                        .mapToInt(reservation -> reservation.instances().size())
                        .sum())
                .isEqualTo(7);
        assertThat(bench.fake.calls().count("ec2:DescribeInstances")).isEqualTo(3);
        assertThat(bench.listed()).as("unpaged: all").hasSize(7);
    }

    @Test
    void ids_that_are_not_there_refuse_the_call_and_are_named() {
        String id = bench.launch(1, "web").get(0);

        assertThat(code(() -> bench.listed("i-0123456789abcdef0"))).isEqualTo("InvalidInstanceID.NotFound");
        assertThat(code(() -> bench.listed("web-1"))).isEqualTo("InvalidInstanceID.Malformed");
        assertThat(Bench.refused(() -> bench.ec2.describeInstances(
                                request -> request.instanceIds(id, "i-0123456789abcdef0", "i-0123456789abcdef1")))
                        .awsErrorDetails()
                        .errorMessage())
                .isEqualTo("The instance IDs 'i-0123456789abcdef0, i-0123456789abcdef1' do not exist");
    }

    @Test
    void a_terminated_instance_is_shown_for_an_hour_without_its_addresses_and_with_its_reason() {
        String id = bench.launch(1, "web").get(0);
        bench.settle();
        bench.ec2.terminateInstances(request -> request.instanceIds(id));
        bench.settle();

        Instance dead = bench.listed(id);
        assertThat(dead.state().name()).isEqualTo(InstanceStateName.TERMINATED);
        assertThat(dead.stateReason().code()).isEqualTo("Client.UserInitiatedShutdown");
        assertThat(dead.stateTransitionReason()).startsWith("User initiated (2026-03-01 12:01:00 GMT)");
        assertThat(dead.privateIpAddress()).isNull();
        assertThat(dead.subnetId()).isNull();
        assertThat(dead.blockDeviceMappings()).isEmpty();
        assertThat(dead.placement().availabilityZone()).isEqualTo("us-east-1a");
        assertThat(Bench.map(dead.tags())).containsEntry("weir-pool", "web");

        bench.pass(Duration.ofMinutes(61));
        assertThat(bench.listed()).isEmpty();
        assertThat(code(() -> bench.listed(id))).isEqualTo("InvalidInstanceID.NotFound");
    }

    @Test
    void a_tombstone_may_lose_its_tags_before_it_goes() {
        bench.cloud().turn(turn -> turn.tombstoneTagsSeconds = 300);
        String id = bench.launch(1, "web").get(0);
        bench.ec2.terminateInstances(request -> request.instanceIds(id));
        bench.pass(Duration.ofMinutes(6));

        assertThat(bench.listed(id).tags()).isEmpty();
        assertThat(where("tag:weir-pool", "web")).isEmpty();
    }

    @Test
    void a_lagging_listing_may_not_know_what_was_just_launched_and_knows_it_later() {
        bench.cloud().turn(turn -> turn.lagSeconds = 30);
        bench.pass(Duration.ofSeconds(1));
        String id = bench.launch(1, "web").get(0);
        bench.pass(Duration.ofSeconds(5));

        Set<String> looks = new HashSet<>();
        Set<Integer> listings = new HashSet<>();
        for (int i = 0; i < 40; i++) {
            looks.add(code(() -> bench.listed(id)));
            listings.add(bench.listed().size());
        }
        assertThat(looks).containsExactlyInAnyOrder("200", "InvalidInstanceID.NotFound");
        assertThat(listings).containsExactlyInAnyOrder(0, 1);

        bench.pass(Duration.ofSeconds(26));
        assertThat(bench.listed()).hasSize(1);
    }

    @Test
    void tags_may_lag_behind_the_instance_that_bears_them() {
        bench.cloud().turn(turn -> turn.tagLagSeconds = 30);
        String id = bench.launch(1, "web").get(0);
        bench.pass(Duration.ofSeconds(5));

        Set<Integer> found = new HashSet<>();
        for (int i = 0; i < 40; i++) {
            found.add(where("tag:weir-pool", "web").size());
            assertThat(bench.listed()).hasSize(1);
        }
        assertThat(found).containsExactlyInAnyOrder(0, 1);
        bench.pass(Duration.ofSeconds(26));
        assertThat(where("tag:weir-pool", "web")).containsExactly(id);
    }

    @Test
    void a_stopped_instance_says_so() {
        String id = bench.launch(1, "web").get(0);
        bench.settle();
        bench.cloud().stop(id, true);
        assertThat(bench.listed(id).state().name()).isEqualTo(InstanceStateName.STOPPING);
        bench.settle();
        assertThat(bench.listed(id).state().name()).isEqualTo(InstanceStateName.STOPPED);
        bench.cloud().stop(id, false);
        bench.settle();

        assertThat(bench.listed(id).state().name()).isEqualTo(InstanceStateName.RUNNING);
    }

    @Test
    void volumes_that_stay_are_there_when_their_instance_is_gone() {
        String id = bench.run(request -> request.blockDeviceMappings(mapping -> mapping.deviceName("/dev/sdf")
                                .ebs(ebs -> ebs.volumeSize(5).deleteOnTermination(false)))
                        .tagSpecifications(Bench.tags(ResourceType.VOLUME, Map.of("weir-pool", "web"))))
                .instances()
                .get(0)
                .instanceId();
        bench.settle();
        assertThat(bench.ec2.describeVolumes().volumes()).hasSize(2);
        bench.ec2.terminateInstances(request -> request.instanceIds(id));
        bench.pass(Duration.ofHours(2));

        assertThat(bench.ec2
                        .describeVolumes(request -> request.filters(Filter.builder()
                                .name("tag:weir-pool")
                                .values("web")
                                .build()))
                        .volumes())
                .singleElement()
                .satisfies(volume -> assertThat(volume.stateAsString()).isEqualTo("available"));
    }
}
