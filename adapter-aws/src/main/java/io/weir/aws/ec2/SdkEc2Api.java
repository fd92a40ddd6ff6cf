package io.weir.aws.ec2;

import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ec2.Ec2Client;
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
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Ec2Response;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.RunInstancesResponse;
import software.amazon.awssdk.services.ec2.model.TerminateInstancesRequest;
import software.amazon.awssdk.services.ec2.model.TerminateInstancesResponse;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.GetParameterRequest;
import software.amazon.awssdk.services.ssm.model.GetParameterResponse;

/**
 * The calls by the SDK's clients, which {@link Ec2Clients} builds.
 *
 * <ol>
 *   <li>An answer counts only if it bears a request id. The SDK takes any readable XML, a proxy's page included, for an answer without
 *       fields: for no instances at all.
 *   <li>What the SDK lets through of its HTTP client's exceptions is an {@code SdkException} here, or it would pass for a fault of ours.
 *   <li>SSM is looked for at the first parameter, and often never.
 * </ol>
 */
final class SdkEc2Api implements Ec2Api {
    private final Ec2Client ec2;
    private final Supplier<SsmClient> ssm;

    SdkEc2Api(Ec2Client ec2, Supplier<SsmClient> ssm) {
        this.ec2 = ec2;
        this.ssm = ssm;
    }

    @Override
    public RunInstancesResponse runInstances(RunInstancesRequest request) {
        return answered(() -> ec2.runInstances(request));
    }

    @Override
    public TerminateInstancesResponse terminateInstances(TerminateInstancesRequest request) {
        return answered(() -> ec2.terminateInstances(request));
    }

    @Override
    public void createTags(CreateTagsRequest request) {
        answered(() -> ec2.createTags(request));
    }

    @Override
    public void deleteTags(DeleteTagsRequest request) {
        answered(() -> ec2.deleteTags(request));
    }

    @Override
    public DescribeInstancesResponse describeInstances(DescribeInstancesRequest request) {
        return answered(() -> ec2.describeInstances(request));
    }

    @Override
    public DescribeImagesResponse describeImages(DescribeImagesRequest request) {
        return answered(() -> ec2.describeImages(request));
    }

    @Override
    public DescribeInstanceTypesResponse describeInstanceTypes(DescribeInstanceTypesRequest request) {
        return answered(() -> ec2.describeInstanceTypes(request));
    }

    @Override
    public DescribeInstanceTypeOfferingsResponse describeInstanceTypeOfferings(
            DescribeInstanceTypeOfferingsRequest request) {
        return answered(() -> ec2.describeInstanceTypeOfferings(request));
    }

    @Override
    public DescribeSubnetsResponse describeSubnets(DescribeSubnetsRequest request) {
        return answered(() -> ec2.describeSubnets(request));
    }

    @Override
    public DescribeSecurityGroupsResponse describeSecurityGroups(DescribeSecurityGroupsRequest request) {
        return answered(() -> ec2.describeSecurityGroups(request));
    }

    @Override
    public DescribeKeyPairsResponse describeKeyPairs(DescribeKeyPairsRequest request) {
        return answered(() -> ec2.describeKeyPairs(request));
    }

    @Override
    public DescribePlacementGroupsResponse describePlacementGroups(DescribePlacementGroupsRequest request) {
        return answered(() -> ec2.describePlacementGroups(request));
    }

    @Override
    public DescribeLaunchTemplateVersionsResponse describeLaunchTemplateVersions(
            DescribeLaunchTemplateVersionsRequest request) {
        return answered(() -> ec2.describeLaunchTemplateVersions(request));
    }

    @Override
    public GetParameterResponse getParameter(GetParameterRequest request) {
        return asked(() -> ssm.get().getParameter(request)); // JSON: what is no answer cannot be read
    }

    @Override
    public void dryRun(RunInstancesRequest request) {
        try {
            asked(() -> ec2.runInstances(request.toBuilder().dryRun(true).build()));
        } catch (Ec2Exception said) {
            if (!Ec2Failures.code(said).equals("DryRunOperation")) {
                throw said;
            }
        }
    }

    private static <R extends Ec2Response> R answered(Supplier<R> call) {
        R response = asked(call);
        String id = response.responseMetadata() == null
                ? null
                : response.responseMetadata().requestId();
        if (id == null || id.isBlank() || id.equals("UNKNOWN")) {
            throw SdkClientException.create("the answer bears no request id: it is not EC2's");
        }
        return response;
    }

    private static <R> R asked(Supplier<R> call) {
        try {
            return call.get();
        } catch (SdkException failure) {
            throw failure;
        } catch (RuntimeException leaked) {
            throw SdkClientException.create(String.valueOf(leaked.getMessage()), leaked);
        }
    }
}
