package io.weir.plan;

import io.weir.pool.Charge;
import io.weir.pool.PoolState;
import io.weir.pool.Rate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How much of a pace is left (G5). A charge holds its place from the call until the answer, and for one window after it. A
 * stored time that lies in the future counts as now.
 */
final class Budget {
    /** Repairs slow down while more than this share, and more than two, are sick. */
    static final int SICK_PERCENT = 20;

    private Budget() {}

    static int left(PoolState pool, Charge.Kind kind, int machines, Instant now) {
        Rate rate = rate(pool, kind);
        return Math.max(0, rate.of(machines) - used(pool, kind, rate.window(), now));
    }

    static int used(PoolState pool, Charge.Kind kind, Duration window, Instant now) {
        int used = 0;
        for (Charge charge : pool.charges()) {
            if (charge.kind() == kind
                    && charge.answered().map(at -> at.plus(window).isAfter(now)).orElse(true)) {
                used++;
            }
        }
        return used;
    }

    static Rate rate(PoolState pool, Charge.Kind kind) {
        var pace = pool.document().pace();
        return switch (kind) {
            case WISH -> pace.wish();
            case REPAIR -> pace.repair();
            case CLEANUP -> pace.cleanup();
            case LAUNCH -> pace.launch();
        };
    }

    /** Cleanup is also at most one a minute. */
    static int cleanupLeft(PoolState pool, int machines, Instant now) {
        boolean lately = used(pool, Charge.Kind.CLEANUP, Duration.ofMinutes(1), now) > 0;
        return lately ? 0 : Math.min(1, left(pool, Charge.Kind.CLEANUP, machines, now));
    }

    /**
     * Repairs: the pace while few are sick; while more than 20 % and more than two are, one at once, then one after 10, 20, 40 …
     * 120 minutes: slower, but never stopped.
     */
    static int repairLeft(PoolState pool, int sick, int machines, int running, Instant now) {
        int paced = left(pool, Charge.Kind.REPAIR, running, now);
        if (!isSick(sick, machines)) {
            return paced;
        }
        Optional<Instant> last = pool.charges().stream()
                .filter(charge -> charge.kind() == Charge.Kind.REPAIR)
                .map(charge -> charge.answered().orElse(charge.called()))
                .max(Instant::compareTo);
        int repairs = pool.watch().slowRepairs();
        if (last.isEmpty() || repairs == 0) {
            return Math.min(1, paced);
        }
        Duration wait = Duration.ofMinutes(Math.min(120, 10L << Math.min(4, repairs - 1)));
        return now.isBefore(last.get().plus(wait)) ? 0 : Math.min(1, paced);
    }

    static boolean isSick(int sick, int machines) {
        return sick > 2 && sick * 100 > machines * SICK_PERCENT;
    }

    /** The longest that a charge can matter: slow repairs look back two hours. */
    static final Duration MEMORY = Duration.ofMinutes(130);
}
