package io.weir.plan;

import io.weir.pool.Charge;
import io.weir.pool.PoolState;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** What each pace lets through now, for people. */
public final class Allowances {
    private Allowances() {}

    public static Map<String, Integer> left(PoolState pool, Instant now) {
        Census census = Census.of(pool, false, now);
        int desired = pool.desired().map(wish -> wish.size()).orElse(0);
        Map<String, Integer> left = new TreeMap<>();
        left.put("wish", Budget.left(pool, Charge.Kind.WISH, census.running(), now));
        left.put(
                "repair",
                Budget.repairLeft(pool, Planner.sick(pool, now).size(), Planner.members(pool), census.running(), now));
        left.put("cleanup", Budget.cleanupLeft(pool, census.running(), now));
        left.put("launch", Budget.left(pool, Charge.Kind.LAUNCH, desired, now));
        return left;
    }
}
