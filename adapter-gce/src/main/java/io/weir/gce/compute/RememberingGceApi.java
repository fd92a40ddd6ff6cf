package io.weir.gce.compute;

import com.google.cloud.compute.v1.AggregatedListDisksRequest;
import com.google.cloud.compute.v1.AggregatedListInstancesRequest;
import com.google.cloud.compute.v1.DeleteDiskRequest;
import com.google.cloud.compute.v1.DeleteInstanceRequest;
import com.google.cloud.compute.v1.Disk;
import com.google.cloud.compute.v1.DiskAggregatedList;
import com.google.cloud.compute.v1.DiskType;
import com.google.cloud.compute.v1.GetDiskRequest;
import com.google.cloud.compute.v1.GetDiskTypeRequest;
import com.google.cloud.compute.v1.GetFromFamilyImageRequest;
import com.google.cloud.compute.v1.GetImageRequest;
import com.google.cloud.compute.v1.GetInstanceRequest;
import com.google.cloud.compute.v1.GetInstanceTemplateRequest;
import com.google.cloud.compute.v1.GetMachineTypeRequest;
import com.google.cloud.compute.v1.GetNetworkRequest;
import com.google.cloud.compute.v1.GetRegionRequest;
import com.google.cloud.compute.v1.GetSubnetworkRequest;
import com.google.cloud.compute.v1.Image;
import com.google.cloud.compute.v1.InsertInstanceRequest;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.InstanceAggregatedList;
import com.google.cloud.compute.v1.InstanceTemplate;
import com.google.cloud.compute.v1.ListZoneOperationsRequest;
import com.google.cloud.compute.v1.MachineType;
import com.google.cloud.compute.v1.Network;
import com.google.cloud.compute.v1.Operation;
import com.google.cloud.compute.v1.OperationList;
import com.google.cloud.compute.v1.Region;
import com.google.cloud.compute.v1.SetLabelsDiskRequest;
import com.google.cloud.compute.v1.SetLabelsInstanceRequest;
import com.google.cloud.compute.v1.Subnetwork;
import io.weir.cloud.RememberedAnswers;

/**
 * Catalogs are answered from memory where they can be.
 *
 * <ol>
 *   <li>Instances, operations and disks are no catalog: what is there is always asked for, and what changes something always done.
 *   <li>When they are forgotten is not decided here, nor by the driver: what stands around every driver does it.
 * </ol>
 */
final class RememberingGceApi implements GceApi {
    private final GceApi api;
    private final RememberedAnswers answers;

    RememberingGceApi(GceApi api, RememberedAnswers answers) {
        this.api = api;
        this.answers = answers;
    }

    @Override
    public Operation insert(InsertInstanceRequest request) {
        return api.insert(request);
    }

    @Override
    public Operation delete(DeleteInstanceRequest request) {
        return api.delete(request);
    }

    @Override
    public Operation setLabels(SetLabelsInstanceRequest request) {
        return api.setLabels(request);
    }

    @Override
    public Operation setDiskLabels(SetLabelsDiskRequest request) {
        return api.setDiskLabels(request);
    }

    @Override
    public Operation deleteDisk(DeleteDiskRequest request) {
        return api.deleteDisk(request);
    }

    @Override
    public InstanceAggregatedList instances(AggregatedListInstancesRequest request) {
        return api.instances(request);
    }

    @Override
    public OperationList operations(ListZoneOperationsRequest request) {
        return api.operations(request);
    }

    @Override
    public Instance instance(GetInstanceRequest request) {
        return api.instance(request);
    }

    @Override
    public DiskAggregatedList disks(AggregatedListDisksRequest request) {
        return api.disks(request);
    }

    @Override
    public Disk disk(GetDiskRequest request) {
        return api.disk(request);
    }

    @Override
    public Region region(GetRegionRequest request) {
        return answers.get(Region.class, request, api::region);
    }

    @Override
    public MachineType machineType(GetMachineTypeRequest request) {
        return answers.get(MachineType.class, request, api::machineType);
    }

    @Override
    public DiskType diskType(GetDiskTypeRequest request) {
        return answers.get(DiskType.class, request, api::diskType);
    }

    @Override
    public Image image(GetImageRequest request) {
        return answers.get(Image.class, request, api::image);
    }

    @Override
    public Image newestImage(GetFromFamilyImageRequest request) {
        return answers.get(Image.class, request, api::newestImage);
    }

    @Override
    public Network network(GetNetworkRequest request) {
        return answers.get(Network.class, request, api::network);
    }

    @Override
    public Subnetwork subnetwork(GetSubnetworkRequest request) {
        return answers.get(Subnetwork.class, request, api::subnetwork);
    }

    @Override
    public InstanceTemplate instanceTemplate(GetInstanceTemplateRequest request) {
        return answers.get(InstanceTemplate.class, request, api::instanceTemplate);
    }
}
