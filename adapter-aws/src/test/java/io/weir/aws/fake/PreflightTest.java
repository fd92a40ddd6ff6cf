package io.weir.aws.fake;

import static io.weir.cloud.Check.Result.BAD;
import static io.weir.cloud.Check.Result.GOOD;
import static io.weir.cloud.Check.Result.SKIPPED;
import static io.weir.cloud.Check.Result.WARNING;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.aws.ec2.Ec2;
import io.weir.cloud.Check;
import io.weir.cloud.Elastisys;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@code weir check} finds out about a connection. */
class PreflightTest {
    private final FakeTarget target = new FakeTarget(0);

    @AfterEach
    void close() {
        target.close();
    }

    private static Map<String, Check> of(Ec2 ec2) {
        Map<String, Check> checks = new LinkedHashMap<>();
        ec2.check().forEach(check -> checks.put(check.name(), check));
        return checks;
    }

    private static Check of(Ec2 ec2, String name) {
        return Objects.requireNonNull(of(ec2).get(name));
    }

    private static Map<String, Check.Result> results(Map<String, Check> checks) {
        Map<String, Check.Result> results = new LinkedHashMap<>();
        checks.forEach((name, check) -> results.put(name, check.result()));
        return results;
    }

    @Test
    void a_connection_that_can_do_everything_is_good_and_nothing_was_changed() {
        Map<String, Check> checks = of(target.ec2);

        assertThat(results(checks))
                .isEqualTo(Map.of(
                        "credentials", GOOD,
                        "endpoint ec2", GOOD,
                        "ec2:DescribeInstances", GOOD,
                        "clock", GOOD,
                        "ec2:TerminateInstances", GOOD,
                        "ec2:CreateTags", GOOD,
                        "ec2:DeleteTags", GOOD,
                        "quota", SKIPPED));
        assertThat(of(target.ec2, "credentials").text()).contains(Access.WEIR.arn());
        assertThat(target.fake.cloud().ledger()).isEmpty();
    }

    @Test
    void a_key_that_nobody_knows_is_bad_and_what_hangs_on_it_is_skipped() {
        target.revokeCredentials();

        Map<String, Check> checks = of(target.ec2);
        assertThat(results(checks))
                .isEqualTo(Map.of(
                        "credentials", BAD,
                        "endpoint ec2", GOOD,
                        "ec2:DescribeInstances", BAD,
                        "clock", SKIPPED,
                        "permissions", SKIPPED,
                        "quota", SKIPPED));
        assertThat(of(target.ec2, "credentials").remedy()).isNotEmpty();
    }

    @Test
    void an_action_that_is_not_allowed_is_told_by_its_name() {
        target.fake.cloud().turn(turn -> turn.denied = Set.of("ec2:DescribeInstances"));

        Check check = of(target.ec2, "ec2:DescribeInstances");
        assertThat(check.result()).isEqualTo(BAD);
        assertThat(check.text()).contains("ec2:DescribeInstances");
    }

    @Test
    void under_the_least_policy_nothing_is_bad() throws Exception {
        target.fake.set(Access.EXAMPLE.bound(new ObjectMapper().readTree(DocumentedPolicy.text())));

        assertThat(results(of(target.ec2)).values()).doesNotContain(BAD, WARNING);
    }

    @Test
    void a_clock_that_is_off_is_told_before_it_is_too_late() {
        target.fake.cloud().turn(turn -> turn.skewSeconds = 60);
        assertThat(of(target.ec2, "clock").result()).isEqualTo(WARNING);

        target.fake.cloud().turn(turn -> turn.skewSeconds = 270);
        assertThat(of(target.ec2, "clock").result()).isEqualTo(BAD);
    }

    @Test
    void an_endpoint_that_does_not_answer_is_bad() {
        target.makeUnavailable();
        assertThat(of(target.ec2, "endpoint ec2").result()).isEqualTo(BAD);

        URI nobody = URI.create("http://127.0.0.1:1");
        try (Ec2 nowhere = Bench.door(nobody, target.clock, Access.WEIR.key(), Access.WEIR.secret(), Elastisys.NONE)) {
            assertThat(of(nowhere, "endpoint ec2").result()).isEqualTo(BAD);
            assertThat(of(nowhere, "clock").result()).isEqualTo(SKIPPED);
        }
    }
}
