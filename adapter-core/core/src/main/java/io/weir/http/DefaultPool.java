package io.weir.http;

import io.weir.api.PoolStatus;
import io.weir.pool.PoolDocument;
import io.weir.reconcile.Pools;
import io.weir.service.caller.Caller;
import io.weir.service.error.ApiException;
import io.weir.service.error.ErrorCode;
import jakarta.ws.rs.Path;
import java.util.OptionalLong;

/**
 * The pool {@code default} at the root. While there is none the root is a pool without a configuration, as version 5.0 knows it:
 * {@code /status} says so, {@code POST /config} makes it (stopped, because that call never changes whether a pool is started),
 * {@code GET /config} is 404, and everything else is 400.
 */
@Path("/")
public final class DefaultPool extends PoolPaths {
    public DefaultPool(Pools pools, Documents documents) {
        super(pools, Pools.DEFAULT, documents);
    }

    @Override
    ApiException missing() {
        return new ApiException(
                ErrorCode.STOPPED, "there is no pool here yet", "POST /config with a pool document makes it");
    }

    @Override
    PoolStatus statusNow() {
        return pools.find(name)
                .map(pool -> new PoolStatus(pool.view().started(), true))
                .orElse(new PoolStatus(false, false));
    }

    @Override
    long configure(PoolDocument document, OptionalLong expected, Caller caller) {
        if (pools.find(name).isPresent()) {
            return super.configure(document, expected, caller);
        }
        if (expected.isPresent()) {
            throw new ApiException(ErrorCode.PRECONDITION_FAILED, "there is no pool here that If-Match could match");
        }
        return pools.putStopped(name, document, Asking.by(caller)).revision();
    }
}
