package io.weir.driver;

import io.weir.pool.Batch;
import io.weir.pool.CloudMachine;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.Marks;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolName;
import io.weir.pool.Template;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One connection to one cloud. Built complete; no threads, no cache, no waiting beyond its calls' own time-outs, no choice of
 * victims or zones. A method throws {@link CloudException} only when all that it asked for shares one fate. Safe for use by
 * several threads.
 */
public interface CloudDriver {

    /** What this cloud promises about time; constant for the life of the driver. */
    Promises promises();

    /**
     * Checks the document against the cloud and pins what moves.
     *
     * @throws TemplateProblems all problems at once, each with its field
     */
    Template resolve(PoolDocument document) throws TemplateProblems, CloudException;

    /** Every machine that bears one of these pools' marks, in any state the cloud still shows. */
    Listing list(Set<PoolName> pools) throws CloudException;

    /**
     * Launches a batch exactly as stored; returns when the cloud has accepted. On a cloud with tokens the same batch again
     * yields the same machines, never more. The pool mark and the name travel in the same call.
     */
    Outcomes<MachineName> launch(Batch batch) throws CloudException;

    /** Returns when accepted; a machine that is already ending or gone is accepted. */
    Outcomes<MachineId> terminate(Set<MachineId> ids) throws CloudException;

    /** Replaces Weir's own marks whole; other tags stay. */
    Outcomes<MachineId> mark(Map<MachineId, Marks> marks) throws CloudException;

    /** One machine by the cloud's id, also outside of any pool; empty: the cloud says that there is none. */
    Optional<CloudMachine> find(MachineId id) throws CloudException;
}
