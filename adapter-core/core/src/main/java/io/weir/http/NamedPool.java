package io.weir.http;

import static io.weir.certs.Role.ADMIN;
import static io.weir.http.Asking.by;

import io.weir.pool.PoolDocument;
import io.weir.pool.PoolName;
import io.weir.reconcile.Pools;
import io.weir.service.caller.Allow;
import io.weir.service.caller.Caller;
import io.weir.service.error.ApiException;
import io.weir.service.error.ErrorCode;
import io.weir.service.json.Body;
import io.weir.service.json.BodyLimit;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A pool at {@code /pools/{name}} or {@code /cloudpools/{name}}: made, replaced and removed here. */
public final class NamedPool extends PoolPaths {
    NamedPool(Pools pools, PoolName name, Documents documents) {
        super(pools, name, documents);
    }

    @Override
    ApiException missing() {
        return ApiException.notFound("there is no pool " + name);
    }

    @PUT
    @BodyLimit(BodyLimit.POOL_DOCUMENT)
    @Allow(ADMIN)
    public Response put(
            Body body,
            @Context Caller caller,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            @HeaderParam("If-None-Match") @Nullable String ifNoneMatch) {
        PoolDocument document = body.read(documents::read);
        boolean onlyIfAbsent = Tags.onlyIfAbsent(ifNoneMatch);
        OptionalLong expected = Tags.expected(ifMatch);
        if (ifMatch != null && pools.find(name).isEmpty()) {
            throw new ApiException(
                    ErrorCode.PRECONDITION_FAILED, "there is no pool " + name + " that If-Match could match");
        }
        Pools.Put put = Refused.FIVE.unless(() -> pools.put(name, document, expected, onlyIfAbsent, by(caller)));
        Response.ResponseBuilder answer = put.created() ? Response.created(URI.create(Wire.base(name))) : Response.ok();
        return answer.header("ETag", Tags.of(put.revision())).build();
    }

    @DELETE
    @Allow(ADMIN)
    public Response delete(
            @QueryParam("machines") @Nullable String machines,
            @Context Caller caller,
            @HeaderParam("If-Match") @Nullable String ifMatch) {
        Pools.Removal removal = removal(machines);
        OptionalLong expected = Tags.expected(ifMatch);
        long revision = any().view().declared().revision();
        if (expected.isPresent() && expected.getAsLong() != revision) {
            throw new ApiException(ErrorCode.PRECONDITION_FAILED, "the document has the revision " + revision);
        }
        return done(() -> pools.delete(name, removal, by(caller)));
    }

    private static Pools.Removal removal(@Nullable String machines) {
        return switch (machines) {
            case null -> Pools.Removal.ONLY_IF_EMPTY;
            case "terminate" -> Pools.Removal.TERMINATE;
            case "release" -> Pools.Removal.RELEASE;
            default -> throw ApiException.invalid("machines", "machines: must be terminate or release");
        };
    }
}
