package io.weir.pool;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What one listing showed of one pool.
 *
 * @param begun when the call began: what happened later need not be in it
 * @param missing the scopes it could not see; their machines are presumed alive
 */
public record Observation(Instant begun, List<CloudMachine> machines, Set<Scope> missing, List<LateRefusal> refusals) {

    public boolean covers(Scope scope) {
        return !missing.contains(scope);
    }

    public boolean isComplete() {
        return missing.isEmpty();
    }
}
