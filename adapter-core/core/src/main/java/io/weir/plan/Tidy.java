package io.weir.plan;

import io.weir.pool.Charge;
import io.weir.pool.Launch;
import io.weir.pool.Leftover;
import io.weir.pool.MachineName;
import io.weir.pool.MachineState;
import io.weir.pool.PoolEdit;
import io.weir.pool.PoolState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which leftovers are nobody's.
 *
 * <ol>
 *   <li>One whose machine is a member, or in flight, or given up and still looked for, is not one.
 *   <li>It was a leftover in every look for {@link #PATIENCE}: a launch or an end that is under way needs no longer.
 *   <li>What was made for one machine goes together, as one cleaning up: one machine a minute, inside the cleanup pace.
 *   <li>Behind a closed gate nothing goes.
 * </ol>
 */
public final class Tidy {
    public static final Duration PATIENCE = Duration.ofMinutes(15);

    private Tidy() {}

    /** Those of one machine that may be taken away now, charged to the pace; empty: none. */
    public static List<Leftover> next(PoolEdit pool, Map<Leftover, Instant> since) {
        PoolState state = pool.state();
        if (!state.mayAct() || Budget.cleanupLeft(state, running(state), pool.now()) < 1) {
            return List.of();
        }
        Map<MachineName, List<Leftover>> ripe = new TreeMap<>();
        since.forEach((leftover, from) -> {
            if (!pool.now().isBefore(from.plus(PATIENCE)) && isNobodys(state, leftover.machine())) {
                ripe.computeIfAbsent(leftover.machine(), first -> new ArrayList<>(1))
                        .add(leftover);
            }
        });
        if (ripe.isEmpty()) {
            return List.of();
        }
        Map.Entry<MachineName, List<Leftover>> one = ripe.entrySet().iterator().next();
        pool.charge(
                Launching.charge(Charge.Kind.CLEANUP, one.getKey(), pool.now()).answered(pool.now()));
        return one.getValue();
    }

    private static boolean isNobodys(PoolState pool, MachineName machine) {
        Launch launch = pool.launches().get(machine);
        boolean inFlight = launch != null && launch.phase() != Launch.Phase.ABSENT;
        return !inFlight
                && pool.members().values().stream()
                        .noneMatch(
                                member -> member.name().filter(machine::equals).isPresent());
    }

    private static int running(PoolState pool) {
        return (int) pool.members().values().stream()
                .filter(member -> member.state() == MachineState.RUNNING)
                .count();
    }
}
