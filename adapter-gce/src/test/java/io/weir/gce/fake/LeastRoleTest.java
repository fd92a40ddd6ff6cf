package io.weir.gce.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.weir.driver.CloudException;
import io.weir.driver.Outcomes;
import io.weir.gce.Gce;
import io.weir.kit.PoolText;
import io.weir.pool.Batch;
import io.weir.pool.BatchId;
import io.weir.pool.CloudMachine;
import io.weir.pool.FailureKind;
import io.weir.pool.Leftover;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.Marks;
import io.weir.pool.MembershipStatus;
import io.weir.pool.Outcome;
import io.weir.pool.PoolName;
import io.weir.pool.ServiceState;
import io.weir.pool.StoreId;
import io.weir.pool.Template;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The role in {@code docs/clouds/gce.md} against what the driver needs: no less, no more, and each permission missed by its name. */
class LeastRoleTest {
    private static final PoolName POOL = new PoolName("web");
    private static final StoreId STORE = new StoreId("k3j2h1g0");
    /** On the machines' own account alone, and so in no role of the project. */
    private static final String ACT_AS = "iam.serviceAccounts.actAs";

    private final FakeTarget target = new FakeTarget(0);
    private int batches;

    @AfterEach
    void stop() {
        target.close();
    }

    private static Stream<String> permissions() throws IOException {
        return Stream.concat(DocumentedRole.permissions().stream(), Stream.of(ACT_AS));
    }

    @Test
    void all_that_a_pool_does_passes_under_the_role_and_the_role_allows_nothing_else() throws Exception {
        Set<String> granted = new TreeSet<>(permissions().toList());
        target.fake.set(Access.only(granted));

        everything();
        target.compute.check();

        Set<String> needed = new TreeSet<>();
        target.fake.calls().all().forEach(call -> needed.addAll(call.needs()));
        assertThat(target.fake.calls().count(call -> call.outcome().equals("forbidden")))
                .isZero();
        System.out.println("the least role: granted minus used: " + minus(granted, needed) + ", used minus granted: "
                + minus(needed, granted));
        assertThat(granted).isEqualTo(needed);
    }

    private static Set<String> minus(Set<String> some, Set<String> others) {
        Set<String> left = new TreeSet<>(some);
        left.removeAll(others);
        return left;
    }

    @ParameterizedTest
    @MethodSource("permissions")
    void a_permission_that_is_denied_is_told_by_its_name(String permission) throws Exception {
        target.fake.cloud().turn(turn -> turn.denied = Set.of(permission));

        try {
            everything();
            fail("nothing missed " + permission);
        } catch (CloudException failure) {
            assertThat(failure.kind()).isEqualTo(FailureKind.UNAUTHORIZED);
            assertThat(failure).hasMessageContaining(permission);
        }
    }

    /** A life of a pool that uses whatever a document can ask for. */
    private void everything() throws Exception {
        Template bare = target.driver().resolve(target.document());
        assertThat(bare.choices()).isNotEmpty();
        Template template = target.driver().resolve(PoolText.read(new Gce(), """
                max: 10
                image: weir-web
                machineTypes: [e2-small]
                network: web
                publicAddress: true
                userData: "#cloud-config"
                dataVolumes: [{sizeGb: 10}]
                gce:
                  tags: [web]
                  subnetwork: web
                  bootDisk: {type: pd-ssd}
                  instanceTemplate: web
                  serviceAccount: {email: "%s"}
                """.formatted(ExampleProject.ACCOUNT)));
        BatchId id = new BatchId("web-k3j2h1g0-" + batches++);
        Batch batch = new Batch(
                id,
                POOL,
                template.choices().get(0),
                template.frozen(),
                List.of(MachineName.of(id, 0), MachineName.of(id, 1)),
                Marks.first(POOL, STORE),
                template.cloudProvider(),
                template.region());
        Outcomes<MachineName> launched = target.driver().launch(batch);
        for (MachineName name : batch.names()) {
            passed(launched.of(name));
        }
        List<MachineId> ids = launched.byKey().values().stream()
                .map(outcome -> ((Outcome.Accepted) outcome).id())
                .sorted()
                .toList();
        target.pass(Duration.ofMinutes(2));
        assertThat(target.driver().list(Set.of(POOL)).machines())
                .extracting(CloudMachine::id)
                .containsExactlyInAnyOrderElementsOf(ids);
        assertThat(target.driver().find(ids.get(0))).isPresent();
        mark(ids.get(0), Optional.of(POOL));
        passed(target.driver().terminate(Set.of(ids.get(0))).of(ids.get(0)));
        mark(ids.get(1), Optional.empty());

        leaveDisk(template);
        List<Leftover> left = target.compute.leftovers().list(Set.of(POOL));
        assertThat(left).isNotEmpty();
        target.compute.leftovers().takeAway(left.get(0));
    }

    private void mark(MachineId id, Optional<PoolName> pool) throws CloudException {
        Marks marks = new Marks(pool, STORE, 2, ServiceState.UNKNOWN, MembershipStatus.DEFAULT, Optional.empty());
        passed(target.driver().mark(Map.of(id, marks)).of(id));
    }

    /** A launch that fails and leaves its disks. */
    private void leaveDisk(Template template) throws CloudException {
        GceDials before = target.fake.cloud().dials();
        target.fake.cloud().turn(turn -> {
            turn.lateRefusals = new GceDials.LateRefusals(1, 1, "INTERNAL_ERROR", false);
            turn.leftDisks = 1;
        });
        BatchId id = new BatchId("web-k3j2h1g0-" + batches++);
        target.driver()
                .launch(new Batch(
                        id,
                        POOL,
                        template.choices().get(0),
                        template.frozen(),
                        List.of(MachineName.of(id, 0)),
                        Marks.first(POOL, STORE),
                        template.cloudProvider(),
                        template.region()));
        target.fake.cloud().set(before);
        target.pass(Duration.ofMinutes(1));
    }

    private static void passed(Outcome outcome) throws CloudException {
        if (outcome instanceof Outcome.Refused refused) {
            throw new CloudException(refused.kind(), refused.text());
        }
        assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
    }
}
