package io.weir.api;

import java.time.Instant;
import java.util.List;

/** The machines of a pool as the cloud showed them at {@code timestamp}. */
public record MachinePool(Instant timestamp, List<Machine> machines) {
    public MachinePool {
        machines = List.copyOf(machines);
    }
}
