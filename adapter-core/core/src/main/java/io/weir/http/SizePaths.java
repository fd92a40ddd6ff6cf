package io.weir.http;

import static io.weir.certs.Role.ADMIN;
import static io.weir.certs.Role.AUTOSCALER;
import static io.weir.certs.Role.MONITOR;
import static io.weir.certs.Role.OPERATOR;
import static io.weir.certs.Role.VIEWER;
import static io.weir.http.Asking.by;

import io.weir.certs.Role;
import io.weir.pool.Desired;
import io.weir.reconcile.Pool;
import io.weir.reconcile.PoolView;
import io.weir.service.caller.Allow;
import io.weir.service.caller.Caller;
import io.weir.service.error.ApiException;
import io.weir.service.error.ErrorCode;
import io.weir.service.json.Body;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The size of one pool. Its ETag is the generation of the wish. */
@Produces(MediaType.APPLICATION_JSON)
public final class SizePaths {
    private final PoolPaths paths;

    SizePaths(PoolPaths paths) {
        this.paths = paths;
    }

    @GET
    @Allow({VIEWER, MONITOR, AUTOSCALER, OPERATOR, ADMIN})
    public Response size() {
        PoolView view = paths.started().view();
        Desired desired = view.desired()
                .orElseThrow(() -> new ApiException(
                        ErrorCode.SIZE_UNKNOWN,
                        "the size of the pool " + view.name() + " is not known yet",
                        "it is settled by the first complete listings, or by a size that is posted"));
        return Response.ok(PoolPaths.known(view, Wire.size(view, desired)))
                .header("ETag", Tags.of(desired.generation()))
                .build();
    }

    @POST
    @Allow({AUTOSCALER, OPERATOR, ADMIN})
    public Response setSize(Body body, @Context Caller caller, @HeaderParam("If-Match") @Nullable String ifMatch) {
        Pool pool = paths.started();
        Asked.Size asked = body.read(Asked.Size.of(pool.view().declared().document()));
        if (asked.hold().isPresent() && caller.role() == Role.AUTOSCALER) {
            throw new ApiException(
                    403,
                    ErrorCode.FORBIDDEN,
                    "holdMinutes",
                    "holdMinutes: the role autoscaler may not hold a size",
                    "");
        }
        OptionalLong expected = Tags.expected(ifMatch);
        Desired desired = Refused.FIVE.unless(
                () -> pool.setDesired(asked.desiredSize(), expected, asked.hold(), asked.reason(), by(caller)));
        return Response.ok().header("ETag", Tags.of(desired.generation())).build();
    }
}
