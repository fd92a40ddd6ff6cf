package io.weir.pool;

import java.time.Instant;
import java.util.Optional;

/** A machine that is no more, shown for a while: rejected or terminated. */
public record Gone(
        Optional<MachineId> id,
        Optional<MachineName> name,
        MachineState state,
        Choice choice,
        String text,
        Instant at,
        Optional<CloudMachine> seen,
        String cloudProvider,
        String region) {}
