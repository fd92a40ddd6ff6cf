package io.weir.openstack.fake;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.weir.simulated.SimulatedApi.Membership;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The rows of the fake's books, as they are kept on disk. They are changed in place, by one thread at a time, and then written. */
final class Rows {
    private Rows() {}

    /** What a row has before it: one thing that will happen to it by itself. */
    record Step(long number, Instant at, String what, int which) {}

    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    abstract static class Row {
        public String id = "";
        public String project = "";
        public Instant created = Instant.EPOCH;
        public @Nullable Instant updated;
        public List<Step> plan = new ArrayList<>();

        void isPlanned(Step step) {
            plan.add(step);
        }
    }

    /** A virtual interface as Nova remembers it, whatever became of its port. */
    record Nic(
            String port,
            String network,
            String networkName,
            String subnet,
            String address,
            String mac,
            boolean made,
            @Nullable String floating) {}

    /** A volume of a server, made or to be made. */
    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    static final class Disk {
        public @Nullable String volume;
        /** The volume that is made for it and not ready yet. */
        public @Nullable String making;

        public @Nullable String image;
        public int size;
        public @Nullable String type;
        public boolean dies;
        public @Nullable String tag;
        public String device = "";
        public String attachment = "";
        public String mapping = "";
        public boolean attached;
    }

    record Fault(int code, String message, Instant created) {}

    static final class Server extends Row {
        public String user = "";
        public String name = "";
        public @Nullable String description;
        public String hostname = "";
        public String flavor = "";
        public @Nullable String image;
        public Map<String, String> metadata = new LinkedHashMap<>();
        public TreeSet<String> tags = new TreeSet<>();
        public @Nullable String key;
        public boolean configDrive;
        public @Nullable String userData;
        public @Nullable String wantedZone;
        /** It has left the scheduler, for better or worse, and counts. */
        public boolean inCell;

        public String zone = "";
        public @Nullable String host;
        public String vmState = "building";
        public @Nullable String task = "scheduling";
        public int power;
        public List<Nic> nics = new ArrayList<>();
        public List<String> wantedNetworks = new ArrayList<>();
        public List<String> wantedPorts = new ArrayList<>();
        public List<Disk> disks = new ArrayList<>();
        public List<String> groups = new ArrayList<>();
        public @Nullable String serverGroup;
        public @Nullable Fault fault;
        public boolean locked;
        public @Nullable Instant launched;
        public @Nullable Instant deleting;
        public @Nullable Instant deleted;
        public @Nullable Instant failed;
        public @Nullable String reservation;
        public @Nullable String cause;
        /** A status of its own making, whatever its state. */
        public @Nullable String word;

        public List<Membership> pools = new ArrayList<>();

        boolean isThere() {
            return deleted == null;
        }
    }

    static final class Volume extends Row {
        public String user = "";
        public String name = "";
        public @Nullable String description;
        public int size;
        public String type = "";
        public String status = "creating";
        public boolean bootable;
        public @Nullable String image;
        public Map<String, String> metadata = new LinkedHashMap<>();
        public @Nullable String server;
        public String device = "";
        public String attachment = "";
        public @Nullable Instant attached;
    }

    static final class Port extends Row {
        public String name = "";
        public String description = "";
        public String network = "";
        public String subnet = "";
        public String address = "";
        public String mac = "";
        public String device = "";
        public String owner = "";
        public List<String> groups = new ArrayList<>();
        public List<String> tags = new ArrayList<>();
        public int revision = 1;
    }

    static final class FloatingIp extends Row {
        public String description = "";
        public String network = "";
        public String address = "";
        public @Nullable String port;
        public @Nullable String fixed;
        public List<String> tags = new ArrayList<>();
        public int revision;
    }

    static final class Group extends Row {
        public String user = "";
        public String name = "";
        public String policy = "";
    }

    static final class Key extends Row {
        public String user = "";
        public String name = "";
        public String publicKey = "";
        public int number;
    }

    static final class Credential extends Row {
        public String user = "";
        public String name = "";
        public String secret = "";
    }

    static final class Limit extends Row {
        public Map<String, Long> limits = new LinkedHashMap<>();
    }
}
