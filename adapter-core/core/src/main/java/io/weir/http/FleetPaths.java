package io.weir.http;

import static io.weir.certs.Role.ADMIN;
import static io.weir.certs.Role.OPERATOR;

import io.weir.reconcile.Pools;
import io.weir.service.caller.Allow;
import io.weir.service.caller.Caller;
import io.weir.service.json.Body;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** The one switch that stops every effect of every pool, and lets them act again. */
@Path("/fleet")
@Produces(MediaType.APPLICATION_JSON)
public final class FleetPaths {
    private final Pools pools;

    public FleetPaths(Pools pools) {
        this.pools = pools;
    }

    @POST
    @Path("freeze")
    @Allow({OPERATOR, ADMIN})
    public Response freeze(Body body, @Context Caller caller) {
        String reason = body.read(Asked::reason);
        return PoolPaths.done(() -> pools.freezeAll(reason, Asking.by(caller)));
    }

    @POST
    @Path("unfreeze")
    @Allow({OPERATOR, ADMIN})
    public Response unfreeze(Body body, @Context Caller caller) {
        String reason = body.read(Asked::reason);
        return PoolPaths.done(() -> pools.unfreezeAll(reason, Asking.by(caller)));
    }
}
