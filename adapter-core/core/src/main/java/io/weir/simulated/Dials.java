package io.weir.simulated;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * How a simulated cloud behaves. At rest ({@link #DEFAULT}) it is a good cloud: machines boot in 2 to 5 s and end in 1 to 2 s,
 * listings are true, no call is lost. Chances are from 0 to 1, times are seconds of the cloud's own clock.
 *
 * @param boot from the launch to running
 * @param end from the accepted termination to the end
 * @param lagSeconds a listing, and a look at one machine, may show each machine as it was up to so long ago
 * @param tombstoneSeconds how long an ended machine is still shown
 * @param lostRequests calls that never arrive
 * @param lostAnswers calls that are carried out and never answered
 * @param lateCalls changes that are not answered and carried out later
 * @param unavailableCalls calls that are refused as UNAVAILABLE
 * @param missingScopes zones that no listing can see; other calls work in them
 * @param darkZones zones that no listing can see, and where changes get no answer: half of them are carried out
 * @param capacity the most machines alive at once in a zone ({@code zone-a}) or of a type in a zone ({@code zone-a/small})
 * @param quota {@code instances}: the most machines alive at once in all
 * @param throttle a bucket for a kind of call
 * @param neverBoots machines that stay PENDING
 * @param diesYoung machines that die within some seconds of running
 * @param hangsInTermination terminations that are accepted and never end
 * @param lateRefusals launches that are accepted and fail later
 * @param tokens whether a launch with the token of an earlier one yields the same machines; without, it launches again
 * @param tokenSeconds how long a token is remembered
 * @param unavailable every call is refused as UNAVAILABLE
 * @param unauthorized every call is refused as UNAUTHORIZED
 * @param protectedMachines ids whose termination is refused as CONFLICT
 * @param images image names and what they stand for now
 * @param prices the machine types, with the price of an hour
 * @param pageSize the most machines on one page of a listing
 * @param privateNetwork the first half of the private addresses of machines launched from now on, such as {@code 198.19} (set aside for benchmarks: it leads nowhere): one in
 *     {@code 127.} leads to the host that the cloud runs on, where something can answer in the machines' stead
 */
public record Dials(
        Delay boot,
        Delay end,
        double lagSeconds,
        double tombstoneSeconds,
        double lostRequests,
        double lostAnswers,
        LateCalls lateCalls,
        double unavailableCalls,
        Set<String> missingScopes,
        Set<String> darkZones,
        Map<String, Integer> capacity,
        Map<String, Integer> quota,
        Map<Call, Bucket> throttle,
        double neverBoots,
        DiesYoung diesYoung,
        double hangsInTermination,
        LateRefusals lateRefusals,
        boolean tokens,
        double tokenSeconds,
        boolean unavailable,
        boolean unauthorized,
        Set<String> protectedMachines,
        List<String> zones,
        Map<String, String> images,
        Map<String, BigDecimal> prices,
        int pageSize,
        String privateNetwork) {

    public static final String INSTANCES = "instances";

    public static final Dials DEFAULT = new Dials(
            new Delay.Uniform(2, 5),
            new Delay.Uniform(1, 2),
            0,
            120,
            0,
            0,
            new LateCalls(0, 30),
            0,
            Set.of(),
            Set.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            0,
            new DiesYoung(0, 60),
            0,
            new LateRefusals(0, 10, ApiFailure.Code.NO_CAPACITY, false),
            true,
            86_400,
            false,
            false,
            Set.of(),
            List.of("zone-a", "zone-b", "zone-c"),
            Map.of("weir", "img-1"),
            Map.of("small", price("0.05"), "medium", price("0.10"), "large", price("0.20")),
            500,
            "198.19");

    public record LateCalls(double p, double seconds) {
        public LateCalls {
            requireChance("lateCalls.p", p);
            requireSeconds("lateCalls.seconds", seconds);
        }
    }

    public record DiesYoung(double p, double withinSeconds) {
        public DiesYoung {
            requireChance("diesYoung.p", p);
            requireSeconds("diesYoung.withinSeconds", withinSeconds);
        }
    }

    /** @param remains what failed is shown as rejected and takes room until somebody ends it, as Nova's servers in ERROR do */
    public record LateRefusals(double p, double seconds, ApiFailure.Code kind, boolean remains) {
        public LateRefusals(double p, double seconds, ApiFailure.Code kind) {
            this(p, seconds, kind, false);
        }

        public LateRefusals {
            requireChance("lateRefusals.p", p);
            requireSeconds("lateRefusals.seconds", seconds);
            if (kind == ApiFailure.Code.UNKNOWN) {
                throw new IllegalArgumentException("lateRefusals.kind must be certain");
            }
        }
    }

    /** So many calls at once, and so many a second for long. */
    public record Bucket(int burst, double perSecond) {
        public Bucket {
            if (burst < 1 || !(perSecond > 0)) {
                throw new IllegalArgumentException(
                        "a bucket of " + burst + " and " + perSecond + "/s lets nothing through");
            }
        }
    }

    public Dials {
        requireSeconds("lagSeconds", lagSeconds);
        requireSeconds("tombstoneSeconds", tombstoneSeconds);
        requireSeconds("tokenSeconds", tokenSeconds);
        requireChance("lostRequests", lostRequests);
        requireChance("lostAnswers", lostAnswers);
        requireChance("unavailableCalls", unavailableCalls);
        requireChance("neverBoots", neverBoots);
        requireChance("hangsInTermination", hangsInTermination);
        zones = List.copyOf(zones);
        missingScopes = zonesOf("missingScopes", missingScopes, zones);
        darkZones = zonesOf("darkZones", darkZones, zones);
        capacity = Map.copyOf(capacity);
        quota = Map.copyOf(quota);
        throttle = Map.copyOf(throttle);
        protectedMachines = Set.copyOf(protectedMachines);
        images = Map.copyOf(images);
        prices = Map.copyOf(prices);
        if (zones.isEmpty() || Set.copyOf(zones).size() != zones.size()) {
            throw new IllegalArgumentException("zones: one at least, each once");
        }
        if (prices.isEmpty()) {
            throw new IllegalArgumentException("prices: one machine type at least");
        }
        for (Map.Entry<String, Integer> entry : capacity.entrySet()) {
            String[] place = entry.getKey().split("/", 2);
            if (!zones.contains(place[0]) || (place.length == 2 && !prices.containsKey(place[1]))) {
                throw new IllegalArgumentException("capacity: there is no " + entry.getKey());
            }
            requireCount("capacity." + entry.getKey(), entry.getValue());
        }
        for (Map.Entry<String, Integer> entry : quota.entrySet()) {
            if (!entry.getKey().equals(INSTANCES)) {
                throw new IllegalArgumentException("quota: there is only one of " + INSTANCES);
            }
            requireCount("quota." + entry.getKey(), entry.getValue());
        }
        if (pageSize < 1) {
            throw new IllegalArgumentException("pageSize is " + pageSize);
        }
        if (!privateNetwork.matches("(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\\.(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])")) {
            throw new IllegalArgumentException("privateNetwork is " + privateNetwork
                    + ", not the first two numbers of an address, such as 198.19");
        }
    }

    /** These dials with some turned. */
    public Dials turned(Consumer<Turn> how) {
        Turn turn = new Turn(this);
        how.accept(turn);
        return turn.dials();
    }

    /** Dials in the hand: set what shall be different. */
    public static final class Turn {
        public Delay boot;
        public Delay end;
        public double lagSeconds;
        public double tombstoneSeconds;
        public double lostRequests;
        public double lostAnswers;
        public LateCalls lateCalls;
        public double unavailableCalls;
        public Set<String> missingScopes;
        public Set<String> darkZones;
        public Map<String, Integer> capacity;
        public Map<String, Integer> quota;
        public Map<Call, Bucket> throttle;
        public double neverBoots;
        public DiesYoung diesYoung;
        public double hangsInTermination;
        public LateRefusals lateRefusals;
        public boolean tokens;
        public double tokenSeconds;
        public boolean unavailable;
        public boolean unauthorized;
        public Set<String> protectedMachines;
        public List<String> zones;
        public Map<String, String> images;
        public Map<String, BigDecimal> prices;
        public int pageSize;
        public String privateNetwork;

        private Turn(Dials dials) {
            boot = dials.boot;
            end = dials.end;
            lagSeconds = dials.lagSeconds;
            tombstoneSeconds = dials.tombstoneSeconds;
            lostRequests = dials.lostRequests;
            lostAnswers = dials.lostAnswers;
            lateCalls = dials.lateCalls;
            unavailableCalls = dials.unavailableCalls;
            missingScopes = dials.missingScopes;
            darkZones = dials.darkZones;
            capacity = dials.capacity;
            quota = dials.quota;
            throttle = dials.throttle;
            neverBoots = dials.neverBoots;
            diesYoung = dials.diesYoung;
            hangsInTermination = dials.hangsInTermination;
            lateRefusals = dials.lateRefusals;
            tokens = dials.tokens;
            tokenSeconds = dials.tokenSeconds;
            unavailable = dials.unavailable;
            unauthorized = dials.unauthorized;
            protectedMachines = dials.protectedMachines;
            zones = dials.zones;
            images = dials.images;
            prices = dials.prices;
            pageSize = dials.pageSize;
            privateNetwork = dials.privateNetwork;
        }

        private Dials dials() {
            return new Dials(
                    boot,
                    end,
                    lagSeconds,
                    tombstoneSeconds,
                    lostRequests,
                    lostAnswers,
                    lateCalls,
                    unavailableCalls,
                    missingScopes,
                    darkZones,
                    capacity,
                    quota,
                    throttle,
                    neverBoots,
                    diesYoung,
                    hangsInTermination,
                    lateRefusals,
                    tokens,
                    tokenSeconds,
                    unavailable,
                    unauthorized,
                    protectedMachines,
                    zones,
                    images,
                    prices,
                    pageSize,
                    privateNetwork);
        }
    }

    static void requireSeconds(String dial, double seconds) {
        if (!(seconds >= 0 && seconds <= 1e9)) {
            throw new IllegalArgumentException(dial + " is " + seconds + ", not a number of seconds");
        }
    }

    private static void requireChance(String dial, double chance) {
        if (!(chance >= 0 && chance <= 1)) {
            throw new IllegalArgumentException(dial + " is " + chance + ", not from 0 to 1");
        }
    }

    private static void requireCount(String dial, int count) {
        if (count < 0) {
            throw new IllegalArgumentException(dial + " is " + count + ", below 0");
        }
    }

    private static Set<String> zonesOf(String dial, Set<String> names, List<String> zones) {
        for (String name : names) {
            if (!zones.contains(name)) {
                throw new IllegalArgumentException(dial + ": there is no zone " + name);
            }
        }
        return Set.copyOf(names);
    }

    private static BigDecimal price(String text) {
        return new BigDecimal(text);
    }
}
