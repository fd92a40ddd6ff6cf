package io.weir.autoscaler.decide;

/** How far one decision may move a pool: so many machines or so many percent of its size, whichever is more; never less than one. */
public record StepLimit(int machines, int percent) {
    public static final StepLimit NONE = new StepLimit(Integer.MAX_VALUE, 0);

    public StepLimit {
        if (machines < 0 || percent < 0) {
            throw new IllegalArgumentException("a step cannot be negative");
        }
        if (machines == 0 && percent == 0) {
            throw new IllegalArgumentException("a step of 0 machines and 0 percent would never move");
        }
    }

    public int from(int size) {
        long share = (long) size * percent / 100;
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, Math.max(machines, share)));
    }
}
