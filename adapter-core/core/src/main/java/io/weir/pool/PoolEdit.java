package io.weir.pool;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A state being changed, and the events that tell of it. Used by one function at a time and turned into a value at its end;
 * maps that were not touched are shared with the state before.
 */
public final class PoolEdit {
    public final PoolName name;
    public final StoreId store;
    public Declared declared;
    public boolean started;
    public Optional<Desired> desired;
    public Optional<Hold> hold;
    public long sequence;
    public final Rows<BatchId, Batch> batches;
    public final Rows<MachineName, Launch> launches;
    public final Rows<MachineId, Member> members;
    public final Rows<MachineId, Instant> dead;
    public final Rows<MachineId, PoolState.Released> released;
    public final Rows<MachineId, PoolState.Stray> strays;
    public final Rows<MachineId, Member> lost;
    public final Rows<StoreId, Foreign> foreign;
    public List<Gone> gone;
    public List<Charge> charges;
    public final Rows<Choice.Key, Exhaustion> exhausted;
    public Breaker breaker;
    public final Rows<Gate.Kind, Gate> gates;
    public Watch watch;
    private final Instant now;
    private final List<PoolEvent> events = new ArrayList<>();

    public PoolEdit(PoolState from, Instant now) {
        this.now = now;
        name = from.name();
        store = from.store();
        declared = from.declared();
        started = from.started();
        desired = from.desired();
        hold = from.hold();
        sequence = from.sequence();
        batches = new Rows<>(from.batches());
        launches = new Rows<>(from.launches());
        members = new Rows<>(from.members());
        dead = new Rows<>(from.dead());
        released = new Rows<>(from.released());
        strays = new Rows<>(from.strays());
        lost = new Rows<>(from.lost());
        foreign = new Rows<>(from.foreign());
        gone = from.gone();
        charges = from.charges();
        exhausted = new Rows<>(from.exhausted());
        breaker = from.breaker();
        gates = new Rows<>(from.gates());
        watch = from.watch();
    }

    public Instant now() {
        return now;
    }

    public PoolDocument document() {
        return declared.document();
    }

    public void tell(String kind, String text) {
        tell(kind, text, Optional.empty(), Author.WEIR);
    }

    public void tell(String kind, String text, Object machine) {
        tell(kind, text, Optional.of(machine.toString()), Author.WEIR);
    }

    public void tell(String kind, String text, Optional<String> machine, Author by) {
        events.add(new PoolEvent(now, name, kind, text, machine, by.toString()));
    }

    public void goneAdd(Gone one) {
        gone = new ArrayList<>(gone);
        gone.add(one);
    }

    public void charge(Charge one) {
        charges = new ArrayList<>(charges);
        charges.add(one);
    }

    public List<PoolEvent> events() {
        return List.copyOf(events);
    }

    public PoolState state() {
        return new PoolState(
                name,
                store,
                declared,
                started,
                desired,
                hold,
                sequence,
                batches.value(),
                launches.value(),
                members.value(),
                dead.value(),
                released.value(),
                strays.value(),
                lost.value(),
                foreign.value(),
                Collections.unmodifiableList(gone),
                Collections.unmodifiableList(charges),
                exhausted.value(),
                breaker,
                gates.value(),
                watch);
    }

    /** A sorted map that copies itself at the first change. */
    public static final class Rows<K extends Comparable<K>, V> {
        private SortedMap<K, V> rows;
        private boolean own;

        Rows(SortedMap<K, V> rows) {
            this.rows = rows;
        }

        public SortedMap<K, V> value() {
            own = false;
            return rows;
        }

        /** The rows as they are now, safe to walk while they are changed. */
        public List<V> all() {
            return List.copyOf(rows.values());
        }

        public List<K> keys() {
            return List.copyOf(rows.keySet());
        }

        public Optional<V> get(K key) {
            return Optional.ofNullable(rows.get(key));
        }

        public boolean has(K key) {
            return rows.containsKey(key);
        }

        public void put(K key, V row) {
            if (rows.get(key) != row) {
                change().put(key, row);
            }
        }

        public void remove(K key) {
            if (rows.containsKey(key)) {
                change().remove(key);
            }
        }

        public int size() {
            return rows.size();
        }

        private SortedMap<K, V> change() {
            if (!own) {
                rows = new TreeMap<>(rows);
                own = true;
            }
            return rows;
        }
    }
}
