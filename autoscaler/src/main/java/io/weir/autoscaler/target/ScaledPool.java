package io.weir.autoscaler.target;

import io.weir.autoscaler.target.Sight.Seen;

/** A pool of some adapter whose size is kept. */
public interface ScaledPool extends AutoCloseable {
    Sight look();

    /** Asks for an absolute size, decided from what was seen. */
    Posted post(int size, Seen basis, String reason);

    @Override
    void close();
}
