package io.weir.autoscaler.policy;

/** The sizes that are allowed, both ends included. */
public record Bounds(int min, int max) {
    public Bounds {
        if (min < 0) {
            throw new IllegalArgumentException("min " + min + " is negative");
        }
        if (max < min) {
            throw new IllegalArgumentException("max " + max + " is below min " + min);
        }
    }

    public int clamp(int size) {
        return Math.clamp(size, min, max);
    }

    /** Both at once; where they contradict each other this one rules. */
    public Bounds narrowed(Bounds other) {
        return new Bounds(clamp(other.min), clamp(other.max));
    }
}
