package io.weir.simulated;

/**
 * The chance of a cloud that is none: a sequence that its seed alone decides (SplitMix64), so that a run can be repeated. A
 * chance of nothing draws nothing: a dial at rest does not shift the others' luck.
 */
public final class Dice {
    private long state;

    public Dice(long seed) {
        state = seed;
    }

    public void reseed(long seed) {
        state = seed;
    }

    public long nextLong() {
        state += 0x9e3779b97f4a7c15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** From 0 to just below 1. */
    public double fraction() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    public boolean happens(double chance) {
        return chance > 0 && fraction() < chance;
    }

    public double between(double least, double most) {
        return most <= least ? least : least + fraction() * (most - least);
    }

    public int below(int bound) {
        return (int) (fraction() * bound);
    }

    /** Normally distributed (Box and Muller). */
    public double gaussian() {
        return Math.sqrt(-2 * Math.log(1 - fraction())) * Math.cos(2 * Math.PI * fraction());
    }

    /** One draw of a delay, in milliseconds. */
    public long millis(Delay delay) {
        return Math.round(1000
                * switch (delay) {
                    case Delay.Fixed fixed -> fixed.value();
                    case Delay.Uniform uniform -> between(uniform.min(), uniform.max());
                    case Delay.Lognormal tail -> tail.median() * Math.exp(tail.sigma() * gaussian());
                });
    }

    public long millisUpTo(double seconds) {
        return (long) (1000 * between(0, seconds));
    }
}
