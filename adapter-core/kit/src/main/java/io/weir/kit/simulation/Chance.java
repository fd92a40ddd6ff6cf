package io.weir.kit.simulation;

import java.time.Duration;
import java.util.List;

/** The luck of one seed (SplitMix64): the same draws in the same order. */
final class Chance {
    private long state;

    Chance(long seed) {
        state = seed * 0x9e3779b97f4a7c15L + 0x632be59bd9b4e019L;
    }

    long next() {
        state += 0x9e3779b97f4a7c15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    double fraction() {
        return (next() >>> 11) * 0x1.0p-53;
    }

    boolean happens(double chance) {
        return fraction() < chance;
    }

    /** From 0 to {@code bound - 1}. */
    int below(int bound) {
        return (int) (fraction() * bound);
    }

    int between(int least, int most) {
        return least + below(most - least + 1);
    }

    double between(double least, double most) {
        return least + fraction() * (most - least);
    }

    Duration seconds(double least, double most) {
        return Duration.ofMillis((long) (1000 * between(least, most)));
    }

    <T> T of(List<T> some) {
        return some.get(below(some.size()));
    }

    @SafeVarargs
    final <T> T of(T... some) {
        return some[below(some.length)];
    }

    /** Another luck that does not disturb this one. */
    Chance fork() {
        return new Chance(next());
    }
}
