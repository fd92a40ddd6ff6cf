package io.weir.gce.compute;

import com.google.api.gax.rpc.ApiException;
import com.google.cloud.compute.v1.DiskType;
import com.google.cloud.compute.v1.GetDiskTypeRequest;
import com.google.cloud.compute.v1.GetFromFamilyImageRequest;
import com.google.cloud.compute.v1.GetImageRequest;
import com.google.cloud.compute.v1.GetInstanceTemplateRequest;
import com.google.cloud.compute.v1.GetMachineTypeRequest;
import com.google.cloud.compute.v1.GetNetworkRequest;
import com.google.cloud.compute.v1.GetRegionRequest;
import com.google.cloud.compute.v1.GetSubnetworkRequest;
import com.google.cloud.compute.v1.Image;
import com.google.cloud.compute.v1.InstanceTemplate;
import com.google.cloud.compute.v1.MachineType;
import com.google.cloud.compute.v1.Network;
import com.google.cloud.compute.v1.Region;
import com.google.cloud.compute.v1.Subnetwork;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Questions to Compute Engine's catalogs. What is not there is empty; what cannot be read is thrown. A name that nothing can have is not
 * asked for: Compute Engine calls it an invalid request, or, with slashes in it, knows no such path, and neither says whose it was.
 */
final class Catalog {
    private static final Pattern NAME = Pattern.compile("[a-z]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern OWNER = Pattern.compile("([a-z0-9.-]+:)?[a-z0-9-]+");

    private final GceApi api;
    private final String project;
    private final String region;

    Catalog(GceApi api, String project, String region) {
        this.api = api;
        this.project = project;
        this.region = region;
    }

    Region region() {
        return api.region(GetRegionRequest.newBuilder()
                .setProject(project)
                .setRegion(region)
                .build());
    }

    /** The region's zones, in order. */
    List<String> zones() {
        return region().getZonesList().stream().map(GceNames::last).sorted().toList();
    }

    Optional<MachineType> machineType(String zone, String name) {
        return found(
                project,
                name,
                () -> api.machineType(GetMachineTypeRequest.newBuilder()
                        .setProject(project)
                        .setZone(zone)
                        .setMachineType(name)
                        .build()));
    }

    Optional<DiskType> diskType(String zone, String name) {
        return found(
                project,
                name,
                () -> api.diskType(GetDiskTypeRequest.newBuilder()
                        .setProject(project)
                        .setZone(zone)
                        .setDiskType(name)
                        .build()));
    }

    Optional<Image> image(String owner, String name) {
        return found(
                owner,
                name,
                () -> api.image(GetImageRequest.newBuilder()
                        .setProject(owner)
                        .setImage(name)
                        .build()));
    }

    /** The newest of a family that is not deprecated. */
    Optional<Image> newestImage(String owner, String family) {
        return found(
                owner,
                family,
                () -> api.newestImage(GetFromFamilyImageRequest.newBuilder()
                        .setProject(owner)
                        .setFamily(family)
                        .build()));
    }

    Optional<Network> network(String owner, String name) {
        return found(
                owner,
                name,
                () -> api.network(GetNetworkRequest.newBuilder()
                        .setProject(owner)
                        .setNetwork(name)
                        .build()));
    }

    Optional<Subnetwork> subnetwork(String owner, String name) {
        return found(
                owner,
                name,
                () -> api.subnetwork(GetSubnetworkRequest.newBuilder()
                        .setProject(owner)
                        .setRegion(region)
                        .setSubnetwork(name)
                        .build()));
    }

    Optional<InstanceTemplate> instanceTemplate(String owner, String name) {
        return found(
                owner,
                name,
                () -> api.instanceTemplate(GetInstanceTemplateRequest.newBuilder()
                        .setProject(owner)
                        .setInstanceTemplate(name)
                        .build()));
    }

    private static <T> Optional<T> found(String owner, String name, Supplier<T> ask) {
        if (!OWNER.matcher(owner).matches() || !NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(ask.get());
        } catch (ApiException said) {
            if (GceFailures.isAbsent(said)) {
                return Optional.empty();
            }
            throw said;
        }
    }
}
