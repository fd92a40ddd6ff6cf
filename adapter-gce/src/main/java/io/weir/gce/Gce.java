package io.weir.gce;

import io.weir.cloud.Cloud;
import io.weir.cloud.ConnectionSettings;
import io.weir.gce.compute.GceSection;
import io.weir.service.json.Fields;
import java.nio.file.Path;

/** Machines of Google Compute Engine. */
public final class Gce implements Cloud {
    @Override
    public String name() {
        return "gce";
    }

    @Override
    public String example() {
        return """
                cloud: gce
                connections:
                  main:
                    project: my-project
                    region: europe-north1              # credentials: as gcloud and the client libraries find them
                pools:
                  web:
                    min: 0
                    max: 10
                    image: debian-cloud/debian-12      # project/image or project/family
                    machineTypes: [e2-small, n1-standard-1]
                    gce:
                      tags: [web]
                """;
    }

    @Override
    public void section(Fields section) {
        GceSection.read(section);
    }

    @Override
    public ConnectionSettings connection(Fields connection, Path folder) {
        return GceConnection.read(connection, folder);
    }
}
