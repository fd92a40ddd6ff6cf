package io.weir.openstack.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Something that happens to calls on their way.
 *
 * @param calls which: a regular expression over their kind, as {@code POST compute/servers}
 * @param p the chance for each of them
 * @param skip how many of them are spared first
 * @param count how many of them at most; below 0: all
 * @param status of a refusal
 * @param retryAfter a refusal's {@code Retry-After} in seconds; null: none
 * @param seconds how much later a late call is carried out, or between two bytes of a slow answer
 */
public record WireFault(
        String calls,
        Kind kind,
        double p,
        int skip,
        int count,
        int status,
        @Nullable Integer retryAfter,
        double seconds) {
    public static final int ALL = -1;

    /** What happens. */
    public enum Kind {
        /** It never arrived. */
        LOST_REQUEST,
        /** It was carried out, and the answer never arrived. */
        LOST_ANSWER,
        /** There is no answer, and it is carried out later. */
        LATE_CALL,
        /** There is no answer, and it is carried out when the same is asked for again, just before that. */
        UNTIL_REPEATED,
        /** Somebody on the way sent it twice. */
        DUPLICATE,
        /** The service refuses in its own form. */
        REFUSED,
        /** Something in front of the service refuses, in HTML. */
        PROXY,
        /** Half of the answer arrives. */
        TRUNCATED,
        SLOW,
        /** {@code {}} arrives. */
        EMPTY
    }

    public static WireFault of(String calls, Kind kind, int count) {
        return new WireFault(calls, kind, 1, 0, count, 0, null, 0);
    }

    public static WireFault refused(String calls, Kind kind, int count, int status, @Nullable Integer retryAfter) {
        return new WireFault(calls, kind, 1, 0, count, status, retryAfter, 0);
    }

    public static WireFault late(String calls, int count, double seconds) {
        return new WireFault(calls, Kind.LATE_CALL, 1, 0, count, 0, null, seconds);
    }

    public WireFault after(int spared) {
        return new WireFault(calls, kind, p, spared, count, status, retryAfter, seconds);
    }

    /** The faults in force, with what is left of each. */
    static final class InForce {
        private final List<Entry> entries = new ArrayList<>();

        private static final class Entry {
            final WireFault fault;
            final Pattern calls;
            int spared;
            int left;

            Entry(WireFault fault) {
                this.fault = fault;
                calls = Pattern.compile(fault.calls());
                spared = fault.skip();
                left = fault.count();
            }
        }

        void add(WireFault fault) {
            entries.add(new Entry(fault));
        }

        void clear() {
            entries.clear();
        }

        Optional<WireFault> strike(String call, io.weir.simulated.Dice dice) {
            for (Entry entry : entries) {
                if (entry.left == 0 || !entry.calls.matcher(call).matches()) {
                    continue;
                }
                if (entry.spared > 0) {
                    entry.spared--;
                } else if (dice.happens(entry.fault.p())) {
                    entry.left--;
                    return Optional.of(entry.fault);
                }
            }
            return Optional.empty();
        }
    }
}
