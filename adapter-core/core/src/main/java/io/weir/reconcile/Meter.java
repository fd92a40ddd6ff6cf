package io.weir.reconcile;

import io.weir.pool.PoolName;
import java.time.Duration;

/** Where the loop tells what it did, for metrics. */
public interface Meter {
    Meter NONE = new Meter() {
        @Override
        public long nanos() {
            return 0;
        }

        @Override
        public void listing(String connection, Duration took, boolean succeeded) {}

        @Override
        public void turned(PoolName pool, String outcome) {}

        @Override
        public void planned(PoolName pool, Duration took) {}

        @Override
        public void acted(PoolName pool, String action, String outcome, int count) {}
    };

    /** The stopwatch that durations are told by; the loop has no clock of its own. */
    long nanos();

    void listing(String connection, Duration took, boolean succeeded);

    /** @param outcome done; blind: the listing failed; store_failed: nothing was done; failed: the pool froze itself */
    void turned(PoolName pool, String outcome);

    void planned(PoolName pool, Duration took);

    /** @param action launch, terminate, mark or find; @param outcome accepted, unknown or the refusal's kind */
    void acted(PoolName pool, String action, String outcome, int count);
}
