package io.weir.reconcile;

import io.weir.driver.CloudDriver;
import io.weir.driver.CloudException;
import io.weir.driver.Promises;
import io.weir.driver.TemplateProblems;
import io.weir.journal.Journal;
import io.weir.plan.Limits;
import io.weir.plan.Plan;
import io.weir.plan.Settler;
import io.weir.pool.Author;
import io.weir.pool.Breaker;
import io.weir.pool.Declared;
import io.weir.pool.Desired;
import io.weir.pool.FailureKind;
import io.weir.pool.Gate;
import io.weir.pool.Hold;
import io.weir.pool.Launch;
import io.weir.pool.MachineState;
import io.weir.pool.Member;
import io.weir.pool.MembershipStatus;
import io.weir.pool.Observation;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolEdit;
import io.weir.pool.PoolName;
import io.weir.pool.PoolState;
import io.weir.pool.PoolStates;
import io.weir.pool.Scope;
import io.weir.pool.ServiceState;
import io.weir.pool.StoreId;
import io.weir.pool.Template;
import io.weir.store.Store;
import io.weir.store.Store.StoredEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * A pool at work: its front desk, and the loop behind it on a thread of its own.
 *
 * <ol>
 *   <li>A size is written down on the caller's thread and wakes the loop; it never waits for a cloud.
 *   <li>A call on one machine runs on the pool's thread between two turns; its caller waits for at most the call bound. What
 *       has not begun by then is withdrawn.
 *   <li>A turn comes when the loop is woken, or after the interval, or sooner while anything is in flight: on
 *       the beat of its connection, so that one listing serves all of its pools.
 *   <li>What fails inside a turn freezes this pool and no other (G20). A store that cannot be written stops the turn before
 *       its effect; the next turn tries again.
 * </ol>
 */
final class PoolRunner implements Pool, Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(PoolRunner.class);

    private final PoolCell cell;
    private final Store store;
    private final UnaryOperator<PoolDocument> meant;
    private final Function<PoolDocument, ConnectionWatch> watches;
    private final InstantSource clock;
    private final WatchSettings settings;
    private final Meter meter;
    private final Attaching attaching;
    private final Journal journal;
    private final BooleanSupplier drift;
    private final Runnable removed;
    private final BlockingQueue<Job> jobs = new LinkedBlockingQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private volatile boolean closed;
    private volatile boolean running;
    private volatile Place place;
    private volatile @Nullable Template template;
    private volatile long templateRevision;
    private volatile boolean resolvedAgain;
    private volatile String templateProblem = "";
    private volatile String listingProblem = "";
    private volatile Plan lastPlan = new Plan(List.of(), "no turn yet", Map.of());
    private volatile Optional<Instant> observedAt = Optional.empty();
    private volatile @Nullable Pictured pictured;

    /**
     * @param document the state's, with the name of its connection
     * @param meant names the connection that a document means
     * @param watches the connection that such a document names
     */
    PoolRunner(
            PoolState state,
            Store store,
            PoolDocument document,
            UnaryOperator<PoolDocument> meant,
            Function<PoolDocument, ConnectionWatch> watches,
            InstantSource clock,
            WatchSettings settings,
            Meter meter,
            Journal journal,
            Attaching attaching,
            BooleanSupplier drift,
            Runnable removed) {
        this.store = store;
        this.meant = meant;
        this.watches = watches;
        this.clock = clock;
        this.settings = settings;
        this.meter = meter;
        this.attaching = attaching;
        this.drift = drift;
        this.removed = removed;
        this.journal = journal;
        this.cell = new PoolCell(state, store, clock, PoolLog::told);
        this.place = place(watches.apply(document));
        cell.change(edit -> {
            edit.declared = edit.declared.with(document);
            PoolStates.restart(edit);
            return true;
        });
    }

    /** A pool on its connection: all that is built around one driver. */
    private record Place(ConnectionWatch watch, Reconciler reconciler, Commands commands, Tidying tidying) {
        CloudDriver driver() {
            return watch.connection().driver();
        }
    }

    private Place place(ConnectionWatch watch) {
        CloudDriver driver = watch.connection().driver();
        Effects effects = new Effects(cell, driver, meter);
        return new Place(
                watch,
                new Reconciler(cell, effects, limits(driver.promises(), settings), meter, journal),
                new Commands(cell, effects, driver, attaching),
                new Tidying(cell, watch.leftovers()));
    }

    String connection() {
        return place.watch.connection().name();
    }

    private static Limits limits(Promises promises, WatchSettings settings) {
        Duration bound = Duration.ofNanos((long) (settings.callBound().toNanos() * settings.timeScale()));
        return new Limits(promises.lag(), promises.lateness(), promises.tokenMemory(), promises.batchMax(), bound);
    }

    // ---- the loop ----

    @Override
    public void run() {
        running = true;
        MDC.put("pool", name().value());
        boolean due = true;
        while (!closed) {
            try {
                Job job = due ? jobs.poll() : jobs.poll(pause().toNanos(), TimeUnit.NANOSECONDS);
                if (job instanceof Job.Call call) {
                    call.run();
                    due = false;
                } else if (!closed) {
                    woken.set(false);
                    turn();
                    due = woken.get();
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private Duration pause() {
        return settings.real(place.watch.untilBeat(isBusy(cell.state()) ? settings.busy() : settings.interval()));
    }

    private boolean isBusy(PoolState state) {
        return state.launches().values().stream().anyMatch(Launch::holdsSlot)
                || state.desired()
                        .map(wish -> wish.generation() != state.watch().acted())
                        .orElse(true)
                || state.declared().removal().isPresent()
                || state.members().values().stream()
                        .anyMatch(member -> member.state() != MachineState.RUNNING
                                || member.ending().isPresent()
                                || member.absence().isPresent()
                                || member.marks().due());
    }

    private void turn() {
        try {
            Optional<Observation> seen = observe();
            resolve();
            Plan plan = place.reconciler.turn(seen, Optional.ofNullable(template));
            PoolLog.paces(name(), lastPlan.guards(), plan.guards());
            lastPlan = plan;
            pictured = null;
            if (seen.isPresent()) {
                place.tidying.turn(clock.instant());
            }
            remove();
            meter.turned(name(), seen.isPresent() ? "done" : "blind");
        } catch (Store.StoreException failed) {
            meter.turned(name(), "store_failed");
            LOG.error("{}: nothing is done, because the store cannot be written: {}", name(), failed.getMessage());
        } catch (RuntimeException bug) {
            LOG.error("{}: a turn failed", name(), bug);
            meter.turned(name(), "failed");
            contradiction("a turn failed inside: " + bug);
        }
    }

    private void contradiction(String text) {
        try {
            cell.change(edit -> {
                edit.gates.put(
                        Gate.Kind.CONTRADICTION, new Gate(Gate.Kind.CONTRADICTION, edit.now(), text, Author.WEIR));
                edit.tell("guard.closed", "no effect passes until an operator unfreezes the pool: " + text);
                return true;
            });
        } catch (Store.StoreException failed) {
            LOG.error("{}: the store cannot be written: {}", name(), failed.getMessage());
        }
    }

    private Optional<Observation> observe() {
        try {
            Observation seen = place.watch.observe(name()).of(name());
            observedAt = Optional.of(seen.begun());
            if (!listingProblem.isEmpty()) {
                LOG.info("{} can be listed again", name());
                listingProblem = "";
            }
            return Optional.of(seen);
        } catch (CloudException failed) {
            String problem = failed.kind() + ", " + failed.getMessage();
            if (!problem.equals(listingProblem)) {
                listingProblem = problem;
                LOG.warn("{} cannot be listed: {}; its machines are presumed alive", name(), problem);
            }
            return Optional.empty();
        }
    }

    private void resolve() {
        PoolState state = cell.state();
        boolean known = template != null && templateRevision == state.declared().revision() && !resolvedAgain;
        if (known
                && !state.breaker()
                        .isOpen()) { // else what was pinned may be gone: the next probe gets what is there now
            return;
        }
        try {
            resolvedAgain = false;
            template = place.driver().resolve(state.document());
            templateRevision = state.declared().revision();
            templateProblem = "";
        } catch (TemplateProblems problems) {
            template = null;
            tellTemplate("the document cannot be served: " + problems.getMessage());
        } catch (CloudException failed) {
            template = null;
            tellTemplate("the document cannot be checked: " + failed.kind() + ", " + failed.getMessage());
        }
    }

    private void tellTemplate(String problem) {
        if (!problem.equals(templateProblem)) {
            templateProblem = problem;
            LOG.warn("{} {}", name(), problem);
        }
    }

    private void remove() {
        PoolState state = cell.state();
        if (state.declared().removal().isEmpty()) {
            return;
        }
        if (state.declared().removal().get() == Declared.Removal.RELEASE
                && !state.members().isEmpty()) {
            cell.change(edit -> {
                for (Member member : edit.members.all()) {
                    edit.members.remove(member.id());
                    edit.released.put(
                            member.id(),
                            new PoolState.Released(
                                    edit.now(),
                                    member.lastSeen(),
                                    member.marks().anew()));
                    edit.tell("machine.released", member.id() + " runs on and belongs to nobody", member.id());
                }
                return true;
            });
            wake();
            return;
        }
        if (isEmpty(state)) {
            closed = true;
            removed.run();
        }
    }

    /** Nothing of the pool is in the cloud, and nothing of it can still come. */
    private static boolean isEmpty(PoolState state) {
        return state.members().isEmpty()
                && state.launches().values().stream().allMatch(launch -> launch.phase() == Launch.Phase.ABSENT)
                && state.released().values().stream()
                        .noneMatch(released ->
                                released.marks().due() || released.marks().unanswered());
    }

    // ---- the front desk ----

    @Override
    public PoolName name() {
        return cell.state().name();
    }

    @Override
    public PoolView view() {
        PoolState state = cell.state();
        Pictured last = pictured;
        Instant now = clock.instant();
        if (last != null && last.state == state && !now.isAfter(last.at.plus(settings.busy()))) {
            return last.view;
        }
        Template known = template;
        PoolView view = Views.of(
                state,
                drift.getAsBoolean(),
                lastPlan.guards(),
                Optional.of(lastPlan.reason()),
                observedAt.or(() -> state.watch().lastListing()),
                settings.staleAfter(),
                known == null ? "unknown" : known.cloudProvider(),
                known == null ? "unknown" : known.region(),
                now);
        pictured = new Pictured(state, now, view);
        return view;
    }

    PoolState state() {
        return cell.state();
    }

    @Override
    public Desired setDesired(
            int size, OptionalLong expected, Optional<Duration> hold, Optional<String> reason, Author by) {
        Desired wish = change(edit -> setDesired(edit, size, expected, hold, reason, by));
        wake();
        return wish;
    }

    private static Desired setDesired(
            PoolEdit edit,
            int size,
            OptionalLong expected,
            Optional<Duration> hold,
            Optional<String> reason,
            Author by) {
        if (!edit.started) {
            throw Refusal.of(Refusal.Code.STOPPED, "the pool is stopped: POST start first");
        }
        if (edit.declared.removal().isPresent()) {
            throw Refusal.field("desiredSize", "the pool is being deleted");
        }
        PoolDocument document = edit.document();
        if (size < document.min() || size > document.max()) {
            throw Refusal.field(
                    "desiredSize",
                    "must be from " + document.min() + " to " + document.max() + " (the pool's min and max), not "
                            + size);
        }
        long generation = edit.desired.map(Desired::generation).orElse(0L);
        if (expected.isPresent() && expected.getAsLong() != generation) {
            throw Refusal.of(
                    Refusal.Code.STALE,
                    "the wish has generation " + generation + ", not " + expected.getAsLong() + ": read it again");
        }
        boolean same = edit.desired.filter(wish -> wish.size() == size).isPresent();
        Optional<Hold> held = edit.hold.filter(old -> old.until().isAfter(edit.now()));
        if (!same && held.isPresent() && by.isAutoscaler()) {
            throw Refusal.held(held.get());
        }
        Desired wish = edit.desired
                .map(old -> old.wish(size, by.toString(), edit.now(), reason))
                .orElseGet(() -> new Desired(size, 1, by.toString(), edit.now(), reason));
        if (!edit.desired.equals(Optional.of(wish))) {
            edit.tell(
                    "size.set",
                    edit.desired.map(old -> String.valueOf(old.size())).orElse("unknown") + " → " + size
                            + reason.map(why -> ": " + why).orElse(""),
                    Optional.empty(),
                    by);
            edit.desired = Optional.of(wish);
        }
        hold.ifPresent(length -> {
            edit.hold = Optional.of(
                    new Hold(by.toString(), reason, edit.now(), edit.now().plus(length)));
            edit.tell(
                    "size.held",
                    "autoscalers may not change the size until "
                            + edit.hold.get().until(),
                    Optional.empty(),
                    by);
        });
        return wish;
    }

    @Override
    public void endHold(Author by) {
        change(edit -> {
            if (edit.hold.isPresent()) {
                edit.hold = Optional.empty();
                edit.tell("size.hold-ended", "autoscalers may change the size again", Optional.empty(), by);
            }
            return true;
        });
    }

    @Override
    public Accepted terminate(String machine, boolean decrement, Author by) {
        return call(() -> place.commands.terminate(machine, decrement, by));
    }

    @Override
    public Accepted detach(String machine, boolean decrement, Author by) {
        return call(() -> place.commands.detach(machine, decrement, by));
    }

    @Override
    public Accepted attach(String machine, Author by) {
        return call(() -> place.commands.attach(machine, by));
    }

    @Override
    public Accepted setServiceState(String machine, ServiceState state, boolean replaces, Author by) {
        return call(() -> place.commands.serviceState(machine, state, replaces, by));
    }

    @Override
    public boolean foundService(String machine, ServiceState from, ServiceState to, String why, Author by) {
        return change(edit -> Commands.foundService(edit, machine, from, to, why, by));
    }

    @Override
    public Accepted setMembership(String machine, MembershipStatus membership, Author by) {
        return call(() -> place.commands.membership(machine, membership, by));
    }

    @Override
    public long replaceDocument(PoolDocument document, OptionalLong expected, Author by) {
        return replaceDocument(document, expected, Optional.empty(), by);
    }

    /** @param file the document comes from the configuration file */
    long replaceDocument(PoolDocument document, OptionalLong expected, Optional<String> file, Author by) {
        PoolDocument named = meant.apply(document);
        ConnectionWatch watch = watches.apply(named);
        check(watch, named);
        if (watch == place.watch) {
            return replace(named, expected, file, by);
        }
        if (!running) {
            return move(watch, named, expected, file, by);
        }
        AtomicLong revision = new AtomicLong();
        boolean done = call(() -> {
                    revision.set(move(watch, named, expected, file, by));
                    return new Accepted(true, "moved");
                })
                .done();
        if (!done) {
            throw Refusal.of(Refusal.Code.STORE, "the store has not answered in time; read the document again");
        }
        return revision.get();
    }

    /**
     * Between two turns, for a pool that has nothing left where it was: a machine is known by an id of its connection, and there the
     * loop would look for it no more.
     */
    private long move(
            ConnectionWatch watch, PoolDocument document, OptionalLong expected, Optional<String> file, Author by) {
        String from = connection();
        String to = watch.connection().name();
        PoolState state = cell.state();
        if (!isEmpty(state)) {
            throw Refusal.field(
                    "connection",
                    "the pool has machines (" + state.members().size() + " members, "
                            + state.launches().values().stream()
                                    .filter(launch -> launch.phase() != Launch.Phase.ABSENT)
                                    .count()
                            + " launches) on the connection " + from + ", and they would be lost sight of on " + to
                            + ": set its size to 0 first, or make another pool");
        }
        long revision = replace(document, expected, file, by);
        place = place(watch);
        template = null;
        return revision;
    }

    private long replace(PoolDocument document, OptionalLong expected, Optional<String> file, Author by) {
        long revision = change(edit -> {
            Declared was = edit.declared;
            if (was.removal().isPresent()) {
                throw Refusal.of(
                        Refusal.Code.HAS_MEMBERS, "the pool is being deleted: it can be made again once it is gone");
            }
            if (expected.isPresent() && expected.getAsLong() != was.revision()) {
                throw Refusal.of(
                        Refusal.Code.STALE,
                        "the document has revision " + was.revision() + ", not " + expected.getAsLong()
                                + ": read it again");
            }
            if (was.document().equals(document)) {
                return was.revision();
            }
            edit.declared = new Declared(
                    document, was.revision() + 1, file.or(was::file), file.isEmpty(), edit.now(), was.removal());
            edit.tell("document.replaced", "revision " + edit.declared.revision(), Optional.empty(), by);
            edit.desired.ifPresent(wish -> {
                int inside = Math.clamp(wish.size(), document.min(), document.max());
                if (inside != wish.size()) {
                    edit.desired = Optional.of(wish.wish(
                            inside, by.toString(), edit.now(), Optional.of("the document's new min and max")));
                    edit.tell(
                            "size.set",
                            wish.size() + " → " + inside + ": the document's min and max are " + document.min()
                                    + " and " + document.max(),
                            Optional.empty(),
                            by);
                }
            });
            for (Launch launch : edit.launches.all()) {
                if (launch.phase() == Launch.Phase.PLANNED) {
                    io.weir.plan.Remember.cancel(edit, launch.name());
                }
            }
            edit.exhausted.keys().forEach(edit.exhausted::remove);
            if (edit.breaker.isOpen()) {
                edit.tell("breaker.closed", "the document has changed", Optional.empty(), by);
            }
            edit.breaker = Breaker.CLOSED;
            return edit.declared.revision();
        });
        wake();
        return revision;
    }

    /** @throws Refusal what the cloud cannot serve, or that it does not say */
    static void check(ConnectionWatch watch, PoolDocument document) {
        try {
            watch.connection().driver().resolve(document);
        } catch (TemplateProblems problems) {
            throw Refusal.field(problems.problems().get(0).field(), String.valueOf(problems.getMessage()));
        } catch (CloudException failed) {
            throw Refusal.cloud(
                    failed.kind() == FailureKind.UNKNOWN ? FailureKind.UNAVAILABLE : failed.kind(),
                    "the document cannot be checked: " + failed.getMessage());
        }
    }

    /** The next turn resolves the document again. */
    void resolveAgain(Author by) {
        change(edit -> {
            edit.tell(
                    "catalogs.refreshed",
                    "the catalogs of the connection " + connection() + " are read again",
                    Optional.empty(),
                    by);
            return true;
        });
        resolvedAgain = true;
        wake();
    }

    @Override
    public void start(Author by) {
        change(edit -> {
            if (!edit.started) {
                edit.started = true;
                edit.tell("pool.started", "effects pass again", Optional.empty(), by);
            }
            return true;
        });
        wake();
    }

    @Override
    public void stop(Author by) {
        change(edit -> {
            if (edit.started) {
                edit.started = false;
                edit.tell("pool.stopped", "no effect passes until it is started", Optional.empty(), by);
            }
            return true;
        });
    }

    @Override
    public void freeze(String reason, Author by) {
        close(Gate.Kind.FROZEN, reason, by);
    }

    void close(Gate.Kind kind, String reason, Author by) {
        change(edit -> {
            edit.gates.put(kind, new Gate(kind, edit.now(), "frozen by " + by + ": " + reason, by));
            edit.tell("guard.closed", "no effect passes: " + reason, Optional.empty(), by);
            return true;
        });
    }

    @Override
    public void unfreeze(String reason, Author by) {
        open(List.of(Gate.Kind.FROZEN, Gate.Kind.CONTRADICTION), reason, by);
    }

    void open(List<Gate.Kind> kinds, String reason, Author by) {
        change(edit -> {
            for (Gate.Kind kind : kinds) {
                if (edit.gates.has(kind)) {
                    edit.gates.remove(kind);
                    edit.tell("guard.opened", kind + " is lifted: " + reason, Optional.empty(), by);
                }
            }
            return true;
        });
        wake();
    }

    @Override
    public void adopt(Author by) {
        change(edit -> {
            for (StoreId other : edit.foreign.keys()) {
                Settler.adopt(edit, other, by);
            }
            edit.gates.remove(Gate.Kind.FOREIGN_STORE);
            return true;
        });
        place.watch.forget();
        wake();
    }

    @Override
    public void resetBreaker(Author by) {
        change(edit -> {
            if (edit.breaker.isOpen()) {
                edit.tell("breaker.closed", "reset", Optional.empty(), by);
            }
            edit.breaker = Breaker.CLOSED;
            return true;
        });
        wake();
    }

    @Override
    public void scopeLost(Scope scope, Author by) {
        change(edit -> {
            Settler.scopeLost(edit, scope, by);
            return true;
        });
        wake();
    }

    @Override
    public List<StoredEvent> events(long after, int limit, Optional<String> kindPrefix, Optional<String> machine) {
        return store.events(name(), after, limit, kindPrefix, machine);
    }

    @Override
    public List<StoredEvent> latest(int limit) {
        return store.latest(name(), limit);
    }

    @Override
    public void wake() {
        if (woken.compareAndSet(false, true)) {
            jobs.add(new Job.Wake());
        }
    }

    void close() {
        closed = true;
        jobs.add(new Job.Wake());
    }

    /** Begins the end of the pool: its machines are terminated or released, then it goes. */
    void startRemoval(Declared.Removal how, Author by) {
        change(edit -> {
            edit.declared = edit.declared.removed(how);
            edit.started = true;
            edit.desired = Optional.of(edit.desired
                    .map(wish -> wish.wish(0, by.toString(), edit.now(), Optional.of("the pool is deleted")))
                    .orElseGet(() -> new Desired(0, 1, by.toString(), edit.now(), Optional.of("the pool is deleted"))));
            if (how == Declared.Removal.TERMINATE) {
                for (Member member : edit.members.all()) {
                    edit.members.put(
                            member.id(),
                            member.told(
                                    MembershipStatus.DEFAULT, Optional.empty(), member.service(), member.unhealthy()));
                }
            }
            edit.tell(
                    "pool.deleted",
                    "its machines are " + (how == Declared.Removal.TERMINATE ? "terminated" : "released"),
                    Optional.empty(),
                    by);
            return true;
        });
        wake();
    }

    private <R> R change(Function<PoolEdit, R> change) {
        if (closed) {
            throw Refusal.of(Refusal.Code.NOT_FOUND, "the pool is gone");
        }
        try {
            return cell.change(change);
        } catch (Store.StoreException failed) {
            LOG.error("{}: the store cannot be written", name(), failed);
            throw Refusal.of(Refusal.Code.STORE, "the store cannot be written; nothing was changed");
        }
    }

    private Accepted call(Callable<Accepted> command) {
        if (closed) {
            throw Refusal.of(Refusal.Code.NOT_FOUND, "the pool is gone");
        }
        Job.Call call = new Job.Call(command);
        jobs.add(call);
        Accepted accepted = call.await(settings.callBound());
        wake();
        return accepted;
    }

    private record Pictured(PoolState state, Instant at, PoolView view) {}
}
