package io.weir.aws.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.driver.CloudException;
import io.weir.driver.Outcomes;
import io.weir.pool.Batch;
import io.weir.pool.BatchId;
import io.weir.pool.CloudMachine;
import io.weir.pool.FailureKind;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.Marks;
import io.weir.pool.MembershipStatus;
import io.weir.pool.Outcome;
import io.weir.pool.PoolName;
import io.weir.pool.ServiceState;
import io.weir.pool.StoreId;
import io.weir.pool.Template;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The policy in {@code docs/clouds/aws.md} against what the driver needs: no less, no more, and each action missed by its name. */
class LeastPolicyTest {
    private static final PoolName POOL = new PoolName("web");
    private static final StoreId STORE = new StoreId("k3j2h1g0");

    private final FakeTarget target = new FakeTarget(0);
    private int batches;

    @AfterEach
    void stop() {
        target.close();
    }

    @Test
    void all_that_a_pool_does_passes_under_the_policy_and_the_policy_allows_nothing_else() throws Exception {
        Policy policy = new Policy(documented());
        target.fake.set(Access.EXAMPLE.bound(documented()));

        everything();

        Set<String> needed = new TreeSet<>();
        target.fake.calls().all().stream()
                .flatMap(call -> call.needs().stream())
                .map(Action.Need::action)
                .forEach(needed::add);
        assertThat(policy.allowedOf(needed)).isEqualTo(needed);
        needed.add("ec2:DescribePlacementGroups"); // the fake has no placement groups
        assertThat(granted()).isEqualTo(needed);
    }

    @Test
    void what_bears_no_mark_can_be_neither_ended_nor_marked() throws Exception {
        MachineId foreign = target.launchForeign("stranger");
        target.fake.set(Access.EXAMPLE.bound(documented()));

        assertThat(refusal(target.driver().terminate(Set.of(foreign)).of(foreign)))
                .isEqualTo(FailureKind.UNAUTHORIZED);
        assertThat(refusal(target.driver().mark(Map.of(foreign, marks(1))).of(foreign)))
                .isEqualTo(FailureKind.UNAUTHORIZED);
        assertThat(target.driver().find(foreign)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ec2:DescribeInstances",
                "ec2:DescribeImages",
                "ec2:DescribeInstanceTypes",
                "ec2:DescribeInstanceTypeOfferings",
                "ec2:DescribeSubnets",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeKeyPairs",
                "ec2:DescribeLaunchTemplateVersions",
                "ec2:RunInstances",
                "ec2:CreateTags",
                "ec2:DeleteTags",
                "ec2:TerminateInstances",
                "ssm:GetParameter",
                "iam:PassRole"
            })
    void an_action_that_is_denied_is_told_as_that(String action) throws Exception {
        target.fake.cloud().turn(turn -> turn.denied = Set.of(action));

        try {
            everything();
            fail("nothing missed " + action);
        } catch (CloudException failure) {
            assertThat(failure.kind()).isEqualTo(FailureKind.UNAUTHORIZED);
            assertThat(failure).message().containsAnyOf("not authorized", "UnauthorizedOperation", "AccessDenied");
        }
    }

    /** A life of a pool that uses whatever a document can ask for. */
    private void everything() throws Exception {
        Documents rich = Documents.PLAIN
                .image("weir-web-2026.*")
                .sshKey("ops")
                .network(ExampleRegion.VPC)
                .section("{\"securityGroups\": [\"web\"], \"instanceProfile\": \"web\", \"market\": \"spot\","
                        + " \"publicIp\": \"subnet\", \"launchTemplate\": {\"name\": \"web\"}}");
        Template template = target.driver().resolve(rich.document());
        target.driver()
                .resolve(Documents.PLAIN
                        .image("resolve:ssm:" + ExampleRegion.PARAMETER)
                        .document());
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
        List<MachineId> ids = target.driver().launch(batch).byKey().values().stream()
                .map(outcome -> ((Outcome.Accepted) outcome).id())
                .sorted()
                .toList();
        target.pass(Duration.ofMinutes(2));
        assertThat(target.driver().list(Set.of(POOL)).machines())
                .extracting(CloudMachine::id)
                .containsExactlyInAnyOrderElementsOf(ids);
        assertThat(target.driver().find(ids.get(0))).isPresent();
        passed(target.driver().mark(Map.of(ids.get(0), marks(2))), ids.get(0));
        passed(target.driver().terminate(Set.of(ids.get(0))), ids.get(0));
        passed(
                target.driver()
                        .mark(Map.of(
                                ids.get(1),
                                new Marks(
                                        Optional.empty(),
                                        STORE,
                                        2,
                                        ServiceState.UNKNOWN,
                                        MembershipStatus.DEFAULT,
                                        Optional.empty()))),
                ids.get(1));
    }

    private static void passed(Outcomes<MachineId> outcomes, MachineId id) throws CloudException {
        if (outcomes.of(id) instanceof Outcome.Refused refused) {
            throw new CloudException(refused.kind(), refused.text());
        }
        assertThat(outcomes.of(id)).isInstanceOf(Outcome.Accepted.class);
    }

    private static FailureKind refusal(Outcome outcome) {
        return ((Outcome.Refused) outcome).kind();
    }

    private static Marks marks(long revision) {
        return new Marks(
                Optional.of(POOL), STORE, revision, ServiceState.UNKNOWN, MembershipStatus.DEFAULT, Optional.empty());
    }

    private static Set<String> granted() throws Exception {
        Set<String> granted = new TreeSet<>();
        for (JsonNode statement : documented().path("Statement")) {
            JsonNode actions = statement.path("Action");
            if (actions.isTextual()) {
                granted.add(actions.asText());
            }
            actions.forEach(action -> granted.add(action.asText()));
        }
        return granted;
    }

    private static JsonNode documented() throws Exception {
        return new ObjectMapper().readTree(DocumentedPolicy.text());
    }
}
