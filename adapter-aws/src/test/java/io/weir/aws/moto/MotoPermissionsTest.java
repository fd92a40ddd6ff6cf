package io.weir.aws.moto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.aws.Aws;
import io.weir.aws.ec2.Ec2;
import io.weir.aws.fake.Bench;
import io.weir.aws.fake.DocumentedPolicy;
import io.weir.cloud.Check;
import io.weir.cloud.Elastisys;
import io.weir.driver.CloudDriver;
import io.weir.driver.CloudException;
import io.weir.driver.TemplateProblems;
import io.weir.kit.PoolText;
import io.weir.pool.Batch;
import io.weir.pool.BatchId;
import io.weir.pool.CloudMachine;
import io.weir.pool.FailureKind;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.Marks;
import io.weir.pool.MembershipStatus;
import io.weir.pool.Outcome;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolName;
import io.weir.pool.ServiceState;
import io.weir.pool.StoreId;
import io.weir.pool.Template;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.InstanceType;

/**
 * The least policy, enforced by others: a user of moto's IAM who may do what {@code docs/clouds/aws.md} says can keep a pool, and without
 * any one of the actions is told which one is missing. moto enforces actions; what it leaves out is resources and conditions, PassRole, and
 * the CreateTags of a launch, which the fake has.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MotoPermissionsTest {
    private static final PoolName POOL = new PoolName("web");
    private static final StoreId STORE = new StoreId("k3j2h1g0");
    private static final String PARAMETER = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";
    /** Not asked for by moto, or not in the life below. */
    private static final Set<String> NOT_HERE = Set.of("iam:PassRole", "ec2:DescribePlacementGroups");

    private final Moto moto = Moto.start();
    private String image = "";
    private String network = "";
    private int users;

    @AfterAll
    void stop() {
        moto.close();
    }

    @BeforeAll
    void furnish() {
        try (Ec2Client admin = Bench.client(Ec2Client.builder(), moto.url(), Bench.WEIR)) {
            image = admin.describeImages(request -> request.filters(
                            filter -> filter.name("architecture").values("x86_64"),
                            filter -> filter.name("root-device-type").values("ebs")))
                    .images()
                    .get(0)
                    .imageId();
            network = admin.describeVpcs().vpcs().get(0).vpcId();
            admin.createKeyPair(request -> request.keyName("ops"));
            admin.createSecurityGroup(
                    request -> request.groupName("web").description("web").vpcId(network));
            admin.createLaunchTemplate(request -> request.launchTemplateName("web")
                    .launchTemplateData(what -> what.instanceType(InstanceType.T3_MICRO)));
        }
    }

    private static Set<String> actions(JsonNode policy) {
        Set<String> actions = new TreeSet<>();
        for (JsonNode statement : policy.path("Statement")) {
            JsonNode each = statement.path("Action");
            if (each.isTextual()) {
                actions.add(each.asText());
            }
            each.forEach(action -> actions.add(action.asText()));
        }
        return actions;
    }

    static Stream<String> granted() throws Exception {
        return actions(new ObjectMapper().readTree(DocumentedPolicy.text())).stream()
                .filter(action -> !NOT_HERE.contains(action));
    }

    /** For all resources and unconditionally, which is how moto reads a policy. */
    private static String allowing(Stream<String> actions) {
        ObjectNode policy = new ObjectMapper().createObjectNode().put("Version", "2012-10-17");
        ObjectNode statement = policy.putArray("Statement").addObject();
        statement.put("Effect", "Allow").put("Resource", "*");
        ArrayNode allowed = statement.putArray("Action");
        actions.forEach(allowed::add);
        return policy.toString();
    }

    private Ec2 as(String policy) {
        moto.enforce(false);
        Moto.Key key = moto.user("weir-" + users++, policy);
        moto.enforce(true);
        return Bench.door(moto.url(), InstantSource.system(), key.id(), key.secret(), Elastisys.NONE);
    }

    @Test
    void with_all_of_it_a_pool_lives() throws Exception {
        try (Ec2 ec2 = as(allowing(granted()))) {
            life(ec2.driver());
            assertThat(ec2.check()).noneMatch(check -> check.result() == Check.Result.BAD);
        }
    }

    @Test
    void the_policy_as_it_stands_is_too_much_for_moto_which_knows_no_resources() throws Exception {
        try (Ec2 ec2 = as(DocumentedPolicy.text())) {
            CloudException failure = catchThrowableOfType(CloudException.class, () -> life(ec2.driver()));
            assertThat(failure).as("EC2 would let it").isNotNull();
            assertThat(failure.kind()).isNotEqualTo(FailureKind.UNKNOWN);
        }
    }

    @Test
    void a_key_that_moto_does_not_know_is_unauthorized() {
        moto.enforce(true);
        try (Ec2 ec2 = Bench.door(moto.url(), InstantSource.system(), "AKIANOBODY", "secret", Elastisys.NONE)) {
            CloudException failure = catchThrowableOfType(
                    CloudException.class, () -> ec2.driver().list(Set.of(POOL)));
            assertThat(failure.kind()).isEqualTo(FailureKind.UNAUTHORIZED);
        }
    }

    @ParameterizedTest
    @MethodSource("granted")
    void without_one_action_it_is_told_by_its_name(String action) throws Exception {
        try (Ec2 ec2 = as(allowing(granted().filter(other -> !other.equals(action))))) {
            CloudException failure = catchThrowableOfType(CloudException.class, () -> life(ec2.driver()));

            assertThat(failure).as("nothing missed " + action).isNotNull();
            // moto refuses a call of SSM in XML, where SSM speaks JSON: the client finds no code in it, and no name.
            assertThat(failure.kind())
                    .as(failure.toString())
                    .isEqualTo(action.startsWith("ssm:") ? FailureKind.UNAVAILABLE : FailureKind.UNAUTHORIZED);
            assertThat(failure).hasMessageContaining(action.startsWith("ssm:") ? "403" : action);
        }
    }

    /** Every action once. */
    private void life(CloudDriver driver) throws CloudException, TemplateProblems {
        driver.resolve(document("resolve:ssm:" + PARAMETER, "{}"));
        Template template = driver.resolve(
                document(image, "{\"securityGroups\": [\"web\"], \"launchTemplate\": {\"name\": \"web\"}}"));
        BatchId id = new BatchId("web-k3j2h1g0-" + users);
        Batch batch = new Batch(
                id,
                POOL,
                template.choices().get(0),
                template.frozen(),
                List.of(MachineName.of(id, 0)),
                Marks.first(POOL, STORE),
                template.cloudProvider(),
                template.region());
        MachineId machine = ((Outcome.Accepted) driver.launch(batch).of(MachineName.of(id, 0))).id();
        assertThat(driver.list(Set.of(POOL)).machines())
                .extracting(CloudMachine::id)
                .contains(machine);
        assertThat(driver.find(machine)).isPresent();
        passed(driver.mark(Map.of(machine, marks(Optional.empty()))).of(machine));
        passed(driver.terminate(Set.of(machine)).of(machine));
    }

    private static Marks marks(Optional<PoolName> pool) {
        return new Marks(pool, STORE, 2, ServiceState.UNKNOWN, MembershipStatus.DEFAULT, Optional.empty());
    }

    private static void passed(Outcome outcome) throws CloudException {
        if (outcome instanceof Outcome.Refused refused) {
            throw new CloudException(refused.kind(), refused.text());
        }
        assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
    }

    private PoolDocument document(String from, String section) {
        return PoolText.read(new Aws(), """
                max: 10
                image: "%s"
                machineTypes: [t3.micro]
                zones: [us-east-1a]
                sshKey: ops
                network: %s
                aws: %s
                """.formatted(from, network, section));
    }
}
