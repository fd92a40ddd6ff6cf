package io.weir.kit;

import io.weir.pool.Author;
import io.weir.pool.PoolEvent;
import io.weir.pool.PoolName;
import io.weir.pool.PoolState;
import io.weir.pool.StoreId;
import io.weir.store.JdbcStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Saves one state after the other and tells of each when it is saved, until it is killed. Each state follows from its number. */
final class SavingProcess {
    static final PoolName POOL = new PoolName("killed");
    private static final int ROWS = 8;

    private SavingProcess() {}

    public static void main(String[] arguments) {
        try (JdbcStore store = JdbcStore.open(Path.of(arguments[0]), new Random(1))) {
            Optional<PoolState> before = store.load().stream().findFirst();
            for (long number = before.map(PoolState::sequence).orElse(0L) + 1; ; number++) {
                PoolState after = state(store.id(), number);
                var event = new PoolEvent(
                        Instant.EPOCH, POOL, "saved", Long.toString(number), Optional.empty(), Author.WEIR.toString());
                store.save(before, after, List.of(event));
                System.out.println(number);
                System.out.flush();
                before = Optional.of(after);
            }
        }
    }

    /** The state of this number: all of its parts are others than those of the number before. */
    static PoolState state(StoreId store, long number) {
        PoolState random = new RandomStates(new Random(number)).state(POOL, ROWS);
        return new PoolState(
                POOL,
                store,
                random.declared(),
                random.started(),
                random.desired(),
                random.hold(),
                number,
                random.batches(),
                random.launches(),
                random.members(),
                random.dead(),
                random.released(),
                random.strays(),
                random.lost(),
                random.foreign(),
                random.gone(),
                random.charges(),
                random.exhausted(),
                random.breaker(),
                random.gates(),
                random.watch());
    }
}
