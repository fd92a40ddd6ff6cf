package io.weir.service.caller;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/** Holds each identity to its {@link Rates}. Real time always. */
public final class RequestLimits {
    /** How much one identity may ask for: requests a second, with a burst, and so many at once. */
    public record Rates(int perSecond, int burst, int atOnce) {
        public static final Rates USUAL = new Rates(50, 200, 32);

        public Rates {
            if (perSecond < 1 || burst < 1 || atOnce < 1) {
                throw new IllegalArgumentException("a rate is at least 1");
            }
        }
    }

    private static final int MOST_IDENTITIES = 10_000;
    private static final long NANOS = 1_000_000_000L;

    private final Rates rates;
    private final LongSupplier nanos;
    private final ConcurrentMap<String, Allowance> allowances = new ConcurrentHashMap<>();

    /** With a monotonic clock in nanoseconds. */
    public RequestLimits(Rates rates, LongSupplier nanos) {
        this.rates = rates;
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
    private final class Allowance {
        private double tokens = rates.burst();
        private long at;
        private int running;

        Allowance(long now) {
            at = now;
        }

        int begin(long now) {
            refill(now);
            if (running >= rates.atOnce()) {
                return 1;
            }
            if (tokens < 1) {
                return (int) Math.max(1, Math.ceil((1 - tokens) / rates.perSecond()));
            }
            tokens--;
            running++;
            return 0;
        }

        private void refill(long now) {
            tokens = Math.min(rates.burst(), tokens + (now - at) * (double) rates.perSecond() / NANOS);
            at = now;
        }

        boolean idle(long now) {
            return running == 0 && now - at > 60 * NANOS;
        }
    }
}
