package io.weir.aws.fake;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the instances of one launch are, after launch template, image and defaults: everything that EC2 shows of them later.
 *
 * @param userData as it was sent, in Base64
 * @param spotPrice the most to pay; null: the on-demand price
 * @param tags by the type of resource: instances, their volumes, network interfaces and spot requests
 */
record LaunchSpec(
        String imageId,
        String instanceType,
        String architecture,
        String zone,
        @Nullable String subnet,
        @Nullable String vpc,
        List<Named> groups,
        @Nullable String keyName,
        String tenancy,
        @Nullable String placementGroup,
        boolean monitoring,
        @Nullable Named profile,
        Metadata metadata,
        String rootDevice,
        List<Volume> volumes,
        boolean publicAddress,
        boolean ebsOptimized,
        String shutdownBehavior,
        boolean isProtected,
        boolean isSpot,
        @Nullable String spotPrice,
        @Nullable String userData,
        Map<String, Map<String, String>> tags) {

    LaunchSpec {
        groups = List.copyOf(groups);
        volumes = List.copyOf(volumes);
        tags = Map.copyOf(tags);
    }

    record Named(String id, String name) {}

    record Metadata(String tokens, int hopLimit, String endpoint, String ipv6, String tags) {}

    record Volume(
            String device,
            int sizeGb,
            String type,
            boolean encrypted,
            @Nullable Integer iops,
            @Nullable Integer throughput,
            @Nullable String kmsKey,
            boolean deleteOnTermination) {}

    Map<String, String> tagsOf(String resourceType) {
        return tags.getOrDefault(resourceType, Map.of());
    }

    String market() {
        return isSpot ? "SPOT" : "ON_DEMAND";
    }
}
