package io.weir.aws.ec2;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ec2.model.DescribeImagesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstanceTypeOfferingsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstanceTypeOfferingsResponse;
import software.amazon.awssdk.services.ec2.model.DescribeInstanceTypesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstanceTypesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeKeyPairsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeLaunchTemplateVersionsRequest;
import software.amazon.awssdk.services.ec2.model.DescribePlacementGroupsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupsResponse;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsResponse;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Image;
import software.amazon.awssdk.services.ec2.model.InstanceTypeInfo;
import software.amazon.awssdk.services.ec2.model.LaunchTemplateVersion;
import software.amazon.awssdk.services.ec2.model.LocationType;
import software.amazon.awssdk.services.ec2.model.PlacementGroup;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ssm.model.GetParameterRequest;

/**
 * Questions to EC2's catalogs. Things are asked for by filter where there is one: an id that does not exist is then left out of the
 * answer, and does not fail the question about the others.
 */
final class Catalog {
    /** More pages than any catalog has. */
    private static final int PAGES_MAX = 1000;

    private final Ec2Api api;

    Catalog(Ec2Api api) {
        this.api = api;
    }

    record Offer(String type, String zone) {}

    Optional<Image> image(String id) {
        return found(
                "InvalidAMIID",
                () -> api
                        .describeImages(
                                DescribeImagesRequest.builder().imageIds(id).build())
                        .images()
                        .stream()
                        .filter(image -> id.equals(image.imageId()))
                        .findFirst());
    }

    /** The newest of that name; of two that are equally new the one with the higher id. */
    Optional<Image> newestImage(String name, String owner) {
        return api
                .describeImages(DescribeImagesRequest.builder()
                        .owners(owner)
                        .filters(filter("name", List.of(name)), filter("state", List.of("available")))
                        .build())
                .images()
                .stream()
                .max(Comparator.comparing((Image image) -> image.creationDate() == null ? "" : image.creationDate())
                        .thenComparing(Image::imageId));
    }

    Optional<String> parameter(String name) {
        return found(
                "Parameter",
                () -> Optional.ofNullable(api.getParameter(
                                GetParameterRequest.builder().name(name).build())
                        .parameter()
                        .value()));
    }

    Map<String, InstanceTypeInfo> types(List<String> names) {
        List<InstanceTypeInfo> types = pages(
                next -> api.describeInstanceTypes(DescribeInstanceTypesRequest.builder()
                        .filters(filter("instance-type", distinct(names)))
                        .nextToken(next)
                        .build()),
                DescribeInstanceTypesResponse::instanceTypes,
                DescribeInstanceTypesResponse::nextToken);
        return types.stream()
                .collect(Collectors.toMap(
                        InstanceTypeInfo::instanceTypeAsString, Function.identity(), (one, again) -> one));
    }

    Set<Offer> offers(List<String> types) {
        Set<Offer> offers = new HashSet<>();
        pages(
                        next -> api.describeInstanceTypeOfferings(DescribeInstanceTypeOfferingsRequest.builder()
                                .locationType(LocationType.AVAILABILITY_ZONE)
                                .filters(filter("instance-type", types))
                                .nextToken(next)
                                .build()),
                        DescribeInstanceTypeOfferingsResponse::instanceTypeOfferings,
                        DescribeInstanceTypeOfferingsResponse::nextToken)
                .forEach(offer -> offers.add(new Offer(offer.instanceTypeAsString(), offer.location())));
        return offers;
    }

    List<Subnet> subnetsOf(String vpc) {
        return subnets(filter("vpc-id", List.of(vpc)));
    }

    List<Subnet> defaultSubnets() {
        return subnets(filter("default-for-az", List.of("true")));
    }

    Map<String, Subnet> subnets(List<String> ids) {
        return subnets(filter("subnet-id", distinct(ids))).stream()
                .collect(Collectors.toMap(Subnet::subnetId, Function.identity(), (one, again) -> one));
    }

    private List<Subnet> subnets(Filter filter) {
        return pages(
                        next -> api.describeSubnets(DescribeSubnetsRequest.builder()
                                .filters(filter)
                                .nextToken(next)
                                .build()),
                        DescribeSubnetsResponse::subnets,
                        DescribeSubnetsResponse::nextToken)
                .stream()
                .filter(subnet -> subnet.availabilityZone() != null)
                .sorted(Comparator.comparing(Subnet::subnetId))
                .toList();
    }

    /** What is wished, an id or a name, → the id. */
    Map<String, String> groups(List<String> wished, String vpc) {
        Map<String, String> ids = new HashMap<>();
        List<String> byId = wished.stream()
                .filter(text -> text.startsWith("sg-"))
                .distinct()
                .toList();
        List<String> byName = wished.stream()
                .filter(text -> !text.startsWith("sg-"))
                .distinct()
                .toList();
        if (!byId.isEmpty()) {
            groups(vpc, filter("group-id", byId)).forEach(group -> ids.put(group.groupId(), group.groupId()));
        }
        if (!byName.isEmpty()) {
            groups(vpc, filter("group-name", byName)).forEach(group -> ids.put(group.groupName(), group.groupId()));
        }
        return ids;
    }

    private List<SecurityGroup> groups(String vpc, Filter filter) {
        return pages(
                next -> api.describeSecurityGroups(DescribeSecurityGroupsRequest.builder()
                        .filters(filter("vpc-id", List.of(vpc)), filter)
                        .nextToken(next)
                        .build()),
                DescribeSecurityGroupsResponse::securityGroups,
                DescribeSecurityGroupsResponse::nextToken);
    }

    boolean hasKey(String name) {
        return api
                .describeKeyPairs(DescribeKeyPairsRequest.builder()
                        .filters(filter("key-name", List.of(name)))
                        .build())
                .keyPairs()
                .stream()
                .anyMatch(key -> name.equals(key.keyName()));
    }

    /** The strategy of a placement group that can be used; empty: there is none. */
    Optional<String> placementStrategy(String name) {
        return api
                .describePlacementGroups(DescribePlacementGroupsRequest.builder()
                        .filters(filter("group-name", List.of(name)))
                        .build())
                .placementGroups()
                .stream()
                .filter(group -> name.equals(group.groupName()) && "available".equals(group.stateAsString()))
                .findFirst()
                .map(PlacementGroup::strategyAsString);
    }

    Optional<LaunchTemplateVersion> launchTemplate(Ec2Section.TemplateName name) {
        return found("InvalidLaunchTemplate", () -> api
                .describeLaunchTemplateVersions(DescribeLaunchTemplateVersionsRequest.builder()
                        .launchTemplateId(name.id().orElse(null))
                        .launchTemplateName(name.name().orElse(null))
                        .versions(name.version())
                        .build())
                .launchTemplateVersions()
                .stream()
                .filter(version -> version.launchTemplateData() != null)
                .findFirst());
    }

    /** Empty if EC2 says by a code of that family that there is no such thing. */
    private static <T> Optional<T> found(String family, java.util.function.Supplier<Optional<T>> ask) {
        try {
            return ask.get();
        } catch (SdkException said) {
            if (Ec2Failures.code(said).startsWith(family)) {
                return Optional.empty();
            }
            throw said;
        }
    }

    private static <P, T> List<T> pages(
            Function<@Nullable String, P> ask, Function<P, List<T>> rows, Function<P, @Nullable String> next) {
        List<T> all = new ArrayList<>();
        String token = null;
        for (int page = 0; page == 0 || (token != null && !token.isEmpty() && page < PAGES_MAX); page++) {
            P answer = ask.apply(token);
            all.addAll(rows.apply(answer));
            token = next.apply(answer);
        }
        return all;
    }

    private static List<String> distinct(List<String> names) {
        return names.stream().distinct().toList();
    }

    private static Filter filter(String name, List<String> values) {
        return Filter.builder().name(name).values(values).build();
    }
}
