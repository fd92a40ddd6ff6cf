package io.weir.kit.simulation;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import io.weir.driver.Promises;
import io.weir.pool.PoolDocument;
import io.weir.pool.VictimPolicy;
import io.weir.simulated.Delay;
import io.weir.simulated.Dials;
import java.time.Duration;
import java.util.Optional;

/**
 * What a seed draws before anything happens: the cloud at rest, the pool, the row of the table, and how long faults are injected.
 * Half of the seeds are {@link Row#MIXED}, the others take the rows in turn.
 */
record Scenario(
        long seed,
        Row row,
        Dials cloud,
        Promises promises,
        PoolDocument document,
        Duration quiet,
        Duration busy,
        Duration faults,
        Duration longestBoot) {
    static final int MOST = 30;
    /** How long a machine may be unhealthy. */
    static final Duration PATIENCE = ofMinutes(2);

    static Scenario of(long seed) {
        Row[] rows = Row.values();
        Row row = seed % 2 == 0 ? Row.MIXED : rows[1 + (int) Math.floorMod(seed / 2, rows.length - 1)];
        Chance chance = new Chance(seed);
        boolean tokens = chance.happens(0.6);
        double lag = chance.happens(0.4) ? 0 : chance.between(1.0, 30.0);
        Duration lateness = chance.happens(0.4) ? Duration.ZERO : ofSeconds(chance.between(5, 120));
        double boot = chance.between(1.0, 60.0);
        double tombstone = chance.of(0.0, 0.0, 40.0, 120.0);
        Dials cloud = Dials.DEFAULT.turned(turn -> {
            turn.boot = new Delay.Uniform(boot / 2, boot);
            turn.end = new Delay.Uniform(0.5, chance.between(1.0, 40.0));
            turn.lagSeconds = lag;
            turn.tombstoneSeconds = tombstone;
            turn.tokens = tokens;
        });
        Promises promises = new Promises(
                Duration.ofMillis((long) Math.ceil(lag * 1000)),
                lateness,
                tokens ? Optional.of(Duration.ofHours(24)) : Optional.empty(),
                chance.of(100, 100, 4));
        boolean slow = chance.happens(0.7);
        int size = chance.below(MOST + 1);
        Duration deadline = ofMinutes(chance.between(3, 10));
        PoolDocument document = PoolDocument.of(0, 60, size)
                .withPolicy(chance.of(VictimPolicy.values()), Optional.of(Duration.ofHours(1)))
                .withTimeouts(
                        new PoolDocument.Health(
                                row == Row.SICK || chance.happens(0.5) ? Optional.of(PATIENCE) : Optional.empty(),
                                Optional.empty()),
                        new PoolDocument.Timeouts(
                                deadline, ofMinutes(2), Optional.of(ofMinutes(15)), ofMinutes(15), ofMinutes(10)));
        double much = chance.fraction();
        return new Scenario(
                seed,
                row,
                cloud,
                promises,
                document,
                slow ? ofSeconds(30) : ofSeconds(10),
                slow ? ofSeconds(5) : ofSeconds(2),
                ofMinutes(10 + (int) (50 * much * much * much)),
                ofSeconds((long) Math.ceil(boot)));
    }

    /** How long the pool may take to be exact again: the row's time, and the boot where the row says so. */
    Duration allowed() {
        Duration boot = longestBoot.plus(busy).plus(promises.lag()); // until a listing shows it
        return switch (row) {
            case SCOPE_MISSING -> ofMinutes(4).plus(boot);
            case MOST_MISSING -> ofMinutes(3).plus(boot);
            case DARK -> ofMinutes(17).plus(boot);
            case SIZE_UNKNOWN ->
                promises.lag().plus(promises.lateness()).plus(quiet).plus(boot);
            case LOST_STORE -> ofMinutes(20);
            case SECOND_ADAPTER -> ofMinutes(4).plus(boot);
            case PACE -> ofMinutes(8);
            case SICK -> ofMinutes(30).plus(boot).plus(quiet.multipliedBy(2));
            case BREAKER -> ofMinutes(30).plus(document.timeouts().boot()).plus(boot);
            case ONE_FULL -> ofSeconds(2).plus(boot);
            case ALL_FULL -> ofMinutes(4).plus(boot);
            case CRASHES, THROTTLED -> ofMinutes(8).plus(boot); // the pace of a size that was lowered
            case UNAUTHORIZED -> ofMinutes(1).plus(boot).plus(busy.multipliedBy(2));
            case FROZEN -> quiet.plus(boot);
            case SILENCE -> ofMinutes(6).plus(boot);
            case MIXED -> ofMinutes(80);
        };
    }

    @Override
    public String toString() {
        return "seed " + seed + ", " + row + ": tokens " + cloud.tokens() + ", lag "
                + promises.lag().toMillis() + " ms, late "
                + promises.lateness().toSeconds() + " s, boot " + longestBoot.toSeconds() + " s, boot deadline "
                + document.timeouts().boot().toMinutes() + " min, first size " + document.size() + ", batches of "
                + promises.batchMax() + ", " + document.victimPolicy() + ", tombstones "
                + cloud.tombstoneSeconds() + " s, a turn every " + quiet.toSeconds() + "/" + busy.toSeconds()
                + " s, faults for " + faults.toMinutes() + " min, replaceAfter "
                + document.health().replaceAfter();
    }
}
