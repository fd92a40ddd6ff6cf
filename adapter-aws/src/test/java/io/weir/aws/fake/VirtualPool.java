package io.weir.aws.fake;

import io.weir.aws.ec2.Ec2;
import io.weir.cloud.Elastisys;
import io.weir.driver.CloudDriver;
import io.weir.driver.CloudException;
import io.weir.driver.Listing;
import io.weir.driver.Outcomes;
import io.weir.driver.Promises;
import io.weir.driver.TemplateProblems;
import io.weir.guard.PacedDriver;
import io.weir.journal.Journal;
import io.weir.kit.MemoryStore;
import io.weir.plan.Limits;
import io.weir.plan.Settler;
import io.weir.pool.Author;
import io.weir.pool.Batch;
import io.weir.pool.CloudMachine;
import io.weir.pool.Desired;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.Marks;
import io.weir.pool.Member;
import io.weir.pool.Observation;
import io.weir.pool.Pace;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolName;
import io.weir.pool.PoolState;
import io.weir.pool.PoolStates;
import io.weir.pool.Rate;
import io.weir.pool.StoreId;
import io.weir.pool.Template;
import io.weir.reconcile.PoolCore;
import io.weir.simulated.LedgerJudge;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One pool of the production code over the fake, in virtual time: the real loop, the real driver inside EC2's rates, the real SDK over the
 * wire. It can die at any call and start again from what its store holds, and in the end the fake's ledger is asked.
 */
final class VirtualPool implements AutoCloseable {
    static final PoolName POOL = new PoolName("web");
    private static final StoreId STORE = new StoreId("k3j2h1g0");
    private static final Duration CALL_BOUND = Duration.ofSeconds(10);

    final Bench.Hands clock = new Bench.Hands();
    final FakeEc2 fake = FakeEc2.start(clock);
    private final Duration interval;
    private final List<LedgerJudge.Step> wishes = new ArrayList<>();
    private final Ec2 ec2;
    private final Limits limits;
    private MemoryStore store = new MemoryStore(STORE);
    private PoolCore core;
    private CloudDriver driver;
    private Optional<Template> template = Optional.empty();
    private volatile boolean dead;
    int turns;

    /** What this account can launch in its three zones, as fast as the pool's paces may be. */
    static PoolDocument document(int max, Rate launch) {
        PoolDocument plain = PoolDocument.of(0, max, 0);
        return new PoolDocument(
                0,
                max,
                0,
                Optional.of(ExampleRegion.IMAGE),
                List.of("t3.micro"),
                List.of(),
                plain.dataVolumes(),
                plain.userData(),
                false,
                plain.connectionPolicy(),
                plain.sshKey(),
                plain.network(),
                plain.labels(),
                plain.connection(),
                plain.autoscalers(),
                plain.health(),
                plain.victimPolicy(),
                plain.billingPeriod(),
                new Pace(Pace.WISH_CEILING, Pace.DEFAULT.repair(), Pace.DEFAULT.cleanup(), launch),
                plain.timeouts(),
                plain.section());
    }

    /** @param interval between turns */
    VirtualPool(PoolDocument document, Duration interval) {
        this(document, interval, Elastisys.NONE);
    }

    VirtualPool(PoolDocument document, Duration interval, Elastisys takeOver) {
        this.interval = interval;
        this.ec2 = Bench.door(fake.url(), clock, Access.WEIR.key(), Access.WEIR.secret(), takeOver);
        Promises promises = ec2.driver().promises();
        limits = new Limits(
                promises.lag(), promises.lateness(), promises.tokenMemory(), promises.batchMax(), CALL_BOUND);
        PoolState fresh = PoolStates.fresh(POOL, STORE, document, clock.instant());
        store.save(Optional.empty(), fresh, List.of());
        driver = driver();
        core = new PoolCore(fresh, store, driver, clock, limits, Journal.NONE);
    }

    private CloudDriver driver() {
        return new Mortal(new PacedDriver(ec2.driver(), Ec2.RATES, clock));
    }

    PoolState state() {
        return core.state();
    }

    /** From now on nothing of this process reaches the cloud or the store. */
    void die() {
        store = store.afterCrash();
        dead = true;
    }

    boolean isDead() {
        return dead;
    }

    private void restart() {
        dead = false;
        ec2.catalogs().forget();
        driver = driver();
        template = Optional.empty();
        core = new PoolCore(store.load().get(0), store, driver, clock, limits, Journal.NONE);
        core.change(edit -> {
            PoolStates.restart(edit);
            return true;
        });
    }

    void wish(int size) {
        wishes.add(new LedgerJudge.Step(clock.instant(), size));
        core.change(edit -> {
            edit.desired = Optional.of(edit.desired
                    .map(wish -> wish.wish(size, "operator/test", edit.now(), Optional.empty()))
                    .orElseGet(() -> new Desired(size, 1, "operator/test", edit.now(), Optional.empty())));
            return true;
        });
    }

    /** Turns follow each other until the pool is exact; false: it was not within this time. */
    boolean becomes(int size, Duration atMost) {
        Instant end = clock.instant().plus(atMost);
        while (clock.instant().isBefore(end)) {
            turn();
            if (isExact(size)) {
                return true;
            }
            clock.pass(interval);
        }
        return false;
    }

    /** Turns follow each other for so long. */
    void steady(Duration time) {
        Instant end = clock.instant().plus(time);
        while (clock.instant().isBefore(end)) {
            turn();
            clock.pass(interval);
        }
    }

    /** An operator says that the machines of another store are this pool's. */
    void adopt(StoreId other) {
        core.change(edit -> {
            Settler.adopt(edit, other, new Author("operator", "test"));
            return true;
        });
    }

    /** One turn; a process that died in it is started again. */
    void turn() {
        turns++;
        try {
            Optional<Observation> seen;
            try {
                seen = Optional.of(driver.list(Set.of(POOL)).of(POOL));
            } catch (CloudException failed) {
                seen = Optional.empty();
            }
            if (template.isEmpty()) {
                template = resolve();
            }
            core.turn(seen, template);
        } catch (Crash crash) {
            restart();
        }
    }

    private Optional<Template> resolve() {
        try {
            return Optional.of(driver.resolve(state().document()));
        } catch (CloudException | TemplateProblems notNow) {
            return Optional.empty();
        }
    }

    private boolean isExact(int size) {
        List<Member> members = List.copyOf(state().members().values());
        return state().gates().isEmpty()
                && state().desired().filter(wish -> wish.size() == size).isPresent()
                && members.size() == size
                && members.stream().allMatch(member -> member.running().isPresent() && !member.isLeaving())
                && state().launches().isEmpty()
                && fake.cloud().alive(POOL.value()) == size;
    }

    /** What the fake's own books say of it all. */
    LedgerJudge.Judgement judged() {
        Instant now = clock.instant();
        return LedgerJudge.judge(
                fake.cloud().ledger(),
                new LedgerJudge.Question(
                        POOL.value(),
                        wishes,
                        null,
                        0,
                        state().members().keySet().stream()
                                .map(MachineId::value)
                                .collect(Collectors.toSet()),
                        null,
                        Bench.START,
                        now));
    }

    @Override
    public void close() {
        ec2.close();
        fake.close();
    }

    /** A driver whose process may be dead when a call of it returns. */
    private final class Mortal implements CloudDriver {
        private final CloudDriver driver;

        Mortal(CloudDriver driver) {
            this.driver = driver;
        }

        private interface Call<T> {
            T make() throws CloudException;
        }

        private <T> T call(Call<T> call) throws CloudException {
            try {
                T answer = call.make();
                survive();
                return answer;
            } catch (CloudException failure) {
                survive();
                throw failure;
            }
        }

        private void survive() {
            if (dead) {
                throw new Crash();
            }
        }

        @Override
        public Promises promises() {
            return driver.promises();
        }

        @Override
        public Template resolve(PoolDocument document) throws TemplateProblems, CloudException {
            try {
                Template answer = driver.resolve(document);
                survive();
                return answer;
            } catch (CloudException | TemplateProblems failure) {
                survive();
                throw failure;
            }
        }

        @Override
        public Listing list(Set<PoolName> pools) throws CloudException {
            return call(() -> driver.list(pools));
        }

        @Override
        public Outcomes<MachineName> launch(Batch batch) throws CloudException {
            return call(() -> driver.launch(batch));
        }

        @Override
        public Outcomes<MachineId> terminate(Set<MachineId> ids) throws CloudException {
            return call(() -> driver.terminate(ids));
        }

        @Override
        public Outcomes<MachineId> mark(Map<MachineId, Marks> marks) throws CloudException {
            return call(() -> driver.mark(marks));
        }

        @Override
        public Optional<CloudMachine> find(MachineId id) throws CloudException {
            return call(() -> driver.find(id));
        }
    }
}
