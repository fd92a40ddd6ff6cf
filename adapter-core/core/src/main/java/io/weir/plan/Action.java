package io.weir.plan;

import io.weir.pool.Batch;
import io.weir.pool.BatchId;
import io.weir.pool.Ledger;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import java.util.List;

/** One thing that a turn does. */
public sealed interface Action {

    /** Whether it changes something at the cloud; the others are changes of mind, written down, and looks. */
    default boolean isEffect() {
        return switch (this) {
            case Cancel cancel -> false;
            case TakeBack back -> false;
            case Confirm confirm -> false;
            case Launch launch -> true;
            case Repeat repeat -> true;
            case End end -> true;
            case CallEnd call -> true;
            case Mark mark -> true;
            case Unmark unmark -> true;
        };
    }

    /** Write down that nobody wants these launches any more. */
    record Cancel(List<MachineName> names) implements Action {}

    /** Want cancelled launches, or machines whose end was not yet called, again. */
    record TakeBack(List<MachineName> launches, List<MachineId> endings) implements Action {}

    /** Write down a new batch, then launch it. */
    record Launch(Batch batch, boolean probe, String reason) implements Action {}

    /** Make a written launch call (again), for these names of it. */
    record Repeat(BatchId batch, List<MachineName> names) implements Action {}

    /** Write down an end, then call it. */
    record End(MachineId id, Ledger ledger, String reason) implements Action {}

    /** Make a written end call (again). */
    record CallEnd(List<MachineId> ids) implements Action {}

    /** Write the marks of members; one of them, and those taken over from another store, carry the heartbeat. */
    record Mark(List<MachineId> ids, List<MachineId> heartbeat) implements Action {}

    /** Take our marks from machines that were detached. */
    record Unmark(List<MachineId> ids) implements Action {}

    /** Ask the cloud for one machine that listings no longer show. */
    record Confirm(List<MachineId> ids) implements Action {}
}
