package io.weir.gce.fake;

import com.google.cloud.compute.v1.AccessConfig;
import com.google.cloud.compute.v1.AggregatedListInstancesRequest;
import com.google.cloud.compute.v1.DeleteInstanceRequest;
import com.google.cloud.compute.v1.GetInstanceRequest;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.InstanceAggregatedList;
import com.google.cloud.compute.v1.InstanceList;
import com.google.cloud.compute.v1.InstancesScopedList;
import com.google.cloud.compute.v1.ListInstancesRequest;
import com.google.cloud.compute.v1.NetworkInterface;
import com.google.cloud.compute.v1.SetDeletionProtectionInstanceRequest;
import com.google.cloud.compute.v1.SetLabelsInstanceRequest;
import io.weir.gce.fake.Change.DiskEnd;
import io.weir.gce.fake.Change.Draft;
import io.weir.gce.fake.Change.Failure;
import io.weir.gce.fake.Change.Fault;
import io.weir.gce.fake.Change.Labels;
import io.weir.gce.fake.Change.Op;
import io.weir.gce.fake.Change.Step;
import io.weir.gce.fake.Ground.Replay;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Instances that are there.
 *
 * <ol>
 *   <li>A deleted one is STOPPING until it is gone, and then there is nothing left of it but its operation.
 *   <li>Deleting what ends already is accepted, and ends with it.
 *   <li>An insert whose instance is deleted before it runs fails as cancelled.
 *   <li>Labels are replaced whole, by whoever knows the fingerprint of those that are there.
 *   <li>Listings may lag; a look at one does not.
 * </ol>
 */
final class Instances {
    private static final Set<String> ON = Set.of("RUNNING", "STOPPING", "SUSPENDING", "REPAIRING");

    private final Ground ground;

    Instances(Ground ground) {
        this.ground = ground;
    }

    Instance get(Schema.Call call, long now) throws Refusal {
        GetInstanceRequest asked = call.as(GetInstanceRequest.class);
        return view(find(asked.getZone(), asked.getInstance(), now), now, now);
    }

    /** By its name, or by its number. */
    private Vm find(String zone, String instance, long now) throws Refusal {
        Optional<Vm> found = ground.ledger.find(zone + "/" + instance).filter(vm -> vm.exists(now));
        if (found.isEmpty() && instance.chars().allMatch(Character::isDigit)) {
            found = ground.ledger.shown().stream()
                    .filter(vm -> vm.zone().equals(zone) && vm.birth.id().equals(instance) && vm.exists(now))
                    .findFirst();
        }
        return found.orElseThrow(() -> Refusal.notFound(Names.resource("zones/" + zone + "/instances/" + instance)));
    }

    InstanceList list(Schema.Call call, long now) throws Refusal {
        String zone = call.as(ListInstancesRequest.class).getZone();
        Page<Instance> page = page(call, shown(now, zone));
        InstanceList.Builder list = InstanceList.newBuilder()
                .setKind("compute#instanceList")
                .setId(Names.resource("zones/" + zone + "/instances"))
                .setSelfLink(Names.link("zones/" + zone + "/instances"))
                .addAllItems(page.things());
        if (!page.next().isEmpty()) {
            list.setNextPageToken(page.next());
        }
        return list.build();
    }

    InstanceAggregatedList aggregatedList(Schema.Call call, long now) throws Refusal {
        Scopes scopes =
                Scopes.of(ground, call.as(AggregatedListInstancesRequest.class).getReturnPartialSuccess());
        List<Instance> shown = new ArrayList<>();
        for (String zone : scopes.reachable()) {
            shown.addAll(shown(now, zone));
        }
        Page<Instance> page = page(call, shown);
        InstanceAggregatedList.Builder list = InstanceAggregatedList.newBuilder()
                .setKind("compute#instanceAggregatedList")
                .setId(Names.resource("aggregated/instances"))
                .setSelfLink(Names.link("aggregated/instances"))
                .addAllUnreachables(scopes.unreachables());
        for (String zone : ground.project.zones()) {
            InstancesScopedList.Builder scope = InstancesScopedList.newBuilder();
            page.things().stream()
                    .filter(instance -> instance.getZone().endsWith("/" + zone))
                    .forEach(scope::addInstances);
            scopes.warning(zone, scope.getInstancesCount()).ifPresent(scope::setWarning);
            if (scopes.isTold(zone)) {
                list.putItems("zones/" + zone, scope.build());
            }
        }
        if (!page.next().isEmpty()) {
            list.setNextPageToken(page.next());
        }
        return list.build();
    }

    private Page<Instance> page(Schema.Call call, List<Instance> shown) throws Refusal {
        return Page.of(
                call,
                ground.dials,
                shown,
                instance -> Names.last(instance.getZone()) + "/" + instance.getName(),
                Instance::getCreationTimestamp,
                Instance.getDefaultInstance());
    }

    private List<Instance> shown(long now, String zone) {
        List<Instance> shown = new ArrayList<>();
        // One listing in two is as old as one draw, the others draw for each instance.
        boolean together = ground.dials.lagSeconds() == 0 || ground.dice.happens(0.5);
        long one = ground.stale(now, ground.dials.lagSeconds());
        for (Vm vm : ground.ledger.shown()) {
            if (vm.zone().equals(zone)) {
                long then = together ? one : ground.stale(now, ground.dials.lagSeconds());
                if (vm.exists(then)) {
                    shown.add(view(vm, then, ground.stale(now, ground.dials.labelLagSeconds())));
                }
            }
        }
        return shown;
    }

    private Instance view(Vm vm, long then, long labelsThen) {
        String status = vm.status(then).orElse("PROVISIONING");
        Map<String, String> labels = vm.labels.at(labelsThen);
        Instance.Builder view = vm.born.toBuilder()
                .setStatus(status)
                .putAllLabels(labels)
                .setLabelFingerprint(LabelHistory.fingerprint(labels))
                .setDeletionProtection(vm.isProtected)
                .setCpuPlatform(ON.contains(status) ? "Intel Broadwell" : "Unknown CPU Platform");
        vm.lastIn("STAGING", then).ifPresent(at -> view.setLastStartTimestamp(Names.time(at)));
        vm.lastIn("TERMINATED", then).ifPresent(at -> view.setLastStopTimestamp(Names.time(at)));
        vm.lastIn("SUSPENDED", then).ifPresent(at -> view.setLastSuspendedTimestamp(Names.time(at)));
        if (ON.contains(status) && vm.hasAddress()) {
            NetworkInterface.Builder card = view.getNetworkInterfaces(0).toBuilder();
            AccessConfig.Builder config = card.getAccessConfigs(0).toBuilder();
            card.setAccessConfigs(0, config.setNatIP("198.18." + (vm.number >> 8 & 255) + "." + (vm.number & 255)));
            view.setNetworkInterfaces(0, card);
        }
        return view.build();
    }

    private void beReady(Vm vm) throws Refusal {
        if (ground.dice.happens(ground.dials.busy())) {
            throw Refusal.notReady(Names.resource("zones/" + vm.zone() + "/instances/" + vm.name()));
        }
    }

    private Op operation(String type, Vm vm, Replay replay, long now) {
        String target = "zones/" + vm.zone() + "/instances/" + vm.name();
        return Ground.asked(ground.operation(type, vm.zone(), target, vm.birth.id(), now), replay);
    }

    private Op soon(Op op) {
        return op.ending(op.started().plusMillis(200 + ground.dice.millisUpTo(0.8)), null);
    }

    Op delete(Schema.Call call, Replay replay, long now) throws Refusal {
        DeleteInstanceRequest asked = call.as(DeleteInstanceRequest.class);
        Vm vm = find(asked.getZone(), asked.getInstance(), now);
        if (vm.isProtected) {
            throw Refusal.of(
                    400,
                    "invalidResourceUsage",
                    "Invalid resource usage: 'Resource cannot be deleted if it's protected against deletion.'.");
        }
        beReady(vm);
        Op op = operation("delete", vm, replay, now);
        Draft draft = new Draft(now);
        if (vm.isEnding()) {
            draft.operations.add(op.ending(vm.gone() == Vm.NEVER ? null : Instant.ofEpochMilli(vm.gone()), null));
        } else {
            boolean hangs = ground.dice.happens(ground.dials.hangsInDeletion());
            Instant gone = op.started().plusMillis(1 + ground.dice.millis(ground.dials.end()));
            draft.operations.add(op.ending(hangs ? null : gone, null));
            end(draft, vm, true, hangs ? null : gone, "deleted");
            cancelInsert(draft, vm, now);
        }
        ground.ledger.write(draft.done());
        return draft.operations.get(0);
    }

    private void cancelInsert(Draft draft, Vm vm, long now) {
        ground.ledger
                .operation(vm.birth.operation())
                .filter(insert -> !insert.isDone(now))
                .ifPresent(insert -> draft.operations.add(insert.ending(
                        draft.at,
                        Failure.of(
                                409,
                                "CONFLICT",
                                new Fault("OPERATION_CANCELED_BY_USER", "Operation was canceled by user ''.")))));
    }

    /** @param gone null: never */
    void end(Draft draft, Vm vm, boolean asked, @Nullable Instant gone, String cause) {
        List<Step> steps = new ArrayList<>();
        if (gone == null || gone.isAfter(draft.at)) {
            steps.add(new Step(draft.at, "STOPPING", cause));
        }
        if (gone != null) {
            steps.add(new Step(gone, Change.GONE, cause));
        }
        draft.turns.add(new Change.Turn(vm.key(), vm.birth.id(), asked, steps));
        vm.born.getDisksList().forEach(attached -> ground.ledger
                .disk(vm.zone() + "/" + Names.last(attached.getSource()))
                .filter(disk -> vm.name().equals(disk.vm))
                .ifPresent(disk -> draft.diskEnds.add(new DiskEnd(
                        disk.birth.key(), disk.birth.id(), attached.getAutoDelete() ? gone : null, disk.vm))));
    }

    Op setLabels(Schema.Call call, Replay replay, long now) throws Refusal {
        SetLabelsInstanceRequest asked = call.as(SetLabelsInstanceRequest.class);
        Vm vm = find(asked.getZone(), asked.getInstance(), now);
        Map<String, String> labels =
                asked.getInstancesSetLabelsRequestResource().getLabelsMap();
        LaunchRequest.checkLabels(labels, "labels");
        if (!LabelHistory.fingerprint(vm.labels.now())
                .equals(asked.getInstancesSetLabelsRequestResource().getLabelFingerprint())) {
            throw Refusal.staleLabels();
        }
        beReady(vm);
        Draft draft = new Draft(now);
        Op op = soon(operation("setLabels", vm, replay, now));
        draft.operations.add(op);
        draft.labels.add(new Labels("instances/" + vm.key(), vm.birth.id(), Map.copyOf(labels)));
        ground.ledger.write(draft.done());
        return op;
    }

    Op setDeletionProtection(Schema.Call call, Replay replay, long now) throws Refusal {
        SetDeletionProtectionInstanceRequest asked = call.as(SetDeletionProtectionInstanceRequest.class);
        Vm vm = find(asked.getZone(), asked.getResource(), now);
        Draft draft = new Draft(now);
        Op op = soon(operation("setDeletionProtection", vm, replay, now));
        draft.operations.add(op);
        draft.protections.add(new Change.Protection(
                vm.key(), vm.birth.id(), !asked.hasDeletionProtection() || asked.getDeletionProtection()));
        ground.ledger.write(draft.done());
        return op;
    }
}
