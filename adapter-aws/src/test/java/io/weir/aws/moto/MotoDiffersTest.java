package io.weir.aws.moto;

import static io.weir.aws.fake.Bench.code;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.aws.fake.Bench;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.MarketType;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.RunInstancesResponse;
import software.amazon.awssdk.services.ec2.model.Tag;

/**
 * In what moto is known to differ from EC2, as far as a pool is concerned. When one of these fails, moto has come nearer: the difference
 * goes from here, from the table in {@code docs/clouds/aws-fake.md}, and from the contract's target over moto.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MotoDiffersTest {
    private final Moto moto = Moto.start();
    private final Ec2Client ec2 = Bench.client(Ec2Client.builder(), moto.url(), Bench.WEIR);
    private String image = "";

    @AfterAll
    void stop() {
        ec2.close();
        moto.close();
    }

    @BeforeEach
    void empty() {
        moto.reset();
        image = ec2.describeImages(request -> request.filters(
                        Filter.builder().name("architecture").values("x86_64").build()))
                .images()
                .get(0)
                .imageId();
    }

    private RunInstancesResponse run(UnaryOperator<RunInstancesRequest.Builder> how) {
        return ec2.runInstances(how.apply(RunInstancesRequest.builder()
                        .imageId(image)
                        .instanceType("t3.micro")
                        .minCount(1)
                        .maxCount(1))
                .build());
    }

    private static List<String> ids(RunInstancesResponse answer) {
        return answer.instances().stream().map(Instance::instanceId).toList();
    }

    private Instance look(String id) {
        return ec2.describeInstances(request -> request.instanceIds(id))
                .reservations()
                .get(0)
                .instances()
                .get(0);
    }

    @Test
    void a_volume_that_is_asked_for_is_the_only_one_and_the_image_s_own_is_left_out() {
        String id = ids(run(request -> request.blockDeviceMappings(
                        volume -> volume.deviceName("/dev/sdf").ebs(disk -> disk.volumeSize(1)))))
                .get(0);

        assertThat(look(id).blockDeviceMappings()).as("EC2 would show 2").hasSize(1);
    }

    @Test
    void a_client_token_is_echoed_and_launches_again() {
        List<String> first = ids(run(request -> request.clientToken("batch")));
        List<String> again = ids(run(request -> request.clientToken("batch")));

        assertThat(again).doesNotContainAnyElementsOf(first);
        assertThat(look(first.get(0)).clientToken()).isEqualTo("batch");
    }

    @Test
    void other_parameters_under_a_token_are_accepted() {
        run(request -> request.clientToken("batch"));

        assertThat(code(() -> run(request -> request.clientToken("batch").instanceType("t3.small"))))
                .isEqualTo("200");
    }

    @Test
    void the_least_count_is_launched_and_not_the_most() {
        assertThat(run(request -> request.minCount(1).maxCount(3)).instances()).hasSize(1);
        assertThat(run(request -> request.minCount(5).maxCount(3)).instances()).hasSize(5);
        assertThat(run(request -> request.minCount(0).maxCount(0)).instances()).isEmpty();
    }

    @Test
    void what_is_launched_runs_at_the_next_look_and_what_is_ended_is_terminated() {
        Instance instance = run(request -> request).instances().get(0);
        assertThat(instance.state().name()).isEqualTo(InstanceStateName.PENDING);
        assertThat(look(instance.instanceId()).state().name()).isEqualTo(InstanceStateName.RUNNING);

        assertThat(ec2.terminateInstances(request -> request.instanceIds(instance.instanceId()))
                        .terminatingInstances()
                        .get(0)
                        .currentState()
                        .name())
                .isEqualTo(InstanceStateName.SHUTTING_DOWN);
        assertThat(look(instance.instanceId()).state().name()).isEqualTo(InstanceStateName.TERMINATED);
    }

    @Test
    void nothing_is_ever_full_or_throttled() {
        assertThat(run(request -> request.minCount(1001).maxCount(1001)).instances())
                .hasSize(1001);
        assertThat(IntStream.range(0, 120)
                        .mapToObj(i -> code(() -> ec2.describeAvailabilityZones()))
                        .distinct())
                .containsExactly("200");
    }

    @Test
    void a_terminated_instance_keeps_its_address() {
        String id = ids(run(request -> request)).get(0);
        ec2.terminateInstances(request -> request.instanceIds(id));

        assertThat(look(id).privateIpAddress()).isNotNull();
    }

    /** As a page of HTML, which the SDK takes for a server that may be asked again. */
    @Test
    void a_filter_that_it_does_not_know_is_a_server_error() {
        run(request -> request);
        for (String filter : List.of("client-token", "reservation-id", "instance-lifecycle", "no-such-filter")) {
            AwsServiceException failure = Bench.refused(() -> ec2.describeInstances(request ->
                    request.filters(Filter.builder().name(filter).values("x").build())));
            assertThat(failure.statusCode()).as(filter).isEqualTo(500);
            assertThat(failure.awsErrorDetails().errorCode()).isNull();
        }
    }

    @Test
    void pages_count_reservations_and_may_be_as_small_as_one_likes() {
        run(request -> request.minCount(3).maxCount(3));
        run(request -> request);

        DescribeInstancesResponse page = ec2.describeInstances(request -> request.maxResults(1));
        assertThat(page.reservations()).singleElement().satisfies(reservation -> assertThat(reservation.instances())
                .hasSize(3));
        assertThat(page.nextToken()).isEqualTo(page.reservations().get(0).reservationId());
        assertThat(Bench.refused(() -> ec2.describeInstances(request -> request.nextToken("nonsense")))
                        .statusCode())
                .isEqualTo(500);
    }

    @Test
    void unknown_resources_and_amazons_own_keys_are_tagged() {
        assertThat(code(() -> ec2.createTags(request -> request.resources("i-0123456789abcdef0")
                        .tags(Tag.builder().key("a").value("b").build()))))
                .isEqualTo("200");
        String id = ids(run(request -> request)).get(0);
        assertThat(code(() -> ec2.createTags(request -> request.resources(id)
                        .tags(Tag.builder().key("aws:a").value("b").build()))))
                .isEqualTo("200");
    }

    @Test
    void user_data_may_be_of_any_size_and_a_launch_protected_instance_is_not() {
        String data = java.util.Base64.getEncoder().encodeToString(new byte[20_000]);
        assertThat(code(() -> run(request -> request.userData(data)))).isEqualTo("200");

        String id = ids(run(request -> request.disableApiTermination(true))).get(0);
        assertThat(code(() -> ec2.terminateInstances(request -> request.instanceIds(id))))
                .isEqualTo("200");
    }

    /** It looks for the network interface that went with it. */
    @Test
    void what_ended_with_its_network_interface_cannot_be_ended_again() {
        String subnet = ec2.describeSubnets().subnets().get(0).subnetId();
        String id = ids(run(request -> request.networkInterfaces(
                        nic -> nic.deviceIndex(0).subnetId(subnet).deleteOnTermination(true))))
                .get(0);
        ec2.terminateInstances(request -> request.instanceIds(id));

        assertThat(code(() -> ec2.terminateInstances(request -> request.instanceIds(id))))
                .isEqualTo("InvalidNetworkInterfaceID.NotFound");
    }

    @Test
    void a_deregistered_image_is_launched() {
        ec2.deregisterImage(request -> request.imageId(image));

        assertThat(code(() -> run(request -> request))).isEqualTo("200");
    }

    @Test
    void an_id_that_cannot_be_is_one_that_is_not() {
        assertThat(code(() -> look("web-1"))).isEqualTo("InvalidInstanceID.NotFound");
    }

    @Test
    void an_unknown_instance_profile_is_iams_error() {
        assertThat(code(() -> run(request -> request.iamInstanceProfile(profile -> profile.name("nobody")))))
                .isEqualTo("NoSuchEntity");
    }

    @Test
    void a_spot_instance_has_no_request() {
        Instance spot = run(request -> request.instanceMarketOptions(market -> market.marketType(MarketType.SPOT)))
                .instances()
                .get(0);

        assertThat(spot.instanceLifecycleAsString()).isEqualTo("spot");
        assertThat(spot.spotInstanceRequestId()).isNull();
        assertThat(ec2.describeSpotInstanceRequests().spotInstanceRequests()).isEmpty();
    }

    /** What it is right about: why it is worth the while. */
    @Test
    void tags_travel_in_the_launch_and_are_filtered_by() {
        String id = ids(run(request ->
                        request.tagSpecifications(Bench.tags(ResourceType.INSTANCE, Map.of("weir-pool", "web")))))
                .get(0);
        run(request -> request);

        assertThat(ec2.describeInstances(request -> request.filters(Filter.builder()
                                .name("tag:weir-pool")
                                .values("web")
                                .build()))
                        .reservations())
                .singleElement()
                .satisfies(reservation ->
                        assertThat(reservation.instances().get(0).instanceId()).isEqualTo(id));
        assertThat(code(() -> run(request -> request.dryRun(true)))).isEqualTo("DryRunOperation");
        assertThat(code(() -> ec2.terminateInstances(request -> request.instanceIds(id, "i-0123456789abcdef0"))))
                .isEqualTo("InvalidInstanceID.NotFound");
        assertThat(look(id).state().name()).isEqualTo(InstanceStateName.RUNNING);
        assertThat(code(() -> run(request -> request.imageId("ami-0123456789abcdef0"))))
                .isEqualTo("InvalidAMIID.NotFound");
    }
}
