package io.weir.openstack.fake;

import io.weir.simulated.Delay;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the fake behaves. At rest it is a good OpenStack, and a quick one. Chances are from 0 to 1, times are seconds of the fake's own
 * clock. A zone is a cell of its own, with hosts of its own.
 */
public final class FakeDials {
    /** From a launch to the choice of a host; until then it counts in no quota. */
    public Delay schedule = new Delay.Fixed(0.2);
    /** From the host's choice to ACTIVE, besides the volumes. */
    public Delay boot = new Delay.Uniform(2, 5);
    /** From a server's DELETE to its end. */
    public Delay end = new Delay.Uniform(1, 2);
    /** How long a volume takes to be made, and to be deleted. */
    public Delay volume = new Delay.Fixed(0.5);
    /** A page of servers may show them as they were up to so long ago. */
    public double lagSeconds;
    /** How long a deleted server is still shown to who asks for changes. */
    public double tombstoneSeconds = 3600;
    /** What goes wrong with servers and volumes. */
    public List<Failure> failures = List.of();
    /** Servers that die within some seconds of being ACTIVE. */
    public DiesYoung diesYoung = new DiesYoung(0, 60, Death.SHUTOFF);
    /** The most servers with a host in a zone ({@code nova}), or of a flavor in a zone ({@code nova/m1.tiny}). */
    public Map<String, Integer> capacity = Map.of();
    /** Limits of every project: instances, cores, ram, port, floatingip, volumes, gigabytes; below 0: none. */
    public Map<String, Long> quota =
            Map.of("instances", 1000L, "floatingip", 50L, "volumes", 1000L, "security_group", 100L);

    public List<String> zones = List.of("nova");
    /** Zones whose cell answers nobody. */
    public Set<String> downCells = Set.of();
    /** Whether listings go on without a cell that does not answer; else they fail. */
    public boolean skipsDownCells = true;
    /** Zones whose nova-compute services are gone. */
    public Set<String> deadHosts = Set.of();
    /** Services that other services do not reach: image, network, volumev3, placement, identity. */
    public Set<String> unreachable = Set.of();
    /** How long a token lives. */
    public double tokenSeconds = 3600;
    /** How long a service believes a token that it has seen, revoked or not. */
    public double tokenCacheSeconds = 300;
    /** The most rows of a page. */
    public int maxLimit = 1000;
    /** How long a deleted server can be restored; 0: it cannot. */
    public double reclaimSeconds;
    /** The database takes no sign beyond the basic plane. */
    public boolean basicPlaneOnly = true;
    /** Chance for a row of a listing to be shown on the next page again. */
    public double repeatedRows;

    /** What can go wrong with a server or a volume, once or always, for all or those whose name has a part in it. */
    public enum What {
        SPAWN_DELAY,
        /** On every host. */
        SPAWN_FAIL,
        SPAWN_ABORT,
        /** BUILD for ever. */
        SPAWN_HANG,
        NO_VALID_HOST,
        DESTROY_DELAY,
        DESTROY_FAIL,
        /** ACTIVE and deleting for ever. */
        DESTROY_HANG,
        VOLUME_CREATE_DELAY,
        VOLUME_CREATE_FAIL,
        /** The nova-compute that waits for a volume dies. */
        VOLUME_CREATE_LEAK,
        VOLUME_ATTACH_FAIL,
        VOLUME_DETACH_FAIL,
        VOLUME_DELETE_DELAY,
        VOLUME_DELETE_FAIL
    }

    /**
     * Something that goes wrong.
     *
     * @param of a part of the server's or volume's name; null: of any
     */
    public record Failure(
            What what, double p, double seconds, @Nullable String of) {
        public static Failure always(What what) {
            return new Failure(what, 1, 0, null);
        }
    }

    public enum Death {
        SHUTOFF,
        ERROR,
        /** Deleted behind everybody's back. */
        GONE
    }

    public record DiesYoung(double p, double withinSeconds, Death death) {}

    void check() {
        if (zones.isEmpty() || maxLimit < 1 || tokenSeconds <= 0) {
            throw new IllegalArgumentException("a zone, a page of 1 and a token of more than 0 s are the least");
        }
        for (Set<String> some : List.of(downCells, deadHosts)) {
            if (!zones.containsAll(some)) {
                throw new IllegalArgumentException("there are only the zones " + zones);
            }
        }
        for (Failure failure : failures) {
            if (!(failure.p() >= 0 && failure.p() <= 1)) {
                throw new IllegalArgumentException(failure + ": p is from 0 to 1");
            }
        }
    }

    long limitOf(String what) {
        return quota.getOrDefault(what, -1L);
    }
}
