package io.weir.service.caller;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/**
 * How much one identity may ask for: {@value #PER_SECOND} requests a second with a burst of {@value #BURST}, and
 * {@value #AT_ONCE} at once. Real time always.
 */
public final class RequestLimits {
    public static final int PER_SECOND = 50;
    public static final int BURST = 200;
    public static final int AT_ONCE = 32;

    private static final int MOST_IDENTITIES = 10_000;
    private static final long NANOS = 1_000_000_000L;

    private final LongSupplier nanos;
    private final ConcurrentMap<String, Allowance> allowances = new ConcurrentHashMap<>();

    /** With a monotonic clock in nanoseconds. */
    public RequestLimits(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Asks to begin a request. Zero: begun, and {@link #end} is due. Else: refused; try again after so many seconds. */
    public int begin(String identity) {
        if (allowances.size() > MOST_IDENTITIES) {
            allowances.values().removeIf(allowance -> allowance.idle(nanos.getAsLong()));
        }
        int[] wait = new int[1];
        allowances.compute(identity, (key, known) -> {
            Allowance allowance = known == null ? new Allowance(nanos.getAsLong()) : known;
            wait[0] = allowance.begin(nanos.getAsLong());
            return allowance;
        });
        return wait[0];
    }

    public void end(String identity) {
        allowances.computeIfPresent(identity, (key, allowance) -> {
            allowance.running--;
            return allowance;
        });
    }

    int known() {
        return allowances.size();
    }

    /** One identity's bucket of requests; touched only inside the map's own locks. */
    private static final class Allowance {
        private double tokens = BURST;
        private long at;
        private int running;

        Allowance(long now) {
            at = now;
        }

        int begin(long now) {
            refill(now);
            if (running >= AT_ONCE) {
                return 1;
            }
            if (tokens < 1) {
                return (int) Math.max(1, Math.ceil((1 - tokens) / PER_SECOND));
            }
            tokens--;
            running++;
            return 0;
        }

        private void refill(long now) {
            tokens = Math.min(BURST, tokens + (now - at) * (double) PER_SECOND / NANOS);
            at = now;
        }

        boolean idle(long now) {
            return running == 0 && now - at > 60 * NANOS;
        }
    }
}
