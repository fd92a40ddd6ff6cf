package io.weir.autoscaler.app;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.certs.Role;
import io.weir.certs.TlsSettings;
import io.weir.service.server.Listener;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Everything an autoscaler is told.
 *
 * @param documents what was declared of each target, in the order of the targets and without secrets
 */
record AutoscalerConfig(Serving serving, Path store, List<TargetConfig> targets, List<JsonNode> documents) {
    AutoscalerConfig {
        targets = List.copyOf(targets);
        documents = List.copyOf(documents);
    }

    /** @param subjects roles of certificates that carry no fleet identity, by subject */
    record Serving(Listener main, Listener management, TlsSettings tls, Map<String, Role> subjects) {
        Serving {
            subjects = Map.copyOf(subjects);
        }

        Serving withPorts(int mainPort, int managementPort) {
            return new Serving(
                    mainPort < 0 ? main : new Listener(main.host(), mainPort, "--port"),
                    managementPort < 0
                            ? management
                            : new Listener(management.host(), managementPort, "--management-port"),
                    tls,
                    subjects);
        }
    }

    AutoscalerConfig withPorts(int mainPort, int managementPort) {
        return new AutoscalerConfig(serving.withPorts(mainPort, managementPort), store, targets, documents);
    }
}
