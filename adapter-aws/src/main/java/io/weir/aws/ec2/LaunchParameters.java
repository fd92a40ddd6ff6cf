package io.weir.aws.ec2;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.weir.driver.CloudException;
import io.weir.pool.FailureKind;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a batch is frozen with: every parameter of its RunInstances call but those of the batch itself, as JSON in one order. A field
 * that this version does not know is refused: to launch without it would be another launch.
 *
 * @param subnets by zone: a choice names the zone
 * @param writtenOut whether the network interface is written out; false: the launch template's groups forbid it
 * @param publicIp absent: as the subnet is set
 * @param userData as EC2 takes it, in base64
 * @param tags of the instance, its volumes and its network interface
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record LaunchParameters(
        String image,
        SortedMap<String, String> subnets,
        boolean writtenOut,
        List<String> groups,
        @Nullable Boolean publicIp,
        @Nullable String sshKey,
        @Nullable String profile,
        @Nullable String metadataTokens,
        @Nullable Integer metadataHops,
        @Nullable Boolean metadataTags,
        List<Disk> disks,
        @Nullable String placementGroup,
        @Nullable String tenancy,
        @Nullable Boolean monitoring,
        @Nullable Pinned launchTemplate,
        String shutdown,
        @Nullable String maxPrice,
        @Nullable String userData,
        SortedMap<String, String> tags) {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    LaunchParameters {
        subnets = new TreeMap<>(subnets);
        groups = List.copyOf(groups);
        disks = List.copyOf(disks);
        tags = new TreeMap<>(tags);
    }

    /** A launch template by its id, in the version that it had when the document was resolved. */
    record Pinned(String id, String version) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Disk(
            String device,
            @Nullable Integer sizeGb,
            @Nullable String type,
            @Nullable Integer iops,
            @Nullable Integer throughput,
            @Nullable Boolean encrypted,
            @Nullable String kmsKey,
            @Nullable String snapshot,
            boolean deleteOnTermination) {}

    String frozen() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static LaunchParameters thawed(String frozen) throws CloudException {
        try {
            return JSON.readValue(frozen, LaunchParameters.class);
        } catch (JsonProcessingException malformed) {
            throw new CloudException(
                    FailureKind.INVALID_TEMPLATE,
                    "the frozen parameters cannot be read: " + malformed.getOriginalMessage());
        }
    }

    /** Without the user data, which is nobody's business. */
    @Override
    public String toString() {
        return "LaunchParameters[image=" + image + ", subnets=" + Map.copyOf(subnets) + "]";
    }
}
