package io.weir.kit;

import io.weir.driver.CloudDriver;
import io.weir.driver.CloudException;
import io.weir.driver.Leftovers;
import io.weir.driver.Listing;
import io.weir.driver.Promises;
import io.weir.driver.TemplateProblems;
import io.weir.journal.Journal;
import io.weir.plan.Limits;
import io.weir.plan.Settler;
import io.weir.pool.Author;
import io.weir.pool.Desired;
import io.weir.pool.Leftover;
import io.weir.pool.MachineId;
import io.weir.pool.Member;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolName;
import io.weir.pool.PoolState;
import io.weir.pool.PoolStates;
import io.weir.pool.StoreId;
import io.weir.pool.Template;
import io.weir.reconcile.PoolCore;
import io.weir.simulated.LedgerJudge;
import io.weir.simulated.SimulatedApi.LedgerLine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Pools of the production code in virtual time, over whatever their driver reaches: the real loop and the real driver, and one listing for
 * all of them, as the service does it.
 *
 * <p>The process that holds them can die at any of its calls to the cloud. From then on nothing that it does reaches the cloud or the
 * store, and with the next turn another one goes on from what the store held. Whoever stands before the cloud tells of the calls, by
 * {@link #arrives} and {@link #carriedOut}, on any thread; all else is one thread's.
 */
public final class VirtualPools {
    private static final StoreId STORE = new StoreId("f1gur3s0");
    private static final Duration CALL_BOUND = Duration.ofSeconds(10);

    /**
     * A cloud as one process reaches it.
     *
     * @param driver with nothing remembered of processes before
     */
    public record Way(CloudDriver driver, Leftovers leftovers) {
        public Way(CloudDriver driver) {
            this(driver, Leftovers.NONE);
        }
    }

    private final HandClock clock;
    private final Supplier<Way> ways;
    private final Supplier<List<LedgerLine>> ledger;
    private final Instant begun;
    private final List<LedgerJudge.Step> wishes = new ArrayList<>();
    private final Map<PoolName, PoolCore> pools = new LinkedHashMap<>();
    private final Map<PoolName, Template> templates = new LinkedHashMap<>();
    private MemoryStore store = new MemoryStore(STORE);
    private CloudDriver process;
    private Death doomed = Death.NONE;
    private volatile boolean dead;
    private int turns;

    /**
     * @param count of pools, {@code pool-0} and so on
     * @param ways asked once for each process
     * @param ledger what the cloud's own books have
     */
    public VirtualPools(
            int count, PoolDocument document, HandClock clock, Supplier<Way> ways, Supplier<List<LedgerLine>> ledger) {
        this.clock = clock;
        this.ways = ways;
        this.ledger = ledger;
        begun = clock.instant();
        for (int i = 0; i < count; i++) {
            store.save(Optional.empty(), PoolStates.fresh(name(i), STORE, document, begun), List.of());
        }
        process = start();
    }

    public static PoolName name(int number) {
        return new PoolName("pool-" + number);
    }

    private CloudDriver start() {
        Way way = ways.get();
        CloudDriver started = new MortalDriver(way.driver(), () -> dead);
        Leftovers leftovers = new SharedLeftovers(way.leftovers());
        Promises promises = way.driver().promises();
        Limits limits = new Limits(
                promises.lag(), promises.lateness(), promises.tokenMemory(), promises.batchMax(), CALL_BOUND);
        templates.clear();
        pools.clear();
        for (PoolState state : store.load()) {
            PoolCore pool = new PoolCore(state, store, started, leftovers, clock, limits, Journal.NONE);
            pool.change(edit -> {
                PoolStates.restart(edit);
                return true;
            });
            pools.put(state.name(), pool);
        }
        return started;
    }

    // ---- its death ----

    /**
     * Where a process dies.
     *
     * @param call by its number; 0: nowhere
     * @param carriedOut whether the cloud has done it by then
     */
    public record Death(int call, boolean carriedOut, String kind) {
        public static final Death NONE = new Death(0, false, "none");

        @Override
        public String toString() {
            return "call " + call + " (" + kind + ", " + (carriedOut ? "" : "not ") + "carried out)";
        }
    }

    /** Tries each: what was wrong after it, by the death; those after which nothing was are left out. */
    public static Map<String, List<String>> wrongAfter(List<Death> deaths, Function<Death, List<String>> run) {
        Map<String, List<String>> wrong = new TreeMap<>();
        for (Death death : deaths) {
            List<String> found = run.apply(death);
            if (!found.isEmpty()) {
                wrong.put(death.toString(), found);
            }
        }
        return wrong;
    }

    public void dieAt(Death death) {
        doomed = death;
    }

    /** A call has come to the cloud, and nothing has come of it yet. False: nothing may, since whoever made it is dead. */
    public boolean arrives(int call) {
        if (call == doomed.call && !doomed.carriedOut) {
            die();
        }
        return !dead;
    }

    /** A call was carried out or refused, and no answer has gone out yet. */
    public void carriedOut(int call) {
        if (call == doomed.call && doomed.carriedOut) {
            die();
        }
    }

    private synchronized void die() {
        store = store.afterCrash();
        dead = true;
    }

    // ---- what is done to them ----

    public PoolState state(PoolName pool) {
        return Objects.requireNonNull(pools.get(pool), pool::value).state();
    }

    public int turns() {
        return turns;
    }

    /** All pools are wished to have so many machines. */
    public void wish(int size) {
        wishes.add(new LedgerJudge.Step(clock.instant(), size));
        pools.values()
                .forEach(pool -> pool.change(edit -> {
                    edit.desired = Optional.of(edit.desired
                            .map(wish -> wish.wish(size, "operator/test", edit.now(), Optional.empty()))
                            .orElseGet(() -> new Desired(size, 1, "operator/test", edit.now(), Optional.empty())));
                    return true;
                }));
    }

    /** An operator says that the machines of another store are this pool's. */
    public void adopt(PoolName pool, StoreId other) {
        Objects.requireNonNull(pools.get(pool), pool::value).change(edit -> {
            Settler.adopt(edit, other, new Author("operator", "test"));
            return true;
        });
    }

    /** One listing, and a turn of each pool on it. A process that died in it is followed by another. */
    public void turn() {
        turns++;
        try {
            Optional<Listing> listing = listing();
            pools.forEach((name, pool) -> pool.turn(listing.map(seen -> seen.of(name)), template(name, pool)));
        } catch (MortalDriver.Dead crash) {
            dead = false;
            process = start();
        }
    }

    private Optional<Listing> listing() {
        try {
            return Optional.of(process.list(Set.copyOf(pools.keySet())));
        } catch (CloudException notNow) {
            return Optional.empty();
        }
    }

    private Optional<Template> template(PoolName name, PoolCore pool) {
        if (!templates.containsKey(name)) {
            try {
                templates.put(name, process.resolve(pool.state().document()));
            } catch (CloudException | TemplateProblems notNow) {
                return Optional.empty();
            }
        }
        return Optional.ofNullable(templates.get(name));
    }

    /** Turns follow each other until every pool is exact, by its own word and by the ledger's; false: they were not within this time. */
    public boolean become(int size, Duration interval, Duration atMost) {
        Instant end = clock.instant().plus(atMost);
        while (clock.instant().isBefore(end)) {
            turn();
            if (pools.values().stream().allMatch(pool -> isExact(pool.state(), size)) && haveAlive(size)) {
                return true;
            }
            clock.pass(interval);
        }
        return false;
    }

    private static boolean isExact(PoolState state, int size) {
        List<Member> members = List.copyOf(state.members().values());
        return state.gates().isEmpty()
                && state.desired().filter(wish -> wish.size() == size).isPresent()
                && members.size() == size
                && members.stream().allMatch(member -> member.running().isPresent() && !member.isLeaving())
                && state.launches().isEmpty();
    }

    private boolean haveAlive(int size) {
        Instant now = clock.instant();
        Map<String, Long> alive = ledger.get().stream()
                .filter(line -> line.pool() != null && line.isAliveAt(now))
                .collect(Collectors.groupingBy(LedgerLine::pool, Collectors.counting()));
        return pools.keySet().stream().allMatch(pool -> alive.getOrDefault(pool.value(), 0L) == size);
    }

    /** From none to 30 and to 5 machines, an hour at most for each: where the pools were not exact in time, in words. */
    public List<String> exercise(Duration interval) {
        List<String> wrong = new ArrayList<>();
        for (int size : new int[] {0, 30, 5}) {
            wish(size);
            if (!become(size, interval, Duration.ofHours(1))) {
                wrong.add("it never was exactly " + size);
            }
        }
        return wrong;
    }

    /** Turns follow each other for so long. */
    public void steady(Duration interval, Duration time) {
        Instant end = clock.instant().plus(time);
        while (clock.instant().isBefore(end)) {
            turn();
            clock.pass(interval);
        }
    }

    // ---- what came of it ----

    public Set<String> members(PoolName pool) {
        return state(pool).members().keySet().stream().map(MachineId::value).collect(Collectors.toSet());
    }

    /** What the cloud's books say of a pool since the beginning. */
    public LedgerJudge.Judgement judged(PoolName pool) {
        return LedgerJudge.judge(
                ledger.get(),
                new LedgerJudge.Question(pool.value(), wishes, null, 0, members(pool), null, begun, clock.instant()));
    }

    /** One look in a turn serves all pools; whoever looks may be dead when it returns. */
    private final class SharedLeftovers implements Leftovers {
        private final Leftovers leftovers;
        private int lookedIn = -1;
        private List<Leftover> seen = List.of();

        SharedLeftovers(Leftovers leftovers) {
            this.leftovers = leftovers;
        }

        @Override
        public List<Leftover> list(Set<PoolName> asked) throws CloudException {
            if (lookedIn != turns) {
                seen = survived(() -> leftovers.list(Set.copyOf(pools.keySet())));
                lookedIn = turns;
            }
            return seen.stream()
                    .filter(leftover -> asked.contains(leftover.pool()))
                    .toList();
        }

        @Override
        public void takeAway(Leftover leftover) throws CloudException {
            survived(() -> {
                leftovers.takeAway(leftover);
                return true;
            });
        }

        private <T> T survived(MortalDriver.Call<T> call) throws CloudException {
            return MortalDriver.survived(call, () -> dead);
        }
    }
}
