package io.weir.aws.fake;

import io.weir.aws.fake.Region.Group;
import io.weir.aws.fake.Region.Image;
import io.weir.aws.fake.Region.InstanceType;
import io.weir.aws.fake.Region.LaunchTemplate;
import io.weir.aws.fake.Region.Profile;
import io.weir.aws.fake.Region.Subnet;
import io.weir.aws.fake.Region.Zone;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A small account to try things in: three zones, a subnet in each, a few images and types. */
final class ExampleRegion {
    static final String ACCOUNT = "123456789012";
    static final String VPC = "vpc-0a0a0a0a0a0a0a0a1";
    static final String SUBNET_A = "subnet-0aaaaaaaaaaaaaa01";
    static final String SUBNET_B = "subnet-0bbbbbbbbbbbbbb01";
    static final String SUBNET_C = "subnet-0cccccccccccccc01";
    static final String GROUP = "sg-0a0a0a0a0a0a0a0a1";
    static final String DEFAULT_GROUP = "sg-0d0d0d0d0d0d0d0d1";
    static final String OLD_IMAGE = "ami-0a0a0a0a0a0a00001";
    static final String IMAGE = "ami-0a0a0a0a0a0a00002";
    static final String ARM_IMAGE = "ami-0a0a0a0a0a0a00003";
    static final String PUBLIC_IMAGE = "ami-0b0b0b0b0b0b00001";
    static final String PARAMETER = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";
    static final String TEMPLATE = "lt-0a0a0a0a0a0a0a0a1";

    static final Region REGION = new Region(
            "us-east-1",
            ACCOUNT,
            List.of(
                    new Zone("us-east-1a", "use1-az1"),
                    new Zone("us-east-1b", "use1-az2"),
                    new Zone("us-east-1c", "use1-az3")),
            List.of(
                    subnet(SUBNET_A, "us-east-1a", "10.0.1", true),
                    subnet(SUBNET_B, "us-east-1b", "10.0.2", true),
                    subnet(SUBNET_C, "us-east-1c", "10.0.3", true)),
            List.of(new Group(DEFAULT_GROUP, "default", VPC), new Group(GROUP, "web", VPC)),
            List.of(
                    own(OLD_IMAGE, "weir-web-2026.01", "x86_64", "2026-01-01T00:00:00Z"),
                    own(IMAGE, "weir-web-2026.02", "x86_64", "2026-02-01T00:00:00Z"),
                    own(ARM_IMAGE, "weir-web-arm-2026.02", "arm64", "2026-02-01T00:00:00Z"),
                    new Image(
                            PUBLIC_IMAGE,
                            "al2023-ami-2023.6.20260101.0-kernel-6.1-x86_64",
                            "137112412989",
                            "amazon",
                            true,
                            "x86_64",
                            "available",
                            Instant.parse("2026-01-02T00:00:00Z"),
                            "/dev/xvda",
                            8)),
            List.of(
                    type("t3.micro", 2, 1, "x86_64", "0.0104", "0.0031"),
                    type("t3.small", 2, 2, "x86_64", "0.0208", "0.0062"),
                    type("m5.large", 2, 8, "x86_64", "0.096", "0.0352"),
                    type("m5.xlarge", 4, 16, "x86_64", "0.192", "0.0701"),
                    type("m6g.medium", 1, 4, "arm64", "0.0385", "0.0163"),
                    new InstanceType(
                            "c5.large",
                            2,
                            4096,
                            "x86_64",
                            new BigDecimal("0.085"),
                            new BigDecimal("0.0331"),
                            List.of("us-east-1a", "us-east-1b"))),
            List.of("ops"),
            List.of(new Profile("web", "AIPAFAKE0000000000001")),
            List.of(new LaunchTemplate(
                    TEMPLATE,
                    "web",
                    1,
                    List.of(
                            Map.of("ImageId", OLD_IMAGE, "InstanceType", "t3.micro", "SecurityGroupId.1", GROUP),
                            Map.of("ImageId", IMAGE, "InstanceType", "t3.small", "SecurityGroupId.1", GROUP)))),
            Map.of(PARAMETER, PUBLIC_IMAGE));

    private ExampleRegion() {}

    private static Subnet subnet(String id, String zone, String network, boolean isDefault) {
        return new Subnet(id, zone, VPC, network, 4091, false, isDefault, Map.of("Name", "weir-" + zone));
    }

    private static Image own(String id, String name, String architecture, String created) {
        return new Image(
                id, name, ACCOUNT, null, false, architecture, "available", Instant.parse(created), "/dev/xvda", 8);
    }

    private static InstanceType type(
            String name, int vcpus, int memoryGib, String architecture, String price, String spotPrice) {
        return new InstanceType(
                name,
                vcpus,
                memoryGib * 1024,
                architecture,
                new BigDecimal(price),
                new BigDecimal(spotPrice),
                List.of());
    }
}
