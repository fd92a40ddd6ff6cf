package io.weir.gce.fake;

import com.google.cloud.compute.v1.BulkInsertInstanceRequest;
import com.google.cloud.compute.v1.BulkInsertInstanceResource;
import com.google.cloud.compute.v1.BulkInsertInstanceResourcePerInstanceProperties;
import com.google.cloud.compute.v1.InsertInstanceRequest;
import io.weir.gce.fake.Change.Bulk;
import io.weir.gce.fake.Change.DiskBirth;
import io.weir.gce.fake.Change.Draft;
import io.weir.gce.fake.Change.Failure;
import io.weir.gce.fake.Change.Fault;
import io.weir.gce.fake.Change.Op;
import io.weir.gce.fake.Change.Step;
import io.weir.gce.fake.Change.VmBirth;
import io.weir.gce.fake.Ground.Replay;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Inserts.
 *
 * <ol>
 *   <li>What is wrong with a call is told at the door; want of room is told by the operation, whose instance may be shown for a moment.
 *   <li>A name that is taken in the zone, by an instance that ends too or by a disk, is refused and never doubled.
 *   <li>An operation that succeeds is done when its instance runs.
 *   <li>A bulk insert is one operation, and one insert for each instance with the same group. Those that there is no room for fail; if
 *       fewer than the least come to be, and the least is all of them where none is told, those that did are taken back.
 *   <li>A failed insert takes the disks that it made with it.
 * </ol>
 */
final class Launching {
    private static final int BULK_MOST = 1000;
    private static final Set<String> BULK_HEEDED = Set.of(
            "count",
            "minCount",
            "perInstanceProperties",
            "namePattern",
            "instanceProperties",
            "sourceInstanceTemplate");

    private final Ground ground;

    Launching(Ground ground) {
        this.ground = ground;
    }

    Op insert(Schema.Call call, Replay replay, long now) throws Refusal {
        InsertInstanceRequest asked = call.as(InsertInstanceRequest.class);
        String zone = asked.getZone();
        if (asked.hasSourceMachineImage()) {
            throw Refusal.notInTheFake("machine images");
        }
        LaunchRequest request =
                LaunchRequest.of(ground, zone, asked.getInstanceResource(), asked.getSourceInstanceTemplate());
        Optional<String> taken = taken(request, request.name(), now);
        if (taken.isPresent() && !ground.dials.conflictsInOperation()) {
            throw Refusal.exists(taken.get());
        }
        Room room = Room.in(ground, request, now);
        Optional<Refusal> quota = room.refusal(ground);
        if (quota.isPresent()) {
            throw quota.get();
        }
        Draft draft = new Draft(now);
        String id = ground.newId();
        String target = "zones/" + zone + "/instances/" + request.name();
        Op op = Ground.asked(ground.operation("insert", zone, target, id, now), replay);
        Optional<Failure> failure = taken.map(Launching::conflict)
                .or(() -> room.left() > 0 ? Optional.empty() : Optional.of(room.failure()));
        Op drawn = draw(draft, request, request.name(), id, op, failure, taken.isEmpty() && !room.isQuota());
        ground.ledger.write(draft.done());
        return drawn;
    }

    private Optional<String> taken(LaunchRequest request, String name, long now) {
        String zone = request.zone();
        if (ground.ledger.find(zone + "/" + name).filter(vm -> vm.exists(now)).isPresent()) {
            return Optional.of(Names.resource("zones/" + zone + "/instances/" + name));
        }
        for (int i = 0; i < request.asked().getDisksCount(); i++) {
            String disk = request.diskName(name, i);
            if (ground.ledger
                    .disk(zone + "/" + disk)
                    .filter(other -> other.exists(now))
                    .isPresent()) {
                return Optional.of(Names.resource("zones/" + zone + "/disks/" + disk));
            }
        }
        return Optional.empty();
    }

    private static Failure conflict(String resource) {
        return Failure.of(
                409,
                "CONFLICT",
                new Fault("RESOURCE_ALREADY_EXISTS", "The resource '" + resource + "' already exists"));
    }

    /** Draws what becomes of one instance; its operation, as it will end. */
    private Op draw(
            Draft draft,
            LaunchRequest request,
            String name,
            String id,
            Op op,
            Optional<Failure> failure,
            boolean failedShows) {
        Instant began = op.started();
        List<Step> steps = new ArrayList<>();
        steps.add(Step.of(draft.at, "PROVISIONING"));
        Op drawn;
        boolean failed = false;
        GceDials.LateRefusals late = ground.dials.lateRefusals();
        if (failure.isPresent()) {
            drawn = ground.failing(op, failure.get());
            failed = true;
        } else if (ground.dice.happens(late.p())) {
            Failure why = Room.other(late.code(), request.zone(), request.type());
            Instant at = began.plusMillis(ground.dice.millisUpTo(late.seconds()));
            if (late.afterRunning()) {
                Instant running = began.plusMillis(ground.dice.millis(ground.dials.boot()));
                steps.add(Step.of(began.plusMillis(1), "STAGING"));
                steps.add(Step.of(running, "RUNNING"));
                at = running.plusMillis(1 + ground.dice.millisUpTo(late.seconds()));
            }
            drawn = op.ending(at, why);
            failed = true;
        } else {
            steps.add(Step.of(began.plusMillis(1), "STAGING"));
            if (ground.dice.happens(ground.dials.neverBoots())) {
                drawn = op;
            } else {
                Instant running = began.plusMillis(2 + ground.dice.millis(ground.dials.boot()));
                steps.add(Step.of(running, "RUNNING"));
                drawn = op.ending(running, null);
                fate(draft, request, name, id, running, steps);
            }
        }
        if (failed && drawn.end() != null) {
            steps.add(new Step(
                    drawn.end(),
                    Change.GONE,
                    drawn.failure() == null
                            ? null
                            : drawn.failure().faults().get(0).code()));
        }
        draft.operations.add(drawn);
        if (!failed || failure.isEmpty() || (failedShows && ground.dials.failedShow())) {
            bear(draft, request, name, id, drawn, failed, steps);
        }
        return drawn;
    }

    /** What befalls an instance that runs, by itself. */
    private void fate(Draft draft, LaunchRequest request, String name, String id, Instant running, List<Step> steps) {
        String zone = request.zone();
        String target = "zones/" + zone + "/instances/" + name;
        if (ground.dice.happens(ground.dials.diesYoung().p())) {
            Instant dead = running.plusMillis(
                    ground.dice.millisUpTo(ground.dials.diesYoung().withinSeconds()));
            steps.add(new Step(dead, Change.GONE, "deleted"));
            draft.operations.add(byItself("delete", zone, target, id, dead, ExampleProject.SOMEBODY));
        } else if (request.isSpot()
                && ground.dice.happens(ground.dials.preemptions().p())) {
            Instant taken = running.plusMillis(
                    ground.dice.millisUpTo(ground.dials.preemptions().withinSeconds()));
            steps.addAll(preempted(taken, request.asked().getScheduling().getInstanceTerminationAction()));
            draft.operations.add(byItself("compute.instances.preempted", zone, target, id, taken, "system"));
        }
    }

    static List<Step> preempted(Instant at, String action) {
        return List.of(
                new Step(at, "STOPPING", "preempted"),
                new Step(at.plusSeconds(30), action.equals("DELETE") ? Change.GONE : "TERMINATED", "preempted"));
    }

    private Op byItself(String type, String zone, String target, String id, Instant at, String user) {
        String caller = ground.caller;
        ground.caller = user;
        try {
            Op op = ground.operation(type, zone, target, id, at.toEpochMilli());
            return op.ending(op.started(), null);
        } finally {
            ground.caller = caller;
        }
    }

    private void bear(
            Draft draft, LaunchRequest request, String name, String id, Op op, boolean failed, List<Step> steps) {
        int number = ground.ledger.all().size() + draft.vms.size();
        VmBirth birth = new VmBirth(
                request.zone(),
                name,
                id,
                op.name(),
                op.requestId(),
                op.group(),
                Map.copyOf(request.labels()),
                Schema.json(request.born(name, id, number, draft.at)),
                failed,
                List.copyOf(steps));
        draft.vms.add(birth);
        boolean left = failed && ground.dice.happens(ground.dials.leftDisks());
        Instant gone = steps.get(steps.size() - 1).status().equals(Change.GONE)
                ? steps.get(steps.size() - 1).at()
                : null;
        List<LaunchRequest.BornDisk> disks = request.disks(name, draft.at);
        for (int i = 0; i < disks.size(); i++) {
            LaunchRequest.BornDisk disk = disks.get(i);
            boolean goes = !left && (failed || request.deletes(i));
            draft.disks.add(new DiskBirth(
                    request.zone(),
                    disk.name(),
                    disk.id(),
                    name,
                    draft.at,
                    goes ? gone : null,
                    disk.labels(),
                    Schema.json(disk.disk())));
        }
    }

    Op bulkInsert(Schema.Call call, Replay replay, long now) throws Refusal {
        BulkInsertInstanceRequest asked = call.as(BulkInsertInstanceRequest.class);
        BulkInsertInstanceResource resource = asked.getBulkInsertInstanceResourceResource();
        String zone = asked.getZone();
        for (String path : Schema.paths(resource)) {
            boolean below = path.startsWith("instanceProperties.");
            if (!below && !BULK_HEEDED.contains(path)) {
                throw Refusal.notInTheFake("the field " + path + " of a bulk insert");
            }
        }
        List<String> names = names(resource, zone, now);
        long least = resource.hasMinCount() ? resource.getMinCount() : names.size();
        if (least < 0 || least > names.size()) {
            throw Refusal.invalid("resource.minCount", Long.toString(least), "Must be at most count.");
        }
        LaunchRequest request =
                LaunchRequest.of(ground, zone, resource.getInstanceProperties(), resource.getSourceInstanceTemplate());
        Room room = Room.in(ground, request, now);
        Optional<Refusal> quota = room.refusal(ground);
        if (quota.isPresent()) {
            throw quota.get();
        }
        Draft draft = new Draft(now);
        Op parent = Ground.asked(ground.operation("bulkInsert", zone, "zones/" + zone, null, now), replay);
        String group = HexFormat.of().toHexDigits(ground.dice.nextLong()) + "-0000-0000";
        int left = room.left();
        int made = 0;
        Set<Fault> faults = new LinkedHashSet<>();
        for (String name : names) {
            Optional<String> taken = taken(request, name, now);
            Optional<Failure> failure = taken.map(Launching::conflict);
            if (failure.isEmpty() && made >= left) {
                failure = Optional.of(room.failure());
            }
            String id = ground.newId();
            Op child =
                    grouped(ground.operation("insert", zone, "zones/" + zone + "/instances/" + name, id, now), group);
            Op drawn = draw(draft, request, name, id, child, failure, taken.isEmpty() && !room.isQuota());
            made += failure.isEmpty() ? 1 : 0;
            if (drawn.failure() != null) {
                faults.addAll(drawn.failure().faults());
            }
        }
        Op ended = bulkEnd(draft, parent, group, names.size(), made, least, faults);
        draft.operations.add(ended);
        ground.ledger.write(draft.done());
        return ended;
    }

    private Op bulkEnd(Draft draft, Op parent, String group, int target, int made, long least, Set<Fault> faults) {
        Instant last = parent.started();
        boolean never = false;
        for (Op op : draft.operations) {
            if (op.end() == null) {
                never = true;
            } else if (group.equals(op.group()) && op.end().isAfter(last)) {
                last = op.end();
            }
        }
        boolean back = made < least;
        Failure failure = null;
        if (back) {
            Instant rolled = last.plusMillis(ground.dice.millis(ground.dials.failure()));
            for (int i = 0; i < draft.vms.size(); i++) {
                draft.vms.set(i, takenBack(draft.vms.get(i), rolled));
            }
            for (int i = 0; i < draft.disks.size(); i++) {
                DiskBirth disk = draft.disks.get(i);
                if (disk.end() == null) {
                    draft.disks.set(
                            i,
                            new DiskBirth(
                                    disk.zone(),
                                    disk.name(),
                                    disk.id(),
                                    disk.vm(),
                                    disk.at(),
                                    rolled,
                                    disk.labels(),
                                    disk.json()));
                }
            }
            last = rolled;
            List<Fault> all = new ArrayList<>();
            all.add(new Fault(
                    "VM_MIN_COUNT_NOT_REACHED", "Requested minimum count of " + least + " VMs could not be created."));
            all.addAll(faults);
            failure = new Failure(503, "SERVICE UNAVAILABLE", all);
        }
        return new Op(
                parent.name(),
                parent.id(),
                parent.zone(),
                parent.type(),
                parent.target(),
                null,
                parent.user(),
                parent.inserted(),
                parent.started(),
                never ? null : last,
                failure,
                parent.requestId(),
                parent.asked(),
                group,
                new Bulk(target, made, target - made, back ? made : 0));
    }

    /** It was there for a while, and is taken back with its batch. */
    private static VmBirth takenBack(VmBirth birth, Instant at) {
        List<Step> steps = new ArrayList<>(birth.steps());
        steps.removeIf(step -> !step.at().isBefore(at));
        if (!steps.get(steps.size() - 1).status().equals(Change.GONE)) {
            steps.add(new Step(at, Change.GONE, "VM_MIN_COUNT_NOT_REACHED"));
        }
        return new VmBirth(
                birth.zone(),
                birth.name(),
                birth.id(),
                birth.operation(),
                birth.requestId(),
                birth.group(),
                birth.labels(),
                birth.json(),
                true,
                steps);
    }

    private static Op grouped(Op op, String group) {
        return new Op(
                op.name(),
                op.id(),
                op.zone(),
                op.type(),
                op.target(),
                op.targetId(),
                op.user(),
                op.inserted(),
                op.started(),
                op.end(),
                op.failure(),
                // The request is the whole batch's: it finds the parent again, never a child.
                null,
                null,
                group,
                null);
    }

    private List<String> names(BulkInsertInstanceResource resource, String zone, long now) throws Refusal {
        Set<String> own = new TreeSet<>(resource.getPerInstancePropertiesMap().keySet());
        long count = resource.getCount();
        if (count < 1 || count > BULK_MOST) {
            throw Refusal.invalid("resource.count", Long.toString(count), "Must be between 1 and " + BULK_MOST + ".");
        }
        if (own.size() > count) {
            throw Refusal.invalid(
                    "resource.perInstanceProperties", "", "There are more names than instances asked for.");
        }
        for (Map.Entry<String, BulkInsertInstanceResourcePerInstanceProperties> each :
                resource.getPerInstancePropertiesMap().entrySet()) {
            if (!Names.isName(each.getKey())) {
                throw Refusal.invalid(
                        "resource.perInstanceProperties",
                        each.getKey(),
                        "Must be a match of regex '" + Names.FORM + "'");
            }
            if (each.getValue().hasHostname()) {
                throw Refusal.notInTheFake("host names of a bulk insert");
            }
        }
        List<String> names = new ArrayList<>(own);
        if (names.size() < count && !resource.hasNamePattern()) {
            throw Refusal.required("resource.namePattern");
        }
        String pattern = resource.getNamePattern();
        int first = pattern.indexOf('#');
        int hashes = (int) pattern.chars().filter(c -> c == '#').count();
        for (int number = 1; names.size() < count; number++) {
            if (first < 0) {
                throw Refusal.invalid("resource.namePattern", pattern, "There is no # in it.");
            }
            String name = pattern.replace("#".repeat(hashes), String.format(Locale.ROOT, "%0" + hashes + "d", number));
            boolean taken = ground.ledger
                    .find(zone + "/" + name)
                    .filter(vm -> vm.exists(now))
                    .isPresent();
            if (!taken && !names.contains(name)) {
                names.add(name);
            }
        }
        return names;
    }
}
