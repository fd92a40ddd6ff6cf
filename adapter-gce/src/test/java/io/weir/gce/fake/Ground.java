package io.weir.gce.fake;

import io.weir.gce.fake.Change.Failure;
import io.weir.gce.fake.Change.Op;
import io.weir.simulated.Dice;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** What all methods stand on: what is there, how it behaves, chance, and what has happened. */
final class Ground {
    final Dice dice;
    final Ledger ledger;
    ExampleProject project;
    GceDials dials;
    /** Who calls just now. */
    String caller = "nobody";

    Ground(ExampleProject project, GceDials dials, Dice dice, Ledger ledger) {
        this.project = project;
        this.dials = dials;
        this.dice = dice;
        this.ledger = ledger;
    }

    String newId() {
        return Long.toUnsignedString(dice.nextLong());
    }

    /** The moment as of which something is shown that may lag so much. */
    long stale(long now, double lagSeconds) {
        return lagSeconds == 0 ? now : now - dice.millisUpTo(lagSeconds);
    }

    static long millis(double seconds) {
        return (long) (seconds * 1000);
    }

    /** A new operation that has just been accepted, without an end. */
    Op operation(String type, @Nullable String zone, String target, @Nullable String targetId, long now) {
        String hex = HexFormat.of().toHexDigits(dice.nextLong());
        return new Op(
                "operation-" + now + "-"
                        + HexFormat.of().toHexDigits(dice.nextLong()).substring(3) + "-" + hex.substring(0, 8) + "-"
                        + hex.substring(8),
                newId(),
                zone,
                type,
                target,
                targetId,
                caller,
                Instant.ofEpochMilli(now),
                Instant.ofEpochMilli(now + dice.millis(dials.start())),
                null,
                null,
                null,
                null,
                null,
                null);
    }

    static Op asked(Op op, Replay replay) {
        return new Op(
                op.name(),
                op.id(),
                op.zone(),
                op.type(),
                op.target(),
                op.targetId(),
                op.user(),
                op.inserted(),
                op.started(),
                op.end(),
                op.failure(),
                replay.requestId(),
                replay.asked(),
                op.group(),
                op.bulk());
    }

    /** When an operation fails that began so. */
    Op failing(Op op, Failure failure) {
        return op.ending(op.started().plusMillis(dice.millis(dials.failure())), failure);
    }

    /** What makes a change the same as an earlier one. */
    record Replay(@Nullable String requestId, @Nullable String asked) {}
}
