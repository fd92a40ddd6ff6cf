package io.weir.http;

import static io.weir.certs.Role.ADMIN;
import static io.weir.certs.Role.AUTOSCALER;
import static io.weir.certs.Role.MONITOR;
import static io.weir.certs.Role.OPERATOR;
import static io.weir.certs.Role.VIEWER;

import io.weir.api.PoolEntry;
import io.weir.api.PoolList;
import io.weir.pool.PoolName;
import io.weir.reconcile.Pools;
import io.weir.service.caller.Allow;
import io.weir.service.caller.Caller;
import io.weir.service.error.ApiException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import java.util.Comparator;

/** All pools, and the way to each. */
@Path("/pools")
@Produces(MediaType.APPLICATION_JSON)
public final class PoolsPaths {
    private final Pools pools;
    private final Documents documents;

    public PoolsPaths(Pools pools, Documents documents) {
        this.pools = pools;
        this.documents = documents;
    }

    @GET
    @Allow({VIEWER, MONITOR, AUTOSCALER, OPERATOR, ADMIN})
    public PoolList all() {
        return new PoolList(pools.all().stream()
                .map(pool -> Wire.entry(pool.view()))
                .sorted(Comparator.comparing(PoolEntry::name))
                .toList());
    }

    @Path("{pool}")
    public NamedPool pool(@PathParam("pool") String name, @Context Request request, @Context Caller caller) {
        return named(pools, name, documents, request, caller);
    }

    static NamedPool named(Pools pools, String name, Documents documents, Request request, Caller caller) {
        if (PoolName.isLegal(name)) {
            return new NamedPool(pools, new PoolName(name), documents);
        }
        if (request.getMethod().equals("PUT") && caller.role() == ADMIN) {
            throw ApiException.invalid(
                    "name", "name: a pool's name is 1 to 30 of a-z, 0-9 and -, a letter first, no dash at the end");
        }
        throw ApiException.notFound("there is no such pool");
    }
}
