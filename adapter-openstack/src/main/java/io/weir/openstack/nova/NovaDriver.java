package io.weir.openstack.nova;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.cloud.Elastisys;
import io.weir.cloud.SideBySide;
import io.weir.driver.CloudDriver;
import io.weir.driver.CloudException;
import io.weir.driver.Listing;
import io.weir.driver.Outcomes;
import io.weir.driver.Promises;
import io.weir.driver.TemplateProblems;
import io.weir.openstack.nova.NovaApi.FloatingIp;
import io.weir.openstack.nova.NovaApi.Port;
import io.weir.openstack.nova.NovaApi.Volume;
import io.weir.pool.Batch;
import io.weir.pool.CloudMachine;
import io.weir.pool.FailureKind;
import io.weir.pool.LateRefusal;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.MachineState;
import io.weir.pool.Marks;
import io.weir.pool.Outcome;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolName;
import io.weir.pool.Scope;
import io.weir.pool.Template;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * Pools of Nova servers, with what belongs to them in Neutron and Cinder.
 *
 * <p>There are no tokens: a server is known by its name and its batch, both in the metadata of the call that makes it, and the loop
 * looks before it repeats.
 */
public final class NovaDriver implements CloudDriver {
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}");
    /** More pages than any project has: a listing that goes on for ever is broken off. */
    private static final int PAGES_MAX = 10_000;
    /** How often a listing starts again because the last server of a page was purged meanwhile. */
    private static final int STARTS_MAX = 3;

    private final OpenstackApis apis;
    private final NovaMachines machines;
    private final SideBySide calls;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Settings settings;
    /** Servers in ERROR that had no fault in the last listing. */
    private volatile Set<MachineId> faultless = Set.of();

    /**
     * What a connection's driver is told of itself.
     *
     * @param region of the account, as machines show it
     * @param bound how long the one who calls waits
     */
    public record Settings(String region, Promises promises, Duration bound) {}

    NovaDriver(
            OpenstackApis apis,
            Elastisys elastisys,
            SideBySide calls,
            InstantSource clock,
            LongSupplier nanos,
            Settings settings) {
        this.apis = apis;
        this.machines = new NovaMachines(settings.region(), elastisys);
        this.calls = calls;
        this.clock = clock;
        this.nanos = nanos;
        this.settings = settings;
    }

    private Deadline deadline() {
        return Deadline.in(settings.bound(), nanos);
    }

    private NovaApi nova() {
        return apis.nova(deadline());
    }

    @Override
    public Promises promises() {
        return settings.promises();
    }

    @Override
    public Template resolve(PoolDocument document) throws TemplateProblems, CloudException {
        try {
            return NovaTemplates.template(document, apis.catalog(deadline()), settings.region());
        } catch (NovaFailure failure) {
            throw NovaFailures.read(failure);
        }
    }

    // Listing

    @Override
    public Listing list(Set<PoolName> pools) throws CloudException {
        Instant begun = clock.instant();
        NovaApi api = nova();
        try {
            List<JsonNode> rows = rows(api);
            Set<Scope> missing = new TreeSet<>();
            List<CloudMachine> shown = new ArrayList<>();
            List<JsonNode> failed = new ArrayList<>();
            for (JsonNode row : rows) {
                if (NovaMachines.isOfADarkCell(row)) {
                    continue;
                }
                CloudMachine machine = machines.machine(row);
                if (machine.pool().filter(pools::contains).isEmpty()) {
                    continue;
                }
                if (NovaMachines.isRefusedLate(row)) {
                    failed.add(row);
                } else {
                    shown.add(machine);
                }
            }
            if (rows.stream().anyMatch(NovaMachines::isOfADarkCell)) {
                missing = everyZone(shown);
            }
            return new Listing(begun, shown, missing, refusals(api, failed, shown));
        } catch (NovaFailure failure) {
            throw NovaFailures.read(failure);
        }
    }

    private List<JsonNode> rows(NovaApi api) throws NovaFailure, CloudException {
        for (int start = 1; ; start++) {
            try {
                return allPages(api);
            } catch (NovaFailure failure) {
                boolean purged = failure.status() == 400 && failure.text().contains("marker");
                if (!purged || start == STARTS_MAX) {
                    throw failure;
                }
            }
        }
    }

    /**
     * Newest first, as Nova lists them, and those that it has not placed yet before all others. A marker that is placed between two
     * pages would hide what comes after it: a full page that ends with such a one is not gone on from.
     *
     * <p>A server that is being placed is in two of Nova's books. It is taken out of a page once, after the page was cut to its length:
     * a page with servers that are not placed yet may be short, and have no link to the next, though there is more. So such a page
     * is gone on from until one shows nothing new.
     */
    private static List<JsonNode> allPages(NovaApi api) throws NovaFailure, CloudException {
        List<JsonNode> rows = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        String last = null;
        for (int pages = 0; pages < PAGES_MAX; pages++) {
            NovaApi.ServerPage page = api.servers(last);
            int known = rows.size();
            for (JsonNode row : page.rows()) {
                last = row.path("id").asText("");
                if (!MachineId.isLegal(last)) {
                    throw new CloudException(FailureKind.UNAVAILABLE, "a listing with a row that has no id");
                }
                if (ids.add(last)) {
                    rows.add(row);
                }
            }
            boolean placed = page.rows().stream().noneMatch(NovaMachines::isNotPlacedYet);
            if (page.rows().isEmpty() || (!page.more() && (placed || rows.size() == known))) {
                return rows;
            }
            if (page.more() && NovaMachines.isNotPlacedYet(page.rows().getLast())) {
                throw new CloudException(
                        FailureKind.UNAVAILABLE,
                        "a page of the listing ends among servers that Nova has not placed yet: what follows cannot be"
                                + " told");
            }
        }
        throw new CloudException(FailureKind.UNAVAILABLE, "a listing of more than " + PAGES_MAX + " pages");
    }

    /** A row of a dark cell says neither its pool nor its zone, so nothing that is not shown is known to be absent. */
    private Set<Scope> everyZone(List<CloudMachine> shown) throws NovaFailure {
        Set<Scope> zones = new TreeSet<>();
        apis.catalog(deadline()).zones().forEach(zone -> zones.add(new Scope(zone.name())));
        shown.forEach(machine -> zones.add(machine.scope()));
        return zones;
    }

    /**
     * A listing shows the faults of some servers: each other one in ERROR is looked at once. Nova writes the state first and the fault
     * a moment later, so one without a fault is believed only when it had none in the listing before either; until then it is
     * pending.
     */
    private List<Listing.PoolRefusal> refusals(NovaApi api, List<JsonNode> failed, List<CloudMachine> shown)
            throws CloudException {
        List<Listing.PoolRefusal> refusals = new ArrayList<>();
        Set<MachineId> before = faultless;
        Set<MachineId> without = new HashSet<>();
        each(failed, row -> fault(api, row), (row, bug) -> "").forEach((row, fault) -> {
            CloudMachine machine = machines.machine(row);
            if (fault.isEmpty()) {
                without.add(machine.id());
                if (!before.contains(machine.id())) {
                    shown.add(machines.machine(row, MachineState.PENDING));
                    return;
                }
            }
            shown.add(machine);
            if (machine.name().isPresent() && machine.pool().isPresent()) {
                String text = fault.isEmpty() ? "the server is in ERROR, and Nova does not say why" : fault;
                refusals.add(new Listing.PoolRefusal(
                        machine.pool().get(),
                        new LateRefusal(
                                machine.name().get(), Optional.of(machine.id()), NovaFailures.ofFault(fault), text)));
            }
        });
        faultless = Set.copyOf(without);
        return refusals;
    }

    private static String fault(NovaApi api, JsonNode row) {
        String shown = NovaMachines.fault(row);
        if (!shown.isEmpty()) {
            return shown;
        }
        try {
            return api.server(row.path("id").asText()).map(NovaMachines::fault).orElse("");
        } catch (NovaFailure noAnswer) {
            return "";
        }
    }

    // Launching

    @Override
    public Outcomes<MachineName> launch(Batch batch) throws CloudException {
        Deadline deadline = deadline();
        NovaLaunch launch = NovaLaunch.of(apis.nova(deadline), batch, calls, deadline);
        try {
            return new Outcomes<>(launch.outcomes());
        } catch (NovaFailure before) {
            throw NovaFailures.read(before); // only looks fail as a whole: no server was asked for
        } catch (InterruptedException stop) {
            throw interrupted();
        }
    }

    // Ending

    @Override
    public Outcomes<MachineId> terminate(Set<MachineId> ids) throws CloudException {
        Deadline deadline = deadline();
        NovaApi api = apis.nova(deadline);
        return new Outcomes<>(each(new TreeSet<>(ids), id -> terminate(api, deadline, id), NovaDriver::broken));
    }

    /**
     * The server first: one that may not be deleted keeps what belongs to it. One whose port would stay behind, because the caller's time
     * is running out, is not begun.
     */
    private Outcome terminate(NovaApi api, Deadline deadline, MachineId id) {
        Optional<JsonNode> server;
        try {
            server = looksLikeOurs(id) ? api.server(id.value()) : Optional.empty();
        } catch (NovaFailure failure) {
            FailureKind kind = NovaFailures.ofRead(failure);
            return new Outcome.Refused(kind, failure.text(), failure.retryAfter());
        }
        if (server.isEmpty()) {
            return new Outcome.Refused(FailureKind.NOT_FOUND, "there is no server " + id);
        }
        boolean hasPort =
                NovaMachines.sides(NovaMachines.metadata(server.get())).contains("p");
        if (hasPort && !deadline.leaves(settings.bound().dividedBy(2))) {
            return new Outcome.Refused(
                    FailureKind.WITHHELD,
                    "the cloud is slow: no time was left to take its port and floating IP away, too");
        }
        try {
            api.deleteServer(id.value());
        } catch (NovaFailure failure) {
            return failure.isAbsence(id.value())
                    ? new Outcome.Refused(FailureKind.NOT_FOUND, failure.text())
                    : NovaFailures.change(failure);
        }
        if (hasPort) {
            Sides.quietly(() -> takePortsAway(api, server.get()));
        }
        return new Outcome.Accepted(id);
    }

    /**
     * Nova deletes the ports that it made, and the volumes; ours it leaves. They are looked for by the machine's name: Nova may have let go
     * of them by now. One that serves another server, a twin of the name, stays.
     */
    private static void takePortsAway(NovaApi api, JsonNode server) throws NovaFailure {
        String id = server.path("id").asText();
        String name = NovaMachines.metadata(server)
                .getOrDefault(Marks.NAME_TAG, server.path("name").asText());
        for (Port port : marked(api.portsNamed(List.of(name)))) {
            if (!port.server().isEmpty() && !port.server().equals(id)) {
                continue;
            }
            for (FloatingIp address : api.floatingIps()) {
                if (address.port().filter(port.id()::equals).isPresent()
                        && Sides.addressMark(address.description()).isPresent()) {
                    api.deleteFloatingIp(address.id());
                }
            }
            api.deletePort(port.id());
        }
    }

    private static List<Port> marked(List<Port> ports) {
        return ports.stream()
                .filter(port -> port.description().startsWith(Sides.PORT_MARK))
                .toList();
    }

    // Marking

    @Override
    public Outcomes<MachineId> mark(Map<MachineId, Marks> marks) throws CloudException {
        NovaApi api = nova();
        return new Outcomes<>(each(
                new TreeSet<>(marks.keySet()),
                id -> mark(api, id, Objects.requireNonNull(marks.get(id))),
                NovaDriver::broken));
    }

    /** One call that merges. No pool is an empty one: a key cannot be taken away in the call that writes another. */
    private static Outcome mark(NovaApi api, MachineId id, Marks marks) {
        if (!looksLikeOurs(id)) {
            return new Outcome.Refused(FailureKind.NOT_FOUND, "there is no server " + id);
        }
        try {
            Map<String, String> now = api.mergeMetadata(
                    id.value(),
                    Map.of(
                            Marks.POOL_TAG,
                            marks.pool().map(PoolName::value).orElse(""),
                            Marks.MARKS_TAG,
                            marks.encode()));
            if (marks.pool().isEmpty() && !NovaMachines.sides(now).isEmpty()) {
                release(api, id.value(), now);
            }
            return new Outcome.Accepted(id);
        } catch (NovaFailure failure) {
            return failure.isAbsence(id.value())
                    ? new Outcome.Refused(FailureKind.NOT_FOUND, failure.text())
                    : NovaFailures.change(failure);
        }
    }

    /** What belongs to a machine that nobody's pool has any more is the machine's alone: it is never a leftover of ours. */
    private static void release(NovaApi api, String server, Map<String, String> metadata) throws NovaFailure {
        for (Volume volume : volumesOf(api, server, metadata)) {
            api.unmarkVolume(volume.id(), Marks.POOL_TAG);
        }
        for (Port port : marked(api.portsOf(server))) {
            for (FloatingIp address : api.floatingIps()) {
                if (address.port().filter(port.id()::equals).isPresent()) {
                    api.describeFloatingIp(address.id(), "");
                }
            }
            api.describePort(port.id(), "");
        }
    }

    private static List<Volume> volumesOf(NovaApi api, String server, Map<String, String> metadata) throws NovaFailure {
        if (!NovaMachines.sides(metadata).contains("v") || !api.hasVolumes()) {
            return List.of();
        }
        String name = metadata.get(Marks.NAME_TAG);
        return api.volumes(name == null ? Map.of() : Map.of(Marks.NAME_TAG, name)).stream()
                .filter(volume ->
                        volume.servers().contains(server) && volume.metadata().containsKey(Marks.POOL_TAG))
                .toList();
    }

    // Finding

    @Override
    public Optional<CloudMachine> find(MachineId id) throws CloudException {
        if (!looksLikeOurs(id)) {
            return Optional.empty();
        }
        try {
            return nova().server(id.value()).map(machines::machine);
        } catch (NovaFailure failure) {
            throw NovaFailures.read(failure);
        }
    }

    private static boolean looksLikeOurs(MachineId id) {
        return UUID.matcher(id.value()).matches();
    }

    // Side by side

    private <K, R> Map<K, R> each(Collection<K> keys, Function<K, R> call, BiFunction<K, RuntimeException, R> broken)
            throws CloudException {
        try {
            return calls.each(keys, call, broken);
        } catch (InterruptedException stop) {
            throw interrupted();
        }
    }

    private static Outcome broken(MachineId id, RuntimeException bug) {
        return new Outcome.Unknown("the call for " + id + " failed inside: " + bug);
    }

    private static CloudException interrupted() {
        Thread.currentThread().interrupt();
        return new CloudException(FailureKind.UNKNOWN, "interrupted while OpenStack was asked");
    }
}
