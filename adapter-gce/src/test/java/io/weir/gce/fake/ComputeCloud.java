package io.weir.gce.fake;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.weir.gce.fake.Change.Draft;
import io.weir.gce.fake.Change.Labels;
import io.weir.gce.fake.Change.Op;
import io.weir.gce.fake.Change.Step;
import io.weir.gce.fake.GceDials.Throttle;
import io.weir.gce.fake.Ground.Replay;
import io.weir.pool.Marks;
import io.weir.simulated.Dice;
import io.weir.simulated.LinesFile;
import io.weir.simulated.SimulatedApi.LedgerLine;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Compute Engine of one project in one region, behind its REST API.
 *
 * <ol>
 *   <li>Time and chance are handed in: the same clock, seed, dials and calls make the same ledger. Nothing happens by itself; what is due
 *       by now happens, with its own time, at the beginning of the next call.
 *   <li>A call may be lost on its way, be carried out late, be refused at the door, or be carried out and lose its answer. Lost and late
 *       calls look the same to the caller.
 *   <li>A change answers with its operation. The future of both is drawn when the change is accepted.
 *   <li>A change with a requestId that is known answers with the operation that it made, whatever became of that; nothing more is looked
 *       at. Another change under it is refused. A change that was refused at the door leaves its requestId free.
 *   <li>What is changed is in the journal before the answer goes out. A late call that has not landed is not, and is lost with the
 *       process, as any call may be.
 *   <li>A method, a parameter or a field that the schema has and the fake does not heed is refused as unknown to the fake.
 * </ol>
 *
 * One lock; every call is linear in the instances shown.
 */
final class ComputeCloud {
    private static final long PRUNE_EVERY = 10_000;
    private static final long MINUTE = 60_000;
    private static final Set<String> HEEDED = Set.of(
            "project",
            "zone",
            "region",
            "instance",
            "resource",
            "disk",
            "operation",
            "image",
            "family",
            "network",
            "subnetwork",
            "instance_template",
            "machine_type",
            "disk_type",
            "filter",
            "max_results",
            "order_by",
            "page_token",
            "return_partial_success",
            "request_id",
            "deletion_protection",
            "source_instance_template",
            "source_machine_image",
            "instance_resource",
            "bulk_insert_instance_resource_resource",
            "instances_set_labels_request_resource",
            "zone_set_labels_request_resource");

    private interface Look {
        Message on(Schema.Call call, long now) throws Refusal;
    }

    private interface Work {
        Op on(Schema.Call call, Replay replay, long now) throws Refusal;
    }

    private final InstantSource clock;
    private final Ground ground;
    private final Instances instances;
    private final Map<String, Look> looks = new HashMap<>();
    private final Map<String, Work> changes = new HashMap<>();
    private final Map<String, Long> used = new HashMap<>();
    private final PriorityQueue<Late> late = new PriorityQueue<>();
    private final Object lock = new Object();
    private long lastPrune = Long.MIN_VALUE;
    private long lastNow = Long.MIN_VALUE;
    private long minute = Long.MIN_VALUE;
    private long lateCalls;
    private int answersToLose;
    private int requestsToLose;

    ComputeCloud(InstantSource clock, long seed, ExampleProject project, GceDials dials) {
        this(clock, seed, project, dials, Optional.empty());
    }

    /** A cloud that goes on from what it wrote down. */
    ComputeCloud(
            InstantSource clock,
            long seed,
            ExampleProject project,
            GceDials dials,
            Optional<LinesFile<Change>> journal) {
        this.clock = clock;
        Ledger ledger = new Ledger(journal);
        this.ground = new Ground(project, dials, new Dice(seed + ledger.size()), ledger);
        this.instances = new Instances(ground);
        Launching launching = new Launching(ground);
        Disks disks = new Disks(ground);
        Operations operations = new Operations(ground);
        Catalogue catalogue = new Catalogue(ground);
        looks.put("instances.get", instances::get);
        looks.put("instances.list", instances::list);
        looks.put("instances.aggregatedList", instances::aggregatedList);
        looks.put("disks.get", disks::get);
        looks.put("disks.list", disks::list);
        looks.put("disks.aggregatedList", disks::aggregatedList);
        looks.put("zoneOperations.get", operations::get);
        looks.put("zoneOperations.wait", operations::get);
        looks.put("zoneOperations.list", operations::list);
        looks.put("globalOperations.get", operations::get);
        looks.put("globalOperations.wait", operations::get);
        looks.put("globalOperations.list", operations::list);
        looks.put("globalOperations.aggregatedList", operations::aggregatedList);
        looks.put("zones.get", catalogue::zone);
        looks.put("zones.list", catalogue::zoneList);
        looks.put("regions.get", catalogue::region);
        looks.put("projects.get", catalogue::project);
        looks.put("machineTypes.get", catalogue::machineType);
        looks.put("machineTypes.list", catalogue::machineTypes);
        looks.put("diskTypes.get", catalogue::diskType);
        looks.put("images.get", catalogue::image);
        looks.put("images.getFromFamily", catalogue::family);
        looks.put("images.list", catalogue::images);
        looks.put("networks.get", catalogue::network);
        looks.put("subnetworks.get", catalogue::subnetwork);
        looks.put("instanceTemplates.get", catalogue::template);
        looks.put("instanceTemplates.list", catalogue::templates);
        changes.put("instances.insert", launching::insert);
        changes.put("instances.bulkInsert", launching::bulkInsert);
        changes.put("instances.delete", instances::delete);
        changes.put("instances.setLabels", instances::setLabels);
        changes.put("instances.setDeletionProtection", instances::setDeletionProtection);
        changes.put("disks.delete", disks::delete);
        changes.put("disks.setLabels", disks::setLabels);
    }

    /** Who calls: found out at the door, and asked for what he may do. */
    interface Caller {
        String authenticate() throws Refusal;

        void allow(Permissions.Need need) throws Refusal;
    }

    /** The answer's message, which is of the type that the method returns. */
    Message call(Schema.Call call, Caller caller) throws Refusal, Silence {
        synchronized (lock) {
            long now = arrive();
            boolean isChange = changes.containsKey(call.key());
            boolean certainly = isChange && requestsToLose > 0;
            if (isChange && (certainly || ground.dice.happens(ground.dials.lostRequests()))) {
                requestsToLose -= certainly ? 1 : 0;
                throw new Silence("the request was lost");
            }
            if (isChange && ground.dice.happens(ground.dials.lateCalls().p())) {
                long at = now + ground.dice.millisUpTo(ground.dials.lateCalls().seconds());
                late.add(new Late(at, lateCalls++, call, caller));
                throw new Silence("the call is late");
            }
            certainly = isChange && answersToLose > 0;
            boolean lost = isChange && (certainly || ground.dice.happens(ground.dials.lostAnswers()));
            answersToLose -= certainly ? 1 : 0;
            try {
                Message answer = carryOut(call, caller, now);
                if (!lost) {
                    return answer;
                }
            } catch (Refusal refusal) {
                if (!lost) {
                    throw refusal;
                }
            } finally {
                ground.ledger.flush();
            }
            throw new Silence("the answer was lost");
        }
    }

    private record Late(long at, long number, Schema.Call call, Caller caller) implements Comparable<Late> {
        @Override
        public int compareTo(Late other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    /** What is due happens first; the fake's time never runs backwards. */
    private long arrive() {
        long now = Math.max(lastNow, clock.millis());
        lastNow = now;
        while (!late.isEmpty() && late.element().at <= now) {
            Late call = late.remove();
            try {
                carryOut(call.call, call.caller, call.at);
            } catch (Refusal nobodyListens) {
                // The caller gave up long ago.
            }
            ground.ledger.flush();
        }
        if (lastPrune == Long.MIN_VALUE || now >= lastPrune + PRUNE_EVERY) {
            lastPrune = now;
            long kept = Math.max(
                    Ground.millis(ground.dials.operationSeconds()), Ground.millis(ground.dials.requestIdSeconds()));
            ground.ledger.prune(now - Ground.millis(ground.dials.lagSeconds()) - 1, now - kept);
        }
        return now;
    }

    private Message carryOut(Schema.Call call, Caller caller, long now) throws Refusal {
        GceDials dials = ground.dials;
        if (dials.unavailable() || ground.dice.happens(dials.unavailableCalls())) {
            throw Refusal.of(503, "backendError", "Backend Error");
        }
        ground.caller = caller.authenticate();
        Look look = looks.get(call.key());
        Work work = changes.get(call.key());
        if (look == null && work == null) {
            throw Refusal.notInTheFake("the method " + call.key());
        }
        throttle(call.key(), now);
        for (FieldDescriptor field : call.request().getAllFields().keySet()) {
            if (!HEEDED.contains(field.getName())) {
                throw Refusal.notInTheFake("the parameter " + field.getJsonName() + " of " + call.key());
            }
        }
        for (Permissions.Need need : Permissions.of(call)) {
            if (dials.denied().contains(need.permission())) {
                throw Refusal.denied(need.permission(), need.resource());
            }
            caller.allow(need);
        }
        String project = call.text("project");
        if (!project.equals(ExampleProject.NAME) && !call.key().startsWith("images.")) {
            throw Refusal.notFound("projects/" + project);
        }
        String zone = call.text("zone");
        if (!zone.isEmpty() && !call.key().startsWith("zones.")) {
            if (!ground.project.zones().contains(zone)) {
                throw Refusal.invalid("zone", zone, "Unknown zone.");
            }
            if (dials.unreachable().contains(zone)) {
                throw Refusal.unreachable(zone);
            }
        }
        if (look != null) {
            return look.on(call, now);
        }
        return Operations.view(change(call, Objects.requireNonNull(work), now), now);
    }

    private Op change(Schema.Call call, Work work, long now) throws Refusal {
        String requestId = call.text("request_id");
        if (requestId.isEmpty()) {
            return work.on(call, new Replay(null, null), now);
        }
        if (!Names.isUuid(requestId)) {
            throw Refusal.invalid(
                    "requestId",
                    requestId,
                    "Must be a valid UUID, with the exception that zero UUID is not supported.");
        }
        String asked = LabelHistory.hash(call.key() + " " + Schema.json(call.request()));
        Optional<Op> known = ground.ledger
                .byRequest(requestId)
                .filter(op -> now < op.inserted().toEpochMilli() + Ground.millis(ground.dials.requestIdSeconds()));
        if (known.isEmpty()) {
            return work.on(call, new Replay(requestId, asked), now);
        }
        if (!asked.equals(known.get().asked())) {
            throw Refusal.invalid("requestId", requestId, "The request ID was already used for a different request.");
        }
        // As it stands by now: another call may have changed its end.
        return ground.ledger.operation(known.get().name()).orElse(known.get());
    }

    private void throttle(String method, long now) throws Refusal {
        if (now / MINUTE != minute) {
            minute = now / MINUTE;
            used.keySet()
                    .removeIf(key -> Optional.ofNullable(ground.dials.throttle().get(key))
                            .map(Throttle::refilled)
                            .orElse(true));
        }
        for (String key : List.of("*", method)) {
            Throttle throttle = ground.dials.throttle().get(key);
            if (throttle != null && used.getOrDefault(key, 0L) >= throttle.calls()) {
                throw Refusal.throttled(key.equals("*") ? "Queries" : method);
            }
        }
        for (String key : List.of("*", method)) {
            used.merge(key, 1L, Long::sum);
        }
    }

    // What people, tests and the judge use: no fault befalls these

    private <T> T locked(LongFunction<T> work) {
        synchronized (lock) {
            T answer = work.apply(arrive());
            ground.ledger.flush();
            return answer;
        }
    }

    GceDials dials() {
        return locked(now -> ground.dials);
    }

    void turn(Consumer<GceDials.Turn> how) {
        locked(now -> {
            ground.dials = ground.dials.turned(how);
            used.clear();
            return true;
        });
    }

    void set(GceDials dials) {
        locked(now -> {
            ground.dials = dials;
            used.clear();
            return true;
        });
    }

    ExampleProject project() {
        return locked(now -> ground.project);
    }

    void change(UnaryOperator<ExampleProject> how) {
        locked(now -> {
            ground.project = how.apply(ground.project);
            return true;
        });
    }

    /** The next so many changes are carried out, and their answers are lost. */
    void loseAnswers(int count) {
        locked(now -> {
            answersToLose = count;
            return true;
        });
    }

    /** The next so many changes never arrive. */
    void loseRequests(int count) {
        locked(now -> {
            requestsToLose = count;
            return true;
        });
    }

    /** Ends an instance at once, as if somebody had deleted it; false: it was not alive. */
    boolean kill(String machineId) {
        return locked(now -> alive(machineId, now)
                .map(vm -> {
                    end(vm, now);
                    return true;
                })
                .orElse(false));
    }

    private Optional<Vm> alive(String machineId, long now) {
        return ground.ledger.find(machineId.replace(':', '/')).filter(vm -> vm.isAlive(now));
    }

    private void end(Vm vm, long now) {
        Draft draft = new Draft(now);
        instances.end(draft, vm, false, draft.at, "deleted");
        ground.ledger.write(draft.done());
    }

    /** Ends some instances of a pool (null: of any) at once, and says which. */
    List<String> kill(int count, @Nullable String pool) {
        return locked(now -> {
            List<Vm> some = new ArrayList<>(ground.ledger.shown().stream()
                    .filter(vm -> vm.isAlive(now))
                    .filter(vm -> pool == null || pool.equals(vm.labels.now().get(Marks.POOL_TAG)))
                    .toList());
            List<String> killed = new ArrayList<>();
            for (int i = 0; i < count && i < some.size(); i++) {
                Collections.swap(some, i, i + ground.dice.below(some.size() - i));
                end(some.get(i), now);
                killed.add(some.get(i).machineId());
            }
            return killed;
        });
    }

    /** Takes a spot instance back; false: it was not alive, or is none. */
    boolean preempt(String machineId) {
        return locked(now -> alive(machineId, now)
                .filter(Vm::isSpot)
                .map(vm -> {
                    turn(
                            vm,
                            now,
                            Launching.preempted(
                                    Instant.ofEpochMilli(now),
                                    vm.born.getScheduling().getInstanceTerminationAction()));
                    return true;
                })
                .orElse(false));
    }

    /** Stops or starts an instance, as somebody at the console would; false: it is not there. */
    boolean stop(String machineId, boolean stopped) {
        return locked(now -> ground.ledger
                .find(machineId.replace(':', '/'))
                .filter(vm -> vm.exists(now) && !vm.isEnding())
                .map(vm -> {
                    Instant at = Instant.ofEpochMilli(now);
                    turn(
                            vm,
                            now,
                            stopped
                                    ? List.of(
                                            new Step(at, "STOPPING", "stopped"),
                                            new Step(at.plusSeconds(20), "TERMINATED", "stopped"))
                                    : List.of(
                                            Step.of(at, "PROVISIONING"),
                                            Step.of(at.plusSeconds(2), "STAGING"),
                                            Step.of(at.plusSeconds(20), "RUNNING")));
                    return true;
                })
                .orElse(false));
    }

    private void turn(Vm vm, long now, List<Step> steps) {
        Draft draft = new Draft(now);
        draft.turns.add(new Change.Turn(vm.key(), vm.birth.id(), false, steps));
        ground.ledger.write(draft.done());
    }

    /** Sets labels as somebody at the console would; null takes one away. False: there is no such instance. */
    boolean relabel(String machineId, Map<String, @Nullable String> labels) {
        return locked(now -> {
            Optional<Vm> vm = ground.ledger.find(machineId.replace(':', '/'));
            vm.ifPresent(found -> {
                Map<String, String> merged = new TreeMap<>(found.labels.now());
                labels.forEach((key, value) -> {
                    if (value == null) {
                        merged.remove(key);
                    } else {
                        merged.put(key, value);
                    }
                });
                Draft draft = new Draft(now);
                draft.labels.add(new Labels("instances/" + found.key(), found.birth.id(), Map.copyOf(merged)));
                ground.ledger.write(draft.done());
            });
            return vm.isPresent();
        });
    }

    void protect(String machineId, boolean isProtected) {
        locked(now -> {
            ground.ledger.find(machineId.replace(':', '/')).ifPresent(vm -> {
                Draft draft = new Draft(now);
                draft.protections.add(new Change.Protection(vm.key(), vm.birth.id(), isProtected));
                ground.ledger.write(draft.done());
            });
            return true;
        });
    }

    /** Every instance that was ever launched, also those that failed before they ran. */
    List<LedgerLine> ledger() {
        return locked(now ->
                ground.ledger.all().stream().map(vm -> vm.line(now, price(vm))).toList());
    }

    private BigDecimal price(Vm vm) {
        return ground.project
                .type(vm.type())
                .map(type -> vm.isSpot() ? type.spotPrice() : type.price())
                .orElse(BigDecimal.ZERO);
    }

    /** How many instances with this pool's label are alive, by the ledger, without those that will never run. */
    int alive(String pool) {
        return locked(now -> (int) ground.ledger.shown().stream()
                .filter(vm -> vm.isAlive(now) && !vm.birth.failed())
                .filter(vm -> pool.equals(vm.labels.now().get(Marks.POOL_TAG)))
                .count());
    }

    /** Disks and instances that are there with this label, as {@code disks/zone/name}. */
    List<String> bearing(String label) {
        return locked(now -> {
            List<String> bearing = new ArrayList<>();
            ground.ledger.shown().stream()
                    .filter(vm -> vm.exists(now) && vm.labels.now().containsKey(label))
                    .forEach(vm -> bearing.add("instances/" + vm.key()));
            ground.ledger.disks().stream()
                    .filter(disk -> disk.exists(now) && disk.labels.now().containsKey(label))
                    .forEach(disk -> bearing.add("disks/" + disk.birth.key()));
            return bearing;
        });
    }

    /** All disks that are there, as {@code zone/name}. */
    List<String> disks() {
        return locked(now -> ground.ledger.disks().stream()
                .filter(disk -> disk.exists(now))
                .map(disk -> disk.birth.key())
                .toList());
    }

    /** How many calls were answered with silence and have yet to be carried out. */
    int yetToLand() {
        return locked(now -> late.size());
    }

    /** What it knows, as {@code instances.insert}. */
    Set<String> methods() {
        Set<String> all = new TreeSet<>(looks.keySet());
        all.addAll(changes.keySet());
        return all;
    }
}
