package io.weir.aws.ec2;

import io.weir.driver.Catalogs;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import software.amazon.awssdk.services.ec2.model.CreateTagsRequest;
import software.amazon.awssdk.services.ec2.model.DeleteTagsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeImagesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeImagesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeInstanceTypeOfferingsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstanceTypeOfferingsResponse;
import software.amazon.awssdk.services.ec2.model.DescribeInstanceTypesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstanceTypesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeKeyPairsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeKeyPairsResponse;
import software.amazon.awssdk.services.ec2.model.DescribeLaunchTemplateVersionsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeLaunchTemplateVersionsResponse;
import software.amazon.awssdk.services.ec2.model.DescribePlacementGroupsRequest;
import software.amazon.awssdk.services.ec2.model.DescribePlacementGroupsResponse;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupsResponse;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsResponse;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.RunInstancesResponse;
import software.amazon.awssdk.services.ec2.model.TerminateInstancesRequest;
import software.amazon.awssdk.services.ec2.model.TerminateInstancesResponse;
import software.amazon.awssdk.services.ssm.model.GetParameterRequest;
import software.amazon.awssdk.services.ssm.model.GetParameterResponse;

/**
 * Remembers what catalogs answered, so that many pools that resolve often ask seldom.
 *
 * <ol>
 *   <li>The same question within {@link #FRESH} is answered from memory; a failure is never remembered.
 *   <li>Instances are no catalog: what is there is always asked for, and what changes something always done.
 *   <li>A refusal to launch for an invalid template, a document with problems and an operator's refresh forget everything.
 * </ol>
 */
final class RememberingEc2Api implements Ec2Api, Catalogs {
    static final Duration FRESH = Duration.ofMinutes(10);

    /** A changed document asks other questions: those that nobody asks any more must not pile up. */
    private static final int MOST = 1000;

    private final Ec2Api api;
    private final InstantSource clock;
    private final Map<Object, Answer> answers = new ConcurrentHashMap<>();

    private record Answer(Object value, Instant at) {}

    RememberingEc2Api(Ec2Api api, InstantSource clock) {
        this.api = api;
        this.clock = clock;
    }

    @Override
    public Optional<Instant> since() {
        return answers.values().stream().map(Answer::at).min(Comparator.naturalOrder());
    }

    @Override
    public void forget() {
        answers.clear();
    }

    private <Q, A> A remembered(Class<A> type, Q question, Function<Q, A> ask) {
        Instant now = clock.instant();
        Answer known = answers.get(question);
        if (known != null && now.isBefore(known.at().plus(FRESH))) {
            return type.cast(known.value());
        }
        A answer = ask.apply(question);
        answers.values().removeIf(old -> !now.isBefore(old.at().plus(FRESH)));
        if (answers.size() < MOST) {
            answers.put(question, new Answer(answer, now));
        }
        return answer;
    }

    @Override
    public RunInstancesResponse runInstances(RunInstancesRequest request) {
        return api.runInstances(request);
    }

    @Override
    public TerminateInstancesResponse terminateInstances(TerminateInstancesRequest request) {
        return api.terminateInstances(request);
    }

    @Override
    public void createTags(CreateTagsRequest request) {
        api.createTags(request);
    }

    @Override
    public void deleteTags(DeleteTagsRequest request) {
        api.deleteTags(request);
    }

    @Override
    public DescribeInstancesResponse describeInstances(DescribeInstancesRequest request) {
        return api.describeInstances(request);
    }

    @Override
    public DescribeImagesResponse describeImages(DescribeImagesRequest request) {
        return remembered(DescribeImagesResponse.class, request, api::describeImages);
    }

    @Override
    public DescribeInstanceTypesResponse describeInstanceTypes(DescribeInstanceTypesRequest request) {
        return remembered(DescribeInstanceTypesResponse.class, request, api::describeInstanceTypes);
    }

    @Override
    public DescribeInstanceTypeOfferingsResponse describeInstanceTypeOfferings(
            DescribeInstanceTypeOfferingsRequest request) {
        return remembered(DescribeInstanceTypeOfferingsResponse.class, request, api::describeInstanceTypeOfferings);
    }

    @Override
    public DescribeSubnetsResponse describeSubnets(DescribeSubnetsRequest request) {
        return remembered(DescribeSubnetsResponse.class, request, api::describeSubnets);
    }

    @Override
    public DescribeSecurityGroupsResponse describeSecurityGroups(DescribeSecurityGroupsRequest request) {
        return remembered(DescribeSecurityGroupsResponse.class, request, api::describeSecurityGroups);
    }

    @Override
    public DescribeKeyPairsResponse describeKeyPairs(DescribeKeyPairsRequest request) {
        return remembered(DescribeKeyPairsResponse.class, request, api::describeKeyPairs);
    }

    @Override
    public DescribePlacementGroupsResponse describePlacementGroups(DescribePlacementGroupsRequest request) {
        return remembered(DescribePlacementGroupsResponse.class, request, api::describePlacementGroups);
    }

    @Override
    public DescribeLaunchTemplateVersionsResponse describeLaunchTemplateVersions(
            DescribeLaunchTemplateVersionsRequest request) {
        return remembered(DescribeLaunchTemplateVersionsResponse.class, request, api::describeLaunchTemplateVersions);
    }

    @Override
    public GetParameterResponse getParameter(GetParameterRequest request) {
        return remembered(GetParameterResponse.class, request, api::getParameter);
    }

    @Override
    public void dryRun(RunInstancesRequest request) {
        remembered(Boolean.class, request, asked -> {
            api.dryRun(asked);
            return true;
        });
    }
}
