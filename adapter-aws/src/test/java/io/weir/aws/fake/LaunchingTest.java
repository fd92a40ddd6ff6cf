package io.weir.aws.fake;

import static io.weir.aws.fake.Bench.code;
import static io.weir.aws.fake.Bench.refused;
import static io.weir.aws.fake.Bench.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceLifecycleType;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.MarketType;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.RunInstancesResponse;

class LaunchingTest {
    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void instances_of_one_call_share_a_reservation_and_are_told_apart_by_their_launch_index() {
        RunInstancesResponse answer = bench.run(request -> request.minCount(1).maxCount(3));

        assertThat(answer.reservationId()).startsWith("r-");
        assertThat(answer.instances()).extracting(Instance::amiLaunchIndex).containsExactly(0, 1, 2);
        assertThat(answer.instances()).extracting(Instance::instanceId).doesNotHaveDuplicates();
        assertThat(answer.instances())
                .allSatisfy(instance -> assertThat(instance.state().name()).isEqualTo(InstanceStateName.PENDING));
    }

    @Test
    void an_instance_is_pending_for_its_boot_and_then_runs() {
        String id = bench.launch(1, "web").get(0);

        bench.pass(Duration.ofSeconds(9));
        assertThat(bench.listed(id).state().name()).isEqualTo(InstanceStateName.PENDING);
        bench.pass(Duration.ofSeconds(22));
        assertThat(bench.listed(id).state().name()).isEqualTo(InstanceStateName.RUNNING);
    }

    @Test
    void an_instance_shows_what_it_was_launched_with() {
        String id = bench.run(request -> request.keyName("ops")
                        .securityGroupIds(ExampleRegion.GROUP)
                        .iamInstanceProfile(profile -> profile.name("web"))
                        .metadataOptions(
                                options -> options.httpTokens("required").httpPutResponseHopLimit(2))
                        .placement(placement -> placement.tenancy("dedicated"))
                        .monitoring(monitoring -> monitoring.enabled(true))
                        .ebsOptimized(true)
                        .blockDeviceMappings(
                                mapping -> mapping.deviceName("/dev/xvda").ebs(ebs -> ebs.volumeSize(20)
                                        .volumeType("gp3")
                                        .encrypted(true)),
                                mapping -> mapping.deviceName("/dev/sdf").ebs(ebs -> ebs.volumeSize(100)))
                        .tagSpecifications(
                                Bench.tags(ResourceType.INSTANCE, Map.of("team", "a")),
                                Bench.tags(ResourceType.VOLUME, Map.of("team", "b")),
                                Bench.tags(ResourceType.NETWORK_INTERFACE, Map.of("team", "c"))))
                .instances()
                .get(0)
                .instanceId();
        bench.settle();

        Instance instance = bench.listed(id);
        assertThat(instance.keyName()).isEqualTo("ops");
        assertThat(instance.securityGroups().get(0).groupName()).isEqualTo("web");
        assertThat(instance.iamInstanceProfile().arn()).endsWith(":instance-profile/web");
        assertThat(instance.metadataOptions().httpTokensAsString()).isEqualTo("required");
        assertThat(instance.metadataOptions().httpPutResponseHopLimit()).isEqualTo(2);
        assertThat(instance.placement().tenancyAsString()).isEqualTo("dedicated");
        assertThat(instance.placement().availabilityZone()).isEqualTo("us-east-1a");
        assertThat(instance.subnetId()).isEqualTo(ExampleRegion.SUBNET_A);
        assertThat(instance.monitoring().stateAsString()).isEqualTo("enabled");
        assertThat(instance.ebsOptimized()).isTrue();
        assertThat(instance.blockDeviceMappings()).hasSize(2);
        assertThat(instance.privateIpAddress()).startsWith("10.0.");
        assertThat(instance.publicIpAddress()).isNull();
        assertThat(Bench.map(instance.tags())).isEqualTo(Map.of("team", "a"));
        assertThat(bench.ec2.describeVolumes().volumes())
                .hasSize(2)
                .allSatisfy(volume -> assertThat(Bench.map(volume.tags())).isEqualTo(Map.of("team", "b")))
                .anySatisfy(volume -> {
                    assertThat(volume.size()).isEqualTo(20);
                    assertThat(volume.encrypted()).isTrue();
                });
        assertThat(bench.ec2.describeNetworkInterfaces().networkInterfaces())
                .singleElement()
                .satisfies(nic -> assertThat(Bench.map(nic.tagSet())).isEqualTo(Map.of("team", "c")));
    }

    @Test
    void a_public_address_comes_with_the_interface_that_asks_for_it() {
        String id = bench.ec2
                .runInstances(request()
                        .subnetId(null)
                        .networkInterfaces(nic -> nic.deviceIndex(0)
                                .subnetId(ExampleRegion.SUBNET_B)
                                .groups(ExampleRegion.GROUP)
                                .associatePublicIpAddress(true))
                        .build())
                .instances()
                .get(0)
                .instanceId();
        bench.settle();

        assertThat(bench.listed(id).publicIpAddress()).startsWith("198.18.");
        assertThat(bench.listed(id).placement().availabilityZone()).isEqualTo("us-east-1b");
    }

    @Test
    void a_launch_template_fills_in_what_the_call_leaves_open() {
        RunInstancesRequest.Builder bare =
                RunInstancesRequest.builder().minCount(1).maxCount(1);

        Instance first = bench.ec2
                .runInstances(bare.launchTemplate(template -> template.launchTemplateName("web"))
                        .build())
                .instances()
                .get(0);
        Instance latest = bench.ec2
                .runInstances(bare.launchTemplate(template -> template.launchTemplateId(ExampleRegion.TEMPLATE)
                                .version("$Latest"))
                        .instanceType("m5.large")
                        .build())
                .instances()
                .get(0);

        assertThat(first.imageId()).isEqualTo(ExampleRegion.OLD_IMAGE);
        assertThat(first.securityGroups().get(0).groupId()).isEqualTo(ExampleRegion.GROUP);
        assertThat(latest.imageId()).isEqualTo(ExampleRegion.IMAGE);
        assertThat(latest.instanceTypeAsString()).isEqualTo("m5.large");
    }

    @Test
    void each_mistake_has_the_code_that_ec2_gives_it() {
        assertThat(code(() -> bench.run(request -> request.imageId("ami-00000000000000000"))))
                .isEqualTo("InvalidAMIID.NotFound");
        assertThat(code(() -> bench.run(request -> request.imageId("ami-x")))).isEqualTo("InvalidAMIID.Malformed");
        assertThat(code(() -> bench.run(request -> request.instanceType("t9.huge"))))
                .isEqualTo("InvalidParameterValue");
        assertThat(code(() -> bench.run(request -> request.subnetId("subnet-0"))))
                .isEqualTo("InvalidSubnetID.NotFound");
        assertThat(code(() -> bench.run(request -> request.securityGroupIds("sg-0"))))
                .isEqualTo("InvalidGroup.NotFound");
        assertThat(code(() -> bench.run(request -> request.keyName("nobody")))).isEqualTo("InvalidKeyPair.NotFound");
        assertThat(code(() -> bench.run(request -> request.iamInstanceProfile(profile -> profile.name("nobody")))))
                .isEqualTo("InvalidParameterValue");
        assertThat(code(() -> bench.run(
                        request -> request.launchTemplate(template -> template.launchTemplateName("nobody")))))
                .isEqualTo("InvalidLaunchTemplateName.NotFoundException");
        assertThat(code(() -> bench.run(request -> request.instanceType("m6g.medium"))))
                .isEqualTo("InvalidParameterValue");
        assertThat(code(() ->
                        bench.run(request -> request.instanceType("c5.large").subnetId(ExampleRegion.SUBNET_C))))
                .isEqualTo("Unsupported");
        assertThat(code(() -> bench.run(request -> request.minCount(3).maxCount(1))))
                .isEqualTo("InvalidParameterValue");
        assertThat(code(() -> bench.run(request -> request.userData(base64(16_385)))))
                .isEqualTo("InvalidParameterValue");
        assertThat(code(() -> bench.run(request -> request.blockDeviceMappings(
                        mapping -> mapping.deviceName("/dev/xvda").ebs(ebs -> ebs.volumeSize(1))))))
                .isEqualTo("InvalidBlockDeviceMapping");
        assertThat(code(() -> bench.run(request ->
                        request.tagSpecifications(Bench.tags(ResourceType.INSTANCE, Map.of("aws:team", "a"))))))
                .isEqualTo("InvalidParameterValue");
        assertThat(bench.cloud().ledger()).isEmpty();
    }

    @Test
    void user_data_of_16_kilobytes_is_carried_whole_and_shown_to_nobody_who_lists() {
        String id = bench.run(request -> request.userData(base64(16_384)))
                .instances()
                .get(0)
                .instanceId();

        assertThat(bench.ec2
                        .describeInstanceAttribute(
                                request -> request.instanceId(id).attribute("userData"))
                        .userData()
                        .value())
                .isEqualTo(base64(16_384));
        assertThat(bench.listed(id).toString()).doesNotContain(base64(16_384).substring(0, 40));
    }

    private static String base64(int bytes) {
        return Base64.getEncoder().encodeToString("x".repeat(bytes).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void a_trial_launches_nothing_and_says_that_it_would_have() {
        AwsServiceException trial = refused(() -> bench.run(request -> request.dryRun(true)));

        assertThat(trial.statusCode()).isEqualTo(412);
        assertThat(trial.awsErrorDetails().errorCode()).isEqualTo("DryRunOperation");
        assertThat(code(() -> bench.run(request -> request.dryRun(true).keyName("nobody"))))
                .isEqualTo("InvalidKeyPair.NotFound");
        assertThat(bench.cloud().ledger()).isEmpty();
    }

    @Test
    void a_trial_does_not_look_at_capacity() {
        bench.cloud().turn(turn -> turn.capacity = Map.of("us-east-1a", 0));

        assertThat(code(() -> bench.run(request -> request.dryRun(true)))).isEqualTo("DryRunOperation");
    }

    @Test
    void as_many_are_launched_as_there_is_room_for() {
        bench.cloud().turn(turn -> turn.capacity = Map.of(ExampleRegion.SUBNET_A + "/t3.micro", 3));

        assertThat(bench.run(request -> request.minCount(1).maxCount(5)).instances())
                .hasSize(3);
        assertThat(bench.run(request -> request.instanceType("t3.small")).instances())
                .hasSize(1);
    }

    @Test
    void where_there_is_no_room_for_the_fewest_the_call_fails_as_a_server_error() {
        bench.cloud().turn(turn -> turn.capacity = Map.of("us-east-1a/t3.micro", 2));

        AwsServiceException full =
                refused(() -> bench.run(request -> request.minCount(3).maxCount(5)));

        assertThat(full.statusCode()).isEqualTo(500);
        assertThat(full.awsErrorDetails().errorCode()).isEqualTo("InsufficientInstanceCapacity");
        assertThat(full.awsErrorDetails().errorMessage()).contains("t3.micro").contains("us-east-1a");
        assertThat(bench.cloud().ledger()).isEmpty();
        assertThat(bench.run(request -> request.subnetId(ExampleRegion.SUBNET_B)
                                .minCount(3)
                                .maxCount(3))
                        .instances())
                .hasSize(3);
    }

    @Test
    void an_instance_that_ends_makes_room() {
        bench.cloud().turn(turn -> turn.capacity = Map.of("us-east-1a", 1));
        String id = bench.launch(1, "web").get(0);
        assertThat(code(() -> bench.launch(1, "web"))).isEqualTo("InsufficientInstanceCapacity");

        bench.ec2.terminateInstances(request -> request.instanceIds(id));

        assertThat(bench.launch(1, "web")).hasSize(1);
    }

    @Test
    void each_quota_has_a_code_of_its_own() {
        bench.cloud().turn(turn -> turn.quota = Map.of("vcpus", 5));
        assertThat(bench.run(request -> request.minCount(1).maxCount(4)).instances())
                .hasSize(2);
        assertThat(code(() -> bench.run(request -> request))).isEqualTo("VcpuLimitExceeded");

        bench.cloud().turn(turn -> turn.quota = Map.of("instances", 2));
        assertThat(code(() -> bench.run(request -> request))).isEqualTo("InstanceLimitExceeded");

        bench.cloud().turn(turn -> turn.quota = Map.of("spotVcpus", 1));
        assertThat(code(() -> bench.run(LaunchingTest::spot))).isEqualTo("MaxSpotInstanceCountExceeded");
        assertThat(bench.run(request -> request).instances()).hasSize(1);
    }

    @Test
    void a_subnet_has_so_many_addresses() {
        bench.cloud()
                .change(region -> region.withSubnets(subnets -> subnets.stream()
                        .map(subnet -> new Region.Subnet(
                                subnet.id(),
                                subnet.zone(),
                                subnet.vpc(),
                                subnet.network(),
                                2,
                                false,
                                true,
                                subnet.tags()))
                        .toList()));
        bench.launch(2, "web");

        assertThat(code(() -> bench.launch(1, "web"))).isEqualTo("InsufficientFreeAddressesInSubnet");
        assertThat(bench.ec2
                        .describeSubnets(request -> request.subnetIds(ExampleRegion.SUBNET_A))
                        .subnets()
                        .get(0)
                        .availableIpAddressCount())
                .isZero();
    }

    private static RunInstancesRequest.Builder spot(RunInstancesRequest.Builder request) {
        return request.instanceMarketOptions(market -> market.marketType(MarketType.SPOT));
    }

    @Test
    void a_spot_instance_has_a_request_and_can_be_taken_back() {
        Instance instance = bench.run(LaunchingTest::spot).instances().get(0);
        assertThat(instance.instanceLifecycle()).isEqualTo(InstanceLifecycleType.SPOT);
        bench.settle();

        assertThat(bench.cloud().interrupt(instance.instanceId())).isTrue();

        Instance taken = bench.listed(instance.instanceId());
        assertThat(taken.state().name()).isEqualTo(InstanceStateName.TERMINATED);
        assertThat(taken.stateReason().code()).isEqualTo("Server.SpotInstanceTermination");
        assertThat(bench.ec2.describeSpotInstanceRequests().spotInstanceRequests())
                .singleElement()
                .satisfies(request -> {
                    assertThat(request.spotInstanceRequestId()).isEqualTo(instance.spotInstanceRequestId());
                    assertThat(request.status().code()).isEqualTo("instance-terminated-no-capacity");
                });
    }

    @Test
    void spot_has_capacity_and_a_price_of_its_own() {
        bench.cloud().turn(turn -> turn.capacity = Map.of("us-east-1a/t3.micro/spot", 0));

        assertThat(code(() -> bench.run(LaunchingTest::spot))).isEqualTo("InsufficientInstanceCapacity");
        assertThat(code(() -> bench.run(
                        request -> spot(request).instanceMarketOptions(market -> market.marketType(MarketType.SPOT)
                                .spotOptions(options -> options.maxPrice("0.0001"))))))
                .isEqualTo("SpotMaxPriceTooLow");
        assertThat(bench.run(request -> request).instances()).hasSize(1);
    }

    @Test
    void some_spot_instances_are_taken_back_by_themselves() {
        bench.cloud().turn(turn -> turn.spotInterruptions = new Ec2Dials.SpotInterruptions(1, 60));
        String id = bench.run(LaunchingTest::spot).instances().get(0).instanceId();

        bench.pass(Duration.ofMinutes(3));

        assertThat(bench.listed(id).stateReason().code()).isEqualTo("Server.SpotInstanceTermination");
    }

    @Test
    void an_accepted_launch_may_fail_later_and_says_why() {
        bench.cloud()
                .turn(turn ->
                        turn.lateRefusals = new Ec2Dials.LateRefusals(1, 5, "Server.InsufficientInstanceCapacity"));
        List<String> ids = bench.launch(2, "web");

        bench.pass(Duration.ofSeconds(6));

        for (String id : ids) {
            Instance failed = bench.listed(id);
            assertThat(failed.state().name()).isEqualTo(InstanceStateName.TERMINATED);
            assertThat(failed.stateReason().code()).isEqualTo("Server.InsufficientInstanceCapacity");
            assertThat(Bench.map(failed.tags())).containsEntry("weir-pool", "web");
        }
    }

    @Test
    void without_a_subnet_the_roomiest_zone_is_taken() {
        bench.cloud().turn(turn -> turn.capacity = Map.of("us-east-1a", 0, "us-east-1b", 1));

        Instance instance =
                bench.run(request -> request.subnetId(null)).instances().get(0);

        assertThat(instance.placement().availabilityZone()).isEqualTo("us-east-1c");
    }

    @Test
    void a_parameter_that_the_fake_does_not_heed_is_refused_and_not_ignored() {
        AwsServiceException refused = refused(() -> bench.run(request -> request.privateIpAddress("10.0.16.9")));

        assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("NotInTheFake");
        assertThat(refused.awsErrorDetails().errorMessage()).contains("PrivateIpAddress");
    }

    @Test
    void an_image_may_be_named_by_a_parameter() {
        Instance instance = bench.run(request -> request.imageId("resolve:ssm:" + ExampleRegion.PARAMETER))
                .instances()
                .get(0);

        assertThat(instance.imageId()).isEqualTo(ExampleRegion.PUBLIC_IMAGE);
    }
}
