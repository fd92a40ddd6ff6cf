package io.weir.http;

import io.weir.api.ConnectionEntry;
import io.weir.api.Event;
import io.weir.api.GateView;
import io.weir.api.GuardView;
import io.weir.api.HoldView;
import io.weir.api.Machine;
import io.weir.api.MachinePool;
import io.weir.api.MembershipStatus;
import io.weir.api.PoolEntry;
import io.weir.api.PoolSize;
import io.weir.pool.Desired;
import io.weir.pool.Gate;
import io.weir.pool.Hold;
import io.weir.pool.PoolName;
import io.weir.reconcile.ConnectionView;
import io.weir.reconcile.MachineView;
import io.weir.reconcile.PoolView;
import io.weir.store.Store.StoredEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From our nouns to the messages of the API. The way back is in {@link Asked} and {@link Documents}. */
final class Wire {
    private static final double MILLIS = 1000;

    private Wire() {}

    static MachinePool machines(PoolView view, Instant observedAt) {
        return new MachinePool(
                observedAt, view.machines().stream().map(Wire::machine).toList());
    }

    static Machine machine(MachineView machine) {
        Map<String, Object> metadata = new LinkedHashMap<>(machine.metadata());
        return new Machine(
                machine.id(),
                machine.state().name(),
                new MembershipStatus(
                        machine.membership().active(), machine.membership().evictable()),
                machine.service().name(),
                machine.cloudProvider(),
                machine.region(),
                machine.machineSize(),
                machine.requestTime().orElse(null),
                machine.launchTime().orElse(null),
                null,
                machine.publicIps(),
                machine.privateIps(),
                machine.connectAddress().orElse(null),
                metadata);
    }

    static PoolSize size(PoolView view, Desired desired) {
        return new PoolSize(
                view.observedAt().orElse(null),
                desired.size(),
                view.allocated(),
                view.outOfService(),
                view.active(),
                desired.generation(),
                view.observedGeneration(),
                desired.by(),
                desired.at(),
                desired.reason().orElse(null),
                view.hold().map(Wire::hold).orElse(null));
    }

    static HoldView hold(Hold hold) {
        return new HoldView(hold.by(), hold.reason().orElse(null), hold.since(), hold.until());
    }

    static String base(PoolName name) {
        return "/pools/" + name;
    }

    static PoolEntry entry(PoolView view) {
        @Nullable Integer desired = view.desired().map(Desired::size).orElse(null);
        boolean known = view.observedAt().isPresent();
        return new PoolEntry(
                view.name().value(),
                base(view.name()),
                view.declared().revision(),
                view.started(),
                isFrozen(view),
                desired,
                known ? (Integer) view.allocated() : null,
                known ? (Integer) view.active() : null,
                view.gates().size() + view.guards().size(),
                view.drift());
    }

    static io.weir.api.PoolView pool(PoolView view, Map<String, Object> document) {
        Map<String, Instant> missing = new LinkedHashMap<>();
        view.missingScopes().forEach((scope, since) -> missing.put(scope.value(), since));
        return new io.weir.api.PoolView(
                view.name().value(),
                base(view.name()),
                view.declared().revision(),
                view.drift(),
                view.started(),
                isFrozen(view),
                view.observedAt().orElse(null),
                view.gates().stream().map(Wire::gate).toList(),
                guards(view.guards()),
                missing,
                view.paceLeft(),
                view.lastReason().orElse(null),
                view.desired().map(desired -> size(view, desired)).orElse(null),
                document);
    }

    static ConnectionEntry connection(ConnectionView view) {
        return new ConnectionEntry(
                view.name(),
                view.reached().orElse(null),
                view.listedAt().orElse(null),
                view.listingAge().map(Wire::seconds).orElse(null),
                view.problem().orElse(null),
                view.pools().stream().map(PoolName::value).toList(),
                view.catalogsSince().orElse(null),
                view.catalogAge().map(Wire::seconds).orElse(null));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / MILLIS;
    }

    static Event event(StoredEvent stored) {
        var event = stored.event();
        return new Event(
                stored.cursor(),
                event.at(),
                event.pool().value(),
                event.kind(),
                event.text(),
                event.machine().orElse(null),
                event.by());
    }

    private static GateView gate(Gate gate) {
        return new GateView(
                gate.kind().name(), gate.since(), gate.reason(), gate.by().toString());
    }

    private static List<GuardView> guards(Map<String, String> guards) {
        return guards.entrySet().stream()
                .map(guard -> new GuardView(guard.getKey(), guard.getValue()))
                .toList();
    }

    private static boolean isFrozen(PoolView view) {
        return view.gates().stream()
                .anyMatch(gate -> gate.kind() == Gate.Kind.FROZEN || gate.kind() == Gate.Kind.FLEET_FROZEN);
    }
}
