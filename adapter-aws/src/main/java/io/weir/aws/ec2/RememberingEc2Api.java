package io.weir.aws.ec2;

import io.weir.cloud.RememberedAnswers;
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
 * Catalogs are answered from memory where they can be.
 *
 * <ol>
 *   <li>Instances are no catalog: what is there is always asked for, and what changes something always done.
 *   <li>A refusal to launch for an invalid template, a document with problems and an operator's refresh forget everything.
 * </ol>
 */
final class RememberingEc2Api implements Ec2Api {
    private final Ec2Api api;
    private final RememberedAnswers answers;

    RememberingEc2Api(Ec2Api api, RememberedAnswers answers) {
        this.api = api;
        this.answers = answers;
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
        return answers.get(DescribeImagesResponse.class, request, api::describeImages);
    }

    @Override
    public DescribeInstanceTypesResponse describeInstanceTypes(DescribeInstanceTypesRequest request) {
        return answers.get(DescribeInstanceTypesResponse.class, request, api::describeInstanceTypes);
    }

    @Override
    public DescribeInstanceTypeOfferingsResponse describeInstanceTypeOfferings(
            DescribeInstanceTypeOfferingsRequest request) {
        return answers.get(DescribeInstanceTypeOfferingsResponse.class, request, api::describeInstanceTypeOfferings);
    }

    @Override
    public DescribeSubnetsResponse describeSubnets(DescribeSubnetsRequest request) {
        return answers.get(DescribeSubnetsResponse.class, request, api::describeSubnets);
    }

    @Override
    public DescribeSecurityGroupsResponse describeSecurityGroups(DescribeSecurityGroupsRequest request) {
        return answers.get(DescribeSecurityGroupsResponse.class, request, api::describeSecurityGroups);
    }

    @Override
    public DescribeKeyPairsResponse describeKeyPairs(DescribeKeyPairsRequest request) {
        return answers.get(DescribeKeyPairsResponse.class, request, api::describeKeyPairs);
    }

    @Override
    public DescribePlacementGroupsResponse describePlacementGroups(DescribePlacementGroupsRequest request) {
        return answers.get(DescribePlacementGroupsResponse.class, request, api::describePlacementGroups);
    }

    @Override
    public DescribeLaunchTemplateVersionsResponse describeLaunchTemplateVersions(
            DescribeLaunchTemplateVersionsRequest request) {
        return answers.get(DescribeLaunchTemplateVersionsResponse.class, request, api::describeLaunchTemplateVersions);
    }

    @Override
    public GetParameterResponse getParameter(GetParameterRequest request) {
        return answers.get(GetParameterResponse.class, request, api::getParameter);
    }

    @Override
    public void dryRun(RunInstancesRequest request) {
        answers.get(Boolean.class, request, asked -> {
            api.dryRun(asked);
            return true;
        });
    }
}
