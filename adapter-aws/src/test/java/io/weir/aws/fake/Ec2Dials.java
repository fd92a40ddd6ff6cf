package io.weir.aws.fake;

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
 * @param boot from the launch to running
 * @param end from the accepted termination to terminated
 * @param lagSeconds an instance may be shown, looked up and found as it was up to so long ago
 * @param tagLagSeconds its tags may be as they were up to so long ago
 * @param tombstoneSeconds how long a terminated instance is still shown
 * @param tombstoneTagsSeconds how long it still has its tags
 * @param lostRequests calls that never arrive
 * @param lostAnswers calls that are carried out and never answered
 * @param lateCalls changes that are not answered and carried out later
 * @param unavailableCalls calls that are answered with 503 Unavailable
 * @param capacity the most instances alive at once in a place: {@code us-east-1a} or a subnet's id; with {@code /m5.large} of that type
 *     only, with {@code /m5.large/spot} of that type on the spot market only
 * @param quota {@code instances}, {@code vcpus} (on demand) and {@code spotVcpus}: the most at once
 * @param throttle the buckets of an action
 * @param neverBoots instances that stay pending
 * @param diesYoung instances that end within some seconds of running
 * @param hangsInTermination terminations that are accepted and stay shutting-down
 * @param lateRefusals launches that are accepted and go from pending to terminated
 * @param spotInterruptions spot instances that are taken back within some seconds of running
 * @param tokenSeconds how long a client token is remembered after the end of its instances
 * @param terminatedTokens whether a token whose instances are all terminated is refused (as since 2025) or answered with them (as before)
 * @param unavailable every call is answered with 503 Unavailable
 * @param unauthorized every key is unknown
 * @param expired every session has expired
 * @param denied actions that nobody may use, as {@code ec2:RunInstances}
 * @param skewSeconds how far the clock that AWS checks signatures by is ahead
 * @param pageSize the most on one page, whatever was asked for
 */
record Ec2Dials(
        Delay boot,
        Delay end,
        double lagSeconds,
        double tagLagSeconds,
        double tombstoneSeconds,
        double tombstoneTagsSeconds,
        double lostRequests,
        double lostAnswers,
        LateCalls lateCalls,
        double unavailableCalls,
        Map<String, Integer> capacity,
        Map<String, Integer> quota,
        Map<String, Buckets> throttle,
        double neverBoots,
        DiesYoung diesYoung,
        double hangsInTermination,
        LateRefusals lateRefusals,
        SpotInterruptions spotInterruptions,
        double tokenSeconds,
        boolean terminatedTokens,
        boolean unavailable,
        boolean unauthorized,
        boolean expired,
        Set<String> denied,
        double skewSeconds,
        int pageSize) {

    static final String INSTANCES = "instances";
    static final String VCPUS = "vcpus";
    static final String SPOT_VCPUS = "spotVcpus";
    private static final Set<String> QUOTAS = Set.of(INSTANCES, VCPUS, SPOT_VCPUS);

    static final Ec2Dials DEFAULT = new Ec2Dials(
            new Delay.Uniform(10, 30),
            new Delay.Uniform(5, 20),
            0,
            0,
            3600,
            3600,
            0,
            0,
            new LateCalls(0, 30),
            0,
            Map.of(),
            Map.of(),
            Map.of(),
            0,
            new DiesYoung(0, 60),
            0,
            new LateRefusals(0, 10, "Server.InternalError"),
            new SpotInterruptions(0, 3600),
            86_400,
            true,
            false,
            false,
            false,
            Set.of(),
            0,
            1000);

    /** @param reason the code of the state reason, as {@code Server.InsufficientInstanceCapacity} */
    record LateRefusals(double p, double seconds, String reason) {}

    record SpotInterruptions(double p, double withinSeconds) {}

    /** One for calls, and one for the instances that they ask for (none: 0). */
    record Buckets(int burst, double perSecond, int instancesBurst, double instancesPerSecond) {
        Buckets {
            if (burst < 1 || perSecond < 0 || instancesBurst < 0 || instancesPerSecond < 0) {
                throw new IllegalArgumentException("a bucket lets something through, and is not negative");
            }
        }

        Buckets(int burst, double perSecond) {
            this(burst, perSecond, 0, 0);
        }
    }

    Ec2Dials {
        capacity = Map.copyOf(capacity);
        quota = Map.copyOf(quota);
        throttle = Map.copyOf(throttle);
        denied = Set.copyOf(denied);
        if (!QUOTAS.containsAll(quota.keySet())) {
            throw new IllegalArgumentException("quota: there are " + QUOTAS);
        }
        for (String action : throttle.keySet()) {
            if (!Model.EC2.hasOperation(action)) {
                throw new IllegalArgumentException("throttle: there is no " + action);
            }
        }
        if (pageSize < 1) {
            throw new IllegalArgumentException("pageSize is " + pageSize);
        }
    }

    /** These dials with some turned. */
    Ec2Dials turned(Consumer<Turn> how) {
        Turn turn = new Turn(this);
        how.accept(turn);
        return turn.dials();
    }

    /** Dials in the hand: set what shall be different. */
    static final class Turn {
        Delay boot;
        Delay end;
        double lagSeconds;
        double tagLagSeconds;
        double tombstoneSeconds;
        double tombstoneTagsSeconds;
        double lostRequests;
        double lostAnswers;
        LateCalls lateCalls;
        double unavailableCalls;
        Map<String, Integer> capacity;
        Map<String, Integer> quota;
        Map<String, Buckets> throttle;
        double neverBoots;
        DiesYoung diesYoung;
        double hangsInTermination;
        LateRefusals lateRefusals;
        SpotInterruptions spotInterruptions;
        double tokenSeconds;
        boolean terminatedTokens;
        boolean unavailable;
        boolean unauthorized;
        boolean expired;
        Set<String> denied;
        double skewSeconds;
        int pageSize;

        private Turn(Ec2Dials dials) {
            boot = dials.boot;
            end = dials.end;
            lagSeconds = dials.lagSeconds;
            tagLagSeconds = dials.tagLagSeconds;
            tombstoneSeconds = dials.tombstoneSeconds;
            tombstoneTagsSeconds = dials.tombstoneTagsSeconds;
            lostRequests = dials.lostRequests;
            lostAnswers = dials.lostAnswers;
            lateCalls = dials.lateCalls;
            unavailableCalls = dials.unavailableCalls;
            capacity = dials.capacity;
            quota = dials.quota;
            throttle = dials.throttle;
            neverBoots = dials.neverBoots;
            diesYoung = dials.diesYoung;
            hangsInTermination = dials.hangsInTermination;
            lateRefusals = dials.lateRefusals;
            spotInterruptions = dials.spotInterruptions;
            tokenSeconds = dials.tokenSeconds;
            terminatedTokens = dials.terminatedTokens;
            unavailable = dials.unavailable;
            unauthorized = dials.unauthorized;
            expired = dials.expired;
            denied = dials.denied;
            skewSeconds = dials.skewSeconds;
            pageSize = dials.pageSize;
        }

        private Ec2Dials dials() {
            return new Ec2Dials(
                    boot,
                    end,
                    lagSeconds,
                    tagLagSeconds,
                    tombstoneSeconds,
                    tombstoneTagsSeconds,
                    lostRequests,
                    lostAnswers,
                    lateCalls,
                    unavailableCalls,
                    capacity,
                    quota,
                    throttle,
                    neverBoots,
                    diesYoung,
                    hangsInTermination,
                    lateRefusals,
                    spotInterruptions,
                    tokenSeconds,
                    terminatedTokens,
                    unavailable,
                    unauthorized,
                    expired,
                    denied,
                    skewSeconds,
                    pageSize);
        }
    }
}
