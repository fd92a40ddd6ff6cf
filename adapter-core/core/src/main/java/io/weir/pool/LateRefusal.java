package io.weir.pool;

import java.util.Optional;

/**
 * A launch that was accepted earlier and failed since.
 *
 * @param id the machine that it had become, where the cloud says so: a name may have been launched twice
 */
public record LateRefusal(MachineName name, Optional<MachineId> id, FailureKind kind, String text) {
    public LateRefusal(MachineName name, FailureKind kind, String text) {
        this(name, Optional.empty(), kind, text);
    }
}
