package io.weir.reconcile;

import io.weir.pool.PoolEdit;
import io.weir.pool.PoolEvent;
import io.weir.pool.PoolState;
import io.weir.store.Store;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The one place where a pool's state changes: each change is a function of the present state, durable before it is seen by
 * anybody. No cloud call is ever made inside.
 */
final class PoolCell {
    private final Store store;
    private final InstantSource clock;
    private final BiConsumer<PoolState, List<PoolEvent>> published;
    private PoolState state;

    /** @param published is told of every new state and what happened, in order */
    PoolCell(PoolState state, Store store, InstantSource clock, BiConsumer<PoolState, List<PoolEvent>> published) {
        this.state = state;
        this.store = store;
        this.clock = clock;
        this.published = published;
    }

    synchronized PoolState state() {
        return state;
    }

    /**
     * @throws Refusal as the change does; nothing is changed then
     * @throws Store.StoreException the change is not made, as far as this process knows
     */
    synchronized <R> R change(Function<PoolEdit, R> change) {
        PoolEdit edit = new PoolEdit(state, clock.instant());
        R result = change.apply(edit);
        PoolState after = edit.state();
        List<PoolEvent> events = edit.events();
        if (!events.isEmpty() || !after.equals(state)) {
            store.save(Optional.of(state), after, events);
            state = after;
            published.accept(after, events);
        }
        return result;
    }
}
