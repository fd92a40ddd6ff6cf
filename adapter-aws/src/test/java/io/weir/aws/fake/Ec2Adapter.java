package io.weir.aws.fake;

import io.weir.aws.WeirAws;
import io.weir.certs.Role;
import io.weir.kit.AdapterProcess;
import io.weir.kit.ProcessKills;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** {@code weir adapter aws} as a process of its own, with one pool over an address that stands for AWS. */
final class Ec2Adapter {
    private Ec2Adapter() {}

    /**
     * @param home with the certificates and the store of an earlier one, or empty
     * @param promises lines of the connection: what this AWS promises about time, if it is not what AWS does
     */
    static AdapterProcess start(Path home, URI aws, String promises) throws IOException {
        Files.createDirectories(home);
        Files.writeString(home.resolve("adapter.yml"), """
                cloud: aws
                listen: {port: 0}
                management: {port: 0}
                watch: {interval: 1s, busy: 500ms, staleAfter: 1m}
                connections:
                  main:
                    region: us-east-1
                    %s
                    endpoint: %s
                    credentials: {accessKeyId: %s, secretAccessKey: "env:WEIR_FAKE_SECRET"}
                pools:
                  %s:
                    min: 0
                    max: 50
                    size: 0
                    image: %s
                    machineTypes: [t3.micro]
                    pace:
                      launch: {count: 10, percent: 0, window: 5s}
                      wish: {count: 20, percent: 50, window: 1m}
                """.formatted(
                        promises, aws, Access.WEIR.key(), ProcessKills.POOL, ExampleRegion.IMAGE));
        return AdapterProcess.ofClasses(
                "aws", WeirAws.class, home, Map.of("WEIR_FAKE_SECRET", Access.WEIR.secret()), Role.OPERATOR);
    }
}
