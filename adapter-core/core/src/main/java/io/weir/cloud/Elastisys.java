package io.weir.cloud;

import io.weir.pool.Marks;
import io.weir.pool.MembershipStatus;
import io.weir.pool.PoolName;
import io.weir.pool.ServiceState;
import io.weir.pool.StoreId;
import io.weir.service.json.Fields;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Pools of an elastisys cloud pool that are taken over. Its machines carry the tag {@code elastisys:cloudPool}, and some of them
 * {@code elastisys:serviceState} and {@code elastisys:membershipStatus}.
 *
 * <p>They show as members of another store, one that never beats: so they are seen and nothing is done, until somebody adopts that
 * store or the pool's {@code adoptAfter} is over. Adopted machines get our marks, and elastisys' stay where they are.
 *
 * @param pools by the names that elastisys knows them by
 */
public record Elastisys(Map<String, PoolName> pools) {
    public static final Elastisys NONE = new Elastisys(Map.of());
    public static final StoreId STORE = new StoreId("elastisy");
    public static final String POOL = "elastisys:cloudPool";

    private static final String SERVICE = "elastisys:serviceState";
    private static final String MEMBERSHIP = "elastisys:membershipStatus";
    private static final int MOST_POOLS = 1000;
    private static final int LONGEST = 4096;

    public Elastisys {
        pools = Map.copyOf(pools);
    }

    /** The field {@code takeOver} of a connection: pool of ours → the name that elastisys knows it by. */
    public static Elastisys read(Fields connection) {
        Map<String, PoolName> pools = new TreeMap<>();
        connection.stringMap("takeOver", MOST_POOLS, LONGEST).forEach((pool, theirs) -> {
            if (!PoolName.isLegal(pool)) {
                connection.problem("takeOver." + pool, "is no pool name of ours");
            } else if (pools.put(theirs, new PoolName(pool)) != null) {
                connection.problem("takeOver." + pool, "takes over \"" + theirs + "\", and so does another pool");
            }
        });
        return new Elastisys(pools);
    }

    /** What a machine's tags come to; empty: it is of none of these pools, or has marks of ours, which count alone. */
    public Optional<Marks> marks(Map<String, String> tags) {
        String name = tags.get(POOL);
        PoolName pool = name == null ? null : pools.get(name);
        return pool == null || tags.containsKey(Marks.POOL_TAG) || tags.containsKey(Marks.MARKS_TAG)
                ? Optional.empty()
                : Optional.of(new Marks(
                        Optional.of(pool),
                        STORE,
                        0,
                        service(tags.getOrDefault(SERVICE, "")),
                        membership(tags.getOrDefault(MEMBERSHIP, "")),
                        Optional.empty()));
    }

    private static ServiceState service(String word) {
        for (ServiceState state : ServiceState.values()) {
            if (state.name().equals(word)) {
                return state;
            }
        }
        return ServiceState.UNKNOWN;
    }

    /** {@code {"active":true,"evictable":false}}. */
    private static MembershipStatus membership(String json) {
        String bare = json.replaceAll("\\s", "");
        return new MembershipStatus(!bare.contains("\"active\":false"), !bare.contains("\"evictable\":false"));
    }
}
