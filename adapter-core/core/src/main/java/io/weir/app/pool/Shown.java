package io.weir.app.pool;

import io.weir.api.Event;
import io.weir.api.Machine;
import io.weir.api.MachineDetail;
import io.weir.api.MachinePool;
import io.weir.api.MembershipStatus;
import io.weir.api.PoolList;
import io.weir.api.PoolSize;
import io.weir.api.PoolView;
import io.weir.api.client.WireJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Answers as a person reads them. */
final class Shown {
    private Shown() {}

    static List<String> pools(PoolList list) {
        return Table.lines(
                List.of("POOL", "STATE", "DESIRED", "ACTIVE", "ALLOCATED", "GUARDS", "REVISION", "DRIFT"),
                list.pools().stream()
                        .map(pool -> List.of(
                                pool.name(),
                                state(pool.started(), pool.frozen()),
                                text(pool.desiredSize()),
                                text(pool.active()),
                                text(pool.allocated()),
                                text(pool.guards()),
                                text(pool.revision()),
                                pool.drift() ? "yes" : "no"))
                        .toList());
    }

    static List<String> pool(PoolView pool) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("state", state(pool.started(), pool.frozen())));
        PoolSize size = pool.size();
        rows.add(List.of("size", size == null ? "not known yet" : sizes(size)));
        rows.add(List.of(
                "bounds", pool.document().get("min") + " to " + pool.document().get("max")));
        rows.add(List.of("observed", time(pool.observedAt())));
        rows.add(List.of("document", "revision " + pool.revision() + (pool.drift() ? ", differs from the file" : "")));
        pool.gates()
                .forEach(gate -> rows.add(List.of(
                        "closed",
                        gate.gate() + " since " + time(gate.since()) + " by " + gate.by() + ": " + gate.reason())));
        pool.guards().forEach(guard -> rows.add(List.of("guard", guard.guard() + ": " + guard.text())));
        pool.missingScopes().forEach((scope, since) -> rows.add(List.of("dark", scope + " since " + time(since))));
        if (pool.lastReason() != null) {
            rows.add(List.of("last", pool.lastReason()));
        }
        return Table.lines(List.of("POOL", pool.name()), rows);
    }

    static List<String> size(PoolSize size) {
        List<String> lines = new ArrayList<>(Table.lines(
                List.of(
                        "DESIRED",
                        "ACTIVE",
                        "ALLOCATED",
                        "OUT OF SERVICE",
                        "GENERATION",
                        "ACTED UPON",
                        "SET BY",
                        "REASON"),
                List.of(List.of(
                        text(size.desiredSize()),
                        text(size.active()),
                        text(size.allocated()),
                        text(size.outOfService()),
                        text(size.generation()),
                        text(size.observedGeneration()),
                        text(size.setBy()),
                        text(size.reason())))));
        if (size.hold() != null) {
            lines.add(Table.plain("held by " + size.hold().by() + " until "
                    + time(size.hold().until())
                    + (size.hold().reason() == null ? "" : ": " + size.hold().reason())));
        }
        return lines;
    }

    static List<String> machines(MachinePool pool) {
        return Table.lines(
                List.of("MACHINE", "STATE", "SERVICE", "MEMBERSHIP", "SIZE", "ADDRESS", "LAUNCHED"),
                pool.machines().stream().map(Shown::row).toList());
    }

    private static List<String> row(Machine machine) {
        return List.of(
                machine.id(),
                machine.machineState(),
                machine.serviceState(),
                membership(machine.membershipStatus()),
                text(machine.machineSize()),
                text(machine.connectAddress()),
                time(machine.launchTime()));
    }

    static List<String> machine(MachineDetail detail) {
        List<String> lines = new ArrayList<>(Table.lines(
                List.of("MACHINE", "NAME", "STATE", "SERVICE", "MEMBERSHIP", "ZONE", "NOTE"),
                List.of(List.of(
                        detail.machine().id(),
                        text(detail.name()),
                        detail.machine().machineState(),
                        detail.machine().serviceState(),
                        membership(detail.machine().membershipStatus()),
                        text(detail.zone()),
                        text(detail.note())))));
        if (!detail.events().isEmpty()) {
            lines.add("");
            lines.addAll(events(detail.events()));
        }
        return lines;
    }

    static List<String> events(List<Event> events) {
        return Table.lines(
                List.of("EVENT", "AT", "KIND", "BY", "TEXT"),
                events.stream()
                        .map(event ->
                                List.of(text(event.id()), time(event.at()), event.kind(), event.by(), event.text()))
                        .toList());
    }

    private static String membership(MembershipStatus status) {
        return status.active()
                ? status.evictable() ? "default" : "blessed"
                : status.evictable() ? "disposable" : "awaiting-service";
    }

    private static String sizes(PoolSize size) {
        return size.desiredSize() + " desired, " + size.active() + " active, " + size.allocated() + " allocated";
    }

    private static String state(boolean started, boolean frozen) {
        return !started ? "stopped" : frozen ? "frozen" : "started";
    }

    private static String text(@Nullable Object value) {
        return Objects.toString(value, "-");
    }

    private static String time(@Nullable Instant time) {
        return time == null ? "-" : WireJson.time(time);
    }
}
