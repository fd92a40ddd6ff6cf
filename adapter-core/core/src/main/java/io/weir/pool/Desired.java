package io.weir.pool;

import java.time.Instant;
import java.util.Optional;

/** The size somebody wished for. A later wish has a higher generation; wishing the same size again is not a new wish. */
public record Desired(int size, long generation, String by, Instant at, Optional<String> reason) {
    public Desired {
        if (size < 0) {
            throw new IllegalArgumentException("size " + size + " is negative");
        }
    }

    public Desired wish(int newSize, String caller, Instant now, Optional<String> why) {
        return newSize == size ? this : new Desired(newSize, generation + 1, caller, now, why);
    }
}
