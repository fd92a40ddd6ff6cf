package io.weir.aws.ec2;

import io.weir.cloud.Elastisys;
import io.weir.driver.Catalogs;
import io.weir.driver.CloudDriver;
import io.weir.driver.CloudException;
import io.weir.driver.Listing;
import io.weir.driver.Outcomes;
import io.weir.driver.Promises;
import io.weir.driver.TemplateProblems;
import io.weir.pool.Batch;
import io.weir.pool.CloudMachine;
import io.weir.pool.FailureKind;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.Marks;
import io.weir.pool.Outcome;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolName;
import io.weir.pool.Template;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ec2.model.CreateTagsRequest;
import software.amazon.awssdk.services.ec2.model.DeleteTagsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateChange;
import software.amazon.awssdk.services.ec2.model.Reservation;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.RunInstancesResponse;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TerminateInstancesRequest;
import software.amazon.awssdk.services.ec2.model.TerminateInstancesResponse;

/**
 * One account in one region of EC2.
 *
 * <ol>
 *   <li>A batch is one RunInstances call; a machine is (batch, launch index), see {@link Ec2Names}. What EC2 launches less than it was
 *       asked for it had no room for.
 *   <li>A listing is one DescribeInstances by the pool tag (or by that and the tag of pools that are taken over), page by page, without a filter of states: the terminated are shown, and are
 *       looked at for launches that failed. It covers the region: there is nothing that it could miss in part.
 *   <li>A call for several ids that EC2 fails for some of them is made again without those, which are answered for by themselves.
 *   <li>Marks are two tags of the instance. A release takes the pool tag away, after the marks are written.
 * </ol>
 */
public final class Ec2Driver implements CloudDriver {
    private static final int PAGE = 1000;
    private static final int PAGES_MAX = 10_000;
    /** EC2 takes so many values in one filter; with more pools every machine of Weir's is listed. */
    private static final int FILTER_VALUES_MAX = 200;

    private static final int IDS_MAX = 500;
    /** An error names one bad id at a time: after so many the others are left for the next turn. */
    private static final int ROUNDS_MAX = 8;

    private static final Pattern INSTANCE_ID = Pattern.compile("i-[0-9a-f]{1,32}");

    private final Ec2Api api;
    private final Catalogs catalogs;
    private final Promises promises;
    private final Ec2Machines machines;
    private final InstantSource clock;
    private final InstantSource wall;

    /**
     * @param catalogs what {@code api} remembers
     * @param clock when a listing began
     * @param wall the machine's own clock, to tell a wrong one from wrong credentials
     */
    Ec2Driver(
            Ec2Api api,
            Catalogs catalogs,
            Promises promises,
            Ec2Machines machines,
            InstantSource clock,
            InstantSource wall) {
        this.api = api;
        this.catalogs = catalogs;
        this.promises = promises;
        this.machines = machines;
        this.clock = clock;
        this.wall = wall;
    }

    @Override
    public Promises promises() {
        return promises;
    }

    @Override
    public Template resolve(PoolDocument document) throws TemplateProblems, CloudException {
        try {
            try {
                return Ec2Templates.template(api, machines.region(), document);
            } catch (TemplateProblems perhapsOld) {
                if (catalogs.since().isEmpty()) {
                    throw perhapsOld;
                }
                catalogs.forget(); // what is missing may have come since
                return Ec2Templates.template(api, machines.region(), document);
            }
        } catch (SdkException failure) {
            throw Ec2Failures.ofRead(failure, wall);
        }
    }

    @Override
    public Listing list(Set<PoolName> pools) throws CloudException {
        Instant begun = clock.instant();
        List<CloudMachine> found = new ArrayList<>();
        List<Listing.PoolRefusal> refusals = new ArrayList<>();
        if (pools.isEmpty()) {
            return new Listing(begun, found, Set.of(), refusals);
        }
        Set<String> seen = new HashSet<>();
        for (Instance instance : instances(of(pools))) {
            if (!seen.add(instance.instanceId())) {
                continue; // a page was shown twice while machines came and went
            }
            CloudMachine machine = machines.machine(instance);
            if (machine.pool().filter(pools::contains).isPresent()) {
                found.add(machine);
                Ec2Machines.refusal(instance, machine).ifPresent(refusals::add);
            }
        }
        return new Listing(begun, found, Set.of(), refusals);
    }

    private Filter of(Set<PoolName> pools) {
        if (machines.takesOver(pools)) {
            return Filter.builder()
                    .name("tag-key")
                    .values(Marks.POOL_TAG, Elastisys.POOL)
                    .build();
        }
        return pools.size() > FILTER_VALUES_MAX
                ? Filter.builder().name("tag-key").values(Marks.POOL_TAG).build()
                : Filter.builder()
                        .name("tag:" + Marks.POOL_TAG)
                        .values(pools.stream().map(PoolName::value).sorted().toList())
                        .build();
    }

    private List<Instance> instances(Filter filter) throws CloudException {
        List<Instance> instances = new ArrayList<>();
        Set<String> tokens = new HashSet<>();
        String next = null;
        try {
            for (int page = 0; page == 0 || next != null; page++) {
                DescribeInstancesResponse answer = api.describeInstances(DescribeInstancesRequest.builder()
                        .filters(filter)
                        .maxResults(PAGE)
                        .nextToken(next)
                        .build());
                collect(answer, instances);
                next = answer.nextToken() == null || answer.nextToken().isEmpty() ? null : answer.nextToken();
                if (page == PAGES_MAX || (next != null && !tokens.add(next))) {
                    throw new CloudException(FailureKind.UNAVAILABLE, "a listing that does not end");
                }
            }
        } catch (SdkException failure) {
            throw Ec2Failures.ofRead(failure, wall);
        }
        return instances;
    }

    /** A row without an id is of no use to anybody, and the only one that is left out. */
    private static void collect(DescribeInstancesResponse answer, List<Instance> instances) {
        for (Reservation reservation : answer.reservations()) {
            reservation.instances().stream()
                    .filter(instance -> instance.instanceId() != null && MachineId.isLegal(instance.instanceId()))
                    .forEach(instances::add);
        }
    }

    @Override
    public Outcomes<MachineName> launch(Batch batch) throws CloudException {
        List<MachineName> ordered = Ec2Names.ordered(batch);
        if (ordered.isEmpty()) {
            return new Outcomes<>(Map.of());
        }
        LaunchParameters frozen = LaunchParameters.thawed(batch.frozen());
        RunInstancesRequest request = Ec2Requests.launch(batch, frozen, ordered);
        RunInstancesResponse answer;
        try {
            answer = api.runInstances(request);
        } catch (SdkException failure) {
            CloudException meaning = hidden(Ec2Failures.ofChange(failure, wall), frozen);
            if (meaning.kind() == FailureKind.INVALID_TEMPLATE) {
                catalogs.forget();
            }
            throw meaning;
        }
        return launched(ordered, answer);
    }

    /** EC2 repeats a parameter that it does not like; the user data is nobody's business. */
    private static CloudException hidden(CloudException failure, LaunchParameters frozen) {
        String data = frozen.userData();
        String text = String.valueOf(failure.getMessage());
        return data == null || data.isEmpty() || !text.contains(data)
                ? failure
                : new CloudException(failure.kind(), text.replace(data, "…"), failure.retryAfter());
    }

    private static Outcomes<MachineName> launched(List<MachineName> ordered, RunInstancesResponse answer) {
        Map<Integer, String> ids = new HashMap<>();
        for (Instance instance : answer.instances()) {
            if (instance.instanceId() != null && instance.amiLaunchIndex() != null) {
                ids.put(instance.amiLaunchIndex(), instance.instanceId());
            }
        }
        Map<MachineName, Outcome> outcomes = new LinkedHashMap<>();
        for (int index = 0; index < ordered.size(); index++) {
            String id = ids.get(index);
            if (id != null) {
                outcomes.put(ordered.get(index), new Outcome.Accepted(new MachineId(id)));
            } else if (!ids.isEmpty() && ids.size() == answer.instances().size()) {
                outcomes.put(
                        ordered.get(index),
                        new Outcome.Refused(
                                FailureKind.NO_CAPACITY, "EC2 had room for " + ids.size() + " of " + ordered.size()));
            } // else the answer makes no sense, and what is left out is unknown
        }
        return new Outcomes<>(outcomes);
    }

    @Override
    public Outcomes<MachineId> terminate(Set<MachineId> ids) throws CloudException {
        Map<MachineId, Outcome> outcomes = new HashMap<>();
        for (List<MachineId> some : parts(asked(ids, outcomes))) {
            without(some, outcomes, left -> {
                TerminateInstancesResponse answer = api.terminateInstances(TerminateInstancesRequest.builder()
                        .instanceIds(values(left))
                        .build());
                Set<String> ending = new HashSet<>();
                answer.terminatingInstances().stream()
                        .map(InstanceStateChange::instanceId)
                        .forEach(ending::add);
                accept(left.stream().filter(id -> ending.contains(id.value())).toList(), outcomes);
            });
        }
        return new Outcomes<>(outcomes);
    }

    @Override
    public Outcomes<MachineId> mark(Map<MachineId, Marks> marks) throws CloudException {
        Map<MachineId, Outcome> outcomes = new HashMap<>();
        Map<Marks, List<MachineId>> alike = new LinkedHashMap<>();
        for (MachineId id : asked(marks.keySet(), outcomes)) {
            alike.computeIfAbsent(java.util.Objects.requireNonNull(marks.get(id)), same -> new ArrayList<>())
                    .add(id);
        }
        for (Map.Entry<Marks, List<MachineId>> each : alike.entrySet()) {
            for (List<MachineId> some : parts(each.getValue())) {
                without(some, outcomes, left -> {
                    write(each.getKey(), left);
                    accept(left, outcomes);
                });
            }
        }
        return new Outcomes<>(outcomes);
    }

    private void write(Marks marks, List<MachineId> ids) {
        List<Tag> tags = new ArrayList<>();
        tags.add(tag(Marks.MARKS_TAG, marks.encode()));
        marks.pool().ifPresent(pool -> tags.add(tag(Marks.POOL_TAG, pool.value())));
        api.createTags(
                CreateTagsRequest.builder().resources(values(ids)).tags(tags).build());
        if (marks.pool().isEmpty()) {
            api.deleteTags(DeleteTagsRequest.builder()
                    .resources(values(ids))
                    .tags(Tag.builder().key(Marks.POOL_TAG).build())
                    .build());
        }
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    @Override
    public Optional<CloudMachine> find(MachineId id) throws CloudException {
        if (!INSTANCE_ID.matcher(id.value()).matches()) {
            return Optional.empty();
        }
        try {
            List<Instance> found = new ArrayList<>();
            collect(
                    api.describeInstances(DescribeInstancesRequest.builder()
                            .instanceIds(id.value())
                            .build()),
                    found);
            Optional<Instance> same = found.stream()
                    .filter(instance -> id.value().equals(instance.instanceId()))
                    .findFirst();
            if (same.isEmpty()) {
                throw new CloudException(
                        FailureKind.UNAVAILABLE,
                        "EC2 answered without " + id + " and did not say that it is not there");
            }
            return same.map(machines::machine);
        } catch (SdkException failure) {
            CloudException meaning = Ec2Failures.ofRead(failure, wall);
            if (meaning.kind() == FailureKind.NOT_FOUND) {
                return Optional.empty();
            }
            throw meaning;
        }
    }

    /** In a fixed order; ids that cannot be EC2's are answered for at once. */
    private static List<MachineId> asked(Set<MachineId> ids, Map<MachineId, Outcome> outcomes) {
        List<MachineId> asked = new ArrayList<>();
        for (MachineId id : new TreeSet<>(ids)) {
            if (INSTANCE_ID.matcher(id.value()).matches()) {
                asked.add(id);
            } else {
                outcomes.put(id, new Outcome.Refused(FailureKind.NOT_FOUND, id + " is no id of EC2's"));
            }
        }
        return asked;
    }

    private static List<List<MachineId>> parts(List<MachineId> ids) {
        List<List<MachineId>> parts = new ArrayList<>();
        for (int at = 0; at < ids.size(); at += IDS_MAX) {
            parts.add(ids.subList(at, Math.min(ids.size(), at + IDS_MAX)));
        }
        return parts;
    }

    /**
     * Makes the call; when EC2 fails it as a whole because of some ids, answers for those and makes it again without them. EC2 does
     * the change in the zones that have no protected instance before it fails: repeating it is no mistake.
     */
    private void without(List<MachineId> ids, Map<MachineId, Outcome> outcomes, Consumer<List<MachineId>> call) {
        Set<MachineId> left = new TreeSet<>(ids);
        boolean partly = false;
        for (int round = 0; round < ROUNDS_MAX && !left.isEmpty(); round++) {
            try {
                call.accept(List.copyOf(left));
                return;
            } catch (SdkException failure) {
                CloudException meaning = Ec2Failures.ofChange(failure, wall);
                Set<MachineId> named = left.size() == 1 ? Set.copyOf(left) : named(failure, left);
                boolean own = meaning.kind() == FailureKind.NOT_FOUND || meaning.kind() == FailureKind.CONFLICT;
                if (!own) {
                    boolean doubt = partly;
                    left.forEach(id -> outcomes.put(id, doubt ? unknown(meaning) : outcome(meaning)));
                    return;
                }
                if (named.isEmpty()) {
                    oneByOne(left, outcomes, call);
                    return;
                }
                partly |= meaning.kind() == FailureKind.CONFLICT;
                named.forEach(id -> outcomes.put(id, outcome(meaning)));
                left.removeAll(named);
            }
        }
        left.forEach(id -> outcomes.put(id, new Outcome.Unknown("too many others of the call were refused")));
    }

    /** EC2 did not say which: they are asked for alone, as many as one turn bears. */
    private void oneByOne(Set<MachineId> ids, Map<MachineId, Outcome> outcomes, Consumer<List<MachineId>> call) {
        int round = 0;
        for (MachineId id : ids) {
            if (round++ < ROUNDS_MAX) {
                without(List.of(id), outcomes, call);
            } else {
                outcomes.put(id, new Outcome.Unknown("EC2 refused some of the call and did not say which"));
            }
        }
    }

    private static Set<MachineId> named(SdkException failure, Set<MachineId> asked) {
        Set<MachineId> named = new TreeSet<>();
        for (String id : Ec2Failures.instances(failure)) {
            MachineId one = new MachineId(id);
            if (asked.contains(one)) {
                named.add(one);
            }
        }
        return named;
    }

    private static Outcome outcome(CloudException meaning) {
        return meaning.kind() == FailureKind.UNKNOWN
                ? unknown(meaning)
                : new Outcome.Refused(meaning.kind(), String.valueOf(meaning.getMessage()), meaning.retryAfter());
    }

    private static Outcome unknown(CloudException meaning) {
        return new Outcome.Unknown(String.valueOf(meaning.getMessage()));
    }

    private static void accept(Collection<MachineId> ids, Map<MachineId, Outcome> outcomes) {
        ids.forEach(id -> outcomes.put(id, new Outcome.Accepted(id)));
    }

    private static List<String> values(List<MachineId> ids) {
        return ids.stream().map(MachineId::value).toList();
    }
}
