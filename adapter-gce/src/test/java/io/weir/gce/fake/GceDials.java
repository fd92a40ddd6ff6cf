package io.weir.gce.fake;

import io.weir.simulated.Delay;
import io.weir.simulated.Dials.DiesYoung;
import io.weir.simulated.Dials.LateCalls;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * How the fake behaves. At rest ({@link #DEFAULT}) it is a good cloud that is never full, never lags and never throttles. The words are
 * those of the simulated cloud's dials; chances are from 0 to 1, times are seconds of the fake's own clock.
 *
 * @param boot from the start of an insert's operation to RUNNING, which ends the operation too
 * @param end from the accepted delete to the end of its operation, when the instance is gone
 * @param failure from the start of an operation to its failure
 * @param start how long an operation is PENDING
 * @param lagSeconds listings may show instances and disks as they were up to so long ago
 * @param labelLagSeconds their labels may be as they were up to so long ago
 * @param lostRequests changes that never arrive
 * @param lostAnswers changes that are carried out and never answered
 * @param lateCalls changes that are not answered and carried out later
 * @param unavailableCalls calls that are answered with 503
 * @param capacity the most instances alive at once in a zone: {@code us-central1-a}; with {@code /e2-small} of that type only, with
 *     {@code /e2-small/SPOT} of that type and provisioning model only
 * @param failedShow whether an instance whose insert fails for want of room is shown for a moment
 * @param quota the most of a metric at once, as Compute names them: {@code CPUS}, {@code PREEMPTIBLE_CPUS}, {@code INSTANCES},
 *     {@code IN_USE_ADDRESSES}, {@code DISKS_TOTAL_GB} of a region, {@code CPUS_ALL_REGIONS} of the project
 * @param quotaAtTheDoor whether a quota that is used up refuses the call, and not its operation
 * @param throttle how many calls a method ({@code instances.aggregatedList}) or all together ({@code *}) may have in a minute of the clock
 * @param unreachable zones that cannot be reached just now
 * @param unreachableTold in which words an aggregated listing says so
 * @param neverBoots inserts whose operation never ends, with an instance that stays STAGING
 * @param diesYoung instances that vanish within some seconds of running
 * @param hangsInDeletion deletes that are accepted and never end
 * @param lateRefusals inserts that are accepted and fail in their operation
 * @param preemptions spot instances that are taken back within some seconds of running
 * @param leftDisks inserts that fail and leave their disks behind
 * @param busy changes of an existing instance that are refused because it is not ready
 * @param conflictsInOperation whether a name that is taken fails the operation, and not the call
 * @param forgottenOperations looks at one operation that are answered with 404
 * @param operationSeconds how long an operation that is done can be looked at
 * @param requestIdSeconds how long a requestId is remembered
 * @param unavailable every call is answered with 503
 * @param unauthorized every token is unknown
 * @param denied permissions that nobody has, as {@code compute.instances.create}
 * @param skewSeconds how far Google's clock is ahead, as the {@code Date} of answers shows it
 * @param pageSize the most on one page, whatever was asked for
 */
record GceDials(
        Delay boot,
        Delay end,
        Delay failure,
        Delay start,
        double lagSeconds,
        double labelLagSeconds,
        double lostRequests,
        double lostAnswers,
        LateCalls lateCalls,
        double unavailableCalls,
        Map<String, Integer> capacity,
        boolean failedShow,
        Map<String, Double> quota,
        boolean quotaAtTheDoor,
        Map<String, Throttle> throttle,
        Set<String> unreachable,
        Set<Told> unreachableTold,
        double neverBoots,
        DiesYoung diesYoung,
        double hangsInDeletion,
        LateRefusals lateRefusals,
        Preemptions preemptions,
        double leftDisks,
        double busy,
        boolean conflictsInOperation,
        double forgottenOperations,
        double operationSeconds,
        double requestIdSeconds,
        boolean unavailable,
        boolean unauthorized,
        Set<String> denied,
        double skewSeconds,
        int pageSize) {

    static final String CPUS = "CPUS";
    static final String PREEMPTIBLE_CPUS = "PREEMPTIBLE_CPUS";
    static final String INSTANCES = "INSTANCES";
    static final String ADDRESSES = "IN_USE_ADDRESSES";
    static final String DISKS = "DISKS_TOTAL_GB";
    static final String CPUS_ALL_REGIONS = "CPUS_ALL_REGIONS";
    private static final Set<String> QUOTAS =
            Set.of(CPUS, PREEMPTIBLE_CPUS, INSTANCES, ADDRESSES, DISKS, CPUS_ALL_REGIONS);

    /** Of all calls of a project together, as Google gives it. */
    static final Throttle USUAL = new Throttle(1500, true);

    static final GceDials DEFAULT = new GceDials(
            new Delay.Uniform(10, 30),
            new Delay.Uniform(5, 20),
            new Delay.Uniform(3, 8),
            new Delay.Uniform(0, 0.5),
            0,
            0,
            0,
            0,
            new LateCalls(0, 30),
            0,
            Map.of(),
            true,
            Map.of(),
            false,
            Map.of(),
            Set.of(),
            Set.of(Told.WARNING, Told.UNREACHABLES),
            0,
            new DiesYoung(0, 60),
            0,
            new LateRefusals(0, 10, "INTERNAL_ERROR", false),
            new Preemptions(0, 3600),
            0,
            0,
            false,
            0,
            1_209_600,
            86_400,
            false,
            false,
            Set.of(),
            0,
            500);

    /** How an aggregated listing tells of a zone that cannot be reached. */
    enum Told {
        /** The zone's scope bears a warning. */
        WARNING,
        /** The list of unreachables names it. */
        UNREACHABLES
    }

    /**
     * @param code of the operation's error, as {@code ZONE_RESOURCE_POOL_EXHAUSTED}
     * @param afterRunning whether the instance runs before the operation fails
     */
    record LateRefusals(double p, double seconds, String code, boolean afterRunning) {}

    record Preemptions(double p, double withinSeconds) {}

    /** @param refilled with each minute of the clock; else so many and no more */
    record Throttle(int calls, boolean refilled) {
        Throttle {
            if (calls < 0) {
                throw new IllegalArgumentException("throttle: " + calls + " calls");
            }
        }
    }

    GceDials {
        capacity = Map.copyOf(capacity);
        quota = Map.copyOf(quota);
        throttle = Map.copyOf(throttle);
        unreachable = Set.copyOf(unreachable);
        unreachableTold = Set.copyOf(unreachableTold);
        denied = Set.copyOf(denied);
        if (!QUOTAS.containsAll(quota.keySet())) {
            throw new IllegalArgumentException("quota: there are " + QUOTAS);
        }
        for (String method : throttle.keySet()) {
            if (!method.equals("*") && !Schema.COMPUTE.hasMethod(method)) {
                throw new IllegalArgumentException("throttle: there is no " + method);
            }
        }
        if (pageSize < 1) {
            throw new IllegalArgumentException("pageSize is " + pageSize);
        }
    }

    /** These dials with some turned. */
    GceDials turned(Consumer<Turn> how) {
        Turn turn = new Turn(this);
        how.accept(turn);
        return turn.dials();
    }

    /** Dials in the hand: set what shall be different. */
    static final class Turn {
        Delay boot;
        Delay end;
        Delay failure;
        Delay start;
        double lagSeconds;
        double labelLagSeconds;
        double lostRequests;
        double lostAnswers;
        LateCalls lateCalls;
        double unavailableCalls;
        Map<String, Integer> capacity;
        boolean failedShow;
        Map<String, Double> quota;
        boolean quotaAtTheDoor;
        Map<String, Throttle> throttle;
        Set<String> unreachable;
        Set<Told> unreachableTold;
        double neverBoots;
        DiesYoung diesYoung;
        double hangsInDeletion;
        LateRefusals lateRefusals;
        Preemptions preemptions;
        double leftDisks;
        double busy;
        boolean conflictsInOperation;
        double forgottenOperations;
        double operationSeconds;
        double requestIdSeconds;
        boolean unavailable;
        boolean unauthorized;
        Set<String> denied;
        double skewSeconds;
        int pageSize;

        private Turn(GceDials dials) {
            boot = dials.boot;
            end = dials.end;
            failure = dials.failure;
            start = dials.start;
            lagSeconds = dials.lagSeconds;
            labelLagSeconds = dials.labelLagSeconds;
            lostRequests = dials.lostRequests;
            lostAnswers = dials.lostAnswers;
            lateCalls = dials.lateCalls;
            unavailableCalls = dials.unavailableCalls;
            capacity = dials.capacity;
            failedShow = dials.failedShow;
            quota = dials.quota;
            quotaAtTheDoor = dials.quotaAtTheDoor;
            throttle = dials.throttle;
            unreachable = dials.unreachable;
            unreachableTold = dials.unreachableTold;
            neverBoots = dials.neverBoots;
            diesYoung = dials.diesYoung;
            hangsInDeletion = dials.hangsInDeletion;
            lateRefusals = dials.lateRefusals;
            preemptions = dials.preemptions;
            leftDisks = dials.leftDisks;
            busy = dials.busy;
            conflictsInOperation = dials.conflictsInOperation;
            forgottenOperations = dials.forgottenOperations;
            operationSeconds = dials.operationSeconds;
            requestIdSeconds = dials.requestIdSeconds;
            unavailable = dials.unavailable;
            unauthorized = dials.unauthorized;
            denied = dials.denied;
            skewSeconds = dials.skewSeconds;
            pageSize = dials.pageSize;
        }

        private GceDials dials() {
            return new GceDials(
                    boot,
                    end,
                    failure,
                    start,
                    lagSeconds,
                    labelLagSeconds,
                    lostRequests,
                    lostAnswers,
                    lateCalls,
                    unavailableCalls,
                    capacity,
                    failedShow,
                    quota,
                    quotaAtTheDoor,
                    throttle,
                    unreachable,
                    unreachableTold,
                    neverBoots,
                    diesYoung,
                    hangsInDeletion,
                    lateRefusals,
                    preemptions,
                    leftDisks,
                    busy,
                    conflictsInOperation,
                    forgottenOperations,
                    operationSeconds,
                    requestIdSeconds,
                    unavailable,
                    unauthorized,
                    denied,
                    skewSeconds,
                    pageSize);
        }
    }
}
