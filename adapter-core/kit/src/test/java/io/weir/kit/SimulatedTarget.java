package io.weir.kit;

import io.weir.driver.CloudDriver;
import io.weir.driver.Promises;
import io.weir.pool.MachineId;
import io.weir.pool.PoolDocument;
import io.weir.pool.Scope;
import io.weir.simulated.ApiFailure;
import io.weir.simulated.Call;
import io.weir.simulated.Delay;
import io.weir.simulated.Dials;
import io.weir.simulated.SimulatedApi;
import io.weir.simulated.SimulatedCloud;
import io.weir.simulated.SimulatedDriver;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The simulated cloud as a target: its dials make every fault of the kit. */
public abstract class SimulatedTarget implements CloudTarget {
    /** How much of the simulated cloud's help is left out, as the clouds that it stands for do. */
    public enum Kind {
        WITH_TOKENS,
        WITHOUT_TOKENS,
        /** Listings and looks are up to 20 s old, a row here and a row there. */
        LAGGING
    }

    private final InstantSource clock;
    private final SimulatedCloud cloud;
    private final Supplier<CloudDriver> drivers;
    private CloudDriver driver;

    protected SimulatedTarget(
            Kind kind,
            InstantSource clock,
            Function<SimulatedCloud, SimulatedApi> api,
            UnaryOperator<CloudDriver> decorators) {
        Duration lag = kind == Kind.LAGGING ? Duration.ofSeconds(20) : Duration.ZERO;
        this.clock = clock;
        this.cloud = new SimulatedCloud(clock, 1, Dials.DEFAULT.turned(turn -> {
            turn.boot = new Delay.Uniform(2, 5);
            turn.tokens = kind != Kind.WITHOUT_TOKENS;
            turn.lagSeconds = lag.toSeconds();
        }));
        SimulatedApi line = api.apply(cloud);
        this.drivers = () -> decorators.apply(new SimulatedDriver(
                line,
                "kit-region",
                clock,
                new Promises(
                        lag,
                        Duration.ZERO,
                        kind == Kind.WITHOUT_TOKENS ? Optional.empty() : Optional.of(Duration.ofHours(24)),
                        100)));
        this.driver = drivers.get();
    }

    @Override
    public void restart() {
        driver = drivers.get();
    }

    @Override
    public void writeTag(MachineId id, String key, String value) {
        cloud.retag(id.value(), Map.of(key, value));
    }

    @Override
    public CloudDriver driver() {
        return driver;
    }

    @Override
    public InstantSource clock() {
        return clock;
    }

    @Override
    public PoolDocument document() {
        return PoolDocument.of(0, 10, 0);
    }

    @Override
    public Duration patience() {
        return Duration.ofMinutes(3);
    }

    private void turn(Consumer<Dials.Turn> how) {
        cloud.turn(cloud.dials().turned(how));
    }

    @Override
    public void forgetImages() {
        turn(turn -> turn.images = Map.of("weir", "img-2"));
    }

    @Override
    public void loseNextAnswer() {
        cloud.loseAnswers(1);
    }

    @Override
    public void loseNextRequest() {
        cloud.loseRequests(1);
    }

    @Override
    public void limitCapacity(Scope scope, int machines) {
        turn(turn -> turn.capacity = Map.of(scope.value(), machines));
    }

    @Override
    public void limitQuota(int machines) {
        turn(turn -> turn.quota = Map.of(Dials.INSTANCES, machines));
    }

    @Override
    public void hide(Scope scope) {
        turn(turn -> turn.missingScopes = Set.of(scope.value()));
    }

    @Override
    public void refuseLater() {
        turn(turn -> turn.lateRefusals = new Dials.LateRefusals(1, 10, ApiFailure.Code.NO_CAPACITY));
    }

    @Override
    public void protect(MachineId id) {
        turn(turn -> turn.protectedMachines = Set.of(id.value()));
    }

    @Override
    public void pageSize(int machines) {
        turn(turn -> turn.pageSize = machines);
    }

    @Override
    public void throttleListings(int calls) {
        turn(turn -> turn.throttle = Map.of(Call.LIST, new Dials.Bucket(calls, 0.0001)));
    }

    @Override
    public void makeUnavailable() {
        turn(turn -> turn.unavailable = true);
    }

    @Override
    public void revokeCredentials() {
        turn(turn -> turn.unauthorized = true);
    }

    @Override
    public MachineId launchForeign(String name) {
        return new MachineId(cloud.launchAtConsole(name, "zone-b", "small", Map.of("owner", "somebody")));
    }

    @Override
    public void kill(MachineId id) {
        cloud.kill(id.value());
    }

    @Override
    public int everLaunched(String name) {
        return (int)
                cloud.ledger().stream().filter(line -> line.name().equals(name)).count();
    }

    @Override
    public void calm() {
        cloud.turn(Dials.DEFAULT);
    }
}
