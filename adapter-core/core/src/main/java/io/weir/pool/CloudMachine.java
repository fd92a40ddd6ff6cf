package io.weir.pool;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a cloud says of one machine.
 *
 * @param name our own name of it, where it carries one
 * @param pool the pool its mark names now; empty on a machine of nobody or a released one
 * @param marks what Weir wrote on it; empty where that was never written, was wiped or cannot be read
 * @param batch the launch call it came from, where the cloud shows it
 * @param requestTime when the cloud took the request
 * @param launchTime when it began to run, as far as the cloud says so
 * @param metadata what {@code GET /pool} shows of it: image, type, zone, tags; never user data, never a secret
 */
public record CloudMachine(
        MachineId id,
        Optional<MachineName> name,
        Optional<PoolName> pool,
        Optional<Marks> marks,
        Optional<BatchId> batch,
        MachineState state,
        Choice choice,
        String cloudProvider,
        String region,
        Optional<Instant> requestTime,
        Optional<Instant> launchTime,
        List<String> publicIps,
        List<String> privateIps,
        Map<String, String> metadata) {

    public Scope scope() {
        return choice.scope();
    }
}
