package io.weir.http;

import io.weir.reconcile.Connections;
import io.weir.reconcile.Pools;
import java.util.List;

/** Everything that the adapter's HTTPS port answers, to be handed to the service that serves it. */
public final class Door {
    private Door() {}

    public static List<Object> resources(Pools pools, Connections connections, Documents documents) {
        return List.of(
                new DefaultPool(pools, documents),
                new PoolsPaths(pools, documents),
                new CloudPoolsPaths(pools, documents),
                new FleetPaths(pools),
                new ConnectionsPaths(connections));
    }
}
