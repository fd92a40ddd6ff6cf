package io.weir.aws.fake;

/** A token bucket in the fake's time; it begins full. */
final class Meter {
    private final double burst;
    private final double perSecond;
    private double left;
    private long filled;

    Meter(double burst, double perSecond, long now) {
        this.burst = burst;
        this.perSecond = perSecond;
        this.left = burst;
        this.filled = now;
    }

    /** All that is asked for or nothing. */
    boolean take(int tokens, long now) {
        left = Math.min(burst, left + (now - filled) / 1000.0 * perSecond);
        filled = now;
        // A thousandth less is a token too: fractions that are summed up are never exact.
        if (left < tokens - 0.001) {
            return false;
        }
        left -= tokens;
        return true;
    }

    void giveBack(int tokens) {
        left = Math.min(burst, left + tokens);
    }
}
