package io.weir.http;

import io.weir.pool.MembershipStatus;
import io.weir.pool.PoolDocument;
import io.weir.pool.ServiceState;
import io.weir.service.json.Fields;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the bodies of requests ask for. An id is any text here: whether it is a machine's is for the pool to say. */
final class Asked {
    private static final int LONGEST_ID = 255;
    private static final int LONGEST_REASON = 500;
    private static final int LONGEST_HOLD_MINUTES = 7 * 24 * 60;

    private Asked() {}

    record Size(int desiredSize, Optional<String> reason, Optional<Duration> hold) {
        static Function<Fields, Size> of(PoolDocument document) {
            return fields -> {
                int size = fields.requiredInt("desiredSize", document.min(), document.max());
                @Nullable Integer minutes = fields.optionalInt("holdMinutes", 1, LONGEST_HOLD_MINUTES);
                return new Size(
                        size,
                        Optional.ofNullable(fields.optionalString("reason", LONGEST_REASON)),
                        Optional.ofNullable(minutes).map(Duration::ofMinutes));
            };
        }
    }

    /** A machine that is to leave, in the body of version 5.0. */
    record Leaving(String machine, boolean decrement) {
        static Leaving of(Fields fields) {
            return new Leaving(Asked.machine(fields), Asked.decrement(fields));
        }
    }

    record Service(String machine, ServiceState state) {
        static Service of(Fields fields) {
            return new Service(Asked.machine(fields), Asked.serviceState(fields));
        }
    }

    record Membership(String machine, MembershipStatus status) {
        static Membership of(Fields fields) {
            return new Membership(
                    Asked.machine(fields),
                    fields.required(
                            "membershipStatus",
                            status -> new MembershipStatus(
                                    status.requiredBoolean("active"), status.requiredBoolean("evictable"))));
        }
    }

    static String machine(Fields fields) {
        return fields.requiredString("machineId", LONGEST_ID);
    }

    static boolean decrement(Fields fields) {
        return fields.requiredBoolean("decrementDesiredSize");
    }

    static ServiceState serviceState(Fields fields) {
        return fields.requiredChoice("serviceState", ServiceState.class);
    }

    static String reason(Fields fields) {
        return fields.requiredString("reason", LONGEST_REASON);
    }
}
