package io.weir.plan;

import io.weir.pool.Breaker;
import io.weir.pool.Choice;
import io.weir.pool.Exhaustion;
import io.weir.pool.FailureKind;
import io.weir.pool.MachineName;
import io.weir.pool.PoolEdit;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What failed launches do to later ones (G6).
 *
 * <ol>
 *   <li>Any failed launch exhausts its choice for a while: 3 minutes, doubling to 30, with a jitter that is a function of the
 *       choice. An acceptance clears it.
 *   <li>Three launches in a row, or a fifth of a batch of 15 or more, that never became useful for a reason that is ours open
 *       the breaker. Our own terminations are no failures.
 *   <li>An open breaker lets one probe through after 1, 2, 4 … 30 minutes. A probe that becomes useful closes it.
 * </ol>
 */
public final class Failures {
    private static final int IN_A_ROW = 3;
    private static final int LARGE_BATCH = 15;

    private Failures() {}

    /** The cloud refused one launch for good. */
    static void refused(PoolEdit pool, Choice choice, MachineName name, FailureKind kind, String text) {
        exhaust(pool, choice, kind, text);
        if (kind == FailureKind.INVALID_TEMPLATE) {
            useless(pool, choice, Optional.of(name), "refused as invalid: " + text);
        } else if (pool.breaker.probe().filter(name::equals).isPresent()) {
            // The probe says nothing of what it was sent to find out: the next one may go at once, elsewhere.
            Breaker now = pool.breaker;
            pool.breaker = new Breaker(
                    now.failures(),
                    now.open(),
                    Optional.of(pool.now()),
                    now.probes(),
                    Optional.empty(),
                    now.text(),
                    now.byBatch());
        }
    }

    /** A launched machine never became useful: it never ran, died young or is of an invalid template. */
    static void useless(PoolEdit pool, Choice choice, Optional<MachineName> name, String text) {
        if (!pool.exhausted.has(choice.key())) {
            exhaust(pool, choice, FailureKind.INVALID_TEMPLATE, text);
        }
        Breaker before = pool.breaker;
        var byBatch = new java.util.TreeMap<>(before.byBatch());
        String batch = name.map(Names::batchOf).orElse("");
        byBatch.merge(batch, 1, Integer::sum);
        while (byBatch.size() > 20) {
            byBatch.remove(byBatch.firstKey());
        }
        int failures = before.failures() + 1;
        boolean probed = name.isPresent() && before.probe().equals(name);
        if (before.isOpen()) {
            int probes = probed ? before.probes() + 1 : before.probes();
            Optional<Instant> next = probed ? Optional.of(pool.now().plus(probeAfter(probes))) : before.nextProbe();
            pool.breaker = new Breaker(
                    failures, before.open(), next, probes, probed ? Optional.empty() : before.probe(), text, byBatch);
            return;
        }
        boolean opens = failures >= IN_A_ROW || isFifthOfLarge(pool, batch, byBatch.getOrDefault(batch, 0));
        pool.breaker = new Breaker(
                failures,
                opens ? Optional.of(pool.now()) : Optional.empty(),
                opens ? Optional.of(pool.now().plus(probeAfter(0))) : Optional.empty(),
                0,
                Optional.empty(),
                text,
                byBatch);
        if (opens) {
            pool.tell(
                    "breaker.opened",
                    "no more launches: " + failures + " in a row never became useful, the last one " + text
                            + "; one is tried in " + probeAfter(0).toMinutes() + " min");
        }
    }

    /** A launched machine ran long enough to be called useful. */
    static void useful(PoolEdit pool) {
        if (pool.breaker.isOpen()) {
            pool.tell("breaker.closed", "launches go on: a machine became useful");
        }
        if (!pool.breaker.equals(Breaker.CLOSED)) {
            pool.breaker = Breaker.CLOSED;
        }
    }

    static void accepted(PoolEdit pool, Choice choice) {
        pool.exhausted.remove(choice.key());
    }

    private static void exhaust(PoolEdit pool, Choice choice, FailureKind kind, String text) {
        Optional<Exhaustion> before = pool.exhausted.get(choice.key());
        if (before.filter(old -> old.lastTry().equals(pool.now())).isPresent()) {
            return; // one call with many names is one failure
        }
        int failures = before.map(Exhaustion::failures).orElse(0) + 1;
        Instant until = pool.now().plus(backOff(choice.key(), failures));
        pool.exhausted.put(choice.key(), new Exhaustion(until, failures, kind, text, pool.now()));
        pool.tell("choice.exhausted", choice.key() + " is left out until " + until + ": " + kind + ", " + text);
    }

    static Duration backOff(Choice.Key key, int failures) {
        long base = Math.min(30 * 60, 3 * 60L << Math.min(4, failures - 1));
        long jitter = Math.floorMod((key.toString() + failures).hashCode() * 2654435761L >>> 7, base / 5 + 1);
        return Duration.ofSeconds(base - base / 10 + jitter);
    }

    static Duration probeAfter(int probes) {
        return Duration.ofMinutes(Math.min(30, 1L << Math.min(5, probes)));
    }

    private static boolean isFifthOfLarge(PoolEdit pool, String batch, int failed) {
        int size = pool.batches.value().values().stream()
                .filter(row -> row.id().value().equals(batch))
                .mapToInt(row -> row.names().size())
                .findFirst()
                .orElse(0);
        return size >= LARGE_BATCH && failed * 5 >= size;
    }
}
