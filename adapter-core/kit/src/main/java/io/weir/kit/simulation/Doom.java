package io.weir.kit.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** When and where the process will die. */
final class Doom {
    private record Planned(Instant from, CrashPoint point) {}

    private final VirtualClock clock;
    private final Tally tally;
    private final List<Planned> planned = new ArrayList<>();

    Doom(VirtualClock clock, Tally tally) {
        this.clock = clock;
        this.tally = tally;
    }

    /** The first time from then on that the process passes this point, it dies. */
    void plan(Instant from, CrashPoint point) {
        planned.add(new Planned(from, point));
    }

    /** Nobody dies any more. */
    void lift() {
        planned.clear();
    }

    void pass(CrashPoint point) {
        for (int i = 0; i < planned.size(); i++) {
            Planned one = planned.get(i);
            if (one.point == point && !one.from.isAfter(clock.instant())) {
                planned.remove(i);
                tally.crash(point);
                throw new Crash(point);
            }
        }
    }
}
