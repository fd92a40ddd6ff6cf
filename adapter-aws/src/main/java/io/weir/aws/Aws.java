package io.weir.aws;

import io.weir.aws.ec2.Ec2Section;
import io.weir.cloud.Cloud;
import io.weir.cloud.ConnectionSettings;
import io.weir.service.json.Fields;
import java.nio.file.Path;

/** Machines of EC2. */
public final class Aws implements Cloud {
    @Override
    public String name() {
        return "aws";
    }

    @Override
    public String example() {
        return """
                cloud: aws
                connections:
                  main:
                    region: eu-north-1                 # credentials: as the AWS CLI finds them
                pools:
                  web:
                    min: 0
                    max: 10
                    image: resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64
                    machineTypes: [t3.small, t3a.small]
                    aws:
                      subnets: [subnet-0123456789abcdef0]
                      securityGroups: [web]
                """;
    }

    @Override
    public void section(Fields section) {
        Ec2Section.read(section);
    }

    @Override
    public ConnectionSettings connection(Fields connection, Path folder) {
        return AwsConnection.read(connection, folder);
    }
}
