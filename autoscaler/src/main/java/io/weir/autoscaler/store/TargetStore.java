package io.weir.autoscaler.store;

import io.weir.autoscaler.decide.Decision;
import io.weir.autoscaler.decide.Memory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is kept of every target over a restart, by its name. What was written is durable when the call returns. */
public interface TargetStore {
    /** What its decisions remember; nothing for a target never seen. */
    Memory memory(String target);

    void remember(String target, Memory memory);

    /** Keeps a decision together with what it remembers, and lets the oldest go where there are too many. */
    void keep(String target, Decision decision);

    /** Newest first, only those older than {@code before} if that is given. */
    List<StoredDecision> decisions(String target, @Nullable Long before, int most);

    @Nullable
    Pause pause(String target);

    /** Pauses a target, or with null lets it go on. */
    void setPause(String target, @Nullable Pause pause);

    /** Nothing against it, or what keeps it from being written. */
    @Nullable
    String fault();
}
