package io.weir.openstack.nova;

import static io.weir.openstack.nova.RealOpenstack.object;

import io.weir.driver.CloudDriver;
import io.weir.kit.CloudTarget;
import io.weir.kit.HandClock;
import io.weir.kit.PoolText;
import io.weir.openstack.Openstack;
import io.weir.openstack.fake.FakeDials;
import io.weir.openstack.fake.FakeOpenStack;
import io.weir.openstack.fake.WireFault;
import io.weir.pool.MachineId;
import io.weir.pool.PoolDocument;
import io.weir.pool.Scope;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The fake OpenStack, whose time passes when the kit says so, and which can do what a real one will not. */
final class FakeTarget implements CloudTarget {
    private static final String CHANGES = "(POST|PUT|DELETE) compute/.*";

    private final HandClock clock = new HandClock(FakeOpenStack.BEGINNING);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final FakeOpenStack fake = FakeOpenStack.start(clock, 1, dials(), threads);
    private final NovaLine line = new NovaLine(fake.url("compute").toString());
    private CloudDriver driver = newDriver();
    private boolean revoked;
    private Optional<WireFault.Kind> next = Optional.empty();

    private static FakeDials dials() {
        FakeDials dials = new FakeDials();
        dials.zones = List.of("zone-a", "zone-b");
        return dials;
    }

    FakeOpenStack fake() {
        return fake;
    }

    private CloudDriver newDriver() {
        return DriverParts.of(this::account, clock, threads)
                .at(Map.of("compute", line.url()))
                .driver();
    }

    private Account account() {
        return account(
                "demo", revoked ? "not the password" : fake.person("demo").password());
    }

    private Account account(String person, String password) {
        return new Account(
                fake.authUrl(),
                "RegionOne",
                "public",
                new Account.Password(WireCloud.name(person), password, WireCloud.name(person)));
    }

    OpenstackCalls calls() {
        return calls("demo");
    }

    OpenstackCalls calls(String person) {
        return DriverParts.of(() -> account(person, fake.person(person).password()), clock, threads)
                .calls();
    }

    @Override
    public CloudDriver driver() {
        return new LosingDriver(driver, new LosingDriver.Line() {
            @Override
            public void begins(int changes) {
                next.ifPresent(kind -> fake.fault(WireFault.of(CHANGES, kind, changes)));
                next = Optional.empty();
            }

            @Override
            public void ends() {}
        });
    }

    @Override
    public InstantSource clock() {
        return clock;
    }

    @Override
    public PoolDocument document() {
        return PoolText.read(new Openstack(Map.of()), """
                max: 10
                image: dummy
                machineTypes: [m1.tiny]
                network: demo-net
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
        driver = newDriver();
    }

    @Override
    public void writeTag(MachineId id, String key, String value) {
        try {
            new OpenstackNovaApi(calls()).mergeMetadata(id.value(), Map.of(key, value));
        } catch (NovaFailure failure) {
            throw new IllegalStateException(failure);
        }
    }

    void rename(MachineId id, String name) {
        try {
            calls().put(Service.COMPUTE, "/servers/{id}", id.value())
                    .body(object("server", Map.of("name", name)))
                    .done();
        } catch (NovaFailure failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public void forgetImages() {
        fake.forgetImages();
    }

    @Override
    public void loseNextAnswer() {
        next = Optional.of(WireFault.Kind.LOST_ANSWER);
    }

    @Override
    public void loseNextRequest() {
        next = Optional.of(WireFault.Kind.LOST_REQUEST);
    }

    @Override
    public void limitCapacity(Scope scope, int machines) {
        fake.turn(dials -> dials.capacity = Map.of(scope.value(), machines));
    }

    @Override
    public void limitQuota(int machines) {
        fake.turn(dials -> dials.quota = Map.of("instances", (long) machines));
    }

    @Override
    public void hide(Scope scope) {
        fake.turn(dials -> dials.downCells = Set.of(scope.value()));
    }

    @Override
    public void refuseLater() {
        fake.turn(dials -> dials.failures = List.of(FakeDials.Failure.always(FakeDials.What.NO_VALID_HOST)));
    }

    @Override
    public void protect(MachineId id) {
        fake.lock(id.value());
    }

    @Override
    public void pageSize(int machines) {
        fake.turn(dials -> dials.maxLimit = machines);
    }

    @Override
    public void throttleListings(int calls) {
        line.listings.set(calls);
    }

    @Override
    public void makeUnavailable() {
        fake.fault(WireFault.refused(".* compute/.*", WireFault.Kind.PROXY, -1, 503, null));
    }

    @Override
    public void revokeCredentials() {
        fake.fault(WireFault.refused(".* compute/.*", WireFault.Kind.REFUSED, -1, 401, null));
        revoked = true;
    }

    @Override
    public MachineId launchForeign(String name) {
        return new MachineId(fake.launch("demo", name, Map.of("owner", "somebody")));
    }

    @Override
    public void kill(MachineId id) {
        fake.kill(id.value(), FakeDials.Death.GONE);
    }

    @Override
    public int everLaunched(String name) {
        return (int)
                fake.ledger().stream().filter(line -> line.name().equals(name)).count();
    }

    @Override
    public void calm() {
        fake.calm();
        line.calm();
        revoked = false;
        next = Optional.empty();
    }

    @Override
    public void close() {
        line.close();
        fake.close();
        threads.close();
    }
}
