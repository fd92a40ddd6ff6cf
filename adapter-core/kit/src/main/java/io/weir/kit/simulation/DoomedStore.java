package io.weir.kit.simulation;

import io.weir.pool.Ending;
import io.weir.pool.Launch;
import io.weir.pool.Member;
import io.weir.pool.PoolEvent;
import io.weir.pool.PoolName;
import io.weir.pool.PoolState;
import io.weir.pool.StoreId;
import io.weir.store.Store;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;

/** A store in memory, at whose every save the process may die, before it or after it, or the disk may be full. */
final class DoomedStore implements Store {
    private final StoreId id;
    private final VirtualClock clock;
    private final Doom doom;
    private final Testimony testimony;
    private final BiConsumer<StoreId, PoolEvent> told;
    private Optional<PoolState> durable = Optional.empty();
    /** What the next save is for. */
    Optional<CrashPoint> next = Optional.empty();

    int failures;
    /** A wish that comes in while a call is being made. */
    boolean wishing;

    boolean commanding;

    DoomedStore(StoreId id, VirtualClock clock, Doom doom, Testimony testimony, BiConsumer<StoreId, PoolEvent> told) {
        this.id = id;
        this.clock = clock;
        this.doom = doom;
        this.testimony = testimony;
        this.told = told;
    }

    @Override
    public StoreId id() {
        return id;
    }

    @Override
    public List<PoolState> load() {
        return durable.stream().toList();
    }

    @Override
    public void save(Optional<PoolState> before, PoolState after, List<PoolEvent> events) {
        if (before.isEmpty()) {
            durable = Optional.of(after);
            return;
        }
        CrashPoint point = point(before.get(), after);
        doom.pass(point);
        if (failures > 0) {
            failures--;
            throw new StoreException("the disk is full", new java.io.IOException("no space left on device"));
        }
        durable = Optional.of(after);
        testimony.saved(clock.instant(), before.get(), after);
        events.forEach(event -> told.accept(id, event));
        doom.pass(point.after());
    }

    private CrashPoint point(PoolState before, PoolState after) {
        if (wishing) {
            return CrashPoint.BEFORE_SAVING_A_WISH;
        }
        Instant now = clock.instant();
        if (next.isPresent()) {
            CrashPoint point = next.get();
            next = Optional.empty();
            return point;
        }
        if (after.launches() != before.launches()) {
            for (Launch launch : after.launches().values()) {
                if (launch.phase() == Launch.Phase.CALLING
                        && launch.lastCall().filter(now::equals).isPresent()) {
                    return CrashPoint.BEFORE_SAVING_THAT_A_LAUNCH_IS_CALLED;
                }
            }
        }
        if (after.members() != before.members()) {
            for (Member member : after.members().values()) {
                if (member.ending()
                        .filter(end -> (end.phase() == Ending.Phase.CALLING || end.phase() == Ending.Phase.UNANSWERED)
                                && end.lastCall().filter(now::equals).isPresent())
                        .isPresent()) {
                    return CrashPoint.BEFORE_SAVING_THAT_AN_END_IS_CALLED;
                }
                if (!commanding
                        && member.marks().unanswered()
                        && member.marks().lastCall().filter(now::equals).isPresent()) {
                    return CrashPoint.BEFORE_SAVING_THAT_MARKS_ARE_WRITTEN;
                }
            }
        }
        return commanding ? CrashPoint.BEFORE_SAVING_A_COMMAND : CrashPoint.BEFORE_SAVING_THE_PLAN;
    }

    @Override
    public void remove(PoolName pool, List<PoolEvent> events) {
        durable = Optional.empty();
    }

    /** The pool of a simulation is never made again. */
    @Override
    public OptionalLong sequenceOfRemoved(PoolName pool) {
        return OptionalLong.empty();
    }

    @Override
    public List<StoredEvent> events(
            PoolName pool, long after, int limit, Optional<String> kindPrefix, Optional<String> machine) {
        return List.of();
    }

    @Override
    public List<StoredEvent> latest(PoolName pool, int limit) {
        return List.of();
    }

    @Override
    public void prune(Instant before) {}

    @Override
    public void close() {}
}
