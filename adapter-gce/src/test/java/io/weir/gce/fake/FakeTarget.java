package io.weir.gce.fake;

import com.google.cloud.compute.v1.InsertInstanceRequest;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.InstancesClient;
import io.weir.driver.CloudDriver;
import io.weir.driver.CloudException;
import io.weir.driver.Listing;
import io.weir.driver.Outcomes;
import io.weir.driver.Promises;
import io.weir.driver.TemplateProblems;
import io.weir.gce.Gce;
import io.weir.gce.compute.Compute;
import io.weir.kit.CloudTarget;
import io.weir.kit.HandClock;
import io.weir.kit.PoolText;
import io.weir.pool.Batch;
import io.weir.pool.CloudMachine;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.Marks;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolName;
import io.weir.pool.Scope;
import io.weir.pool.Template;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** The driver over the fake, with a clock in the hand, as the contract kit wants it. */
final class FakeTarget implements CloudTarget {
    final HandClock clock = new HandClock(Bench.START);
    final FakeGce fake = FakeGce.start(clock);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final double lag;
    /** What the next change meets, with how many calls it shall meet. */
    private Consumer<Integer> breaking = count -> {};

    Compute compute = Bench.door(fake.url(), clock, threads);

    /** @param lag how far listings and labels may be behind, in seconds */
    FakeTarget(double lag) {
        this.lag = lag;
        calm();
    }

    @Override
    public CloudDriver driver() {
        return new Broken(compute.driver());
    }

    /**
     * A driver whose wire may be broken for as long as its next change takes: a batch is a call for each machine here, and a lost DELETE is
     * sent again by the JDK.
     */
    private final class Broken implements CloudDriver {
        private final CloudDriver driver;

        Broken(CloudDriver driver) {
            this.driver = driver;
        }

        private interface Call<T> {
            T make() throws CloudException;
        }

        private <T> T broken(Call<T> call) throws CloudException {
            Consumer<Integer> way = breaking;
            breaking = count -> {};
            way.accept(Integer.MAX_VALUE);
            try {
                return call.make();
            } finally {
                way.accept(0);
            }
        }

        @Override
        public Promises promises() {
            return driver.promises();
        }

        @Override
        public Template resolve(PoolDocument document) throws TemplateProblems, CloudException {
            return driver.resolve(document);
        }

        @Override
        public Listing list(Set<PoolName> pools) throws CloudException {
            return driver.list(pools);
        }

        @Override
        public Outcomes<MachineName> launch(Batch batch) throws CloudException {
            return broken(() -> driver.launch(batch));
        }

        @Override
        public Outcomes<MachineId> terminate(Set<MachineId> ids) throws CloudException {
            return broken(() -> driver.terminate(ids));
        }

        @Override
        public Outcomes<MachineId> mark(Map<MachineId, Marks> marks) throws CloudException {
            return broken(() -> driver.mark(marks));
        }

        @Override
        public Optional<CloudMachine> find(MachineId id) throws CloudException {
            return driver.find(id);
        }
    }

    @Override
    public InstantSource clock() {
        return clock;
    }

    @Override
    public PoolDocument document() {
        return PoolText.read(new Gce(), """
                max: 10
                image: weir-web
                machineTypes: [e2-small]
                gce: {tags: [web]}
                """);
    }

    @Override
    public void pass(Duration time) {
        clock.pass(time);
    }

    @Override
    public Duration patience() {
        return Duration.ofMinutes(3);
    }

    @Override
    public void restart() {
        compute.close();
        compute = Bench.door(fake.url(), clock, threads);
    }

    @Override
    public void writeTag(MachineId id, String key, String value) {
        fake.cloud().relabel(id.value(), Map.of(key, value));
    }

    @Override
    public void forgetImages() {
        fake.cloud().change(project -> project.withImages(List.of()));
    }

    @Override
    public void loseNextAnswer() {
        breaking = fake.cloud()::loseAnswers;
    }

    @Override
    public void loseNextRequest() {
        breaking = fake.cloud()::loseRequests;
    }

    @Override
    public void limitCapacity(Scope scope, int machines) {
        fake.cloud().turn(turn -> turn.capacity = Map.of(scope.value(), machines));
    }

    @Override
    public void limitQuota(int machines) {
        fake.cloud().turn(turn -> turn.quota = Map.of(GceDials.CPUS, 2.0 * machines));
    }

    @Override
    public void hide(Scope scope) {
        fake.cloud().turn(turn -> turn.unreachable = Set.of(scope.value()));
    }

    @Override
    public void refuseLater() {
        fake.cloud()
                .turn(turn ->
                        turn.lateRefusals = new GceDials.LateRefusals(1, 5, "ZONE_RESOURCE_POOL_EXHAUSTED", false));
    }

    @Override
    public void protect(MachineId id) {
        fake.cloud().protect(id.value(), true);
    }

    @Override
    public void pageSize(int machines) {
        fake.cloud().turn(turn -> turn.pageSize = machines);
    }

    @Override
    public void throttleListings(int calls) {
        fake.cloud()
                .turn(turn -> turn.throttle = Map.of("instances.aggregatedList", new GceDials.Throttle(calls, false)));
    }

    @Override
    public void makeUnavailable() {
        fake.cloud().turn(turn -> turn.unavailable = true);
    }

    @Override
    public void revokeCredentials() {
        fake.cloud().turn(turn -> turn.unauthorized = true);
    }

    @Override
    public MachineId launchForeign(String name) {
        Instance theirs = Bench.instance(name, Bench.A).toBuilder()
                .clearLabels()
                .putLabels("owner", "somebody")
                .build();
        try (InstancesClient somebody = Bench.instances(fake.url())) {
            somebody.insertCallable()
                    .call(InsertInstanceRequest.newBuilder()
                            .setProject(Bench.PROJECT)
                            .setZone(Bench.A)
                            .setInstanceResource(theirs)
                            .build());
        }
        return new MachineId(Bench.A + ":" + name);
    }

    @Override
    public void kill(MachineId id) {
        fake.cloud().kill(id.value());
    }

    @Override
    public int everLaunched(String name) {
        return (int) fake.cloud().ledger().stream()
                .filter(line -> name.equals(line.name()))
                .count();
    }

    @Override
    public void calm() {
        fake.cloud().set(GceDials.DEFAULT.turned(turn -> {
            turn.lagSeconds = lag;
            turn.labelLagSeconds = lag;
        }));
    }

    @Override
    public void close() {
        compute.close();
        fake.close();
        threads.close();
    }
}
