package io.weir.autoscaler.decide;

import io.weir.autoscaler.decide.Reason.Step;
import io.weir.autoscaler.policy.Beat;
import io.weir.autoscaler.policy.Bounds;
import io.weir.autoscaler.policy.MachineCount;
import io.weir.autoscaler.policy.Recommendation;
import io.weir.autoscaler.policy.Recommendation.Holds;
import io.weir.autoscaler.policy.Recommendation.Silent;
import io.weir.autoscaler.policy.Recommendation.Wants;
import io.weir.autoscaler.policy.Recommendation.WantsAtLeast;
import io.weir.autoscaler.policy.Recommendation.Within;
import io.weir.autoscaler.policy.ScalingPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes one size from what the policies say.
 *
 * <ol>
 *   <li><b>Bounds.</b> The target's own, narrowed by every policy that bounds. They always hold, at once: the present size is
 *       brought within them first, and every later step stays between it and a want inside them.
 *   <li><b>Safest wins.</b> The highest want of any policy. One that holds wants the present size; one that knows only a
 *       part wants no less than the present size. Without any want the pool stays.
 *   <li><b>Tolerance.</b> A need that differs from the present size by no more than this share moves nothing.
 *   <li><b>Step limits.</b> One decision moves no further than the step of its direction.
 *   <li><b>Stabilization.</b> The pool shrinks no further than the highest want (of step 2) of the window that ends now.
 *   <li><b>Cool-downs.</b> No growth too soon after growth, no shrinking too soon after any change. A change is what the
 *       adapter showed; a stored instant in the future counts as now.
 * </ol>
 *
 * A pure function: the same rules, beat and memory make the same decision.
 */
public final class Decider {
    private Decider() {}

    public static Decision decide(Rules rules, Beat beat, Memory before) {
        Map<String, Recommendation> said = new LinkedHashMap<>();
        for (ScalingPolicy policy : rules.policies()) {
            said.put(policy.name(), policy.recommend(beat));
        }
        Memory memory = before.notAfter(beat.at()).seen(beat.pool().desired(), beat.at());
        var reasons = new ArrayList<Reason>();

        Bounds bounds = bounds(rules.bounds(), said, reasons); // 1
        int present = brought(beat.pool().desired(), bounds, reasons);
        Want want = safest(said, present, bounds, reasons); // 2
        memory = memory.wanted(want.size(), present, beat.at(), rules.limits().stabilization());
        int size = tolerated(want, present, rules.limits().tolerance(), reasons); // 3
        size = stepped(size, present, rules.limits(), reasons); // 4
        size = stabilized(size, present, memory, bounds, rules.limits(), reasons); // 5
        size = cooled(size, present, memory, rules.limits(), beat.at(), reasons); // 6
        return new Decision(rules, beat, before, said, reasons, size, memory);
    }

    private record Want(MachineCount exact, int size) {}

    private static Bounds bounds(Bounds own, Map<String, Recommendation> said, List<Reason> reasons) {
        int min = own.min();
        int max = own.max();
        for (var entry : said.entrySet()) {
            if (entry.getValue() instanceof Within within) {
                Bounds inside = own.narrowed(within.bounds());
                min = Math.max(min, inside.min());
                max = Math.min(max, inside.max());
                reasons.add(new Reason(Step.BOUNDS, entry.getKey() + ": " + within.reason()));
            }
        }
        return new Bounds(min, Math.max(min, max)); // two that contradict each other: the higher floor is the safer one
    }

    private static int brought(int desired, Bounds bounds, List<Reason> reasons) {
        int present = bounds.clamp(desired);
        if (present != desired) {
            reasons.add(new Reason(
                    Step.BOUNDS, desired + " is outside " + bounds.min() + ".." + bounds.max() + ", so " + present));
        }
        return present;
    }

    private static Want safest(Map<String, Recommendation> said, int present, Bounds bounds, List<Reason> reasons) {
        @Nullable MachineCount highest = null;
        String why = "no policy wants a size: the pool stays at " + present;
        for (var entry : said.entrySet()) {
            @Nullable MachineCount wanted = wanted(entry.getValue(), present);
            if (wanted != null && (highest == null || wanted.exact().compareTo(highest.exact()) > 0)) {
                highest = wanted;
                why = entry.getKey() + ": " + entry.getValue().reason();
            }
        }
        reasons.add(new Reason(Step.SAFEST, why));
        if (highest == null) {
            return new Want(MachineCount.of(present), present);
        }
        int size = bounds.clamp(highest.machines());
        if (size != highest.machines()) {
            reasons.add(new Reason(
                    Step.BOUNDS,
                    highest.machines() + " wanted, " + (size < highest.machines() ? "at most " : "at least ") + size
                            + " allowed"));
        }
        return new Want(highest, size);
    }

    private static @Nullable MachineCount wanted(Recommendation said, int present) {
        MachineCount now = MachineCount.of(present);
        return switch (said) {
            case Wants wants -> wants.machines();
            case WantsAtLeast least -> least.machines().exact().compareTo(now.exact()) > 0 ? least.machines() : now;
            case Holds holds -> now;
            case Within within -> null;
            case Silent silent -> null;
        };
    }

    private static int tolerated(Want want, int present, Tolerance tolerance, List<Reason> reasons) {
        if (want.size() == present || !tolerance.covers(present, want.exact())) {
            return want.size();
        }
        reasons.add(new Reason(Step.TOLERANCE, want.exact() + " needed is close enough to " + present));
        return present;
    }

    private static int stepped(int size, int present, Limits limits, List<Reason> reasons) {
        long highest = (long) present + limits.up().from(present);
        long lowest = (long) present - limits.down().from(present);
        int stepped = (int) Math.max(lowest, Math.min(highest, size));
        if (stepped != size) {
            reasons.add(new Reason(
                    Step.STEP_LIMIT,
                    "one step " + (size > present ? "up" : "down") + " from " + present + " ends at " + stepped));
        }
        return stepped;
    }

    private static int stabilized(
            int size, int present, Memory memory, Bounds bounds, Limits limits, List<Reason> reasons) {
        Memory.Want highest = memory.highestWant();
        int floor = Math.min(present, bounds.clamp(highest.size()));
        if (size >= floor) {
            return size;
        }
        reasons.add(new Reason(
                Step.STABILIZATION,
                highest.size() + " was wanted at " + highest.at() + ", less than " + text(limits.stabilization())
                        + " ago"));
        return floor;
    }

    private static int cooled(int size, int present, Memory memory, Limits limits, Instant now, List<Reason> reasons) {
        if (size == present) {
            return size;
        }
        boolean up = size > present;
        @Nullable Instant last = up ? memory.lastUp() : memory.lastChange();
        Duration coolDown = up ? limits.coolDownUp() : limits.coolDownDown();
        if (last == null) {
            return size;
        }
        Duration left = Duration.between(now, last.plus(coolDown));
        if (left.isNegative() || left.isZero()) {
            return size;
        }
        reasons.add(new Reason(Step.COOL_DOWN, size + " waits " + text(left) + " more, the size changed at " + last));
        return present;
    }

    private static String text(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() / 1000.0 + " s";
    }
}
