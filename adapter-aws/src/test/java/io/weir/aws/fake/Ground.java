package io.weir.aws.fake;

import io.weir.simulated.Dice;
import java.util.HexFormat;

/** What all actions stand on: what is there, how it behaves, chance, and what has happened. */
final class Ground {
    final Dice dice;
    final Ledger ledger;
    Region region;
    Ec2Dials dials;

    Ground(Region region, Ec2Dials dials, Dice dice, Ledger ledger) {
        this.region = region;
        this.dials = dials;
        this.dice = dice;
        this.ledger = ledger;
    }

    String newId(String prefix) {
        return prefix + "0" + HexFormat.of().toHexDigits(dice.nextLong());
    }

    String requestId() {
        String hex =
                HexFormat.of().toHexDigits(dice.nextLong()) + HexFormat.of().toHexDigits(dice.nextLong());
        return hex.substring(0, 8) + "-" + hex.substring(8, 12) + "-" + hex.substring(12, 16) + "-"
                + hex.substring(16, 20) + "-" + hex.substring(20);
    }

    String arn(String resource) {
        return "arn:aws:ec2:" + region.name() + ":" + region.account() + ":" + resource;
    }

    long tombstone() {
        return millis(dials.tombstoneSeconds());
    }

    /** The moment as of which something is shown that may lag so much. */
    long stale(long now, double lagSeconds) {
        return lagSeconds == 0 ? now : now - dice.millisUpTo(lagSeconds);
    }

    static long millis(double seconds) {
        return (long) (seconds * 1000);
    }

    /** Ends a call that was only a trial; it was allowed, and nothing was wrong with it. */
    static void endTrial(Query query) throws Refusal {
        if (query.flag("DryRun")) {
            throw new Refusal(412, "DryRunOperation", "Request would have succeeded, but DryRun flag is set.");
        }
    }
}
