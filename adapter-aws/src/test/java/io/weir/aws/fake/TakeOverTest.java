package io.weir.aws.fake;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.cloud.Elastisys;
import io.weir.pool.Gate;
import io.weir.pool.MachineId;
import io.weir.pool.MembershipStatus;
import io.weir.pool.PoolDocument;
import io.weir.pool.Rate;
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
    private static final PoolDocument DOCUMENT = VirtualPool.document(20, new Rate(10, 0, Duration.ofMinutes(1)));

    private final VirtualPool pool =
            new VirtualPool(DOCUMENT, Duration.ofSeconds(30), new Elastisys(Map.of("Old Pool", VirtualPool.POOL)));
    private final Ec2Client ec2 = Bench.client(Ec2Client.builder(), pool.fake.url(), Bench.WEIR);
    private List<String> theirs = List.of();

    @BeforeEach
    void they_launched_three() {
        theirs = launched("Old Pool", 3);
        launched("Another Pool", 1);
        pool.clock.pass(Duration.ofMinutes(2));
    }

    @AfterEach
    void close() {
        ec2.close();
        pool.close();
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
        pool.steady(Duration.ofMinutes(10));

        assertThat(pool.state().members().keySet()).isEmpty();
        assertThat(pool.state().gates().keySet()).contains(Gate.Kind.FOREIGN_STORE);
        assertThat(pool.fake
                        .calls()
                        .count(call -> !call.action().contains(":Describe")
                                && !call.caller().isEmpty()
                                && !call.action().equals("ec2:RunInstances")))
                .isZero();
        assertThat(pool.fake.cloud().ledger()).hasSize(4);
    }

    @Test
    void adopted_they_are_members_with_marks_of_ours_and_what_they_were_told_stays() {
        pool.steady(Duration.ofMinutes(5));
        pool.adopt(Elastisys.STORE);
        pool.steady(Duration.ofMinutes(5));

        assertThat(pool.state().members().keySet().stream().map(MachineId::value))
                .containsExactlyInAnyOrderElementsOf(theirs);
        assertThat(pool.state().members().values())
                .allSatisfy(member -> assertThat(member.membership()).isEqualTo(new MembershipStatus(true, false)));
        assertThat(pool.state().desired())
                .hasValueSatisfying(size -> assertThat(size.size()).isEqualTo(3));
        for (Instance instance : ec2.describeInstances(request -> request.instanceIds(theirs)).reservations().stream()
                .flatMap(reservation -> reservation.instances().stream())
                .toList()) {
            assertThat(Bench.map(instance.tags()))
                    .containsEntry("weir-pool", "web")
                    .containsKey("weir-marks")
                    .containsEntry("elastisys:cloudPool", "Old Pool");
        }
        assertThat(pool.fake.cloud().ledger()).hasSize(4);
    }

    @Test
    void nobody_says_a_word_and_they_are_adopted_after_a_quarter_of_an_hour() {
        pool.steady(Duration.ofMinutes(25));

        assertThat(pool.state().members()).hasSize(3);
        assertThat(pool.state().gates().keySet()).isEmpty();
    }

    @Test
    void the_least_policy_forbids_to_mark_them_and_with_its_statement_for_that_they_are_marked() throws Exception {
        ObjectMapper json = new ObjectMapper();
        ObjectNode policy = (ObjectNode) json.readTree(DocumentedPolicy.text());
        pool.fake.set(Access.EXAMPLE.bound(policy));
        pool.steady(Duration.ofMinutes(5));
        pool.adopt(Elastisys.STORE);
        pool.steady(Duration.ofMinutes(5));
        assertThat(pool.fake.cloud().alive("web")).isZero();

        policy.withArray("Statement").add(json.readTree(DocumentedPolicy.takeOver()));
        pool.fake.set(Access.EXAMPLE.bound(policy));
        pool.steady(Duration.ofMinutes(10));

        assertThat(pool.fake.cloud().alive("web")).isEqualTo(3);
        assertThat(pool.fake.cloud().ledger()).hasSize(4);
    }
}
