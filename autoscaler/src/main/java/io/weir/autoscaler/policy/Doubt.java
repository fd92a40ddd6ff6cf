package io.weir.autoscaler.policy;

import java.util.Locale;

/** What a policy does with a sample of which a part is missing. A sample without a number always holds. */
public enum Doubt {
    /** Nothing: the pool stays at least as it is. */
    HOLD,
    /** The part that is there may raise the pool, never lower it. */
    UP_ONLY;

    /** As a configuration writes it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
