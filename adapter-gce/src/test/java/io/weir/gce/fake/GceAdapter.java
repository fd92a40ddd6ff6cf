package io.weir.gce.fake;

import io.weir.certs.Role;
import io.weir.gce.WeirGce;
import io.weir.kit.AdapterProcess;
import io.weir.kit.ProcessKills;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** {@code weir adapter gce} as a process of its own, with one pool of up to 50 over an address that stands for Compute Engine. */
final class GceAdapter {
    private GceAdapter() {}

    /**
     * @param home with the certificates and the store of an earlier one, or empty
     * @param promises lines of the connection: what this Compute promises about time, if it is not what Google's does
     */
    static AdapterProcess start(Path home, URI compute, String promises) throws IOException {
        Files.createDirectories(home);
        Files.writeString(home.resolve("adapter.yml"), """
                cloud: gce
                listen: {port: 0}
                management: {port: 0}
                watch: {interval: 1s, busy: 500ms, staleAfter: 1m}
                connections:
                  main:
                    project: %s
                    region: %s
                    %s
                    endpoint: %s
                    credentials: {accessToken: "env:WEIR_FAKE_TOKEN"}
                pools:
                  %s:
                    min: 0
                    max: 50
                    size: 0
                    image: %s
                    machineTypes: [e2-small]
                    pace:
                      launch: {count: 10, percent: 0, window: 5s}
                      wish: {count: 20, percent: 50, window: 1m}
                """.formatted(
                        ExampleProject.NAME,
                        ExampleProject.REGION,
                        promises,
                        compute,
                        ProcessKills.POOL,
                        ExampleProject.IMAGE));
        return AdapterProcess.ofClasses(
                "gce", WeirGce.class, home, Map.of("WEIR_FAKE_TOKEN", Access.TOKEN), Role.OPERATOR);
    }
}
