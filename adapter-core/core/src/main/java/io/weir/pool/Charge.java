package io.weir.pool;

import java.time.Instant;
import java.util.Optional;

/** One use of a pace: held from the call until it is answered, then for one window more. */
public record Charge(Kind kind, String machine, Instant called, Optional<Instant> answered) {
    public enum Kind {
        WISH,
        REPAIR,
        CLEANUP,
        LAUNCH
    }

    public Charge answered(Instant now) {
        return answered.isPresent() ? this : new Charge(kind, machine, called, Optional.of(now));
    }
}
