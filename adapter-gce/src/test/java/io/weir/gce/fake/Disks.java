package io.weir.gce.fake;

import com.google.cloud.compute.v1.DeleteDiskRequest;
import com.google.cloud.compute.v1.Disk;
import com.google.cloud.compute.v1.DiskAggregatedList;
import com.google.cloud.compute.v1.DiskList;
import com.google.cloud.compute.v1.DisksScopedList;
import com.google.cloud.compute.v1.SetLabelsDiskRequest;
import io.weir.gce.fake.Change.DiskEnd;
import io.weir.gce.fake.Change.Draft;
import io.weir.gce.fake.Change.Labels;
import io.weir.gce.fake.Change.Op;
import io.weir.gce.fake.Ground.Replay;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Disks: they come with their instances, and those that do not go with them stay until somebody deletes them. One in use cannot be. */
final class Disks {
    private final Ground ground;

    Disks(Ground ground) {
        this.ground = ground;
    }

    private StoredDisk find(String zone, String name, long now) throws Refusal {
        return ground.ledger
                .disk(zone + "/" + name)
                .filter(disk -> disk.exists(now))
                .orElseThrow(() -> Refusal.notFound(Names.resource("zones/" + zone + "/disks/" + name)));
    }

    private boolean isUsed(StoredDisk disk, long at) {
        return disk.vm != null
                && ground.ledger
                        .find(disk.birth.zone() + "/" + disk.vm)
                        .filter(vm -> vm.exists(at))
                        // One of the same name, which came later, has a disk of its own.
                        .filter(vm -> vm.launched == disk.birth.at().toEpochMilli())
                        .isPresent();
    }

    private Disk view(StoredDisk disk, long then, long labelsThen) {
        Map<String, String> labels = disk.labels.at(labelsThen);
        Disk.Builder view =
                disk.born.toBuilder().putAllLabels(labels).setLabelFingerprint(LabelHistory.fingerprint(labels));
        if (isUsed(disk, then)) {
            view.addUsers(Names.link("zones/" + disk.birth.zone() + "/instances/" + disk.vm));
        }
        return view.build();
    }

    Disk get(Schema.Call call, long now) throws Refusal {
        return view(find(call.text("zone"), call.text("disk"), now), now, now);
    }

    private List<Disk> shown(String zone, long now) {
        long then = ground.stale(now, ground.dials.lagSeconds());
        List<Disk> shown = new ArrayList<>();
        for (StoredDisk disk : ground.ledger.disks()) {
            if (disk.birth.zone().equals(zone) && disk.exists(then)) {
                shown.add(view(disk, then, ground.stale(now, ground.dials.labelLagSeconds())));
            }
        }
        return shown;
    }

    private Page<Disk> page(Schema.Call call, List<Disk> shown) throws Refusal {
        return Page.of(
                call,
                ground.dials,
                shown,
                disk -> Names.last(disk.getZone()) + "/" + disk.getName(),
                Disk::getCreationTimestamp,
                Disk.getDefaultInstance());
    }

    DiskList list(Schema.Call call, long now) throws Refusal {
        String path = "zones/" + call.text("zone") + "/disks";
        Page<Disk> page = page(call, shown(call.text("zone"), now));
        DiskList.Builder list = DiskList.newBuilder()
                .setKind("compute#diskList")
                .setId(Names.resource(path))
                .setSelfLink(Names.link(path))
                .addAllItems(page.things());
        if (!page.next().isEmpty()) {
            list.setNextPageToken(page.next());
        }
        return list.build();
    }

    DiskAggregatedList aggregatedList(Schema.Call call, long now) throws Refusal {
        Scopes scopes = Scopes.of(ground, call.text("return_partial_success").equals("true"));
        List<Disk> shown = new ArrayList<>();
        for (String zone : scopes.reachable()) {
            shown.addAll(shown(zone, now));
        }
        Page<Disk> page = page(call, shown);
        DiskAggregatedList.Builder list = DiskAggregatedList.newBuilder()
                .setKind("compute#diskAggregatedList")
                .setId(Names.resource("aggregated/disks"))
                .setSelfLink(Names.link("aggregated/disks"))
                .addAllUnreachables(scopes.unreachables());
        for (String zone : ground.project.zones()) {
            DisksScopedList.Builder scope = DisksScopedList.newBuilder();
            page.things().stream()
                    .filter(disk -> disk.getZone().endsWith("/" + zone))
                    .forEach(scope::addDisks);
            scopes.warning(zone, scope.getDisksCount()).ifPresent(scope::setWarning);
            if (scopes.isTold(zone)) {
                list.putItems("zones/" + zone, scope.build());
            }
        }
        if (!page.next().isEmpty()) {
            list.setNextPageToken(page.next());
        }
        return list.build();
    }

    private Op operation(String type, StoredDisk disk, Replay replay, long now) {
        String target = "zones/" + disk.birth.zone() + "/disks/" + disk.birth.name();
        Op op = ground.operation(type, disk.birth.zone(), target, disk.birth.id(), now);
        return Ground.asked(op.ending(op.started().plusMillis(200 + ground.dice.millisUpTo(0.8)), null), replay);
    }

    Op delete(Schema.Call call, Replay replay, long now) throws Refusal {
        DeleteDiskRequest asked = call.as(DeleteDiskRequest.class);
        StoredDisk disk = find(asked.getZone(), asked.getDisk(), now);
        if (isUsed(disk, now)) {
            throw Refusal.of(
                    400,
                    "resourceInUseByAnotherResource",
                    "The disk resource '" + Names.resource("zones/" + asked.getZone() + "/disks/" + asked.getDisk())
                            + "' is already being used by '"
                            + Names.resource("zones/" + asked.getZone() + "/instances/" + disk.vm) + "'");
        }
        Op op = operation("delete", disk, replay, now);
        Draft draft = new Draft(now);
        draft.operations.add(op);
        draft.diskEnds.add(new DiskEnd(disk.birth.key(), disk.birth.id(), op.end(), null));
        ground.ledger.write(draft.done());
        return op;
    }

    Op setLabels(Schema.Call call, Replay replay, long now) throws Refusal {
        SetLabelsDiskRequest asked = call.as(SetLabelsDiskRequest.class);
        StoredDisk disk = find(asked.getZone(), asked.getResource(), now);
        Map<String, String> labels = asked.getZoneSetLabelsRequestResource().getLabelsMap();
        LaunchRequest.checkLabels(labels, "labels");
        if (!LabelHistory.fingerprint(disk.labels.now())
                .equals(asked.getZoneSetLabelsRequestResource().getLabelFingerprint())) {
            throw Refusal.staleLabels();
        }
        Op op = operation("setLabels", disk, replay, now);
        Draft draft = new Draft(now);
        draft.operations.add(op);
        draft.labels.add(new Labels("disks/" + disk.birth.key(), disk.birth.id(), Map.copyOf(labels)));
        ground.ledger.write(draft.done());
        return op;
    }
}
