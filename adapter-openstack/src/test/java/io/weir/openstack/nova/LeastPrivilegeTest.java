package io.weir.openstack.nova;

import static io.weir.openstack.nova.RealOpenstack.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cloud.Check;
import io.weir.cloud.RequestMeter;
import io.weir.driver.CloudException;
import io.weir.driver.Outcomes;
import io.weir.driver.Promises;
import io.weir.driver.TemplateProblems;
import io.weir.kit.HandClock;
import io.weir.kit.PoolText;
import io.weir.openstack.Openstack;
import io.weir.openstack.fake.FakeDials;
import io.weir.openstack.fake.FakeOpenStack;
import io.weir.openstack.fake.WireFault;
import io.weir.pool.Batch;
import io.weir.pool.BatchId;
import io.weir.pool.CloudMachine;
import io.weir.pool.FailureKind;
import io.weir.pool.Leftover;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.MachineState;
import io.weir.pool.Marks;
import io.weir.pool.MembershipStatus;
import io.weir.pool.Outcome;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolName;
import io.weir.pool.ServiceState;
import io.weir.pool.StoreId;
import io.weir.pool.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The calls that {@code docs/clouds/openstack.md} says a connection needs, against those that a pool with everything a document can
 * ask for makes: no less, no more, and each one that is forbidden is told by its name. Over the fake.
 */
class LeastPrivilegeTest {
    private static final Path PAGE = Path.of("../docs/clouds/openstack.md");
    private static final StoreId STORE = new StoreId("kit00001");
    private static final Map<String, String> SERVICES = Map.of(
            "Keystone", "identity", "Nova", "compute", "Glance", "image", "Neutron", "network", "Cinder", "volumev3");

    private final HandClock clock = new HandClock(FakeOpenStack.BEGINNING);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final FakeOpenStack fake = FakeOpenStack.start(clock, 1, dials(), threads);
    private final PoolName pool = new PoolName("web");
    private final Set<String> told = new LinkedHashSet<>();
    private final OpenstackConnection connection = connect();
    private int batches;

    private static FakeDials dials() {
        FakeDials dials = new FakeDials();
        dials.zones = List.of("zone-a", "zone-b");
        return dials;
    }

    private OpenstackConnection connect() {
        return new OpenstackConnection(
                new OpenstackConnection.Settings(
                        this::demo,
                        "RegionOne",
                        Optional.empty(),
                        Map.of(),
                        Map.of(),
                        new Promises(Duration.ofMillis(500), Duration.ofMillis(500), Optional.empty(), 16),
                        8,
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(30)),
                new OpenstackConnection.Tools(clock, clock, System::nanoTime, threads, RequestMeter.NONE));
    }

    @BeforeEach
    void makeWhatDocumentsName() throws NovaFailure {
        OpenstackCalls calls = DriverParts.of(this::demo, clock, threads).calls();
        calls.post(Service.COMPUTE, "/os-server-groups")
                .body(object("server_group", Map.of("name", "web", "policy", "soft-anti-affinity")))
                .object();
        fake.forgetCalls();
    }

    private Account demo() {
        return new Account(
                fake.authUrl(),
                "RegionOne",
                "public",
                new Account.Password(WireCloud.name("demo"), fake.person("demo").password(), WireCloud.name("demo")));
    }

    @AfterEach
    void stop() {
        fake.close();
        threads.close();
    }

    @Test
    void a_pool_with_everything_makes_the_calls_of_the_page_and_no_others() throws IOException {
        everything();

        assertThat(told).isEmpty();
        assertThat(fake.calls().keySet()).containsExactlyInAnyOrderElementsOf(page().toList());
    }

    @ParameterizedTest
    @MethodSource("page")
    void a_call_that_is_forbidden_is_told_as_that(String call) {
        fake.fault(WireFault.refused(
                Pattern.quote(call),
                WireFault.Kind.REFUSED,
                WireFault.ALL,
                call.contains("identity") ? 401 : 403,
                null));

        everything();

        if (call.matches(".*(/limits|quotas/.*)")) {
            assertThat(told).as("whoever may not read quotas is served").isEmpty();
        } else {
            assertThat(told).anySatisfy(text -> assertThat(text).contains("made unavailable"));
        }
    }

    // A life of pools that use whatever a document can ask for. What is refused is told, and the rest goes on.

    private interface Part {
        void run() throws CloudException, TemplateProblems;
    }

    private void part(Part part) {
        try {
            part.run();
        } catch (CloudException refused) {
            told.add(refused.kind() + " " + refused.getMessage());
        } catch (TemplateProblems refused) {
            told.add(refused.getMessage());
        }
    }

    private void everything() {
        connection.check().stream()
                .filter(line -> line.result() == Check.Result.BAD)
                .forEach(line -> told.add(line.text()));
        part(this::aMachineWithEverything);
        part(this::aMachineOfAnImageByItsIdOrProperties);
        part(this::leftoversOfALaunchThatWasBrokenOff);
        part(this::volumesOfAServerThatWasDeletedWhileCinderWasAway);
    }

    private void aMachineWithEverything() throws CloudException, TemplateProblems {
        Set<MachineId> ids = launched(batch(2, document("""
                image: dummy
                publicAddress: true
                dataVolumes: [{sizeGb: 1}]
                openstack:
                  securityGroups: [default]
                  serverGroup: web
                  configDrive: true
                  bootVolume: {sizeGb: 1}
                  floatingIpPool: public
                """)));
        running();
        for (MachineId id : ids) {
            outcome(connection.driver().mark(Map.of(id, marks(Optional.of(pool)))), id);
            connection.driver().find(id);
        }
        for (MachineId released : ids.stream().limit(1).toList()) {
            outcome(connection.driver().mark(Map.of(released, marks(Optional.empty()))), released);
        }
        for (MachineId id : ids) {
            outcome(connection.driver().terminate(Set.of(id)), id);
        }
        clock.pass(Duration.ofSeconds(30));
        running();
    }

    private void aMachineOfAnImageByItsIdOrProperties() throws CloudException, TemplateProblems {
        String image = fake.addImage("web", Map.of("role", "web"));
        connection.driver().resolve(document("openstack: {image: {properties: {role: web}}}"));
        Set<MachineId> ids = launched(batch(1, document("image: " + image)));
        for (MachineId id : ids) {
            outcome(connection.driver().terminate(Set.of(id)), id);
        }
        clock.pass(Duration.ofSeconds(30));
    }

    private void leftoversOfALaunchThatWasBrokenOff() throws CloudException, TemplateProblems {
        Batch batch = batch(1, document("""
                image: dummy
                publicAddress: true
                dataVolumes: [{sizeGb: 1}]
                openstack: {floatingIpPool: public}
                """));
        fake.fault(WireFault.refused("POST compute/servers", WireFault.Kind.PROXY, 1, 503, null));
        connection.driver().launch(batch);
        clock.pass(Duration.ofSeconds(30));
        connection.driver().launch(batch);
        clock.pass(Duration.ofSeconds(30));
        takeLeftoversAway();
        for (CloudMachine machine : running()) {
            outcome(connection.driver().terminate(Set.of(machine.id())), machine.id());
        }
        clock.pass(Duration.ofSeconds(30));
    }

    private void volumesOfAServerThatWasDeletedWhileCinderWasAway() throws CloudException, TemplateProblems {
        Set<MachineId> ids = launched(batch(1, document("""
                image: dummy
                dataVolumes: [{sizeGb: 1}]
                """)));
        fake.turn(dials -> dials.unreachable = Set.of("volumev3"));
        for (MachineId id : ids) {
            connection.driver().terminate(Set.of(id));
        }
        clock.pass(Duration.ofMinutes(2));
        fake.turn(dials -> dials.unreachable = Set.of());
        takeLeftoversAway();
        clock.pass(Duration.ofSeconds(30));
    }

    private void takeLeftoversAway() throws CloudException {
        for (Leftover leftover : connection.leftovers().list(Set.of(pool))) {
            part(() -> connection.leftovers().takeAway(leftover));
        }
    }

    /** @param more lines of it */
    private static PoolDocument document(String more) {
        return PoolText.read(new Openstack(Map.of()), """
                max: 10
                machineTypes: [m1.tiny]
                zones: [zone-a]
                sshKey: demo-key
                network: demo-net
                """ + more);
    }

    private Batch batch(int size, PoolDocument document) throws CloudException, TemplateProblems {
        Template template = connection.driver().resolve(document);
        BatchId id = new BatchId("web-kit00001-" + batches++);
        return new Batch(
                id,
                pool,
                template.choices().get(0),
                template.frozen(),
                IntStream.range(0, size)
                        .mapToObj(i -> new MachineName(id + "-" + i))
                        .toList(),
                Marks.first(pool, STORE),
                template.cloudProvider(),
                template.region());
    }

    /** As the loop does: what is not ready yet is asked for again. */
    private Set<MachineId> launched(Batch batch) throws CloudException {
        Set<MachineId> ids = new HashSet<>();
        List<MachineName> left = new ArrayList<>(batch.names());
        for (int i = 0; i < 40 && !left.isEmpty(); i++) {
            Outcomes<MachineName> outcomes = connection.driver().launch(batch.only(left));
            for (MachineName name : List.copyOf(left)) {
                Outcome outcome = outcomes.of(name);
                if (outcome instanceof Outcome.Accepted accepted) {
                    ids.add(accepted.id());
                    left.remove(name);
                } else if (outcome instanceof Outcome.Refused refused && refused.kind() != FailureKind.WITHHELD) {
                    told.add(refused.kind() + " " + refused.text());
                    left.remove(name);
                }
            }
            clock.pass(Duration.ofSeconds(5));
        }
        assertThat(left).isEmpty();
        return ids;
    }

    private List<CloudMachine> running() throws CloudException {
        return connection.driver().list(Set.of(pool)).machines().stream()
                .filter(machine -> machine.state() == MachineState.RUNNING)
                .toList();
    }

    private void outcome(Outcomes<MachineId> outcomes, MachineId id) {
        if (outcomes.of(id) instanceof Outcome.Refused refused) {
            told.add(refused.kind() + " " + refused.text());
        } else if (outcomes.of(id) instanceof Outcome.Unknown unknown) {
            told.add("UNKNOWN " + unknown.text());
        }
    }

    private static Marks marks(Optional<PoolName> pool) {
        return new Marks(pool, STORE, 2, ServiceState.IN_SERVICE, MembershipStatus.DEFAULT, Optional.empty());
    }

    // The page

    static Stream<String> page() throws IOException {
        String page = Files.readString(PAGE);
        String section = page.substring(page.indexOf("## Least privilege"));
        section = section.substring(0, section.indexOf("\n## ", 4));
        Set<String> calls = new TreeSet<>();
        Matcher row = Pattern.compile("^\\| (\\w+)[^|]*\\| (.*) \\|$", Pattern.MULTILINE)
                .matcher(section);
        while (row.find()) {
            if (SERVICES.containsKey(row.group(1))) {
                Pattern.compile("`([A-Z]+) (/[^`]*)`")
                        .matcher(row.group(2))
                        .results()
                        .forEach(call ->
                                calls.add(call.group(1) + " " + SERVICES.get(row.group(1)) + plain(call.group(2))));
            }
        }
        return calls.stream();
    }

    private static String plain(String path) {
        return Pattern.compile("\\{[a-z]+}")
                .matcher(path.replaceFirst("^/v3/", "/"))
                .replaceAll((MatchResult any) -> "{id}");
    }
}
