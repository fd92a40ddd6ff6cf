package io.weir.gce.compute;

import com.google.cloud.compute.v1.AttachedDisk;
import com.google.cloud.compute.v1.AttachedDiskInitializeParams;
import com.google.cloud.compute.v1.InsertInstanceRequest;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.Scheduling;
import io.weir.pool.Batch;
import io.weir.pool.MachineName;
import io.weir.pool.Market;
import io.weir.pool.Marks;

/**
 * Frozen parameters → the launch call of one machine. Pure: the same batch asking for the same name makes the same request, whatever else
 * it asks for.
 *
 * <ol>
 *   <li>Pool, marks, batch and a digest of what it is launched as travel in the call, as labels.
 *   <li>A disk that goes with its machine bears pool and machine name, so that one that is left behind is found; one that is to stay bears
 *       nothing of Weir's, and nobody takes it away.
 *   <li>A spot machine that is pre-empted is deleted: a stopped one is of no use to a pool.
 * </ol>
 */
final class GceRequests {
    private GceRequests() {}

    static InsertInstanceRequest launch(String project, Batch batch, LaunchParameters frozen, MachineName name) {
        String zone = batch.choice().zone();
        GceNames.Place place = new GceNames.Place(zone, name.value());
        String launchedAs = launchedAs(batch);
        Instance.Builder instance = frozen.instance().toBuilder()
                .setName(name.value())
                .setMachineType(
                        "zones/" + zone + "/machineTypes/" + batch.choice().machineType())
                .putLabels(Marks.POOL_TAG, batch.pool().value())
                .putLabels(Marks.MARKS_TAG, batch.marks().encode())
                .putLabels(GceNames.BATCH_LABEL, batch.id().value())
                .putLabels(GceNames.LAUNCH_LABEL, launchedAs);
        for (int number = 0; number < instance.getDisksCount(); number++) {
            disk(instance.getDisksBuilder(number), number, batch, name);
        }
        if (batch.choice().market() == Market.SPOT) {
            instance.mergeScheduling(Scheduling.newBuilder()
                    .setProvisioningModel("SPOT")
                    .setInstanceTerminationAction("DELETE")
                    .setAutomaticRestart(false)
                    .setOnHostMaintenance("TERMINATE")
                    .build());
        }
        InsertInstanceRequest.Builder request = InsertInstanceRequest.newBuilder()
                .setProject(project)
                .setZone(zone)
                .setInstanceResource(instance)
                .setRequestId(GceNames.launch(place, launchedAs).toString());
        frozen.template().ifPresent(request::setSourceInstanceTemplate);
        return request.build();
    }

    /** What tells two launches under one name apart. */
    static String launchedAs(Batch batch) {
        return GceNames.digest(batch.choice().key() + batch.frozen());
    }

    private static void disk(AttachedDisk.Builder disk, int number, Batch batch, MachineName name) {
        AttachedDiskInitializeParams.Builder made = disk.getInitializeParamsBuilder();
        if (!made.getDiskType().isEmpty()) {
            made.setDiskType("zones/" + batch.choice().zone() + "/diskTypes/" + made.getDiskType());
        }
        if (!disk.getBoot()) {
            made.setDiskName(GceNames.disk(name.value(), number));
        }
        if (disk.getAutoDelete()) {
            made.putLabels(Marks.POOL_TAG, batch.pool().value()).putLabels(Marks.NAME_TAG, name.value());
        }
    }
}
