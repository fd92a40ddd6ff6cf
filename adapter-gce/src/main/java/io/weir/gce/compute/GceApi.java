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

/**
 * Exactly the calls that this driver makes, one method for each, one request for each call of a method. Whatever goes wrong is an
 * {@code ApiException}. The permissions that Weir needs are those of these calls and no others: {@code docs/clouds/gce.md} lists them.
 */
interface GceApi {

    // What changes something: each bears a request id, and is an operation that may fail later

    Operation insert(InsertInstanceRequest request);

    Operation delete(DeleteInstanceRequest request);

    Operation setLabels(SetLabelsInstanceRequest request);

    Operation setDiskLabels(SetLabelsDiskRequest request);

    Operation deleteDisk(DeleteDiskRequest request);

    // What is there

    InstanceAggregatedList instances(AggregatedListInstancesRequest request);

    OperationList operations(ListZoneOperationsRequest request);

    Instance instance(GetInstanceRequest request);

    DiskAggregatedList disks(AggregatedListDisksRequest request);

    Disk disk(GetDiskRequest request);

    // Catalogs: what a document is checked against

    Region region(GetRegionRequest request);

    MachineType machineType(GetMachineTypeRequest request);

    DiskType diskType(GetDiskTypeRequest request);

    Image image(GetImageRequest request);

    Image newestImage(GetFromFamilyImageRequest request);

    Network network(GetNetworkRequest request);

    Subnetwork subnetwork(GetSubnetworkRequest request);

    InstanceTemplate instanceTemplate(GetInstanceTemplateRequest request);
}
