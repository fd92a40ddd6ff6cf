package io.weir.autoscaler.demo;

/**
 * The cheapest pool that is never short, for somebody who knows the future and whose machines boot as slowly as ours.
 *
 * <ol>
 *   <li>The k-th machine has to run in every minute that needs k machines or more.
 *   <li>It runs on through a pause of no more than a boot, because to end it and to boot it again would cost as much.
 *   <li>Each start costs the minutes of its boot before the minute that needs it, as far as they lie in the time judged.
 * </ol>
 */
public final class Oracle {
    private Oracle() {}

    /**
     * @param needed machines needed in each minute
     * @param boot minutes from a launch to running
     * @return machine-minutes
     */
    public static long minutes(int[] needed, int boot) {
        int most = 0;
        for (int need : needed) {
            most = Math.max(most, need);
        }
        long sum = 0;
        for (int k = 1; k <= most; k++) {
            sum += ofLevel(needed, k, boot);
        }
        return sum;
    }

    private static long ofLevel(int[] needed, int k, int boot) {
        long sum = 0;
        int lastOn = -1;
        for (int minute = 0; minute < needed.length; minute++) {
            if (needed[minute] < k) {
                continue;
            }
            int pause = minute - lastOn - 1;
            if (lastOn >= 0 && pause <= boot) { // 2
                sum += pause;
            } else { // 3
                sum += Math.min(boot, minute);
            }
            sum++; // 1
            lastOn = minute;
        }
        return sum;
    }
}
