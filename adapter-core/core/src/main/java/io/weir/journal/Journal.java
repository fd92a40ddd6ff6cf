package io.weir.journal;

import io.weir.plan.Limits;
import io.weir.plan.Plan;
import io.weir.pool.Observation;
import io.weir.pool.PoolState;
import io.weir.pool.Template;
import java.time.Instant;
import java.util.Optional;

/**
 * Where the turns of one pool are written, each before it acts. Writing never throws: a journal that cannot be written holds no
 * pool up.
 */
public interface Journal {
    Journal NONE = entry -> {};

    void write(Entry entry);

    /**
     * One round of a turn: all that went into it and what came out. The first round of a turn settles and plans, later ones plan
     * again.
     *
     * @param settling empty in a later round, and when the listing failed
     * @param planning empty if settling failed
     * @param failure what the code threw where it should have settled or planned
     */
    record Entry(
            Limits limits, Optional<Settling> settling, Optional<Considering> planning, Optional<String> failure) {}

    /** @param after as before if it failed */
    record Settling(PoolState before, Observation seen, Instant at, PoolState after) {}

    /**
     * @param before not always what settling left: a wish may come between
     * @param plan empty if it failed
     * @param after as before if it failed
     */
    record Considering(
            PoolState before,
            Optional<Template> template,
            boolean blind,
            Instant at,
            Optional<Plan> plan,
            PoolState after) {}
}
