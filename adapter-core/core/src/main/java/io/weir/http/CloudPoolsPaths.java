package io.weir.http;

import io.weir.reconcile.Pools;
import io.weir.service.caller.Caller;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Request;

/** The multi-pool form of the ancestors: another name of each pool's base URL. */
@Path("/cloudpools")
public final class CloudPoolsPaths {
    private final Pools pools;
    private final Documents documents;

    public CloudPoolsPaths(Pools pools, Documents documents) {
        this.pools = pools;
        this.documents = documents;
    }

    @Path("{pool}")
    public NamedPool pool(@PathParam("pool") String name, @Context Request request, @Context Caller caller) {
        return PoolsPaths.named(pools, name, documents, request, caller);
    }
}
