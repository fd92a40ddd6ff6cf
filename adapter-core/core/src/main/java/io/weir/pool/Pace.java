package io.weir.pool;

import static java.time.Duration.ofMinutes;

/** How fast a pool may act (G5). No document lifts the ceilings. */
public record Pace(Rate wish, Rate repair, Rate cleanup, Rate launch) {
    public static final Rate WISH_CEILING = new Rate(20, 50, ofMinutes(1));
    public static final Rate REPAIR_CEILING = new Rate(5, 25, ofMinutes(10));
    public static final Rate CLEANUP_CEILING = new Rate(3, 10, ofMinutes(10));
    public static final Pace DEFAULT = new Pace(
            new Rate(5, 25, ofMinutes(1)),
            new Rate(1, 10, ofMinutes(10)),
            new Rate(1, 10, ofMinutes(10)),
            new Rate(10, 100, ofMinutes(1)));

    public Pace {
        require("pace.wish", wish, WISH_CEILING);
        require("pace.repair", repair, REPAIR_CEILING);
        require("pace.cleanup", cleanup, CLEANUP_CEILING);
    }

    private static void require(String field, Rate rate, Rate ceiling) {
        if (!rate.isWithin(ceiling)) {
            throw new IllegalArgumentException(field + " is above the ceiling of " + ceiling.count() + " or "
                    + ceiling.percent() + " % in " + ceiling.window());
        }
    }
}
