package io.weir.reconcile;

import io.weir.pool.Breaker;
import io.weir.pool.Declared;
import io.weir.pool.Desired;
import io.weir.pool.Gate;
import io.weir.pool.Hold;
import io.weir.pool.PoolName;
import io.weir.pool.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A pool as every GET shows it: an immutable picture, made anew after each change.
 *
 * @param desired empty while a new store does not know the size
 * @param observedGeneration the wish that a turn last acted upon
 * @param observedAt when the cloud was last observed; empty: never yet
 * @param stale the last observation is older than the pool may serve
 * @param drift the document differs from the one in the configuration file
 * @param machines members and launches in flight, then what was rejected or terminated lately
 * @param allocated REQUESTED, PENDING and RUNNING machines
 * @param active those of them that count
 * @param guards what is closed now: a word each, with its reason and its exit
 * @param inFlight launches, ends and marks that were called and are not settled
 * @param paceLeft how many endings or launches each ledger lets through now
 */
public record PoolView(
        PoolName name,
        Declared declared,
        boolean drift,
        boolean started,
        Optional<Desired> desired,
        long observedGeneration,
        Optional<Hold> hold,
        Optional<Instant> observedAt,
        boolean stale,
        List<MachineView> machines,
        int allocated,
        int active,
        SortedMap<Scope, Instant> missingScopes,
        List<Gate> gates,
        Map<String, String> guards,
        Breaker breaker,
        Map<String, Integer> inFlight,
        Map<String, Integer> paceLeft,
        Optional<String> lastReason,
        String cloudProvider,
        String region) {

    public int outOfService() {
        return allocated - active;
    }
}
