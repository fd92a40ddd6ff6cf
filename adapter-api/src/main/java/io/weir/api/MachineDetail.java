package io.weir.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything Weir knows of one machine.
 *
 * @param name our own name of it, fixed before the launch call; null on one that was attached
 * @param notReachable why a running machine has no address to connect to under the pool's connection policy
 * @param note what is going on with it: an unanswered call, an end that waits for its pace
 * @param events what happened to it, the oldest first
 */
public record MachineDetail(
        Machine machine,
        @Nullable String name,
        @Nullable String zone,
        @Nullable String notReachable,
        @Nullable String note,
        List<Event> events) {
    public MachineDetail {
        events = List.copyOf(events);
    }
}
