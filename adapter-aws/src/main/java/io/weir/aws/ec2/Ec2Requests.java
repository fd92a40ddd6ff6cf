package io.weir.aws.ec2;

import io.weir.driver.CloudException;
import io.weir.pool.Batch;
import io.weir.pool.Choice;
import io.weir.pool.FailureKind;
import io.weir.pool.MachineName;
import io.weir.pool.Market;
import io.weir.pool.Marks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.BlockDeviceMapping;
import software.amazon.awssdk.services.ec2.model.EbsBlockDevice;
import software.amazon.awssdk.services.ec2.model.InstanceInterruptionBehavior;
import software.amazon.awssdk.services.ec2.model.InstanceMetadataOptionsRequest;
import software.amazon.awssdk.services.ec2.model.InstanceNetworkInterfaceSpecification;
import software.amazon.awssdk.services.ec2.model.LaunchTemplateSpecification;
import software.amazon.awssdk.services.ec2.model.MarketType;
import software.amazon.awssdk.services.ec2.model.Placement;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.SpotInstanceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/**
 * Frozen parameters → the launch call. Pure: the same batch asking for the same names makes the same request, or EC2 refuses the
 * repetition as a mismatch.
 *
 * <ol>
 *   <li>At least one, at most all of the names: EC2 launches what it has room for.
 *   <li>The token is the batch's id and nothing else.
 *   <li>Pool, marks and batch travel in the call, on the instance; pool and batch on its volumes and its network interface too.
 *   <li>The network interface is written out, because a public address can be asked for nowhere else; not beside a launch template with
 *       security groups of the instance, which EC2 refuses together with an interface.
 * </ol>
 */
final class Ec2Requests {
    private Ec2Requests() {}

    static RunInstancesRequest launch(Batch batch, LaunchParameters frozen, List<MachineName> ordered)
            throws CloudException {
        Map<String, String> shared = new TreeMap<>(frozen.tags());
        shared.put(Marks.POOL_TAG, batch.pool().value());
        shared.put(Ec2Names.BATCH_TAG, batch.id().value());
        Map<String, String> own = new TreeMap<>(shared);
        own.put(Marks.MARKS_TAG, batch.marks().encode());
        Ec2Names.part(batch.id(), ordered).ifPresent(part -> own.put(Ec2Names.PART_TAG, part));
        return request(frozen, batch.choice())
                .minCount(1)
                .maxCount(ordered.size())
                .clientToken(batch.id().value())
                .tagSpecifications(
                        tagged(ResourceType.INSTANCE, own),
                        tagged(ResourceType.VOLUME, shared),
                        tagged(ResourceType.NETWORK_INTERFACE, shared))
                .build();
    }

    /** The launch of one machine, to be tried without effect. */
    static RunInstancesRequest trial(LaunchParameters frozen, Choice choice) throws CloudException {
        Map<String, String> tags = new TreeMap<>(frozen.tags());
        tags.put(Marks.POOL_TAG, "trial");
        return request(frozen, choice)
                .minCount(1)
                .maxCount(1)
                .tagSpecifications(
                        tagged(ResourceType.INSTANCE, tags),
                        tagged(ResourceType.VOLUME, tags),
                        tagged(ResourceType.NETWORK_INTERFACE, tags))
                .build();
    }

    private static RunInstancesRequest.Builder request(LaunchParameters frozen, Choice choice) throws CloudException {
        String subnet = frozen.subnets().get(choice.zone());
        if (subnet == null) {
            throw new CloudException(FailureKind.INVALID_TEMPLATE, "there is no subnet for zone " + choice.zone());
        }
        RunInstancesRequest.Builder request = RunInstancesRequest.builder()
                .imageId(frozen.image())
                .instanceType(choice.machineType())
                .instanceInitiatedShutdownBehavior(frozen.shutdown());
        network(frozen, subnet, request);
        if (!frozen.disks().isEmpty()) {
            request.blockDeviceMappings(disks(frozen));
        }
        if (frozen.sshKey() != null) {
            request.keyName(frozen.sshKey());
        }
        String profile = frozen.profile();
        if (profile != null) {
            request.iamInstanceProfile(name -> name.arn(profile.startsWith("arn:") ? profile : null)
                    .name(profile.startsWith("arn:") ? null : profile));
        }
        if (frozen.placementGroup() != null || frozen.tenancy() != null) {
            request.placement(Placement.builder()
                    .groupName(frozen.placementGroup())
                    .tenancy(frozen.tenancy())
                    .build());
        }
        Boolean monitoring = frozen.monitoring();
        if (monitoring != null) {
            request.monitoring(watched -> watched.enabled(monitoring));
        }
        LaunchParameters.Pinned template = frozen.launchTemplate();
        if (template != null) {
            request.launchTemplate(LaunchTemplateSpecification.builder()
                    .launchTemplateId(template.id())
                    .version(template.version())
                    .build());
        }
        if (frozen.userData() != null) {
            request.userData(frozen.userData());
        }
        metadata(frozen, request);
        market(frozen, choice, request);
        return request;
    }

    private static void network(LaunchParameters frozen, String subnet, RunInstancesRequest.Builder request) {
        @Nullable List<String> groups = frozen.groups().isEmpty() ? null : frozen.groups();
        if (frozen.writtenOut()) {
            request.networkInterfaces(InstanceNetworkInterfaceSpecification.builder()
                    .deviceIndex(0)
                    .subnetId(subnet)
                    .groups(groups)
                    .associatePublicIpAddress(frozen.publicIp())
                    .deleteOnTermination(true)
                    .build());
        } else {
            request.subnetId(subnet);
            if (groups != null) {
                request.securityGroupIds(groups);
            }
        }
    }

    private static void metadata(LaunchParameters frozen, RunInstancesRequest.Builder request) {
        if (frozen.metadataTokens() == null && frozen.metadataHops() == null && frozen.metadataTags() == null) {
            return;
        }
        InstanceMetadataOptionsRequest.Builder options = InstanceMetadataOptionsRequest.builder()
                .httpTokens(frozen.metadataTokens())
                .httpPutResponseHopLimit(frozen.metadataHops());
        Boolean tags = frozen.metadataTags();
        if (tags != null) {
            options.instanceMetadataTags(tags ? "enabled" : "disabled");
        }
        request.metadataOptions(options.build());
    }

    private static void market(LaunchParameters frozen, Choice choice, RunInstancesRequest.Builder request) {
        if (choice.market() == Market.SPOT) {
            request.instanceMarketOptions(market -> market.marketType(MarketType.SPOT)
                    .spotOptions(spot -> spot.spotInstanceType(SpotInstanceType.ONE_TIME)
                            .instanceInterruptionBehavior(InstanceInterruptionBehavior.TERMINATE)
                            .maxPrice(frozen.maxPrice())));
        }
    }

    private static List<BlockDeviceMapping> disks(LaunchParameters frozen) {
        List<BlockDeviceMapping> disks = new ArrayList<>();
        for (LaunchParameters.Disk disk : frozen.disks()) {
            disks.add(BlockDeviceMapping.builder()
                    .deviceName(disk.device())
                    .ebs(EbsBlockDevice.builder()
                            .volumeSize(disk.sizeGb())
                            .volumeType(disk.type())
                            .iops(disk.iops())
                            .throughput(disk.throughput())
                            .encrypted(disk.encrypted())
                            .kmsKeyId(disk.kmsKey())
                            .snapshotId(disk.snapshot())
                            .deleteOnTermination(disk.deleteOnTermination())
                            .build())
                    .build());
        }
        return disks;
    }

    private static TagSpecification tagged(ResourceType type, Map<String, String> tags) {
        return TagSpecification.builder()
                .resourceType(type)
                .tags(tags.entrySet().stream()
                        .map(tag -> Tag.builder()
                                .key(tag.getKey())
                                .value(tag.getValue())
                                .build())
                        .toList())
                .build();
    }
}
