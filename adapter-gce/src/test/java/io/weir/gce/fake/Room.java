package io.weir.gce.fake;

import io.weir.gce.fake.Change.Failure;
import io.weir.gce.fake.Change.Fault;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How many more of a kind there may be in a zone, and what Compute says of the next one. */
final class Room {
    private static final String HELP = "https://cloud.google.com/compute/docs/resource-error";

    private final int left;
    private final @Nullable Failure why;
    private final boolean isQuota;

    private Room(int left, @Nullable Failure why, boolean isQuota) {
        this.left = left;
        this.why = why;
        this.isQuota = isQuota;
    }

    int left() {
        return left;
    }

    /** Of one that is too many. */
    Failure failure() {
        return why == null ? noCapacity("nowhere", "anything") : why;
    }

    boolean isQuota() {
        return isQuota;
    }

    static Room in(Ground ground, LaunchRequest request, long now) {
        Room room = new Room(Integer.MAX_VALUE, null, false);
        int cpus = cpus(ground, request.type());
        double instances = 0;
        double standard = 0;
        double spot = 0;
        double addresses = 0;
        for (Vm other : ground.ledger.shown()) {
            if (!other.isAlive(now) || other.birth.failed()) {
                continue;
            }
            int its = cpus(ground, other.type());
            instances++;
            standard += other.isSpot() ? 0 : its;
            spot += other.isSpot() ? its : 0;
            addresses += other.hasAddress() ? 1 : 0;
        }
        boolean isSpot = request.isSpot();
        room = room.quota(ground, GceDials.INSTANCES, instances, 1);
        room = room.quota(ground, GceDials.CPUS_ALL_REGIONS, standard + spot, cpus);
        // Without a quota of their own spot machines use the common one.
        boolean ownSpot = ground.dials.quota().containsKey(GceDials.PREEMPTIBLE_CPUS);
        room = room.quota(ground, GceDials.CPUS, standard + (ownSpot ? 0 : spot), isSpot && ownSpot ? 0 : cpus);
        room = room.quota(ground, GceDials.PREEMPTIBLE_CPUS, spot, isSpot ? cpus : 0);
        room = room.quota(ground, GceDials.ADDRESSES, addresses, request.hasAddress() ? 1 : 0);
        double gigabytes = ground.ledger.disks().stream()
                .filter(disk -> disk.exists(now))
                .mapToLong(disk -> disk.born.getSizeGb())
                .sum();
        room = room.quota(ground, GceDials.DISKS, gigabytes, request.gigabytes());
        return room.inPlace(ground, request, now);
    }

    static double used(Ground ground, String metric, long now) {
        return ground.ledger.shown().stream()
                .filter(vm -> vm.isAlive(now) && !vm.birth.failed())
                .mapToDouble(vm -> switch (metric) {
                    case GceDials.INSTANCES -> 1;
                    case GceDials.CPUS_ALL_REGIONS -> cpus(ground, vm.type());
                    case GceDials.CPUS -> vm.isSpot() ? 0 : cpus(ground, vm.type());
                    case GceDials.PREEMPTIBLE_CPUS -> vm.isSpot() ? cpus(ground, vm.type()) : 0;
                    case GceDials.ADDRESSES -> vm.hasAddress() ? 1 : 0;
                    default ->
                        vm.born.getDisksList().stream()
                                .mapToLong(disk -> disk.getDiskSizeGb())
                                .sum();
                })
                .sum();
    }

    private Room quota(Ground ground, String metric, double used, double each) {
        Double limit = ground.dials.quota().get(metric);
        if (limit == null || each == 0) {
            return this;
        }
        int more = (int) Math.max(0, Math.floor((limit - used) / each));
        return more < left ? new Room(more, exceeded(metric, limit), true) : this;
    }

    private static Failure exceeded(String metric, double limit) {
        boolean global = metric.equals(GceDials.CPUS_ALL_REGIONS);
        return Failure.of(
                403,
                "FORBIDDEN",
                new Fault(
                        "QUOTA_EXCEEDED",
                        "Quota '" + metric + "' exceeded.  Limit: " + limit
                                + (global ? " globally." : " in region " + ExampleProject.REGION + "."),
                        Map.of(
                                "metricName",
                                "compute.googleapis.com/" + metric.toLowerCase(Locale.ROOT),
                                "limitName",
                                metric.replace('_', '-') + (global ? "-per-project" : "-per-project-region"),
                                global ? "global" : "region",
                                global ? "global" : ExampleProject.REGION,
                                "limit",
                                Double.toString(limit))));
    }

    private Room inPlace(Ground ground, LaunchRequest request, long now) {
        Room room = this;
        for (Map.Entry<String, Integer> limit : ground.dials.capacity().entrySet()) {
            String[] words = limit.getKey().split("/", 3);
            if (!words[0].equals(request.zone()) || !concerns(words, request.type(), request.isSpot())) {
                continue;
            }
            long there = ground.ledger.shown().stream()
                    .filter(other -> other.isAlive(now) && !other.birth.failed())
                    .filter(other -> other.zone().equals(words[0]) && concerns(words, other.type(), other.isSpot()))
                    .count();
            int more = (int) Math.max(0, limit.getValue() - there);
            if (more < room.left) {
                room = new Room(more, noCapacity(request.zone(), request.type()), false);
            }
        }
        return room;
    }

    private static boolean concerns(String[] words, String type, boolean spot) {
        return (words.length < 2 || words[1].equals(type))
                && (words.length < 3 || words[2].equals(spot ? "SPOT" : "STANDARD"));
    }

    static Failure noCapacity(String zone, String type) {
        return Failure.of(
                503,
                "SERVICE UNAVAILABLE",
                new Fault(
                        "ZONE_RESOURCE_POOL_EXHAUSTED",
                        "The zone '" + Names.resource("zones/" + zone)
                                + "' does not have enough resources available to fulfill the request.  Try a different"
                                + " zone, or try again later.",
                        Map.of("reason", "resource_availability", "vmType", type, "zone", zone, "help", HELP)));
    }

    static Failure other(String code, String zone, String type) {
        return switch (code) {
            case "ZONE_RESOURCE_POOL_EXHAUSTED" -> noCapacity(zone, type);
            case "QUOTA_EXCEEDED" -> exceeded(GceDials.CPUS, 0);
            default ->
                Failure.of(
                        500,
                        "INTERNAL SERVER ERROR",
                        new Fault(code, "Internal error. Please try again or contact Google Support. (Code: '-1')"));
        };
    }

    private static int cpus(Ground ground, String type) {
        return ground.project.type(type).map(ExampleProject.Type::cpus).orElse(1);
    }

    /** At the door, where a quota may be refused too. */
    Optional<Refusal> refusal(Ground ground) {
        return left > 0 || !isQuota || !ground.dials.quotaAtTheDoor()
                ? Optional.empty()
                : Optional.of(Refusal.quota(failure().faults().get(0).message()));
    }
}
