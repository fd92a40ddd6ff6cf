package io.weir.driver;

import io.weir.pool.CloudMachine;
import io.weir.pool.LateRefusal;
import io.weir.pool.Observation;
import io.weir.pool.PoolName;
import io.weir.pool.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * One listing of a connection, for any number of its pools.
 *
 * @param begun when the first call of it began, by the clock that the driver was given
 * @param machines every machine that bears one of the pools' marks, in any state the cloud still shows
 * @param missing the scopes that could not be read; none: the listing is complete
 * @param refusals launches that were accepted earlier and failed since, with their pool
 */
public record Listing(Instant begun, List<CloudMachine> machines, Set<Scope> missing, List<PoolRefusal> refusals) {
    public Listing {
        machines = List.copyOf(machines);
        missing = Set.copyOf(missing);
        refusals = List.copyOf(refusals);
    }

    public record PoolRefusal(PoolName pool, LateRefusal refusal) {}

    /** The part of it that speaks of one pool. */
    public Observation of(PoolName pool) {
        return new Observation(
                begun,
                machines.stream()
                        .filter(machine -> machine.pool().filter(pool::equals).isPresent())
                        .toList(),
                missing,
                refusals.stream()
                        .filter(refusal -> refusal.pool().equals(pool))
                        .map(PoolRefusal::refusal)
                        .toList());
    }
}
