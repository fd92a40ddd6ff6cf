package io.weir.aws.fake;

import static io.weir.aws.fake.Bench.code;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Image;
import software.amazon.awssdk.services.ec2.model.InstanceTypeInfo;
import software.amazon.awssdk.services.ec2.model.InstanceTypeOffering;
import software.amazon.awssdk.services.ec2.model.LaunchTemplateVersion;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.VpcAttributeName;
import software.amazon.awssdk.services.ssm.SsmClient;

class CatalogueTest {
    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    private static Filter filter(String name, String... values) {
        return Filter.builder().name(name).values(values).build();
    }

    @Test
    void images_are_found_by_owner_and_name() {
        assertThat(bench.ec2
                        .describeImages(request -> request.owners("self").filters(filter("name", "weir-web-20*")))
                        .images())
                .extracting(Image::name)
                .containsExactly("weir-web-2026.01", "weir-web-2026.02");
        assertThat(bench.ec2.describeImages(request -> request.owners("amazon")).images())
                .extracting(Image::imageId)
                .containsExactly(ExampleRegion.PUBLIC_IMAGE);
        assertThat(bench.ec2
                        .describeImages(request -> request.filters(filter("architecture", "arm64")))
                        .images())
                .extracting(Image::imageId)
                .containsExactly(ExampleRegion.ARM_IMAGE);
        assertThat(code(() -> bench.ec2.describeImages(request -> request.imageIds("ami-00000000"))))
                .isEqualTo("InvalidAMIID.NotFound");
        assertThat(code(() -> bench.ec2.describeImages(request -> request.imageIds("weir"))))
                .isEqualTo("InvalidAMIID.Malformed");
        Image image = bench.ec2
                .describeImages(request -> request.imageIds(ExampleRegion.IMAGE))
                .images()
                .get(0);
        assertThat(image.rootDeviceName()).isEqualTo("/dev/xvda");
        assertThat(image.blockDeviceMappings().get(0).ebs().volumeSize()).isEqualTo(8);
        assertThat(image.creationDate()).isEqualTo("2026-02-01T00:00:00.000Z");
    }

    @Test
    void subnets_groups_keys_and_zones_are_described_and_unknown_ones_refused() {
        assertThat(bench.ec2
                        .describeSubnets(request -> request.filters(filter("tag:Name", "weir-us-east-1b")))
                        .subnets())
                .extracting(Subnet::subnetId)
                .containsExactly(ExampleRegion.SUBNET_B);
        assertThat(bench.ec2
                        .describeSecurityGroups(request -> request.filters(filter("group-name", "web")))
                        .securityGroups())
                .extracting(SecurityGroup::groupId)
                .containsExactly(ExampleRegion.GROUP);
        assertThat(bench.ec2
                        .describeKeyPairs(request -> request.keyNames("ops"))
                        .keyPairs())
                .hasSize(1);
        assertThat(bench.ec2.describeAvailabilityZones().availabilityZones()).hasSize(3);

        assertThat(code(() -> bench.ec2.describeSubnets(request -> request.subnetIds("subnet-1"))))
                .isEqualTo("InvalidSubnetID.NotFound");
        assertThat(code(() -> bench.ec2.describeSecurityGroups(request -> request.groupIds("sg-1"))))
                .isEqualTo("InvalidGroup.NotFound");
        assertThat(code(() -> bench.ec2.describeKeyPairs(request -> request.keyNames("nobody"))))
                .isEqualTo("InvalidKeyPair.NotFound");
        assertThat(code(() -> bench.ec2.describeAvailabilityZones(request -> request.zoneNames("us-east-1x"))))
                .isEqualTo("InvalidParameterValue");
    }

    @Test
    void types_say_what_they_are_and_where_they_are_offered() {
        InstanceTypeInfo type = bench.ec2
                .describeInstanceTypes(request -> request.instanceTypesWithStrings("m5.xlarge"))
                .instanceTypes()
                .get(0);
        assertThat(type.vCpuInfo().defaultVCpus()).isEqualTo(4);
        assertThat(type.memoryInfo().sizeInMiB()).isEqualTo(16 * 1024);
        assertThat(type.processorInfo().supportedArchitecturesAsStrings()).containsExactly("x86_64");

        assertThat(bench.ec2
                        .describeInstanceTypeOfferings(request ->
                                request.locationType("availability-zone").filters(filter("instance-type", "c5.large")))
                        .instanceTypeOfferings())
                .extracting(InstanceTypeOffering::location)
                .containsExactly("us-east-1a", "us-east-1b");
        assertThat(code(() -> bench.ec2.describeInstanceTypes(request -> request.instanceTypesWithStrings("t9.huge"))))
                .isEqualTo("InvalidInstanceType");
    }

    @Test
    void launch_templates_have_versions() {
        assertThat(bench.ec2
                        .describeLaunchTemplates(request -> request.launchTemplateNames("web"))
                        .launchTemplates()
                        .get(0)
                        .latestVersionNumber())
                .isEqualTo(2);
        assertThat(bench.ec2
                        .describeLaunchTemplateVersions(
                                request -> request.launchTemplateName("web").versions("$Latest"))
                        .launchTemplateVersions())
                .singleElement()
                .extracting(LaunchTemplateVersion::launchTemplateData)
                .satisfies(data -> assertThat(data.imageId()).isEqualTo(ExampleRegion.IMAGE));
        assertThat(code(() -> bench.ec2.describeLaunchTemplateVersions(
                        request -> request.launchTemplateName("web").versions("9"))))
                .isEqualTo("InvalidLaunchTemplateId.VersionNotFound");
        assertThat(code(() -> bench.ec2.describeLaunchTemplates(request -> request.launchTemplateIds("lt-0"))))
                .isEqualTo("InvalidLaunchTemplateId.NotFound");
    }

    @Test
    void the_account_and_spot_prices_are_described() {
        assertThat(bench.ec2.describeAccountAttributes().accountAttributes()).anySatisfy(attribute -> {
            assertThat(attribute.attributeName()).isEqualTo("default-vpc");
            assertThat(attribute.attributeValues().get(0).attributeValue()).isEqualTo(ExampleRegion.VPC);
        });
        assertThat(bench.ec2
                        .describeSpotPriceHistory(request -> request.instanceTypesWithStrings("t3.micro"))
                        .spotPriceHistory())
                .hasSize(3)
                .allSatisfy(price -> assertThat(price.spotPrice()).isEqualTo("0.0031"));
    }

    @Test
    void an_image_is_found_by_its_parameter() {
        try (SsmClient ssm = Bench.client(SsmClient.builder(), bench.fake.url(), Bench.WEIR)) {
            assertThat(ssm.getParameter(request -> request.name(ExampleRegion.PARAMETER))
                            .parameter()
                            .value())
                    .isEqualTo(ExampleRegion.PUBLIC_IMAGE);
            assertThat(ssm.getParameters(request -> request.names(ExampleRegion.PARAMETER, "/nothing"))
                            .invalidParameters())
                    .containsExactly("/nothing");
            assertThat(code(() -> ssm.getParameter(request -> request.name("/nothing"))))
                    .isEqualTo("ParameterNotFound");
        }
    }

    @Test
    void what_the_fake_does_not_speak_it_says_so() {
        assertThat(code(() -> bench.ec2.stopInstances(request -> request.instanceIds("i-0123456789abcdef0"))))
                .isEqualTo("InvalidAction");
        assertThat(code(() -> bench.ec2.describeVpcAttribute(
                        request -> request.vpcId(ExampleRegion.VPC).attribute(VpcAttributeName.ENABLE_DNS_SUPPORT))))
                .isEqualTo("InvalidAction");
    }
}
