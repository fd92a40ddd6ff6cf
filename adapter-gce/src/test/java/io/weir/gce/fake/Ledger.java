package io.weir.gce.fake;

import io.weir.gce.fake.Change.Op;
import io.weir.simulated.LinesFile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Everything that ever happened to what was launched, in memory and in the journal. What is written is applied at once and durable with the next flush. */
final class Ledger {
    private final Optional<LinesFile<Change>> journal;
    private final List<Vm> vms = new ArrayList<>();
    /** The latest of each name, in the order of names. */
    private final TreeMap<String, Vm> byKey = new TreeMap<>();

    private final TreeMap<String, StoredDisk> disks = new TreeMap<>();
    private final Map<String, Op> operations = new LinkedHashMap<>();
    private final Map<String, Op> byRequest = new HashMap<>();
    /** Those that have not begun yet when they are written. */
    private final List<Op> foretold = new ArrayList<>();

    private int changes;

    /** @param journal what was written before and is written on; empty: nothing outlives this process */
    Ledger(Optional<LinesFile<Change>> journal) {
        this.journal = journal;
        journal.ifPresent(file -> file.history().forEach(this::apply));
    }

    void write(Change change) {
        journal.ifPresent(file -> file.append(change));
        apply(change);
    }

    void flush() {
        journal.ifPresent(LinesFile::flush);
    }

    private void apply(Change change) {
        changes++;
        long at = change.at().toEpochMilli();
        for (Change.Turn turn : change.turns()) {
            foretold.removeIf(op -> concerns(op, turn, change) && operations.remove(op.name()) != null);
        }
        for (Op op : change.operations()) {
            operations.put(op.name(), op);
            if (op.inserted().isAfter(change.at())) {
                foretold.add(op);
            }
            if (op.requestId() != null) {
                byRequest.put(op.requestId(), op);
            }
        }
        change.vms().forEach(birth -> {
            Vm vm = new Vm(vms.size(), birth, at);
            vms.add(vm);
            byKey.put(birth.key(), vm);
        });
        change.turns().forEach(turn -> find(turn.key())
                .filter(vm -> vm.birth.id().equals(turn.id()))
                .ifPresent(vm -> vm.change(turn, change.at())));
        change.disks().forEach(birth -> disks.put(birth.key(), new StoredDisk(birth)));
        change.diskEnds().forEach(end -> disk(end.key())
                .filter(disk -> disk.birth.id().equals(end.id()))
                .ifPresent(disk -> disk.change(end)));
        change.labels()
                .forEach(labels -> labelsOf(labels.resource()).ifPresent(history -> history.set(at, labels.labels())));
        change.protections()
                .forEach(protection -> find(protection.key()).ifPresent(vm -> vm.isProtected = protection.on()));
    }

    /** What was to befall an instance by itself befalls it no more. */
    private static boolean concerns(Op op, Change.Turn turn, Change change) {
        return turn.id().equals(op.targetId()) && op.inserted().isAfter(change.at());
    }

    private Optional<LabelHistory> labelsOf(String resource) {
        return resource.startsWith("disks/")
                ? disk(resource.substring(6)).map(disk -> disk.labels)
                : find(resource.substring("instances/".length())).map(vm -> vm.labels);
    }

    /** How much was written, which differs after every change. */
    int size() {
        return changes;
    }

    /** Every instance that there ever was. */
    List<Vm> all() {
        return vms;
    }

    /** Those that a listing may still show, by zone and name. */
    Collection<Vm> shown() {
        return byKey.values();
    }

    Collection<StoredDisk> disks() {
        return disks.values();
    }

    Collection<Op> operations() {
        return operations.values();
    }

    /** Those that went before are never looked at again; operations and requests that ended before are forgotten. */
    void prune(long goneBefore, long operationsBefore) {
        byKey.values().removeIf(vm -> vm.gone() < goneBefore);
        disks.values().removeIf(disk -> disk.end() < goneBefore);
        operations.values().removeIf(op -> op.isDone(operationsBefore));
        foretold.removeIf(op -> op.inserted().toEpochMilli() < goneBefore);
    }

    Optional<Vm> find(String key) {
        return Optional.ofNullable(byKey.get(key));
    }

    Optional<StoredDisk> disk(String key) {
        return Optional.ofNullable(disks.get(key));
    }

    Optional<Op> operation(String name) {
        return Optional.ofNullable(operations.get(name));
    }

    Optional<Op> byRequest(String requestId) {
        return Optional.ofNullable(byRequest.get(requestId));
    }
}
