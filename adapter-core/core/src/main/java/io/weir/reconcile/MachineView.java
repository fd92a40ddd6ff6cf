package io.weir.reconcile;

import io.weir.pool.MachineState;
import io.weir.pool.MembershipStatus;
import io.weir.pool.ServiceState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A machine as the API shows it.
 *
 * @param id the cloud's id, or our own name while there is none
 * @param name our own name; it is accepted wherever an id is
 * @param connectAddress the address that we connect to under the pool's connection policy
 * @param unreachable why there is no such address, on a running machine
 * @param note what is going on with it, for people: an unanswered call, an end that is waiting for its pace
 */
public record MachineView(
        String id,
        Optional<String> name,
        MachineState state,
        ServiceState service,
        MembershipStatus membership,
        String cloudProvider,
        String region,
        String zone,
        String machineSize,
        Optional<Instant> requestTime,
        Optional<Instant> launchTime,
        List<String> publicIps,
        List<String> privateIps,
        Map<String, String> metadata,
        Optional<String> connectAddress,
        Optional<String> unreachable,
        Optional<String> note) {}
