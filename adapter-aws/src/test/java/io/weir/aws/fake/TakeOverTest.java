package io.weir.aws.fake;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.cloud.Elastisys;
import io.weir.pool.Gate;
import io.weir.pool.MachineId;
import io.weir.pool.MembershipStatus;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolName;
import io.weir.pool.PoolState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.ResourceType;

/** Machines of an elastisys cloud pool, which bear its tags and none of Weir's. */
class TakeOverTest {
    private static final PoolDocument DOCUMENT = Ec2Pools.document(20, "{count: 10, percent: 0, window: 1m}");

    private static final PoolName POOL = Ec2Pools.POOL;
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    private final Ec2Pools world = new Ec2Pools(1, DOCUMENT, new Elastisys(Map.of("Old Pool", POOL)));
    private final Ec2Client ec2 = Bench.client(Ec2Client.builder(), world.fake.url(), Bench.WEIR);
    private List<String> theirs = List.of();

    @BeforeEach
    void they_launched_three() {
        theirs = launched("Old Pool", 3);
        launched("Another Pool", 1);
        world.clock.pass(Duration.ofMinutes(2));
    }

    @AfterEach
    void close() {
        ec2.close();
        world.close();
    }

    private PoolState pool() {
        return world.pools.state(POOL);
    }

    private List<String> launched(String theirPool, int count) {
        return ec2
                .runInstances(Bench.request()
                        .minCount(count)
                        .maxCount(count)
                        .tagSpecifications(Bench.tags(
                                ResourceType.INSTANCE,
                                Map.of(
                                        "elastisys:cloudPool",
                                        theirPool,
                                        "elastisys:membershipStatus",
                                        "{\"active\":true,\"evictable\":false}")))
                        .build())
                .instances()
                .stream()
                .map(Instance::instanceId)
                .toList();
    }

    @Test
    void they_are_seen_and_nothing_is_done_to_them() {
        world.pools.steady(INTERVAL, Duration.ofMinutes(10));

        assertThat(pool().members().keySet()).isEmpty();
        assertThat(pool().gates().keySet()).contains(Gate.Kind.FOREIGN_STORE);
        assertThat(world.fake
                        .calls()
                        .count(call -> !call.action().contains(":Describe")
                                && !call.caller().isEmpty()
                                && !call.action().equals("ec2:RunInstances")))
                .isZero();
        assertThat(world.fake.cloud().ledger()).hasSize(4);
    }

    @Test
    void adopted_they_are_members_with_marks_of_ours_and_what_they_were_told_stays() {
        world.pools.steady(INTERVAL, Duration.ofMinutes(5));
        world.pools.adopt(POOL, Elastisys.STORE);
        world.pools.steady(INTERVAL, Duration.ofMinutes(5));

        assertThat(pool().members().keySet().stream().map(MachineId::value))
                .containsExactlyInAnyOrderElementsOf(theirs);
        assertThat(pool().members().values())
                .allSatisfy(member -> assertThat(member.membership()).isEqualTo(new MembershipStatus(true, false)));
        assertThat(pool().desired())
                .hasValueSatisfying(size -> assertThat(size.size()).isEqualTo(3));
        for (Instance instance : ec2.describeInstances(request -> request.instanceIds(theirs)).reservations().stream()
                .flatMap(reservation -> reservation.instances().stream())
                .toList()) {
            assertThat(Bench.map(instance.tags()))
                    .containsEntry("weir-pool", POOL.value())
                    .containsKey("weir-marks")
                    .containsEntry("elastisys:cloudPool", "Old Pool");
        }
        assertThat(world.fake.cloud().ledger()).hasSize(4);
    }

    @Test
    void nobody_says_a_word_and_they_are_adopted_after_a_quarter_of_an_hour() {
        world.pools.steady(INTERVAL, Duration.ofMinutes(25));

        assertThat(pool().members()).hasSize(3);
        assertThat(pool().gates().keySet()).isEmpty();
    }

    @Test
    void the_least_policy_forbids_to_mark_them_and_with_its_statement_for_that_they_are_marked() throws Exception {
        ObjectMapper json = new ObjectMapper();
        ObjectNode policy = (ObjectNode) json.readTree(DocumentedPolicy.text());
        world.fake.set(Access.EXAMPLE.bound(policy));
        world.pools.steady(INTERVAL, Duration.ofMinutes(5));
        world.pools.adopt(POOL, Elastisys.STORE);
        world.pools.steady(INTERVAL, Duration.ofMinutes(5));
        assertThat(world.fake.cloud().alive(POOL.value())).isZero();

        policy.withArray("Statement").add(json.readTree(DocumentedPolicy.takeOver()));
        world.fake.set(Access.EXAMPLE.bound(policy));
        world.pools.steady(INTERVAL, Duration.ofMinutes(10));

        assertThat(world.fake.cloud().alive(POOL.value())).isEqualTo(3);
        assertThat(world.fake.cloud().ledger()).hasSize(4);
    }
}
