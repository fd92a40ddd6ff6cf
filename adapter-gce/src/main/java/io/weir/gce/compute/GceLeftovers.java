package io.weir.gce.compute;

import com.google.api.gax.rpc.ApiException;
import com.google.cloud.compute.v1.AggregatedListDisksRequest;
import com.google.cloud.compute.v1.DeleteDiskRequest;
import com.google.cloud.compute.v1.Disk;
import com.google.cloud.compute.v1.DiskAggregatedList;
import com.google.cloud.compute.v1.GetDiskRequest;
import com.google.cloud.compute.v1.Operation;
import io.weir.driver.CloudException;
import io.weir.driver.Leftovers;
import io.weir.pool.FailureKind;
import io.weir.pool.Leftover;
import io.weir.pool.MachineName;
import io.weir.pool.Marks;
import io.weir.pool.PoolName;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Disks that bear a pool's label and that no instance uses. Compute Engine deletes a disk with its machine; what is left is of a launch or
 * an end that was broken off half way.
 *
 * <ol>
 *   <li>Only disks that were to go with their machine bear the label: see {@link GceRequests}.
 *   <li>A zone that cannot be reached shows none of its disks, which is no harm here.
 *   <li>Each is looked at once more before it is deleted; Compute Engine refuses to delete one that is in use.
 * </ol>
 */
final class GceLeftovers implements Leftovers {
    private static final String DISK = "disk:";
    private static final int PAGE = 500;
    private static final int PAGES_MAX = 1000;
    private static final Duration SAME_END = Duration.ofMinutes(5);

    private final GceApi api;
    private final String project;
    private final String region;
    private final InstantSource clock;

    GceLeftovers(GceApi api, String project, String region, InstantSource clock) {
        this.api = api;
        this.project = project;
        this.region = region;
        this.clock = clock;
    }

    @Override
    public List<Leftover> list(Set<PoolName> pools) throws CloudException {
        List<Leftover> found = new ArrayList<>();
        if (pools.isEmpty()) {
            return found;
        }
        AggregatedListDisksRequest.Builder asked = AggregatedListDisksRequest.newBuilder()
                .setProject(project)
                .setFilter("labels." + Marks.POOL_TAG + ":*")
                .setMaxResults(PAGE)
                .setReturnPartialSuccess(true);
        try {
            for (int page = 0; page < PAGES_MAX; page++) {
                DiskAggregatedList answer = api.disks(asked.build());
                answer.getItemsMap().forEach((scope, part) -> {
                    String zone = GceNames.last(scope);
                    if (GceNames.regionOf(zone).equals(region)) {
                        part.getDisksList().forEach(disk -> leftover(zone, disk)
                                .filter(left -> pools.contains(left.pool()))
                                .ifPresent(found::add));
                    }
                });
                if (answer.getNextPageToken().isEmpty()) {
                    break;
                }
                asked.setPageToken(answer.getNextPageToken());
            }
            return found;
        } catch (ApiException failure) {
            throw GceFailures.ofRead(failure);
        }
    }

    /** Empty: it is nobody's of ours, or it serves. */
    private static Optional<Leftover> leftover(String zone, Disk disk) {
        String pool = disk.getLabelsOrDefault(Marks.POOL_TAG, "");
        String machine = disk.getLabelsOrDefault(Marks.NAME_TAG, "");
        return disk.getUsersCount() == 0 && PoolName.isLegal(pool) && MachineName.isLegal(machine)
                ? Optional.of(
                        new Leftover(DISK + zone + ":" + disk.getName(), new PoolName(pool), new MachineName(machine)))
                : Optional.empty();
    }

    @Override
    public void takeAway(Leftover leftover) throws CloudException {
        String[] parts = leftover.id().split(":", -1);
        String zone = parts[1];
        String name = parts[2];
        try {
            Disk disk = api.disk(GetDiskRequest.newBuilder()
                    .setProject(project)
                    .setZone(zone)
                    .setDisk(name)
                    .build());
            if (!leftover(zone, disk).filter(leftover::equals).isPresent()) {
                throw new CloudException(FailureKind.CONFLICT, leftover.id() + " serves a machine by now");
            }
        } catch (ApiException failure) {
            if (GceFailures.isAbsent(failure)) {
                throw new CloudException(FailureKind.CONFLICT, leftover.id() + " is gone already");
            }
            throw GceFailures.ofRead(failure);
        }
        String now = String.valueOf(clock.instant().getEpochSecond() / SAME_END.toSeconds());
        try {
            Operation begun = api.deleteDisk(DeleteDiskRequest.newBuilder()
                    .setProject(project)
                    .setZone(zone)
                    .setDisk(name)
                    .setRequestId(GceNames.change("take-away", project, leftover.id(), now)
                            .toString())
                    .build());
            if (begun.hasError()) {
                throw GceFailures.ofOperation(begun);
            }
        } catch (ApiException failure) {
            CloudException meaning = GceFailures.ofChange(failure);
            throw meaning.kind() == FailureKind.NOT_FOUND
                    ? new CloudException(FailureKind.CONFLICT, leftover.id() + " is gone already")
                    : meaning;
        }
    }
}
