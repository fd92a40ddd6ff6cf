package io.weir.openstack.nova;

import io.weir.pool.Marks;
import io.weir.pool.MembershipStatus;
import io.weir.pool.PoolName;
import io.weir.pool.ServiceState;
import io.weir.pool.StoreId;
import java.util.Map;
import java.util.Optional;

/**
 * Pools of an elastisys cloud pool that are taken over. Its servers carry {@code elastisys:cloudPool}, and some of them
 * {@code elastisys:serviceState} and {@code elastisys:membershipStatus}.
 *
 * <p>They show as members of another store, one that never beats: so they are seen and nothing is done, until somebody adopts that
 * store or the pool's {@code adoptAfter} is over. Adopted machines get our marks, and elastisys' stay where they are.
 *
 * @param pools by the names that elastisys knows them by
 */
record Elastisys(Map<String, PoolName> pools) {
    static final StoreId STORE = new StoreId("elastisy");

    private static final String POOL = "elastisys:cloudPool";
    private static final String SERVICE = "elastisys:serviceState";
    private static final String MEMBERSHIP = "elastisys:membershipStatus";

    Elastisys {
        pools = Map.copyOf(pools);
    }

    Optional<Marks> marks(Map<String, String> metadata) {
        String name = metadata.get(POOL);
        PoolName pool = name == null ? null : pools.get(name);
        return pool == null
                ? Optional.empty()
                : Optional.of(new Marks(
                        Optional.of(pool),
                        STORE,
                        0,
                        service(metadata.getOrDefault(SERVICE, "")),
                        membership(metadata.getOrDefault(MEMBERSHIP, "")),
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
