package io.weir.reconcile;

import io.weir.pool.Author;
import io.weir.pool.Desired;
import io.weir.pool.MembershipStatus;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolName;
import io.weir.pool.Scope;
import io.weir.pool.ServiceState;
import io.weir.store.Store.StoredEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The front desk of one pool. What it accepts is durable when it returns, and the next {@link #view} shows it. What it refuses
 * ({@link Refusal}) changed nothing. Machines are named by the cloud's id or by our own name.
 */
public interface Pool {
    PoolName name();

    PoolView view();

    /**
     * Records a wish and wakes the loop; never calls the cloud.
     *
     * @param expected refuses with STALE unless the wish has this generation
     * @param hold keeps autoscalers from changing the size for so long
     */
    Desired setDesired(int size, OptionalLong expected, Optional<Duration> hold, Optional<String> reason, Author by);

    /** Ends a hold; without one nothing happens. */
    void endHold(Author by);

    /** Terminates one machine, or cancels a launch in flight. */
    Accepted terminate(String machine, boolean decrement, Author by);

    Accepted detach(String machine, boolean decrement, Author by);

    Accepted attach(String machine, Author by);

    /** @param replaces the 2.0 path: OUT_OF_SERVICE takes the machine out of the count and another state takes it in again */
    Accepted setServiceState(String machine, ServiceState state, boolean replaces, Author by);

    /**
     * What a look at a service found. Nothing is done, and nobody waits for the cloud, unless the machine is a member in the service
     * state {@code from} and the pool's gates are open: what an operator has said meanwhile stands.
     *
     * @return whether the state was changed
     */
    boolean foundService(String machine, ServiceState from, ServiceState to, String why, Author by);

    Accepted setMembership(String machine, MembershipStatus membership, Author by);

    /** @param expected refuses with STALE unless the document has this revision */
    long replaceDocument(PoolDocument document, OptionalLong expected, Author by);

    void start(Author by);

    void stop(Author by);

    void freeze(String reason, Author by);

    void unfreeze(String reason, Author by);

    void adopt(Author by);

    void resetBreaker(Author by);

    void scopeLost(Scope scope, Author by);

    List<StoredEvent> events(long after, int limit, Optional<String> kindPrefix, Optional<String> machine);

    /** The last events, the oldest of them first. */
    List<StoredEvent> latest(int limit);

    /** Wakes the loop; it looks at the cloud at once. */
    void wake();

    /** A call on one machine: done, or durable and certain to be done. */
    record Accepted(boolean done, String text) {}
}
