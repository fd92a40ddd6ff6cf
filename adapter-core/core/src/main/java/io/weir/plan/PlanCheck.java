package io.weir.plan;

import io.weir.pool.Ledger;
import io.weir.pool.MachineId;
import io.weir.pool.Member;
import io.weir.pool.PoolState;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A second look at a plan, counted in another way than the planner counts (G20). What it finds is a contradiction inside:
 * the pool is frozen, and the plan is not carried out.
 */
public final class PlanCheck {
    private PlanCheck() {}

    /** Empty: the plan may be carried out. */
    public static Optional<String> objection(PoolState pool, Plan plan, Instant now) {
        int desired = pool.desired().map(wish -> wish.size()).orElse(0);
        long open = pool.launches().values().stream()
                .filter(launch -> launch.holdsSlot())
                .count();
        long dropped = plan.all(Action.Cancel.class).stream()
                .flatMap(cancel -> cancel.names().stream())
                .filter(name -> Optional.ofNullable(pool.launches().get(name))
                        .filter(launch -> launch.phase() == io.weir.pool.Launch.Phase.PLANNED)
                        .isPresent())
                .count();
        long activeAlive = pool.members().values().stream()
                .filter(member -> member.membership().active() && !member.isLeaving() && !member.isRemains())
                .count();
        int launched = plan.all(Action.Launch.class).stream()
                .mapToInt(launch -> launch.batch().names().size())
                .sum();
        if (launched > 0 && activeAlive + open - dropped + launched > desired) {
            return Optional.of("the plan launches " + launched + " though " + activeAlive + " may be alive and " + open
                    + " are being launched, for a wish of " + desired);
        }
        Set<MachineId> ended = new HashSet<>();
        int forTheWish = 0;
        for (Action.End end : plan.all(Action.End.class)) {
            Member member = pool.members().get(end.id());
            if (member == null || !ended.add(end.id())) {
                return Optional.of("the plan ends " + end.id() + ", which is no member, or twice");
            }
            if (!member.membership().evictable()) {
                return Optional.of("the plan ends " + end.id() + ", which must not be terminated");
            }
            if (end.ledger() == Ledger.WISH || end.ledger() == Ledger.CANCEL) {
                forTheWish++;
            }
        }
        int staying = Census.of(pool, false, now).staying().size();
        if (forTheWish > 0 && staying - forTheWish < desired) {
            return Optional.of("the plan ends " + forTheWish + " of " + staying + " machines for a wish of " + desired);
        }
        return Optional.empty();
    }
}
