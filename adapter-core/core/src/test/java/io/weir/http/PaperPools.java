package io.weir.http;

import io.weir.pool.Author;
import io.weir.pool.Breaker;
import io.weir.pool.Declared;
import io.weir.pool.Desired;
import io.weir.pool.Gate;
import io.weir.pool.Hold;
import io.weir.pool.MachineState;
import io.weir.pool.MembershipStatus;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolEvent;
import io.weir.pool.PoolName;
import io.weir.pool.Scope;
import io.weir.pool.ServiceState;
import io.weir.reconcile.ConnectionView;
import io.weir.reconcile.Connections;
import io.weir.reconcile.MachineView;
import io.weir.reconcile.Pool;
import io.weir.reconcile.PoolView;
import io.weir.reconcile.Pools;
import io.weir.reconcile.Refusal;
import io.weir.store.Store.StoredEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Pools on paper: they keep what the door tells them and refuse what the front desk's contract says, without a loop or a cloud.
 * For what the door itself decides; what pools do is tried elsewhere, over the simulated cloud.
 */
public final class PaperPools implements Pools, Connections {
    public static final Instant NOW = Instant.parse("2026-11-24T04:00:00.120Z");

    public final Map<PoolName, PaperPool> pools = new TreeMap<>();
    public final List<String> changes = new ArrayList<>();

    public PaperPool with(String name, PoolDocument document) {
        put(new PoolName(name), document, OptionalLong.empty(), false, Author.WEIR);
        changes.clear();
        return Objects.requireNonNull(pools.get(new PoolName(name)));
    }

    @Override
    public synchronized List<ConnectionView> connections() {
        return List.of(new ConnectionView(
                "paper",
                Optional.of(false),
                Optional.of(NOW.minusSeconds(90)),
                Optional.of("UNAVAILABLE, no connection"),
                List.copyOf(pools.keySet()),
                Optional.of(NOW.minusSeconds(5)),
                NOW));
    }

    @Override
    public synchronized void refresh(String connection, Author by) {
        if (!connection.equals("paper")) {
            throw Refusal.of(Refusal.Code.NOT_FOUND, "there is no connection " + connection);
        }
        changes.add("refresh " + connection + " by " + by);
    }

    @Override
    public synchronized List<Pool> all() {
        return List.copyOf(pools.values());
    }

    @Override
    public synchronized Optional<Pool> find(PoolName name) {
        return Optional.ofNullable(pools.get(name));
    }

    @Override
    public synchronized Put put(
            PoolName name, PoolDocument document, OptionalLong expected, boolean onlyIfAbsent, Author by) {
        PaperPool there = pools.get(name);
        if (there == null) {
            pools.put(name, new PaperPool(name, document));
            changes.add("put " + name + " by " + by);
            return new Put(true, 1);
        }
        if (onlyIfAbsent) {
            throw Refusal.of(Refusal.Code.STALE, "there is a pool " + name + " already");
        }
        return new Put(false, there.replaceDocument(document, expected, by));
    }

    @Override
    public synchronized Put putStopped(PoolName name, PoolDocument document, Author by) {
        PaperPool made = new PaperPool(name, document);
        made.stop(by);
        pools.put(name, made);
        return new Put(true, 1);
    }

    @Override
    public synchronized void delete(PoolName name, Removal removal, Author by) {
        if (removal == Removal.ONLY_IF_EMPTY
                && !Objects.requireNonNull(pools.get(name)).machines.isEmpty()) {
            throw Refusal.of(Refusal.Code.HAS_MEMBERS, "the pool " + name + " has machines");
        }
        pools.remove(name);
        changes.add("delete " + name + " " + removal);
    }

    @Override
    public synchronized void freezeAll(String reason, Author by) {
        changes.add("freeze all: " + reason);
    }

    @Override
    public synchronized void unfreezeAll(String reason, Author by) {
        changes.add("unfreeze all: " + reason);
    }

    public static MachineView machine(String id, MachineState state) {
        return new MachineView(
                id,
                Optional.of("default-1-" + id.substring(id.length() - 1)),
                state,
                ServiceState.UNKNOWN,
                MembershipStatus.DEFAULT,
                "Simulated",
                "here",
                "zone-a",
                "small",
                Optional.of(NOW),
                state == MachineState.RUNNING ? Optional.of(NOW) : Optional.empty(),
                List.of(),
                List.of("10.0.0.1"),
                new TreeMap<>(Map.of("zone", "zone-a")),
                Optional.of("10.0.0.1"),
                Optional.empty(),
                Optional.empty());
    }

    public final class PaperPool implements Pool {
        public final Map<String, MachineView> machines = new LinkedHashMap<>();
        private final PoolName name;
        private Declared declared;
        private Optional<Desired> desired;
        private Optional<Hold> hold = Optional.empty();
        private final List<Gate> gates = new ArrayList<>();
        private boolean started = true;
        boolean stale;
        Optional<Instant> observedAt = Optional.of(NOW);
        Optional<Refusal> refuses = Optional.empty();

        PaperPool(PoolName name, PoolDocument document) {
            this.name = name;
            this.declared = new Declared(document, 1, Optional.empty(), false, NOW, Optional.empty());
            this.desired = Optional.of(new Desired(document.size(), 1, "weir/itself", NOW, Optional.empty()));
        }

        void forgetSize() {
            desired = Optional.empty();
        }

        @Override
        public PoolName name() {
            return name;
        }

        @Override
        public synchronized PoolView view() {
            int allocated = (int) machines.values().stream()
                    .filter(machine -> machine.state().isAllocated())
                    .count();
            return new PoolView(
                    name,
                    declared,
                    false,
                    started,
                    desired,
                    1,
                    hold,
                    observedAt,
                    stale,
                    List.copyOf(machines.values()),
                    allocated,
                    allocated,
                    new TreeMap<>(),
                    List.copyOf(gates),
                    Map.of(),
                    Breaker.CLOSED,
                    Map.of(),
                    Map.of(),
                    Optional.of("nothing to do"),
                    "Simulated",
                    "here");
        }

        @Override
        public synchronized Desired setDesired(
                int size, OptionalLong expected, Optional<Duration> keep, Optional<String> reason, Author by) {
            Desired now = desired.orElse(new Desired(0, 0, "nobody", NOW, Optional.empty()));
            if (expected.isPresent() && expected.getAsLong() != now.generation()) {
                throw Refusal.of(Refusal.Code.STALE, "the size has the generation " + now.generation());
            }
            if (by.isAutoscaler() && hold.isPresent() && size != now.size()) {
                throw Refusal.held(hold.get());
            }
            changed("size " + size + " by " + by + reason.map(why -> ": " + why).orElse(""));
            hold = keep.map(time -> new Hold(by.toString(), reason, NOW, NOW.plus(time)))
                    .or(() -> hold);
            desired = Optional.of(now.wish(size, by.toString(), NOW, reason));
            return desired.get();
        }

        @Override
        public synchronized void endHold(Author by) {
            hold = Optional.empty();
            changed("end hold");
        }

        @Override
        public synchronized Accepted terminate(String machine, boolean decrement, Author by) {
            return named(machine, "terminate " + machine + " " + decrement);
        }

        @Override
        public synchronized Accepted detach(String machine, boolean decrement, Author by) {
            return named(machine, "detach " + machine + " " + decrement);
        }

        @Override
        public synchronized Accepted attach(String machine, Author by) {
            if (!machine.startsWith("i-")) {
                throw Refusal.of(Refusal.Code.NOT_FOUND, "the cloud has no machine " + machine);
            }
            changed("attach " + machine);
            return new Accepted(true, "");
        }

        @Override
        public synchronized Accepted setServiceState(String machine, ServiceState state, boolean replaces, Author by) {
            return named(machine, "service state " + machine + " " + state + " " + replaces);
        }

        @Override
        public synchronized boolean foundService(
                String machine, ServiceState from, ServiceState to, String why, Author by) {
            changed("found " + machine + " " + from + " " + to);
            return true;
        }

        @Override
        public synchronized Accepted setMembership(String machine, MembershipStatus membership, Author by) {
            return named(machine, "membership " + machine + " " + membership.active() + " " + membership.evictable());
        }

        private Accepted named(String machine, String change) {
            if (!machines.containsKey(machine)) {
                throw Refusal.of(Refusal.Code.NOT_FOUND, "the pool " + name + " has no machine " + machine);
            }
            changed(change);
            return new Accepted(true, "");
        }

        @Override
        public synchronized long replaceDocument(PoolDocument document, OptionalLong expected, Author by) {
            if (expected.isPresent() && expected.getAsLong() != declared.revision()) {
                throw Refusal.of(Refusal.Code.STALE, "the document has the revision " + declared.revision());
            }
            changed("document by " + by);
            declared = new Declared(document, declared.revision() + 1, declared.file(), true, NOW, Optional.empty());
            return declared.revision();
        }

        @Override
        public synchronized void start(Author by) {
            started = true;
            changed("start");
        }

        @Override
        public synchronized void stop(Author by) {
            started = false;
            changed("stop");
        }

        @Override
        public synchronized void freeze(String reason, Author by) {
            gates.add(new Gate(Gate.Kind.FROZEN, NOW, reason, by));
            changed("freeze: " + reason);
        }

        @Override
        public synchronized void unfreeze(String reason, Author by) {
            gates.clear();
            changed("unfreeze: " + reason);
        }

        @Override
        public synchronized void adopt(Author by) {
            changed("adopt");
        }

        @Override
        public synchronized void resetBreaker(Author by) {
            changed("reset breaker");
        }

        @Override
        public synchronized void scopeLost(Scope scope, Author by) {
            changed("lost " + scope);
        }

        @Override
        public synchronized List<StoredEvent> events(
                long after, int limit, Optional<String> kindPrefix, Optional<String> machine) {
            List<StoredEvent> events = new ArrayList<>();
            for (long cursor = after + 1; cursor <= 5 && events.size() < limit; cursor++) {
                events.add(new StoredEvent(
                        cursor,
                        new PoolEvent(NOW, name, kindPrefix.orElse("size.set"), "size 3", machine, "operator/anna")));
            }
            return events;
        }

        @Override
        public synchronized List<StoredEvent> latest(int limit) {
            return events(Math.max(0, 5 - limit), limit, Optional.empty(), Optional.empty());
        }

        @Override
        public void wake() {}

        private void changed(String change) {
            refuses.ifPresent(refusal -> {
                throw refusal;
            });
            changes.add(change);
        }
    }
}
