package io.weir.aws.ec2;

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
 * Exactly the calls that this driver makes, one method for each, one request for each call of a method. Whatever goes wrong is an
 * {@code SdkException}. The permissions that Weir needs are these and no others: {@code docs/clouds/aws.md} lists them, and a test
 * compares.
 */
interface Ec2Api {

    // What changes something

    RunInstancesResponse runInstances(RunInstancesRequest request);

    TerminateInstancesResponse terminateInstances(TerminateInstancesRequest request);

    void createTags(CreateTagsRequest request);

    void deleteTags(DeleteTagsRequest request);

    // What is there

    DescribeInstancesResponse describeInstances(DescribeInstancesRequest request);

    // Catalogs: what a document is checked against

    DescribeImagesResponse describeImages(DescribeImagesRequest request);

    DescribeInstanceTypesResponse describeInstanceTypes(DescribeInstanceTypesRequest request);

    DescribeInstanceTypeOfferingsResponse describeInstanceTypeOfferings(DescribeInstanceTypeOfferingsRequest request);

    DescribeSubnetsResponse describeSubnets(DescribeSubnetsRequest request);

    DescribeSecurityGroupsResponse describeSecurityGroups(DescribeSecurityGroupsRequest request);

    DescribeKeyPairsResponse describeKeyPairs(DescribeKeyPairsRequest request);

    DescribePlacementGroupsResponse describePlacementGroups(DescribePlacementGroupsRequest request);

    DescribeLaunchTemplateVersionsResponse describeLaunchTemplateVersions(
            DescribeLaunchTemplateVersionsRequest request);

    GetParameterResponse getParameter(GetParameterRequest request);

    /** Whether EC2 would launch this: returns if it would, as far as a dry run tells. */
    void dryRun(RunInstancesRequest request);
}
