package io.weir.plan;

import io.weir.pool.Choice;
import io.weir.pool.Exhaustion;
import io.weir.pool.Launch;
import io.weir.pool.Member;
import io.weir.pool.PoolState;
import io.weir.pool.Template;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where new machines go.
 *
 * <ol>
 *   <li>The first machine type and market of the template that has a choice left; among its zones the one with fewest machines.
 *   <li>A choice is left out while it is exhausted, and while its scope cannot be seen and another can.
 *   <li>When all are exhausted, the one that expires first is tried with one machine every two minutes.
 * </ol>
 */
final class Spread {
    static final Duration ALL_EXHAUSTED_RETRY = Duration.ofMinutes(2);

    private Spread() {}

    /** How many machines go to which choice; together at most {@code count}. */
    static Map<Choice, Integer> choose(PoolState pool, Template template, int count, Instant now) {
        List<Choice> usable = template.choices().stream()
                .filter(choice -> isUsable(pool, choice, now))
                .toList();
        List<Choice> lit = usable.stream()
                .filter(choice -> Census.isLit(pool, choice.scope()))
                .toList();
        List<Choice> candidates = lit.isEmpty() ? usable : lit;
        if (candidates.isEmpty()) {
            return lastResort(pool, template, now)
                    .map(choice -> Map.of(choice, Math.min(1, count)))
                    .orElse(Map.of());
        }
        Choice first = candidates.get(0);
        List<Choice> tier = candidates.stream()
                .filter(choice -> choice.machineType().equals(first.machineType()) && choice.market() == first.market())
                .toList();
        Map<String, Integer> byZone = population(pool);
        Map<Choice, Integer> chosen = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            Choice next = tier.stream()
                    .min(Comparator.comparing(choice -> byZone.getOrDefault(choice.zone(), 0)))
                    .orElseThrow();
            byZone.merge(next.zone(), 1, Integer::sum);
            chosen.merge(next, 1, Integer::sum);
        }
        return chosen;
    }

    private static boolean isUsable(PoolState pool, Choice choice, Instant now) {
        Exhaustion exhaustion = pool.exhausted().get(choice.key());
        return exhaustion == null || !exhaustion.until().isAfter(now);
    }

    private static Optional<Choice> lastResort(PoolState pool, Template template, Instant now) {
        List<Choice> all = new ArrayList<>(template.choices());
        boolean triedLately = all.stream()
                .map(choice -> pool.exhausted().get(choice.key()))
                .anyMatch(exhaustion -> exhaustion != null
                        && exhaustion.lastTry().plus(ALL_EXHAUSTED_RETRY).isAfter(now));
        if (triedLately) {
            return Optional.empty();
        }
        return all.stream().min(Comparator.comparing(choice -> Optional.ofNullable(
                        pool.exhausted().get(choice.key()))
                .map(Exhaustion::until)
                .orElse(Instant.MIN)));
    }

    private static Map<String, Integer> population(PoolState pool) {
        Map<String, Integer> byZone = new HashMap<>();
        for (Member member : pool.members().values()) {
            if (!member.isLeaving()
                    && member.membership().active()
                    && member.ending().isEmpty()) {
                byZone.merge(member.choice().zone(), 1, Integer::sum);
            }
        }
        for (Launch launch : pool.launches().values()) {
            if (launch.holdsSlot() && !launch.cancelled()) {
                byZone.merge(Planner.batchOf(pool, launch.batch()).choice().zone(), 1, Integer::sum);
            }
        }
        return byZone;
    }
}
