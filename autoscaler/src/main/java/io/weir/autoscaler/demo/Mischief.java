package io.weir.autoscaler.demo;

import java.time.Duration;

/**
 * When things go wrong in a demo, as times after its beginning. Chosen where it hurts:
 *
 * <ol>
 *   <li>A zone runs out of capacity for an eighth of the time, where need grows most.
 *   <li>The adapter is killed where need grows most in what is left.
 *   <li>A machine dies in the middle of the longest stretch without either.
 * </ol>
 *
 * Nothing happens in the first and the last tenth, so that the pool is in place before and whole again after.
 */
public record Mischief(Duration zoneFull, Duration zoneFree, Duration adapterDies, Duration machineDies) {

    /** @param needed machines needed in each minute, for half an hour or more */
    public static Mischief where(int[] needed) {
        int all = needed.length;
        if (all < 30) {
            throw new IllegalArgumentException("a demo of less than 30 minutes has no room for mischief");
        }
        int edge = all / 10;
        int zone = all / 8;
        int breath = all / 16;
        int full = steepest(needed, edge, all - edge, zone, -1, -1);
        int dies = steepest(needed, edge, all - edge, breath, full - breath, full + zone + breath);
        return new Mischief(
                Duration.ofMinutes(full),
                Duration.ofMinutes(full + zone),
                Duration.ofMinutes(dies),
                Duration.ofMinutes(middleOfTheLongestRest(edge, all - edge, full, full + zone, dies, dies + breath)));
    }

    /** The first minute of the stretch of this length, outside the one that is taken, over which need grows most. */
    private static int steepest(int[] needed, int from, int until, int length, int takenFrom, int takenUntil) {
        int best = -1;
        for (int i = from; i + length < until; i++) {
            boolean free = i + length <= takenFrom || i >= takenUntil;
            if (free && (best < 0 || growth(needed, i, length) > growth(needed, best, length))) {
                best = i;
            }
        }
        return best;
    }

    /** Between the means of the halves: one loud minute is no growth. */
    private static int growth(int[] needed, int from, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            sum += (i < length / 2 ? -1 : 1) * needed[from + i];
        }
        return sum;
    }

    private static int middleOfTheLongestRest(int from, int until, int a, int aEnd, int b, int bEnd) {
        int[] ends = a < b ? new int[] {from, aEnd, bEnd} : new int[] {from, bEnd, aEnd};
        int[] begins = a < b ? new int[] {a, b, until} : new int[] {b, a, until};
        int best = 0;
        for (int i = 1; i < 3; i++) {
            if (begins[i] - ends[i] > begins[best] - ends[best]) {
                best = i;
            }
        }
        return (begins[best] + ends[best]) / 2;
    }
}
