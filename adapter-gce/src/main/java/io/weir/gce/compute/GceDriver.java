package io.weir.gce.compute;

import com.google.api.gax.rpc.ApiException;
import com.google.cloud.compute.v1.AggregatedListInstancesRequest;
import com.google.cloud.compute.v1.AttachedDisk;
import com.google.cloud.compute.v1.DeleteInstanceRequest;
import com.google.cloud.compute.v1.Disk;
import com.google.cloud.compute.v1.GetDiskRequest;
import com.google.cloud.compute.v1.GetInstanceRequest;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.InstanceAggregatedList;
import com.google.cloud.compute.v1.InstancesScopedList;
import com.google.cloud.compute.v1.InstancesSetLabelsRequest;
import com.google.cloud.compute.v1.ListZoneOperationsRequest;
import com.google.cloud.compute.v1.Operation;
import com.google.cloud.compute.v1.OperationList;
import com.google.cloud.compute.v1.SetLabelsDiskRequest;
import com.google.cloud.compute.v1.SetLabelsInstanceRequest;
import com.google.cloud.compute.v1.ZoneSetLabelsRequest;
import io.weir.cloud.SideBySide;
import io.weir.driver.CloudDriver;
import io.weir.driver.CloudException;
import io.weir.driver.Listing;
import io.weir.driver.Outcomes;
import io.weir.driver.Promises;
import io.weir.driver.TemplateProblems;
import io.weir.gce.compute.GceNames.Place;
import io.weir.pool.Batch;
import io.weir.pool.CloudMachine;
import io.weir.pool.FailureKind;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One project in one region of Compute Engine.
 *
 * <ol>
 *   <li>A machine is one insertion, under its own name and a request id of its own; those of a batch go side by side. See {@link GceNames}
 *       and {@code docs/decisions/024-one-insertion-for-each-machine.md}.
 *   <li>What the answer's operation says counts: accepted while it runs, refused if it has ended with an error. Nobody waits for one; those
 *       that end with an error later are found again by listing them, zone by zone, newest first.
 *   <li>A name that is taken is looked at: it may be ours already, launched by an earlier call.
 *   <li>A listing is one aggregated list by the pool label, page by page, and beside it the operations of each zone. A zone that cannot be
 *       reached, or whose operations cannot be read, is missing.
 *   <li>Marks are two labels, written against the fingerprint of the labels that were read: a lower revision never wins. Before a machine is
 *       released, its disks are.
 * </ol>
 */
final class GceDriver implements CloudDriver {
    private static final int PAGE = 500;
    private static final int PAGES_MAX = 10_000;
    /** Ten thousand insertions in a zone within {@link #REFUSALS_SHOWN}; a page may be empty, too, and there may be many of those. */
    private static final int PAGES_OF_OPERATIONS_MAX = 20;
    /** An address has its bounds; with more pools every machine of Weir's is listed. */
    private static final int POOLS_IN_FILTER_MAX = 20;
    /** How long a launch that failed is told of: longer than the ten minutes that are asked for, by clocks that differ. */
    private static final Duration REFUSALS_SHOWN = Duration.ofMinutes(15);
    /** A request for the same end counts as the same one so long: if it failed, the next is to be tried. */
    private static final Duration SAME_END = Duration.ofMinutes(5);
    /** How often labels that somebody changes meanwhile are read again. */
    private static final int ROUNDS_MAX = 3;

    private static final String EMPTY_SCOPE = "NO_RESULTS_ON_PAGE";
    private static final String ZONES = "zones/";
    /** Of the parts of a listing the one that is no zone's. */
    private static final String MACHINES = "";

    private final GceApi api;
    private final Promises promises;
    private final String project;
    private final GceMachines machines;
    private final SideBySide calls;
    private final InstantSource clock;

    /**
     * @param clock when a listing began
     */
    GceDriver(
            GceApi api,
            Promises promises,
            String project,
            GceMachines machines,
            SideBySide calls,
            InstantSource clock) {
        this.api = api;
        this.promises = promises;
        this.project = project;
        this.machines = machines;
        this.calls = calls;
        this.clock = clock;
    }

    @Override
    public Promises promises() {
        return promises;
    }

    @Override
    public Template resolve(PoolDocument document) throws TemplateProblems, CloudException {
        try {
            return GceTemplates.template(api, project, machines.region(), document);
        } catch (ApiException failure) {
            throw GceFailures.ofRead(failure);
        }
    }

    // Listing

    @Override
    public Listing list(Set<PoolName> pools) throws CloudException {
        Instant begun = clock.instant();
        if (pools.isEmpty()) {
            return new Listing(begun, List.of(), Set.of(), List.of());
        }
        List<CloudMachine> found = new ArrayList<>();
        Set<String> dark = new TreeSet<>();
        List<Listing.PoolRefusal> refusals = new ArrayList<>();
        Map<String, Look> looks = looks(
                zones(),
                zone -> zone.equals(MACHINES)
                        ? instances(pools, found, dark)
                        : new Look(refusals(zone, pools, begun), Optional.empty()));
        for (Map.Entry<String, Look> one : looks.entrySet()) {
            Look look = one.getValue();
            if (dark.contains(one.getKey())) {
                continue; // which of its launches failed cannot be told without its machines
            }
            refusals.addAll(look.refusals());
            if (look.failure().isPresent()) {
                if (one.getKey().equals(MACHINES) || look.failure().get().kind() != FailureKind.UNAVAILABLE) {
                    throw look.failure().get();
                }
                dark.add(one.getKey());
            }
        }
        return new Listing(begun, found, dark.stream().map(Scope::new).collect(Collectors.toSet()), refusals);
    }

    private List<String> zones() throws CloudException {
        try {
            return new Catalog(api, project, machines.region()).zones();
        } catch (ApiException failure) {
            throw GceFailures.ofRead(failure);
        }
    }

    private Look instances(Set<PoolName> pools, List<CloudMachine> found, Set<String> dark) {
        try {
            read(pools, found, dark);
            return new Look(List.of(), Optional.empty());
        } catch (CloudException none) {
            return new Look(List.of(), Optional.of(none));
        }
    }

    private void read(Set<PoolName> pools, List<CloudMachine> found, Set<String> dark) throws CloudException {
        Set<MachineId> seen = new HashSet<>();
        Set<String> tokens = new HashSet<>();
        AggregatedListInstancesRequest.Builder asked = AggregatedListInstancesRequest.newBuilder()
                .setProject(project)
                .setFilter(filter(pools))
                .setMaxResults(PAGE)
                .setReturnPartialSuccess(true);
        for (int page = 0; page <= PAGES_MAX; page++) {
            InstanceAggregatedList answer = api.instances(asked.build());
            dark(answer, dark);
            answer.getItemsMap().forEach((scope, part) -> {
                String zone = scope.startsWith(ZONES) ? GceNames.last(scope) : "";
                if (!GceNames.regionOf(zone).equals(machines.region())) {
                    return; // of another connection, if of any
                }
                for (Instance row : part.getInstancesList()) {
                    if (MachineId.isLegal(zone + ":" + row.getName())
                            && !row.getName().isEmpty()) {
                        CloudMachine machine = machines.machine(zone, row);
                        if (machine.pool().filter(pools::contains).isPresent() && seen.add(machine.id())) {
                            found.add(machine);
                        }
                    }
                }
            });
            String next = answer.getNextPageToken();
            if (next.isEmpty()) {
                return;
            }
            if (!tokens.add(next)) {
                break;
            }
            asked.setPageToken(next);
        }
        throw new CloudException(FailureKind.UNAVAILABLE, "a listing that does not end");
    }

    private String filter(Set<PoolName> pools) {
        Stream<String> ours = pools.size() > POOLS_IN_FILTER_MAX
                ? Stream.of("(labels." + Marks.POOL_TAG + ":*)")
                : pools.stream().sorted().map(pool -> "(labels." + Marks.POOL_TAG + " = \"" + pool + "\")");
        return Stream.concat(ours, machines.takeOver().terms(pools)).collect(Collectors.joining(" OR "));
    }

    /**
     * Every scope with a warning but that it has nothing is one that the listing may lack, in whatever form it is named; one that is no
     * place of another region may be ours.
     */
    private void dark(InstanceAggregatedList answer, Set<String> dark) throws CloudException {
        List<String> named = new ArrayList<>(answer.getUnreachablesList());
        for (Map.Entry<String, InstancesScopedList> part : answer.getItemsMap().entrySet()) {
            InstancesScopedList rows = part.getValue();
            if (rows.hasWarning() && !rows.getWarning().getCode().equals(EMPTY_SCOPE)) {
                named.add(part.getKey());
            }
        }
        boolean whole = answer.hasWarning() && !answer.getWarning().getCode().equals(EMPTY_SCOPE);
        if (whole && named.isEmpty()) {
            throw new CloudException(
                    FailureKind.UNAVAILABLE,
                    "a listing in part, which does not say what it lacks: "
                            + answer.getWarning().getCode() + " "
                            + answer.getWarning().getMessage());
        }
        for (String scope : named) {
            String place = GceNames.last(scope);
            if (GceNames.regionOf(place).equals(machines.region())) {
                dark.add(place);
            } else if (!GceNames.isElsewhere(place, machines.region())) {
                throw new CloudException(FailureKind.UNAVAILABLE, scope + " cannot be reached");
            }
        }
    }

    /** One part of a listing: the machines, or a zone's operations. */
    private record Look(List<Listing.PoolRefusal> refusals, Optional<CloudException> failure) {}

    /** All at once: one that does not answer takes its time-out, and a listing has little more than that. */
    private Map<String, Look> looks(List<String> zones, Function<String, Look> look) throws CloudException {
        List<String> parts = new ArrayList<>(zones);
        parts.add(MACHINES);
        try {
            return calls.each(parts, look, (part, broken) -> {
                if (!(broken instanceof ApiException failure)) {
                    throw broken;
                }
                // A zone that Compute Engine does not know, though its region names it, has no operations.
                boolean withdrawn = !part.equals(MACHINES) && GceFailures.isAbsent(failure);
                return new Look(List.of(), withdrawn ? Optional.empty() : Optional.of(GceFailures.ofRead(failure)));
            });
        } catch (InterruptedException stopped) {
            throw new CloudException(FailureKind.UNAVAILABLE, "interrupted");
        }
    }

    private List<Listing.PoolRefusal> refusals(String zone, Set<PoolName> pools, Instant now) {
        List<Listing.PoolRefusal> refusals = new ArrayList<>();
        Instant since = now.minus(REFUSALS_SHOWN);
        ListZoneOperationsRequest.Builder asked = ListZoneOperationsRequest.newBuilder()
                .setProject(project)
                .setZone(zone)
                .setFilter("operationType = \"insert\"")
                .setOrderBy("creationTimestamp desc")
                .setMaxResults(PAGE);
        for (int page = 0; page < PAGES_OF_OPERATIONS_MAX; page++) {
            OperationList answer = api.operations(asked.build());
            boolean old = false;
            for (Operation operation : answer.getItemsList()) {
                Optional<Instant> begun = GceMachines.time(operation.getInsertTime());
                if (begun.filter(time -> time.isBefore(since)).isPresent()) {
                    old = true;
                } else {
                    refusals.addAll(GceMachines.refusals(operation, zone, pools));
                }
            }
            String next = answer.getNextPageToken();
            if (old || next.isEmpty() || next.equals(asked.getPageToken())) {
                break;
            }
            asked.setPageToken(next);
        }
        return refusals;
    }

    @Override
    public Optional<CloudMachine> find(MachineId id) throws CloudException {
        Optional<Place> place = GceNames.place(id, machines.region());
        if (place.isEmpty()) {
            return Optional.empty();
        }
        try {
            return instance(place.get())
                    .map(found -> machines.machine(place.get().zone(), found));
        } catch (ApiException failure) {
            throw GceFailures.ofRead(failure);
        }
    }

    private Optional<Instance> instance(Place place) throws CloudException {
        Instance found;
        try {
            found = api.instance(GetInstanceRequest.newBuilder()
                    .setProject(project)
                    .setZone(place.zone())
                    .setInstance(place.name())
                    .build());
        } catch (ApiException failure) {
            if (GceFailures.isAbsent(failure)) {
                return Optional.empty();
            }
            throw failure;
        }
        if (!found.getName().equals(place.name())) {
            throw new CloudException(
                    FailureKind.UNAVAILABLE, "asked for " + place.name() + ", and was shown " + found.getName());
        }
        return Optional.of(found);
    }

    // Launching

    @Override
    public Outcomes<MachineName> launch(Batch batch) throws CloudException {
        LaunchParameters frozen = LaunchParameters.thawed(batch.frozen());
        return sideBySide(new TreeSet<>(batch.names()), name -> launch(batch, frozen, name));
    }

    private Outcome launch(Batch batch, LaunchParameters frozen, MachineName name) {
        Place place = new Place(batch.choice().zone(), name.value());
        try {
            Operation begun = api.insert(GceRequests.launch(project, batch, frozen, name));
            if (!begun.hasError()) {
                return new Outcome.Accepted(place.id());
            }
            return GceFailures.isNameTaken(begun)
                    ? taken(batch, place)
                    : outcome(GceFailures.ofLaunch(begun, frozen::hidden));
        } catch (ApiException failure) {
            if (GceFailures.isNameTaken(failure)) {
                return taken(batch, place);
            }
            return outcome(GceFailures.ofLaunch(failure, frozen::hidden));
        }
    }

    /** There is an instance of the machine's name, or there is about to be one. */
    private Outcome taken(Batch batch, Place place) {
        Optional<Instance> found;
        try {
            found = instance(place);
        } catch (ApiException failure) {
            return new Outcome.Unknown("the name " + place.name() + " is taken, and cannot be looked at: "
                    + GceFailures.ofRead(failure).getMessage());
        } catch (CloudException strange) {
            return new Outcome.Unknown(String.valueOf(strange.getMessage()));
        }
        if (found.isEmpty()) {
            return new Outcome.Unknown("the name " + place.name() + " is taken by what does not show yet");
        }
        Map<String, String> labels = found.get().getLabelsMap();
        if (!batch.id().value().equals(labels.get(GceNames.BATCH_LABEL))) {
            return new Outcome.Refused(
                    FailureKind.CONFLICT, "there is an instance " + place.id() + " of somebody else's");
        }
        return GceRequests.launchedAs(batch).equals(labels.get(GceNames.LAUNCH_LABEL))
                ? new Outcome.Accepted(place.id())
                : new Outcome.Refused(
                        FailureKind.INVALID_TEMPLATE, place.id() + " was launched with other parameters already");
    }

    // Ending

    @Override
    public Outcomes<MachineId> terminate(Set<MachineId> ids) throws CloudException {
        return sideBySide(new TreeSet<>(ids), this::terminate);
    }

    private Outcome terminate(MachineId id) {
        Optional<Place> place = GceNames.place(id, machines.region());
        if (place.isEmpty()) {
            return notOurs(id);
        }
        String now = String.valueOf(clock.instant().getEpochSecond() / SAME_END.toSeconds());
        try {
            Operation begun = api.delete(DeleteInstanceRequest.newBuilder()
                    .setProject(project)
                    .setZone(place.get().zone())
                    .setInstance(place.get().name())
                    .setRequestId(GceNames.change("terminate", project, id.value(), now)
                            .toString())
                    .build());
            return begun.hasError() ? outcome(GceFailures.ofOperation(begun)) : new Outcome.Accepted(id);
        } catch (ApiException failure) {
            return outcome(GceFailures.ofChange(failure));
        }
    }

    // Marks

    @Override
    public Outcomes<MachineId> mark(Map<MachineId, Marks> marks) throws CloudException {
        return sideBySide(
                new TreeSet<>(marks.keySet()), id -> mark(id, java.util.Objects.requireNonNull(marks.get(id))));
    }

    private Outcome mark(MachineId id, Marks marks) {
        Optional<Place> place = GceNames.place(id, machines.region());
        if (place.isEmpty()) {
            return notOurs(id);
        }
        for (int round = 0; round < ROUNDS_MAX; round++) {
            Instance now;
            try {
                Optional<Instance> found = instance(place.get());
                if (found.isEmpty()) {
                    return new Outcome.Refused(FailureKind.NOT_FOUND, "there is no instance " + id);
                }
                now = found.get();
                Optional<Long> written = Marks.decode(Optional.empty(), now.getLabelsOrDefault(Marks.MARKS_TAG, ""))
                        .map(Marks::revision);
                if (written.filter(revision -> revision > marks.revision()).isPresent()) {
                    return new Outcome.Refused(
                            FailureKind.CONFLICT, id + " bears revision " + written.get() + " by now");
                }
                if (marks.pool().isEmpty()) {
                    release(place.get(), now);
                }
            } catch (ApiException failure) {
                return outcome(GceFailures.ofRead(failure)); // nothing of the marks was changed yet
            } catch (CloudException failure) {
                return outcome(failure);
            }
            Map<String, String> labels = new TreeMap<>(now.getLabelsMap());
            labels.put(Marks.MARKS_TAG, marks.encode());
            marks.pool()
                    .ifPresentOrElse(
                            pool -> labels.put(Marks.POOL_TAG, pool.value()), () -> labels.remove(Marks.POOL_TAG));
            if (labels.equals(now.getLabelsMap())) {
                return new Outcome.Accepted(id);
            }
            try {
                Operation begun = api.setLabels(SetLabelsInstanceRequest.newBuilder()
                        .setProject(project)
                        .setZone(place.get().zone())
                        .setInstance(place.get().name())
                        .setRequestId(GceNames.change(
                                        "mark", project, id.value(), labels.toString(), now.getLabelFingerprint())
                                .toString())
                        .setInstancesSetLabelsRequestResource(InstancesSetLabelsRequest.newBuilder()
                                .putAllLabels(labels)
                                .setLabelFingerprint(now.getLabelFingerprint()))
                        .build());
                return begun.hasError() ? outcome(GceFailures.ofOperation(begun)) : new Outcome.Accepted(id);
            } catch (ApiException failure) {
                if (!GceFailures.isStale(failure)) {
                    return outcome(GceFailures.ofChange(failure));
                }
            }
        }
        return new Outcome.Refused(FailureKind.CONFLICT, "the labels of " + id + " change all the time");
    }

    /** What stays with a released machine is no leftover of the pool's when its owner detaches it. */
    private void release(Place place, Instance instance) throws CloudException {
        for (AttachedDisk attached : instance.getDisksList()) {
            if (!attached.getSource().contains(ZONES)) {
                continue; // a local one, or one of several zones, which Weir makes none of
            }
            Disk disk;
            try {
                disk = api.disk(GetDiskRequest.newBuilder()
                        .setProject(project)
                        .setZone(place.zone())
                        .setDisk(GceNames.last(attached.getSource()))
                        .build());
            } catch (ApiException failure) {
                if (GceFailures.isAbsent(failure)) {
                    continue; // detached and deleted since the instance was looked at
                }
                throw failure;
            }
            if (!disk.containsLabels(Marks.POOL_TAG)) {
                continue;
            }
            Map<String, String> labels = new TreeMap<>(disk.getLabelsMap());
            labels.remove(Marks.POOL_TAG);
            labels.remove(Marks.NAME_TAG);
            Operation begun = api.setDiskLabels(SetLabelsDiskRequest.newBuilder()
                    .setProject(project)
                    .setZone(place.zone())
                    .setResource(disk.getName())
                    .setRequestId(GceNames.change(
                                    "release",
                                    project,
                                    place.zone(),
                                    disk.getName(),
                                    labels.toString(),
                                    disk.getLabelFingerprint())
                            .toString())
                    .setZoneSetLabelsRequestResource(ZoneSetLabelsRequest.newBuilder()
                            .putAllLabels(labels)
                            .setLabelFingerprint(disk.getLabelFingerprint()))
                    .build());
            if (begun.hasError()) {
                throw GceFailures.ofOperation(begun);
            }
        }
    }

    private static Outcome notOurs(MachineId id) {
        return new Outcome.Refused(FailureKind.NOT_FOUND, id + " is no id of Compute Engine's in this region");
    }

    private <K> Outcomes<K> sideBySide(Collection<K> keys, Function<K, Outcome> call) throws CloudException {
        try {
            Map<K, Outcome> outcomes = new HashMap<>(calls.each(
                    keys, call, (key, bug) -> new Outcome.Unknown("the call for " + key + " broke: " + bug)));
            return new Outcomes<>(outcomes);
        } catch (InterruptedException stopped) {
            throw new CloudException(FailureKind.UNKNOWN, "interrupted");
        }
    }

    private static Outcome outcome(CloudException meaning) {
        String text = String.valueOf(meaning.getMessage());
        return meaning.kind() == FailureKind.UNKNOWN
                ? new Outcome.Unknown(text)
                : new Outcome.Refused(meaning.kind(), text, meaning.retryAfter());
    }
}
