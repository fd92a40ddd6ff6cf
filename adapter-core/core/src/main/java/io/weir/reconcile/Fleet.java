package io.weir.reconcile;

import io.weir.journal.Journal;
import io.weir.pool.Author;
import io.weir.pool.Declared;
import io.weir.pool.Gate;
import io.weir.pool.MachineId;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolEdit;
import io.weir.pool.PoolEvent;
import io.weir.pool.PoolName;
import io.weir.pool.PoolState;
import io.weir.pool.PoolStates;
import io.weir.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The pools of an adapter, each on a thread of its own and on one of the connections.
 *
 * <ol>
 *   <li>What the store knows goes on where it was.
 *   <li>A pool that only the configuration file knows is seeded from it, once: one that was deleted is not made again.
 *   <li>Later documents through the API win over the file; the difference is shown as drift until the file is applied again.
 *   <li>A document that names no connection gets the name of the one that it means, for good: another connection that comes
 *       later changes no pool.
 * </ol>
 */
public final class Fleet implements Pools, Connections, AutoCloseable {
    private static final Duration CLOSING = Duration.ofSeconds(4);

    private final Store store;
    private final SortedMap<String, ConnectionWatch> watches = new TreeMap<>();
    private final InstantSource clock;
    private final WatchSettings settings;
    private final Meter meter;
    private final ThreadFactory threads;
    private final Function<PoolName, Journal> journals;
    private final Map<PoolName, PoolDocument> file;
    private final ConcurrentSkipListMap<PoolName, PoolRunner> runners = new ConcurrentSkipListMap<>();
    private final Attaching attaching = new Attaching(this::holder);
    private final Queue<Thread> running = new ConcurrentLinkedQueue<>();

    /**
     * @param connections at least one
     * @param journals where the turns of a pool are written
     * @param file the documents of the configuration file
     */
    public Fleet(
            Store store,
            Collection<Connection> connections,
            InstantSource clock,
            WatchSettings settings,
            Meter meter,
            ThreadFactory threads,
            Function<PoolName, Journal> journals,
            Map<PoolName, PoolDocument> file) {
        this.store = store;
        this.clock = clock;
        this.settings = settings;
        this.meter = meter;
        this.threads = threads;
        this.journals = journals;
        Duration gap = settings.busy().dividedBy(4);
        for (Connection connection : connections) {
            String name = connection.name();
            watches.put(name, new ConnectionWatch(connection, () -> poolsOf(name), clock, gap, meter));
        }
        this.file = file.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, pool -> meant(pool.getValue())));
    }

    private Set<PoolName> poolsOf(String connection) {
        return runners.values().stream()
                .filter(runner -> runner.connection().equals(connection))
                .map(PoolRunner::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    private PoolDocument meant(PoolDocument document) {
        return document.on(Connections.meant(document.connection(), watches.keySet()));
    }

    /** @param document as {@link #meant} answers it */
    private ConnectionWatch watch(PoolDocument document) {
        return Objects.requireNonNull(watches.get(document.connection().orElseThrow()));
    }

    /** @param resetFromFile every pool of the file takes the file's document again */
    public void start(boolean resetFromFile) {
        load(resetFromFile);
        run();
    }

    /**
     * Remembers all pools, and makes those that only the file knows; without an effect on a cloud.
     *
     * @throws IllegalArgumentException a document of the file cannot be served; none was taken then
     */
    public void load(boolean resetFromFile) {
        for (PoolState state : store.load()) {
            runners.put(state.name(), known(state));
        }
        Map<PoolName, PoolDocument> due = new TreeMap<>(file);
        due.keySet().removeIf(name -> !isDue(name, resetFromFile));
        check(due);
        due.forEach((name, document) -> {
            PoolRunner known = runners.get(name);
            if (known == null) {
                create(name, document, Optional.of(fingerprint(document)), true, Author.WEIR);
            } else {
                known.replaceDocument(document, OptionalLong.empty(), Optional.of(fingerprint(document)), Author.WEIR);
            }
        });
    }

    private boolean isDue(PoolName name, boolean resetFromFile) {
        PoolRunner known = runners.get(name);
        return known == null
                ? resetFromFile || store.sequenceOfRemoved(name).isEmpty()
                : resetFromFile && known.state().declared().removal().isEmpty();
    }

    /** What a cloud says that it cannot serve would be in the store for good; a cloud that says nothing keeps no adapter down. */
    private void check(Map<PoolName, PoolDocument> due) {
        List<String> problems = new ArrayList<>();
        due.forEach((name, document) -> {
            try {
                PoolRunner.check(watch(document), document);
            } catch (Refusal refusal) {
                if (refusal.code() == Refusal.Code.INVALID) {
                    problems.add("pools." + name + ": " + refusal.text());
                }
            }
        });
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(
                    "the configuration's pools cannot be served:\n  " + String.join("\n  ", problems));
        }
    }

    /** Lets all pools go on. */
    public void run() {
        runners.values().forEach(this::launch);
    }

    private PoolRunner known(PoolState state) {
        try {
            return runner(state, meant(state.document()));
        } catch (Refusal unknown) {
            throw new IllegalArgumentException(
                    "the store has the pool " + state.name() + ", whose connection the configuration lacks: "
                            + unknown.text() + " (give the connection its name again, or delete the pool first)",
                    unknown);
        }
    }

    private static String fingerprint(PoolDocument document) {
        return Integer.toHexString(document.hashCode());
    }

    private PoolRunner create(
            PoolName name, PoolDocument document, Optional<String> fromFile, boolean started, Author by) {
        PoolEdit edit = new PoolEdit(
                PoolStates.fresh(
                        name,
                        store.id(),
                        document,
                        fromFile,
                        store.sequenceOfRemoved(name).orElse(0),
                        clock.instant()),
                clock.instant());
        edit.started = started;
        frozenAsOthers(edit);
        PoolState fresh = edit.state();
        store.save(
                Optional.empty(),
                fresh,
                List.of(new PoolEvent(
                        clock.instant(),
                        name,
                        "pool.created",
                        "its size is learned from listings",
                        Optional.empty(),
                        by.toString())));
        PoolRunner runner = runner(fresh, document);
        runners.put(name, runner);
        return runner;
    }

    /** A fleet that is frozen stays so when a pool is made. */
    private void frozenAsOthers(PoolEdit edit) {
        runners.values().stream()
                .map(runner -> runner.state().gates().get(Gate.Kind.FLEET_FROZEN))
                .filter(Objects::nonNull)
                .findFirst()
                .ifPresent(gate -> edit.gates.put(gate.kind(), gate));
    }

    private PoolRunner runner(PoolState state, PoolDocument document) {
        PoolName name = state.name();
        return new PoolRunner(
                state,
                store,
                document,
                this::meant,
                this::watch,
                clock,
                settings,
                meter,
                journals.apply(name),
                attaching,
                () -> drifts(name),
                () -> removed(name));
    }

    /** Another pool of the same connection: two clouds may know two machines by one id. */
    private Optional<PoolName> holder(PoolName but, MachineId id) {
        String connection = Objects.requireNonNull(runners.get(but)).connection();
        return runners.values().stream()
                .filter(runner -> runner.connection().equals(connection))
                .map(PoolRunner::state)
                .filter(pool -> !pool.name().equals(but) && pool.members().containsKey(id))
                .map(PoolState::name)
                .findFirst();
    }

    private boolean drifts(PoolName name) {
        PoolDocument declared = file.get(name);
        PoolRunner runner = runners.get(name);
        return declared != null && runner != null && !runner.state().document().equals(declared);
    }

    private void removed(PoolName name) {
        store.remove(name, List.of());
        runners.remove(name);
    }

    private void launch(PoolRunner runner) {
        Thread thread = threads.newThread(runner);
        running.add(thread);
        thread.start();
    }

    /** Whether a first listing of this connection was tried; one without pools needs none. */
    public boolean wasListed(String connection) {
        ConnectionWatch watch = watches.get(connection);
        return watch == null || watch.wasTried() || poolsOf(connection).isEmpty();
    }

    @Override
    public List<ConnectionView> connections() {
        return watches.values().stream().map(ConnectionWatch::view).toList();
    }

    @Override
    public void refresh(String connection, Author by) {
        ConnectionWatch watch = watches.get(connection);
        if (watch == null) {
            throw Refusal.of(Refusal.Code.NOT_FOUND, "there is no connection " + connection);
        }
        watch.connection().catalogs().forget();
        for (PoolRunner runner : runners.values()) {
            if (runner.connection().equals(connection)) {
                runner.resolveAgain(by);
            }
        }
    }

    @Override
    public List<Pool> all() {
        return List.copyOf(runners.values());
    }

    @Override
    public Optional<Pool> find(PoolName name) {
        return Optional.ofNullable(runners.get(name));
    }

    @Override
    public synchronized Put put(
            PoolName name, PoolDocument document, OptionalLong expected, boolean onlyIfAbsent, Author by) {
        PoolRunner known = runners.get(name);
        if (known != null) {
            if (onlyIfAbsent) {
                throw Refusal.of(Refusal.Code.STALE, "the pool " + name + " is there already");
            }
            return new Put(false, known.replaceDocument(document, expected, by));
        }
        if (expected.isPresent()) {
            throw Refusal.of(Refusal.Code.STALE, "there is no pool " + name + " to replace");
        }
        return make(name, document, true, by);
    }

    @Override
    public synchronized Put putStopped(PoolName name, PoolDocument document, Author by) {
        if (runners.containsKey(name)) {
            throw Refusal.of(Refusal.Code.STALE, "the pool " + name + " is there already");
        }
        return make(name, document, false, by);
    }

    private Put make(PoolName name, PoolDocument document, boolean started, Author by) {
        PoolDocument meant = meant(document);
        PoolRunner.check(watch(meant), meant);
        PoolRunner created = create(name, meant, Optional.empty(), started, by);
        launch(created);
        return new Put(true, created.state().declared().revision());
    }

    @Override
    public void delete(PoolName name, Removal removal, Author by) {
        PoolRunner runner = runners.get(name);
        if (runner == null) {
            throw Refusal.of(Refusal.Code.NOT_FOUND, "there is no pool " + name);
        }
        PoolState state = runner.state();
        boolean empty =
                state.members().isEmpty() && state.launches().values().stream().noneMatch(launch -> launch.holdsSlot());
        if (!empty && removal == Removal.ONLY_IF_EMPTY) {
            throw Refusal.of(
                    Refusal.Code.HAS_MEMBERS,
                    name + " has " + state.members().size()
                            + " machines: say ?machines=terminate or ?machines=release");
        }
        runner.startRemoval(removal == Removal.RELEASE ? Declared.Removal.RELEASE : Declared.Removal.TERMINATE, by);
    }

    @Override
    public synchronized void freezeAll(String reason, Author by) {
        runners.values().forEach(runner -> runner.close(Gate.Kind.FLEET_FROZEN, reason, by));
    }

    @Override
    public synchronized void unfreezeAll(String reason, Author by) {
        runners.values().forEach(runner -> runner.open(List.of(Gate.Kind.FLEET_FROZEN), reason, by));
    }

    /** Lets turns that are under way end, for a while; what they are in the middle of is durable. */
    @Override
    public void close() {
        runners.values().forEach(PoolRunner::close);
        Instant end = clock.instant().plus(Duration.ofNanos((long) (CLOSING.toNanos() * settings.timeScale())));
        try {
            for (Thread thread : running) {
                Duration left = Duration.between(clock.instant(), end);
                thread.join(Duration.ofMillis(Math.max(1, (long) (left.toMillis() / settings.timeScale()))));
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
