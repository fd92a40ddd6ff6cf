package io.weir.aws.ec2;

import io.weir.cloud.Check;
import io.weir.pool.FailureKind;
import io.weir.pool.Marks;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

/**
 * Whether this login could serve a pool: who it is, whether EC2 is reached and how far its clock is away, and each permission that a
 * dry run tells of. What launching needs is asked for each pool's own document when it is resolved.
 */
final class Ec2Preflight {
    /** Of the form of an id, and nobody's: EC2 looks at permissions first. */
    private static final String NOBODY = "i-00000000000000000";

    private final StsClient sts;
    private final Ec2Client ec2;
    private final InstantSource wall;

    Ec2Preflight(StsClient sts, Ec2Client ec2, InstantSource wall) {
        this.sts = sts;
        this.ec2 = ec2;
        this.wall = wall;
    }

    List<Check> check() {
        List<Check> checks = new ArrayList<>();
        checks.add(credentials());
        Optional<DescribeInstancesResponse> answer = endpoint(checks);
        if (answer.isEmpty()) {
            checks.add(Check.skipped("clock", "EC2 did not answer"));
            checks.add(Check.skipped("permissions", "EC2 did not answer"));
        } else {
            checks.add(clock(answer.get()));
            checks.add(dryRun(
                    "ec2:TerminateInstances",
                    () -> ec2.terminateInstances(
                            request -> request.instanceIds(NOBODY).dryRun(true))));
            checks.add(dryRun(
                    "ec2:CreateTags",
                    () -> ec2.createTags(request -> request.resources(NOBODY)
                            .tags(Tag.builder()
                                    .key(Marks.MARKS_TAG)
                                    .value("check")
                                    .build())
                            .dryRun(true))));
            checks.add(dryRun(
                    "ec2:DeleteTags",
                    () -> ec2.deleteTags(request -> request.resources(NOBODY)
                            .tags(Tag.builder().key(Marks.POOL_TAG).build())
                            .dryRun(true))));
        }
        checks.add(Check.skipped(
                "quota", "EC2 tells of vCPU quotas through Service Quotas only, which Weir does not ask"));
        return checks;
    }

    private Check credentials() {
        try {
            GetCallerIdentityResponse who = sts.getCallerIdentity();
            return Check.good("credentials", "account " + who.account() + ", " + who.arn());
        } catch (SdkException failure) {
            FailureKind kind = Ec2Failures.ofRead(failure, wall).kind();
            String text = String.valueOf(Ec2Failures.ofRead(failure, wall).getMessage());
            return kind == FailureKind.UNAUTHORIZED
                    ? Check.bad("credentials", text, "Give the connection credentials that AWS accepts.")
                    : Check.warning(
                            "credentials",
                            text,
                            "STS cannot be asked who this is; set endpoints.sts if it is elsewhere.");
        }
    }

    private Optional<DescribeInstancesResponse> endpoint(List<Check> checks) {
        try {
            DescribeInstancesResponse answer = ec2.describeInstances(request -> request.maxResults(5));
            checks.add(Check.good(
                    "endpoint ec2", "answered " + answer.sdkHttpResponse().statusCode()));
            checks.add(Check.good("ec2:DescribeInstances", "allowed"));
            return Optional.of(answer);
        } catch (SdkException failure) {
            FailureKind kind = Ec2Failures.ofRead(failure, wall).kind();
            String text = String.valueOf(Ec2Failures.ofRead(failure, wall).getMessage());
            if (kind == FailureKind.UNAUTHORIZED) {
                checks.add(Check.good("endpoint ec2", "answered"));
                checks.add(Check.bad(
                        "ec2:DescribeInstances",
                        text,
                        "Allow ec2:DescribeInstances; docs/clouds/aws.md has the policy."));
            } else {
                checks.add(Check.bad(
                        "endpoint ec2", text, "Check the region, the endpoint, the proxy and the authorities in ca."));
            }
            return Optional.empty();
        }
    }

    private Check clock(DescribeInstancesResponse answer) {
        Optional<Instant> theirs =
                answer.sdkHttpResponse().firstMatchingHeader("Date").flatMap(Ec2Failures::date);
        if (theirs.isEmpty()) {
            return Check.skipped("clock", "the answer bears no date");
        }
        return Check.clock(theirs.get(), wall.instant(), "AWS refuses what is signed five minutes off.");
    }

    private Check dryRun(String action, Runnable call) {
        try {
            call.run();
            return Check.warning(
                    action, "the dry run was taken for a real call", "This is no EC2 that knows dry runs.");
        } catch (SdkException said) {
            String code = Ec2Failures.code(said);
            if (code.equals("DryRunOperation") || code.startsWith("InvalidInstanceID")) {
                return Check.good(action, "allowed");
            }
            String text = String.valueOf(Ec2Failures.ofRead(said, wall).getMessage());
            // A policy that allows it on Weir's own machines alone says no to one that is nobody's.
            return Ec2Failures.ofRead(said, wall).kind() == FailureKind.UNAUTHORIZED
                    ? Check.skipped(
                            action, "not for a machine that is nobody's; on Weir's own it shows when it is needed")
                    : Check.warning(action, text, "Try again; if it stays, docs/clouds/aws.md has the policy.");
        }
    }
}
