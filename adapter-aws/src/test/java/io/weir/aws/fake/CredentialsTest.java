package io.weir.aws.fake;

import static io.weir.aws.fake.Bench.code;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkGlobalTime;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;

class CredentialsTest {
    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    private StsClient sts(AwsCredentials credentials) {
        return Bench.client(StsClient.builder(), bench.fake.url(), credentials);
    }

    private static AwsCredentials session(Credentials given) {
        return AwsSessionCredentials.create(given.accessKeyId(), given.secretAccessKey(), given.sessionToken());
    }

    @Test
    void a_key_that_is_unknown_or_a_wrong_secret_is_no_caller() {
        AwsCredentials unknown = AwsBasicCredentials.create("AKIANOBODY", "secret");
        AwsCredentials wrong = AwsBasicCredentials.create(Access.WEIR.key(), "another");
        for (AwsCredentials credentials : Set.of(unknown, wrong)) {
            try (Ec2Client ec2 = bench.ec2(credentials)) {
                assertThat(code(() -> ec2.describeInstances()))
                        .as("AuthFailure, of which this HTTP client shows no more than the status")
                        .isEqualTo("401");
            }
        }
        assertThat(bench.fake.calls().table().get("ec2:DescribeInstances")).isEqualTo(Map.of("AuthFailure", 2));
        try (StsClient sts = sts(unknown);
                SsmClient ssm = Bench.client(SsmClient.builder(), bench.fake.url(), wrong)) {
            assertThat(code(() -> sts.getCallerIdentity())).isEqualTo("InvalidClientTokenId");
            assertThat(code(() -> ssm.getParameter(request -> request.name(ExampleRegion.PARAMETER))))
                    .isEqualTo("InvalidSignatureException");
        }
    }

    @Test
    void who_calls_can_ask_who_he_is() {
        try (StsClient sts = sts(Bench.WEIR)) {
            assertThat(sts.getCallerIdentity().arn()).isEqualTo(Access.WEIR.arn());
            assertThat(sts.getCallerIdentity().account()).isEqualTo(ExampleRegion.ACCOUNT);
        }
    }

    @Test
    void a_role_is_taken_on_with_its_external_id_and_works_until_it_expires() {
        try (StsClient sts = sts(Bench.WEIR)) {
            assertThat(code(() -> sts.assumeRole(
                            request -> request.roleArn(Access.ROLE).roleSessionName("pool"))))
                    .isEqualTo("AccessDenied");
            Credentials given = sts.assumeRole(request ->
                            request.roleArn(Access.ROLE).roleSessionName("pool").externalId("fleet-4711"))
                    .credentials();
            try (Ec2Client ec2 = bench.ec2(session(given));
                    StsClient own = sts(session(given))) {
                assertThat(code(() -> ec2.describeInstances())).isEqualTo("200");
                assertThat(own.getCallerIdentity().arn()).endsWith(":assumed-role/weir/pool");

                bench.cloud().turn(turn -> turn.expired = true);
                assertThat(code(() -> ec2.describeInstances())).isEqualTo("RequestExpired");
                assertThat(code(() -> own.getCallerIdentity())).isEqualTo("ExpiredToken");
            }
        }
    }

    @Test
    void a_role_is_had_for_a_web_identity_without_a_signature() {
        try (StsClient sts = sts(AwsBasicCredentials.create("none", "none"))) {
            Credentials given = sts.assumeRoleWithWebIdentity(request ->
                            request.roleArn(Access.ROLE).roleSessionName("pod").webIdentityToken("token-of-a-pod"))
                    .credentials();
            try (Ec2Client ec2 = bench.ec2(session(given))) {
                assertThat(code(() -> ec2.describeInstances())).isEqualTo("200");
            }
            assertThat(code(() -> sts.assumeRoleWithWebIdentity(request ->
                            request.roleArn(Access.ROLE).roleSessionName("pod").webIdentityToken("made up"))))
                    .isEqualTo("InvalidIdentityToken");
        }
    }

    @Test
    void a_clock_that_is_wrong_by_more_than_15_minutes_is_refused_and_answered_with_the_right_time() {
        bench.cloud().turn(turn -> turn.skewSeconds = 3600);

        assertThat(code(() -> bench.ec2.describeInstances())).isEqualTo("RequestExpired");

        try (Ec2Client patient = Bench.patient(Ec2Client.builder(), bench.fake.url(), Bench.WEIR)) {
            assertThat(code(() -> patient.describeInstances()))
                    .as("the SDK sets its clock by the Date of the answer and tries again")
                    .isEqualTo("200");
        } finally {
            SdkGlobalTime.setGlobalTimeOffset(0); // it is every client's in this process
        }
    }

    @Test
    void what_is_denied_is_refused_by_name_with_a_message_that_can_be_decoded() throws Exception {
        bench.cloud().turn(turn -> turn.denied = Set.of("ec2:RunInstances"));

        AwsServiceException refused = Bench.refused(() -> bench.run(request -> request));
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("UnauthorizedOperation");
        String text = refused.awsErrorDetails().errorMessage();
        assertThat(text)
                .contains(Access.WEIR.arn())
                .contains("ec2:RunInstances")
                .contains("explicit deny");

        String encoded = text.substring(text.indexOf("failure message: ") + "failure message: ".length());
        try (StsClient sts = sts(Bench.WEIR)) {
            JsonNode decoded = new ObjectMapper()
                    .readTree(sts.decodeAuthorizationMessage(request -> request.encodedMessage(encoded))
                            .decodedMessage());
            assertThat(decoded.at("/context/action").asText()).isEqualTo("ec2:RunInstances");
            assertThat(decoded.at("/explicitDeny").asBoolean()).isTrue();
        }
        assertThat(bench.cloud().ledger()).isEmpty();
    }

    @Test
    void a_trial_tells_whether_it_is_allowed() {
        assertThat(code(() -> bench.run(request -> request.dryRun(true)))).isEqualTo("DryRunOperation");
        bench.cloud().turn(turn -> turn.denied = Set.of("ec2:CreateTags"));

        assertThat(code(() -> bench.run(request -> request.dryRun(true)))).isEqualTo("DryRunOperation");
        assertThat(code(() -> bench.run(request ->
                        request.dryRun(true).tagSpecifications(Bench.tags(ResourceType.INSTANCE, Map.of("a", "b"))))))
                .as("tags in a launch are a right of their own")
                .isEqualTo("UnauthorizedOperation");
    }

    /** Only what bears the pool's tag may be ended, and it may only be tagged while it is launched. */
    private static final String POLICY = """
            {"Version": "2012-10-17", "Statement": [
              {"Effect": "Allow", "Action": ["ec2:Describe*", "ec2:RunInstances"], "Resource": "*"},
              {"Effect": "Allow", "Action": "ec2:CreateTags", "Resource": "*",
               "Condition": {"StringEquals": {"ec2:CreateAction": "RunInstances"}, "StringLike": {"aws:RequestTag/weir-pool": "*"}}},
              {"Effect": "Allow", "Action": "ec2:TerminateInstances", "Resource": "arn:aws:ec2:*:*:instance/*",
               "Condition": {"StringLike": {"aws:ResourceTag/weir-pool": "*"}}},
              {"Effect": "Deny", "Action": "ec2:RunInstances", "Resource": "arn:aws:ec2:*:*:instance/*",
               "Condition": {"StringEquals": {"ec2:InstanceType": "m5.xlarge"}}}
            ]}""";

    @Test
    void a_policy_with_conditions_on_tags_is_heeded() throws Exception {
        bench.fake.set(Access.EXAMPLE.bound(new ObjectMapper().readTree(POLICY)));
        String own = bench.launch(1, "web").get(0);
        String foreign = bench.run(request -> request).instances().get(0).instanceId();

        assertThat(bench.listed()).hasSize(2);
        assertThat(code(() -> bench.ec2.terminateInstances(request -> request.instanceIds(foreign))))
                .isEqualTo("UnauthorizedOperation");
        assertThat(code(() -> bench.ec2.terminateInstances(request -> request.instanceIds(own))))
                .isEqualTo("200");
        assertThat(code(() -> bench.ec2.createTags(request -> request.resources(foreign)
                        .tags(tag -> tag.key("weir-pool").value("web")))))
                .isEqualTo("UnauthorizedOperation");
        assertThat(code(() -> bench.run(
                        request -> request.tagSpecifications(Bench.tags(ResourceType.INSTANCE, Map.of("team", "a"))))))
                .isEqualTo("UnauthorizedOperation");
        assertThat(code(() -> bench.run(request -> request.instanceType("m5.xlarge"))))
                .isEqualTo("UnauthorizedOperation");
    }

    @Test
    void each_call_notes_the_permissions_that_it_took() {
        bench.launch(1, "web");

        assertThat(bench.fake.calls().all().get(0).needs())
                .extracting(Action.Need::action)
                .contains("ec2:RunInstances", "ec2:CreateTags");
        assertThat(bench.fake.calls().all().get(0).needs())
                .extracting(Action.Need::resource)
                .contains("arn:aws:ec2:us-east-1:123456789012:subnet/" + ExampleRegion.SUBNET_A);
    }
}
