package io.weir.autoscaler.target;

import io.weir.autoscaler.target.Sight.Seen;
import io.weir.autoscaler.target.Sight.Unseen;
import java.net.URI;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A pool whose adapter may come back at another address: it is asked for before each look. */
public final class FollowedPool implements ScaledPool {
    private final Supplier<Optional<URI>> where;
    private final Function<URI, ScaledPool> dial;
    private @Nullable URI dialled;
    private @Nullable ScaledPool pool;

    public FollowedPool(Supplier<Optional<URI>> where, Function<URI, ScaledPool> dial) {
        this.where = where;
        this.dial = dial;
    }

    @Override
    public synchronized Sight look() {
        Optional<URI> now = where.get();
        if (now.isEmpty()) {
            return new Unseen("there is no adapter yet");
        }
        ScaledPool known = pool;
        if (known == null || !now.get().equals(dialled)) {
            close();
            known = dial.apply(now.get());
            pool = known;
            dialled = now.get();
        }
        return known.look();
    }

    @Override
    public synchronized Posted post(int size, Seen basis, String reason) {
        return pool == null ? new Posted.Lost("there is no adapter yet") : pool.post(size, basis, reason);
    }

    @Override
    public synchronized void close() {
        if (pool != null) {
            pool.close();
            pool = null;
        }
    }
}
