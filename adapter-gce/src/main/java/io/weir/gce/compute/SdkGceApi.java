package io.weir.gce.compute;

import com.google.api.gax.httpjson.HttpJsonStatusCode;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.ApiExceptionFactory;
import com.google.api.gax.rpc.StatusCode;
import com.google.api.gax.rpc.UnaryCallable;
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
import io.weir.cloud.RequestMeter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The calls by Google's clients, which {@link GceClients} builds.
 *
 * <ol>
 *   <li>An answer counts only if it says what kind of thing it is, as all of Compute Engine's do. The client takes any JSON object, a
 *       proxy's included, for an answer without fields: for no instances at all.
 *   <li>Whatever goes wrong is an {@code ApiException}, credentials that are not there included.
 *   <li>Each call is told of: as the client repeats nothing, a call is one request. Its outcome is the status, or {@code timeout}, or
 *       {@code failed}.
 * </ol>
 */
final class SdkGceApi implements GceApi, AutoCloseable {
    private final Login login;
    private final Executor threads;
    private final RequestMeter meter;
    private final InstantSource wall;
    private @Nullable GceClients clients;

    SdkGceApi(Login login, Executor threads, RequestMeter meter, InstantSource wall) {
        this.login = login;
        this.threads = threads;
        this.meter = meter;
        this.wall = wall;
    }

    /** @throws ApiException there are no credentials; looked for again at the next call */
    synchronized GceClients clients() {
        GceClients there = clients;
        if (there == null) {
            try {
                there = new GceClients(login, threads);
            } catch (IOException none) {
                throw ApiExceptionFactory.createException(
                        String.valueOf(none.getMessage()),
                        none,
                        HttpJsonStatusCode.of(StatusCode.Code.UNAUTHENTICATED),
                        false);
            }
            clients = there;
        }
        return there;
    }

    @Override
    public synchronized void close() {
        if (clients != null) {
            clients.close();
        }
    }

    @Override
    public Operation insert(InsertInstanceRequest request) {
        return answered(
                "instances.insert",
                clients -> clients.instances.insertCallable(),
                request,
                Operation::getKind,
                "compute#operation");
    }

    @Override
    public Operation delete(DeleteInstanceRequest request) {
        return answered(
                "instances.delete",
                clients -> clients.instances.deleteCallable(),
                request,
                Operation::getKind,
                "compute#operation");
    }

    @Override
    public Operation setLabels(SetLabelsInstanceRequest request) {
        return answered(
                "instances.setLabels",
                clients -> clients.instances.setLabelsCallable(),
                request,
                Operation::getKind,
                "compute#operation");
    }

    @Override
    public Operation setDiskLabels(SetLabelsDiskRequest request) {
        return answered(
                "disks.setLabels",
                clients -> clients.disks.setLabelsCallable(),
                request,
                Operation::getKind,
                "compute#operation");
    }

    @Override
    public Operation deleteDisk(DeleteDiskRequest request) {
        return answered(
                "disks.delete",
                clients -> clients.disks.deleteCallable(),
                request,
                Operation::getKind,
                "compute#operation");
    }

    @Override
    public InstanceAggregatedList instances(AggregatedListInstancesRequest request) {
        return answered(
                "instances.aggregatedList",
                clients -> clients.instances.aggregatedListCallable(),
                request,
                InstanceAggregatedList::getKind,
                "compute#instanceAggregatedList");
    }

    @Override
    public OperationList operations(ListZoneOperationsRequest request) {
        return answered(
                "zoneOperations.list",
                clients -> clients.operations.listCallable(),
                request,
                OperationList::getKind,
                "compute#operationList");
    }

    @Override
    public Instance instance(GetInstanceRequest request) {
        return answered(
                "instances.get",
                clients -> clients.instances.getCallable(),
                request,
                Instance::getKind,
                "compute#instance");
    }

    @Override
    public DiskAggregatedList disks(AggregatedListDisksRequest request) {
        return answered(
                "disks.aggregatedList",
                clients -> clients.disks.aggregatedListCallable(),
                request,
                DiskAggregatedList::getKind,
                "compute#diskAggregatedList");
    }

    @Override
    public Disk disk(GetDiskRequest request) {
        return answered("disks.get", clients -> clients.disks.getCallable(), request, Disk::getKind, "compute#disk");
    }

    @Override
    public Region region(GetRegionRequest request) {
        return answered(
                "regions.get", clients -> clients.regions.getCallable(), request, Region::getKind, "compute#region");
    }

    @Override
    public MachineType machineType(GetMachineTypeRequest request) {
        return answered(
                "machineTypes.get",
                clients -> clients.machineTypes.getCallable(),
                request,
                MachineType::getKind,
                "compute#machineType");
    }

    @Override
    public DiskType diskType(GetDiskTypeRequest request) {
        return answered(
                "diskTypes.get",
                clients -> clients.diskTypes.getCallable(),
                request,
                DiskType::getKind,
                "compute#diskType");
    }

    @Override
    public Image image(GetImageRequest request) {
        return answered(
                "images.get", clients -> clients.images.getCallable(), request, Image::getKind, "compute#image");
    }

    @Override
    public Image newestImage(GetFromFamilyImageRequest request) {
        return answered(
                "images.getFromFamily",
                clients -> clients.images.getFromFamilyCallable(),
                request,
                Image::getKind,
                "compute#image");
    }

    @Override
    public Network network(GetNetworkRequest request) {
        return answered(
                "networks.get",
                clients -> clients.networks.getCallable(),
                request,
                Network::getKind,
                "compute#network");
    }

    @Override
    public Subnetwork subnetwork(GetSubnetworkRequest request) {
        return answered(
                "subnetworks.get",
                clients -> clients.subnetworks.getCallable(),
                request,
                Subnetwork::getKind,
                "compute#subnetwork");
    }

    @Override
    public InstanceTemplate instanceTemplate(GetInstanceTemplateRequest request) {
        return answered(
                "instanceTemplates.get",
                clients -> clients.templates.getCallable(),
                request,
                InstanceTemplate::getKind,
                "compute#instanceTemplate");
    }

    private <Q, A> A answered(
            String operation,
            Function<GceClients, UnaryCallable<Q, A>> callable,
            Q request,
            Function<A, String> kind,
            String expected) {
        Instant begun = wall.instant();
        String outcome = "failed";
        try {
            A answer = callable.apply(clients()).call(request);
            if (!kind.apply(answer).equals(expected)) {
                throw ApiExceptionFactory.createException(
                        "the answer is no " + expected + ": it is not Compute Engine's",
                        null,
                        HttpJsonStatusCode.of(StatusCode.Code.UNKNOWN),
                        false);
            }
            outcome = "200";
            return answer;
        } catch (ApiException failure) {
            outcome = GceFailures.status(failure)
                    .map(String::valueOf)
                    .orElse(
                            failure.getStatusCode().getCode() == StatusCode.Code.DEADLINE_EXCEEDED
                                    ? "timeout"
                                    : "failed");
            throw failure;
        } finally {
            Duration took = Duration.between(begun, wall.instant());
            meter.requested(operation, outcome, took.isNegative() ? Duration.ZERO : took);
        }
    }
}
