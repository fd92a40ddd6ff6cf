package io.weir.kit.simulation;

import io.weir.driver.Promises;
import io.weir.journal.Journal;
import io.weir.plan.Settler;
import io.weir.pool.Author;
import io.weir.pool.Gate;
import io.weir.pool.MachineId;
import io.weir.pool.MachineState;
import io.weir.pool.Marks;
import io.weir.pool.Member;
import io.weir.pool.MembershipStatus;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolEvent;
import io.weir.pool.PoolName;
import io.weir.pool.PoolState;
import io.weir.pool.ServiceState;
import io.weir.pool.StoreId;
import io.weir.reconcile.PoolCore;
import io.weir.reconcile.Refusal;
import io.weir.simulated.Dials;
import io.weir.simulated.SimulatedApi.LedgerLine;
import io.weir.simulated.SimulatedCloud;
import io.weir.store.Store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Everything that exists in one run: a cloud, a clock, one adapter or two, and what is going to happen to them. */
final class World {
    static final PoolName POOL = new PoolName("sim");
    static final Duration CALL_BOUND = Duration.ofSeconds(10);
    static final Author OPERATOR = new Author("operator", "simulation");
    /** A pool that has been exact for so long is quiet. */
    private static final Duration QUIET = Duration.ofMinutes(3);

    private static final int TURNS_MAX = 40_000;

    private record Event(Instant at, long number, boolean anywhere, String text, Consumer<World> what)
            implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    final Scenario scenario;
    final Mutation mutation;
    /** Gives each process that begins the journal of its turns. */
    final Supplier<Journal> journals;

    final VirtualClock clock = new VirtualClock();
    final Chance chance;
    final Tally tally = new Tally();
    final Doom doom = new Doom(clock, tally);
    final Testimony testimony = new Testimony();
    final Promises promises;
    final SimulatedCloud cloud;
    final List<String> accusations = new ArrayList<>();
    final Set<String> console = new HashSet<>();
    final List<String> trace;
    private final boolean traced;
    private final PriorityQueue<Event> anywhere = new PriorityQueue<>();
    private final PriorityQueue<Event> between = new PriorityQueue<>();
    private final SortedMap<Long, Consumer<Dials.Turn>> windows = new TreeMap<>();
    private final List<Adapter> adapters = new ArrayList<>();
    private final Map<Adapter, Instant> down = new HashMap<>();
    private long events;
    private int stores;
    private int turns;
    private @org.jspecify.annotations.Nullable Adapter acting;

    /** What the operator wants. */
    private boolean freezes;

    boolean listingsFail;
    int lies;
    /** The moment from which the time to be exact again counts, where it is not the end of the faults. */
    Optional<Instant> since = Optional.empty();
    /** Windows stay open while the pool is watched becoming exact. */
    boolean faultsStay;

    World(Scenario scenario, Mutation mutation, boolean traced) {
        this(scenario, mutation, () -> Journal.NONE, traced);
    }

    World(Scenario scenario, Mutation mutation, Supplier<Journal> journals, boolean traced) {
        this.scenario = scenario;
        this.mutation = mutation;
        this.journals = journals;
        this.traced = traced;
        this.trace = new ArrayList<>();
        this.chance = new Chance(scenario.seed() ^ 0x5eed);
        this.promises = scenario.promises();
        this.cloud = new SimulatedCloud(clock, scenario.seed(), scenario.cloud());
        adapters.add(new Adapter(this, newStore(), scenario.document()));
    }

    private StoreId newStore() {
        return new StoreId("store00" + (char) ('a' + stores++));
    }

    // What can be seen

    Adapter primary() {
        return adapters.get(0);
    }

    PoolState state() {
        return primary().state();
    }

    Instant now() {
        return clock.instant();
    }

    int wish() {
        return state().desired()
                .map(wish -> wish.size())
                .orElse(scenario.document().size());
    }

    void say(String text) {
        if (traced) {
            trace.add(VirtualClock.shown(now()) + "  " + text);
        }
    }

    void told(StoreId store, PoolEvent event) {
        say(store + "  " + event.kind() + "  " + event.text());
    }

    void accuse(String what) {
        accusations.add("at " + VirtualClock.shown(now()) + ": " + what);
        say("!!! " + what);
    }

    // What will happen

    void at(Duration after, String text, Consumer<World> what) {
        between.add(new Event(VirtualClock.START.plus(after), events++, false, text, what));
    }

    void anywhere(Duration after, String text, Consumer<World> what) {
        anywhere.add(new Event(VirtualClock.START.plus(after), events++, true, text, what));
    }

    /** The dials are turned for a while. */
    void window(Duration from, Duration to, String text, Consumer<Dials.Turn> how) {
        long number = events;
        anywhere(from, "begins: " + text, world -> {
            windows.put(number, how);
            turnDials();
        });
        anywhere(to, "ends: " + text, world -> {
            windows.remove(number);
            turnDials();
        });
    }

    private void turnDials() {
        cloud.turn(scenario.cloud().turned(turn -> windows.values().forEach(how -> how.accept(turn))));
    }

    /** Time passes while a call is being made; what may happen then, happens. */
    void pass(Duration time) {
        Instant until = now().plus(time);
        while (!anywhere.isEmpty() && !anywhere.element().at().isAfter(until)) {
            Event event = anywhere.remove();
            clock.to(event.at());
            happen(event);
        }
        clock.to(until);
    }

    private void happen(Event event) {
        say("--- " + event.text());
        event.what().accept(this);
    }

    // The life of the world

    void run() {
        Instant end = VirtualClock.START.plus(scenario.faults());
        live(end, () -> false);
        say("=== the faults are over");
        tally.faults(cloud.faults());
        if (!faultsStay) {
            windows.clear();
        }
        turnDials();
        doom.lift();
        listingsFail = false;
        lies = 0;
        primary().store().failures = 0;
        Instant from = since.orElse(now());
        Instant limit = from.plus(scenario.allowed());
        Instant patience = limit.plus(Duration.ofMinutes(90));
        ExactSince exact = new ExactSince();
        live(patience, () -> exact.look());
        if (exact.since == null) {
            accuse("never exact again: " + exact.why);
        } else {
            Duration took = Duration.between(from, exact.since);
            took = took.isNegative() ? Duration.ZERO : took;
            tally.exact(scenario.row(), scenario.seed(), took, scenario.allowed());
            if (took.compareTo(scenario.allowed()) > 0) {
                accuse("exact only after " + took + ", allowed are " + scenario.allowed() + "; before that: "
                        + exact.why);
            }
        }
        tally.count("turns", turns);
        tally.count(
                "virtual minutes", Duration.between(VirtualClock.START, now()).toMinutes());
    }

    /** Since when the pool has been exact without a break. */
    private final class ExactSince {
        @org.jspecify.annotations.Nullable
        Instant since;

        String why = "";

        /** Whether it is quiet. */
        boolean look() {
            Optional<String> fault = inexact();
            if (fault.isPresent()) {
                if (since != null || !why.equals(fault.get())) {
                    say("... " + fault.get());
                }
                since = null;
                why = fault.get();
                return false;
            }
            if (since == null) {
                say("... exact");
                since = now();
            }
            return !now().isBefore(since.plus(QUIET));
        }
    }

    private interface Done {
        boolean look();
    }

    private void live(Instant end, Done done) {
        while (now().isBefore(end)) {
            Instant next = end;
            for (Adapter adapter : adapters) {
                next = earlier(next, adapter.nextTurn);
            }
            if (!between.isEmpty()) {
                next = earlier(next, between.element().at());
            }
            if (!anywhere.isEmpty()) {
                next = earlier(next, anywhere.element().at());
            }
            clock.to(next);
            while (!anywhere.isEmpty() && !anywhere.element().at().isAfter(now())) {
                Event event = anywhere.remove();
                guarded(primary(), () -> happen(event));
            }
            while (!between.isEmpty() && !between.element().at().isAfter(now())) {
                Event event = between.remove();
                if (down.containsKey(primary())) {
                    Instant up = primary().nextTurn.plusMillis(1);
                    between.add(new Event(up, events++, false, event.text(), event.what()));
                    break;
                }
                guarded(primary(), () -> happen(event));
            }
            for (Adapter adapter : List.copyOf(adapters)) {
                if (!adapter.nextTurn.isAfter(now()) && adapters.contains(adapter)) {
                    guarded(adapter, () -> {
                        if (down.remove(adapter) != null) {
                            say(adapter.store().id() + "  the process starts again");
                            adapter.restart(now());
                        }
                        adapter.turn();
                    });
                    if (++turns > TURNS_MAX) {
                        accuse("more than " + TURNS_MAX + " turns");
                        return;
                    }
                }
            }
            if (done.look()) {
                return;
            }
        }
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private void guarded(Adapter adapter, Runnable work) {
        acting = adapter;
        try {
            work.run();
        } catch (Crash crash) {
            die(adapter, crash.point.name());
        } catch (StoreException full) {
            tally.trouble(Trouble.STORE_FAILED);
            say(adapter.store().id() + "  the store failed: " + full.getMessage());
            adapter.store().next = Optional.empty();
            adapter.store().wishing = false;
            adapter.store().commanding = false;
            adapter.nextTurn = now().plusSeconds(5);
        } catch (Refusal refused) {
            say("    refused: " + refused.text());
            adapter.store().commanding = false;
            adapter.store().wishing = false;
        }
    }

    private void die(Adapter adapter, String where) {
        say(adapter.store().id() + "  the process dies: " + where);
        adapter.nextTurn = now().plus(chance.happens(0.5) ? chance.seconds(0.5, 3) : chance.seconds(3, 120));
        down.put(adapter, now());
    }

    // Exactness

    private Optional<String> inexact() {
        if (adapters.size() > 1 || down.containsKey(primary())) {
            return Optional.of("an adapter is down, or one too many is up");
        }
        PoolState state = state();
        boolean idle =
                state.members().isEmpty() && wish() == 0 && state.desired().isPresent();
        if (!state.gates().isEmpty() && !(idle && state.gates().keySet().equals(Set.of(Gate.Kind.UNAUTHORIZED)))) {
            return Optional.of("a gate is closed: " + state.gates().keySet());
        }
        int desired = state.desired().map(wish -> wish.size()).orElse(-1);
        int active = 0;
        int blessed = 0;
        int doubtful = 0;
        Set<String> members = new HashSet<>();
        for (Member member : state.members().values()) {
            if (member.isLeaving()) {
                continue;
            }
            if (member.isRemains() && !member.membership().evictable()) {
                continue; // somebody said that it may not be ended, and it never was a machine
            }
            members.add(member.id().value());
            if (member.ending().isPresent()) {
                return Optional.of(member.id() + " is to be ended");
            }
            if (member.state() != MachineState.RUNNING && member.membership().equals(MembershipStatus.DEFAULT)) {
                return Optional.of(member.id() + " is " + member.state());
            }
            if (member.membership().equals(MembershipStatus.DISPOSABLE)
                    || (member.service() == ServiceState.UNHEALTHY
                            && scenario.document().health().replaceAfter().isPresent()
                            && member.membership().evictable())) {
                return Optional.of(member.id() + " is sick");
            }
            boolean neverRan =
                    member.state() != MachineState.RUNNING && member.running().isEmpty();
            if (member.membership().active() && !member.membership().evictable() && neverRan) {
                doubtful++; // it may be alive, and does not surely stay: with it or without it the size is met
            } else if (member.membership().active()) {
                active++;
                blessed += member.membership().evictable() ? 0 : 1;
            }
        }
        int wanted = Math.max(desired, blessed);
        if (wanted < active || wanted > active + doubtful) {
            return Optional.of(active + " are active, " + desired + " are wanted");
        }
        Optional<String> open = state.launches().values().stream()
                .filter(launch -> launch.holdsSlot())
                .findFirst()
                .map(launch -> launch.name() + " is " + launch.phase() + (launch.cancelled() ? ", cancelled" : ""));
        if (open.isPresent()) {
            return open;
        }
        Optional<LedgerLine> remains = cloud.ledger().stream()
                .filter(line -> line.state() == MachineState.REJECTED
                        && POOL.value().equals(line.pool())
                        && !console.contains(line.id())
                        && !isKept(line.id()))
                .findFirst();
        if (remains.isPresent()) {
            return Optional.of("what remains of the launch of " + remains.get().name() + " as "
                    + remains.get().id() + ", which failed, is still there");
        }
        Set<String> alive = alive();
        if (!alive.equals(members)) {
            Set<String> orphans = new HashSet<>(alive);
            orphans.removeAll(members);
            members.removeAll(alive);
            return Optional.of("by the ledger " + orphans + " are alive and no members, and " + members
                    + " are members and not alive or without our mark");
        }
        return Optional.empty();
    }

    /** Somebody said that it may not be ended: also what remains of it stays. */
    private boolean isKept(String id) {
        Member member = state().members().get(new MachineId(id));
        return member != null && !member.membership().evictable();
    }

    /** Machines of the pool that live, by the ledger. */
    private Set<String> alive() {
        Set<String> ids = new HashSet<>();
        for (LedgerLine line : cloud.ledger()) {
            boolean stray = console.contains(line.id()) && !state().members().containsKey(new MachineId(line.id()));
            if (line.isAliveAt(now()) && POOL.value().equals(line.pool()) && !stray) {
                ids.add(line.id());
            }
        }
        return ids;
    }

    // Troubles

    void wish(int size) {
        Adapter adapter = primary();
        if (down.containsKey(adapter)) {
            Duration later =
                    Duration.between(VirtualClock.START, adapter.nextTurn).plusMillis(1);
            anywhere(later, "the wish is posted again: " + size, world -> world.wish(size));
            return;
        }
        tally.trouble(Trouble.WISH);
        record(adapter, world -> world.wish(size), edit -> {
            edit.desired = Optional.of(edit.desired
                    .map(wish -> wish.wish(size, OPERATOR.toString(), edit.now(), Optional.empty()))
                    .orElseGet(() ->
                            new io.weir.pool.Desired(size, 1, OPERATOR.toString(), edit.now(), Optional.empty())));
        });
    }

    /** What comes from another thread than the pool's own: also while a call is being made. */
    private void record(Adapter adapter, Consumer<World> again, Consumer<io.weir.pool.PoolEdit> what) {
        adapter.store().wishing = true;
        try {
            adapter.core().change(edit -> {
                what.accept(edit);
                return true;
            });
        } catch (Crash crash) {
            repost(again);
            if (acting == adapter) {
                throw crash;
            }
            die(adapter, crash.point.name());
        } catch (StoreException full) {
            tally.trouble(Trouble.STORE_FAILED);
            repost(again);
        }
        adapter.store().wishing = false;
        adapter.nextTurn = earlier(adapter.nextTurn, now().plusMillis(200));
    }

    /** Whoever got no answer asks again. */
    private void repost(Consumer<World> again) {
        tally.trouble(Trouble.REPOSTED_WISH);
        anywhere(Duration.between(VirtualClock.START, now()).plusSeconds(10), "asked again", again);
    }

    void freeze(boolean close) {
        freezes = close;
        if (close) {
            tally.trouble(Trouble.FREEZE);
        }
        askForFreeze();
    }

    private void askForFreeze() {
        boolean close = freezes;
        Adapter adapter = primary();
        if (down.containsKey(adapter)) {
            Duration later =
                    Duration.between(VirtualClock.START, adapter.nextTurn).plusMillis(1);
            anywhere(later, "asked again: freeze " + close, World::askForFreeze);
            return;
        }
        record(adapter, World::askForFreeze, edit -> {
            if (close) {
                edit.gates.put(Gate.Kind.FROZEN, new Gate(Gate.Kind.FROZEN, edit.now(), "simulation", OPERATOR));
            } else {
                edit.gates.remove(Gate.Kind.FROZEN);
            }
        });
    }

    void kill(int count) {
        List<String> killed = cloud.kill(count, POOL.value(), null);
        say("    killed " + killed);
    }

    void strip() {
        List<String> ids =
                state().members().keySet().stream().map(Object::toString).toList();
        if (!ids.isEmpty()) {
            tally.trouble(Trouble.STRIPPED_MARKS);
            Map<String, @org.jspecify.annotations.Nullable String> tags = new HashMap<>();
            tags.put(Marks.MARKS_TAG, null);
            if (chance.happens(0.5)) {
                tags.put(Marks.POOL_TAG, null);
            }
            String id = chance.of(ids);
            say("    the marks of " + id + " are gone");
            cloud.retag(id, tags);
        }
    }

    void consoleCopy() {
        tally.trouble(Trouble.CONSOLE_COPY);
        Marks first = Marks.first(POOL, chance.happens(0.5) ? primary().store().id() : new StoreId("console0"));
        String id = cloud.launchAtConsole(
                "copy-" + console.size(),
                chance.of(scenario.cloud().zones()),
                "small",
                chance.happens(0.3) ? Map.of() : Map.of(Marks.POOL_TAG, POOL.value(), Marks.MARKS_TAG, first.encode()));
        console.add(id);
        say("    " + id + " was launched at the console");
    }

    /** The machine that the adapter ran on is gone with its disk; another takes its place. */
    void loseStore() {
        tally.trouble(Trouble.LOST_STORE);
        lies = 0;
        testimony.breaks.add(now());
        Adapter lost = adapters.remove(0);
        testimony.storeEnds(lost.store().id(), now());
        for (LedgerLine line : cloud.ledger()) {
            boolean ours = POOL.value().equals(line.pool()) && line.tags().containsKey(Marks.MARKS_TAG);
            if (line.isAliveAt(now()) && !ours) {
                console.add(line.id()); // its marks were taken away, and nobody remembers it
                testimony.forsaken(line.id(), now());
            }
        }
        down.remove(lost);
        adapters.add(0, new Adapter(this, newStore(), scenario.document()));
    }

    void secondAdapter() {
        tally.trouble(Trouble.SECOND_ADAPTER);
        PoolDocument document = scenario.document();
        adapters.add(new Adapter(this, newStore(), PoolDocument.of(0, document.max(), 0)));
    }

    void stopSecond() {
        if (adapters.size() > 1) {
            Adapter second = adapters.remove(1);
            testimony.storeEnds(second.store().id(), now());
            down.remove(second);
        }
    }

    /** An operator gives the pool to the second adapter; the first goes on for a while, and is stopped then. */
    void adoptOnSecond() {
        if (adapters.size() > 1 && !down.containsKey(adapters.get(1))) {
            tally.trouble(Trouble.ADOPTED_BY_OPERATOR);
            testimony.breaks.add(now());
            adopt(adapters.get(1));
        }
    }

    void stopFirst() {
        if (adapters.size() > 1) {
            testimony.breaks.add(now());
            Adapter first = adapters.remove(0);
            testimony.storeEnds(first.store().id(), now());
            down.remove(first);
        }
    }

    private void adopt(Adapter adapter) {
        adapter.core().change(edit -> {
            for (StoreId writer : edit.foreign.keys()) {
                Settler.adopt(edit, writer, OPERATOR);
            }
            return true;
        });
    }

    void declareLost(String zone) {
        tally.trouble(Trouble.SCOPE_DECLARED_LOST);
        primary().store().commanding = true;
        core().change(edit -> {
            Settler.scopeLost(edit, new io.weir.pool.Scope(zone), OPERATOR);
            return true;
        });
        primary().store().commanding = false;
    }

    void adoptByOperator() {
        if (state().gates().containsKey(Gate.Kind.FOREIGN_STORE)) {
            tally.trouble(Trouble.ADOPTED_BY_OPERATOR);
            adopt(primary());
        }
    }

    private interface Command {
        void on(PoolCore core, String machine);
    }

    /** An operator calls, on a machine that he picks. */
    void command(Trouble kind) {
        PoolCore core = primary().core();
        switch (kind) {
            case TERMINATE -> onMember(kind, (pool, id) -> pool.terminate(id, false, OPERATOR));
            case TERMINATE_AND_DECREMENT -> onMember(kind, (pool, id) -> pool.terminate(id, true, OPERATOR));
            case DETACH -> onMember(kind, (pool, id) -> pool.detach(id, false, OPERATOR));
            case DETACH_AND_DECREMENT -> onMember(kind, (pool, id) -> pool.detach(id, true, OPERATOR));
            case OUT_OF_SERVICE ->
                onMember(kind, (pool, id) -> pool.serviceState(id, ServiceState.OUT_OF_SERVICE, true, OPERATOR));
            case UNHEALTHY ->
                onMember(kind, (pool, id) -> pool.serviceState(id, ServiceState.UNHEALTHY, false, OPERATOR));
            case BLESSED -> onMember(kind, (pool, id) -> pool.membership(id, MembershipStatus.BLESSED, OPERATOR));
            case DISPOSABLE -> onMember(kind, (pool, id) -> pool.membership(id, MembershipStatus.DISPOSABLE, OPERATOR));
            case AWAITING_SERVICE ->
                onMember(kind, (pool, id) -> pool.membership(id, MembershipStatus.AWAITING_SERVICE, OPERATOR));
            case BACK_IN_SERVICE ->
                core.state().members().values().stream()
                        .filter(member -> member.before().isPresent() && !member.isLeaving())
                        .findFirst()
                        .ifPresent(member -> on(
                                kind,
                                member.id().value(),
                                (pool, id) -> pool.serviceState(id, ServiceState.IN_SERVICE, true, OPERATOR)));
            case TERMINATE_A_LAUNCH ->
                core.state().launches().values().stream()
                        .filter(launch -> launch.holdsSlot())
                        .findFirst()
                        .ifPresent(launch -> on(
                                kind,
                                launch.name().value(),
                                (pool, name) -> pool.terminate(name, chance.happens(0.5), OPERATOR)));
            case ATTACH -> attach();
            default -> throw new IllegalArgumentException(kind + " is no command");
        }
    }

    private void attach() {
        List<String> candidates = new ArrayList<>(console);
        core().state().released().keySet().forEach(id -> candidates.add(id.value()));
        candidates.sort(String::compareTo);
        if (!candidates.isEmpty()) {
            on(Trouble.ATTACH, chance.of(candidates), (pool, id) -> pool.attach(id, OPERATOR));
        }
    }

    private PoolCore core() {
        return primary().core();
    }

    private void onMember(Trouble kind, Command command) {
        List<String> ids = core().state().members().values().stream()
                .filter(member -> !member.isLeaving())
                .map(member -> member.id().value())
                .toList();
        if (!ids.isEmpty()) {
            on(kind, chance.of(ids), command);
        }
    }

    private void on(Trouble kind, String machine, Command command) {
        say("    " + kind + " " + machine);
        tally.trouble(kind);
        primary().store().commanding = true;
        command.on(core(), machine);
        primary().store().commanding = false;
        primary().store().next = Optional.empty();
        primary().nextTurn = earlier(primary().nextTurn, now().plusMillis(200));
    }
}
