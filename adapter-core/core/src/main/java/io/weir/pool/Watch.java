package io.weir.pool;

import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * What is known of the watching itself.
 *
 * @param created when this store first heard of the pool
 * @param firstComplete begin of the first complete listing
 * @param lastListing begin of the last listing that succeeded
 * @param missing scopes that the last listing could not see, and since when
 * @param lost scopes that an operator declared lost, until they are seen again
 * @param heartbeat when our heartbeat was last written
 * @param acted the generation of the wish that a turn last acted upon
 * @param slowRepairs repairs in a row since more than 20 % and more than two were sick
 * @param throttled until when the cloud asked us to wait with launches
 * @param lastProbe the last effect that was let through while the cloud refuses our credentials
 */
public record Watch(
        Instant created,
        Optional<Instant> firstComplete,
        Optional<Instant> lastListing,
        SortedMap<Scope, Instant> missing,
        SortedSet<Scope> lost,
        Optional<Instant> heartbeat,
        long acted,
        int slowRepairs,
        Optional<Instant> throttled,
        Optional<Instant> lastProbe) {}
