package io.weir.http;

import static io.weir.certs.Role.ADMIN;
import static io.weir.certs.Role.AUTOSCALER;
import static io.weir.certs.Role.MONITOR;
import static io.weir.certs.Role.OPERATOR;
import static io.weir.certs.Role.VIEWER;

import io.weir.api.ConnectionEntry;
import io.weir.api.ConnectionList;
import io.weir.reconcile.Connections;
import io.weir.service.caller.Allow;
import io.weir.service.caller.Caller;
import io.weir.service.error.ApiException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** The connections to the cloud: whether they work, and how to make one forget what it remembers of the cloud. */
@Path("/connections")
@Produces(MediaType.APPLICATION_JSON)
public final class ConnectionsPaths {
    private final Connections connections;

    public ConnectionsPaths(Connections connections) {
        this.connections = connections;
    }

    @GET
    @Allow({VIEWER, MONITOR, AUTOSCALER, OPERATOR, ADMIN})
    public ConnectionList all() {
        return new ConnectionList(
                connections.connections().stream().map(Wire::connection).toList());
    }

    @GET
    @Path("{connection}")
    @Allow({VIEWER, MONITOR, AUTOSCALER, OPERATOR, ADMIN})
    public ConnectionEntry one(@PathParam("connection") String name) {
        return connections.connections().stream()
                .filter(connection -> connection.name().equals(name))
                .findFirst()
                .map(Wire::connection)
                .orElseThrow(() -> ApiException.notFound("there is no such connection"));
    }

    @POST
    @Path("{connection}/refresh")
    @Allow({OPERATOR, ADMIN})
    public Response refresh(@PathParam("connection") String name, @Context Caller caller) {
        return PoolPaths.done(() -> connections.refresh(name, Asking.by(caller)));
    }
}
