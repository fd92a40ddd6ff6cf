package io.weir.reconcile;

import io.weir.driver.CloudException;
import io.weir.driver.Leftovers;
import io.weir.plan.Tidy;
import io.weir.pool.Leftover;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Looks for leftovers of a pool now and then, remembers since when each is one, and takes away what is nobody's. */
final class Tidying {
    private static final Duration EVERY = Duration.ofMinutes(5);

    private final PoolCell cell;
    private final Leftovers leftovers;
    private final Map<Leftover, Instant> since = new TreeMap<>(Comparator.comparing(Leftover::id));
    private Instant looked = Instant.EPOCH;

    Tidying(PoolCell cell, Leftovers leftovers) {
        this.cell = cell;
        this.leftovers = leftovers;
    }

    /** After a turn whose listing was good. */
    void turn(Instant now) {
        if (!now.isBefore(looked.plus(EVERY))) {
            looked = now;
            look(now);
        }
        takeAway();
    }

    private void look(Instant now) {
        try {
            List<Leftover> seen = leftovers.list(Set.of(cell.state().name()));
            since.keySet().retainAll(seen);
            seen.forEach(leftover -> since.putIfAbsent(leftover, now));
        } catch (CloudException noAnswer) {
            since.clear(); // a look that failed is no witness
        }
    }

    private void takeAway() {
        if (since.isEmpty()) {
            return;
        }
        for (Leftover leftover : cell.change(edit -> Tidy.next(edit, since))) {
            since.remove(leftover);
            String what = leftover.id() + ", made for " + leftover.machine();
            try {
                leftovers.takeAway(leftover);
                tell("leftover.taken-away", what + ", served no machine", leftover);
            } catch (CloudException refused) {
                tell("leftover.stays", what + ": " + refused.kind() + ", " + refused.getMessage(), leftover);
            }
        }
    }

    private void tell(String kind, String text, Leftover leftover) {
        cell.change(edit -> {
            edit.tell(kind, text, leftover.machine());
            return true;
        });
    }
}
