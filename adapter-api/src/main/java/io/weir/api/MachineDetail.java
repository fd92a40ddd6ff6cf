package io.weir.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything Weir knows of one machine.
 *
 * @param name our own name of it, fixed before the launch call; null on one that was attached
 * @param batch the launch call it belongs to
 * @param lastSeen when a listing last showed it
 * @param intent what is to be done with it and is not done yet, in words; null if nothing is
 * @param events the last events about it, newest first
 */
public record MachineDetail(
        Machine machine,
        @Nullable String name,
        @Nullable String batch,
        @Nullable String zone,
        @Nullable String market,
        @Nullable Instant lastSeen,
        @Nullable String intent,
        List<Event> events) {
    public MachineDetail {
        events = List.copyOf(events);
    }
}
