package io.weir.gce.fake;

import com.google.cloud.compute.v1.BulkInsertOperationStatus;
import com.google.cloud.compute.v1.ErrorDetails;
import com.google.cloud.compute.v1.ErrorInfo;
import com.google.cloud.compute.v1.Errors;
import com.google.cloud.compute.v1.Help;
import com.google.cloud.compute.v1.HelpLink;
import com.google.cloud.compute.v1.InstancesBulkInsertOperationMetadata;
import com.google.cloud.compute.v1.LocalizedMessage;
import com.google.cloud.compute.v1.Operation;
import com.google.cloud.compute.v1.OperationAggregatedList;
import com.google.cloud.compute.v1.OperationList;
import com.google.cloud.compute.v1.OperationsScopedList;
import com.google.cloud.compute.v1.QuotaExceededInfo;
import io.weir.gce.fake.Change.Bulk;
import io.weir.gce.fake.Change.Failure;
import io.weir.gce.fake.Change.Fault;
import io.weir.gce.fake.Change.Op;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Operations as Compute shows them: PENDING, RUNNING, DONE, and what became of what was asked for. One that has been done for long is
 * forgotten. A wait answers at once with how it stands, as it may.
 */
final class Operations {
    private final Ground ground;

    Operations(Ground ground) {
        this.ground = ground;
    }

    Operation get(Schema.Call call, long now) throws Refusal {
        String name = call.text("operation");
        String zone = call.text("zone");
        String resource = Names.resource((zone.isEmpty() ? "global" : "zones/" + zone) + "/operations/" + name);
        Optional<Op> op = ground.ledger
                .operation(name)
                .or(() -> ground.ledger.operations().stream()
                        .filter(one -> one.id().equals(name))
                        .findFirst())
                .filter(one -> isShown(one, now) && zone.equals(one.zone() == null ? "" : one.zone()));
        if (op.isEmpty() || ground.dice.happens(ground.dials.forgottenOperations())) {
            throw Refusal.notFound(resource);
        }
        return view(op.get(), now);
    }

    private boolean isShown(Op op, long now) {
        return op.inserted().toEpochMilli() <= now && !op.isDone(now - Ground.millis(ground.dials.operationSeconds()));
    }

    private List<Operation> shown(long now, @Nullable String zone) {
        return ground.ledger.operations().stream()
                .filter(op -> isShown(op, now))
                .filter(op -> zone == null || zone.equals(op.zone() == null ? "" : op.zone()))
                .map(op -> view(op, now))
                .toList();
    }

    private Page<Operation> page(Schema.Call call, List<Operation> shown) throws Refusal {
        return Page.of(
                call,
                ground.dials,
                shown,
                Operation::getName,
                Operation::getInsertTime,
                Operation.getDefaultInstance());
    }

    OperationList list(Schema.Call call, long now) throws Refusal {
        String zone = call.text("zone");
        String path = (zone.isEmpty() ? "global" : "zones/" + zone) + "/operations";
        Page<Operation> page = page(call, shown(now, zone));
        OperationList.Builder list = OperationList.newBuilder()
                .setKind("compute#operationList")
                .setId(Names.resource(path))
                .setSelfLink(Names.link(path))
                .addAllItems(page.things());
        if (!page.next().isEmpty()) {
            list.setNextPageToken(page.next());
        }
        return list.build();
    }

    OperationAggregatedList aggregatedList(Schema.Call call, long now) throws Refusal {
        Scopes scopes = Scopes.of(ground, call.text("return_partial_success").equals("true"));
        List<Operation> shown = shown(now, null).stream()
                .filter(op -> !scopes.dark().contains(Names.last(op.getZone())))
                .toList();
        Page<Operation> page = page(call, shown);
        OperationAggregatedList.Builder list = OperationAggregatedList.newBuilder()
                .setKind("compute#operationAggregatedList")
                .setId(Names.resource("aggregated/operations"))
                .setSelfLink(Names.link("aggregated/operations"))
                .addAllUnreachables(scopes.unreachables());
        for (String zone : ground.project.zones()) {
            OperationsScopedList.Builder scope = OperationsScopedList.newBuilder();
            page.things().stream()
                    .filter(op -> Names.last(op.getZone()).equals(zone))
                    .forEach(scope::addOperations);
            scopes.warning(zone, scope.getOperationsCount()).ifPresent(scope::setWarning);
            if (scopes.isTold(zone)) {
                list.putItems("zones/" + zone, scope.build());
            }
        }
        if (!page.next().isEmpty()) {
            list.setNextPageToken(page.next());
        }
        return list.build();
    }

    static Operation view(Op op, long now) {
        boolean done = op.isDone(now);
        boolean running = done || op.started().toEpochMilli() <= now;
        String scope = op.zone() == null ? "global" : "zones/" + op.zone();
        Operation.Builder view = Operation.newBuilder()
                .setKind("compute#operation")
                .setId(Long.parseUnsignedLong(op.id()))
                .setName(op.name())
                .setOperationType(op.type())
                .setTargetLink(Names.link(op.target()))
                .setStatus(done ? Operation.Status.DONE : running ? Operation.Status.RUNNING : Operation.Status.PENDING)
                .setUser(op.user())
                .setProgress(done ? 100 : 0)
                .setInsertTime(Names.time(op.inserted()))
                .setSelfLink(Names.link(scope + "/operations/" + op.name()));
        if (op.zone() != null) {
            view.setZone(Names.link("zones/" + op.zone()));
        }
        // What is still to be made has no number yet.
        if (op.targetId() != null && (running || !op.type().equals("insert"))) {
            view.setTargetId(Long.parseUnsignedLong(op.targetId()));
        }
        if (running) {
            view.setStartTime(Names.time(op.started()));
        }
        if (op.requestId() != null) {
            view.setClientOperationId(op.requestId());
        }
        if (op.group() != null) {
            view.setOperationGroupId(op.group());
        }
        Failure failure = op.failure();
        if (done && op.end() != null) {
            view.setEndTime(Names.time(op.end()));
            if (failure != null) {
                view.setHttpErrorStatusCode(failure.status())
                        .setHttpErrorMessage(failure.word())
                        .setError(error(failure));
            }
        }
        if (op.bulk() != null) {
            view.setInstancesBulkInsertOperationMetadata(bulk(op, op.bulk(), done));
        }
        return view.build();
    }

    private static InstancesBulkInsertOperationMetadata bulk(Op op, Bulk bulk, boolean done) {
        boolean back = op.failure() != null;
        BulkInsertOperationStatus.Builder status = BulkInsertOperationStatus.newBuilder()
                .setTargetVmCount(bulk.target())
                .setStatus(done ? back ? "ROLLED_BACK" : "DONE" : "CREATING");
        if (done) {
            status.setCreatedVmCount(bulk.created())
                    .setFailedToCreateVmCount(bulk.failed())
                    .setDeletedVmCount(bulk.deleted());
        }
        return InstancesBulkInsertOperationMetadata.newBuilder()
                .putPerLocationStatus("zones/" + op.zone(), status.build())
                .build();
    }

    private static com.google.cloud.compute.v1.Error error(Failure failure) {
        com.google.cloud.compute.v1.Error.Builder error = com.google.cloud.compute.v1.Error.newBuilder();
        for (Fault fault : failure.faults()) {
            Errors.Builder one = Errors.newBuilder().setCode(fault.code()).setMessage(fault.message());
            Map<String, String> details = fault.details();
            if (details.containsKey("metricName")) {
                one.addErrorDetails(ErrorDetails.newBuilder().setQuotaInfo(quota(details)));
            } else if (details.containsKey("help")) {
                one.addErrorDetails(ErrorDetails.newBuilder()
                        .setErrorInfo(ErrorInfo.newBuilder()
                                .setDomain("compute.googleapis.com")
                                .setReason(String.valueOf(details.get("reason")))
                                .putMetadatas("vmType", String.valueOf(details.get("vmType")))
                                .putMetadatas("zone", String.valueOf(details.get("zone")))
                                .putMetadatas("zonesAvailable", "")
                                .putMetadatas("attachment", "")));
                one.addErrorDetails(ErrorDetails.newBuilder()
                        .setHelp(Help.newBuilder()
                                .addLinks(HelpLink.newBuilder()
                                        .setDescription("Troubleshooting documentation")
                                        .setUrl(String.valueOf(details.get("help"))))));
                one.addErrorDetails(ErrorDetails.newBuilder()
                        .setLocalizedMessage(
                                LocalizedMessage.newBuilder().setLocale("en-US").setMessage(fault.message())));
            }
            error.addErrors(one);
        }
        return error.build();
    }

    private static QuotaExceededInfo quota(Map<String, String> details) {
        QuotaExceededInfo.Builder info = QuotaExceededInfo.newBuilder()
                .setMetricName(String.valueOf(details.get("metricName")))
                .setLimitName(String.valueOf(details.get("limitName")))
                .setLimit(Double.parseDouble(String.valueOf(details.get("limit"))));
        for (String dimension : List.of("region", "global")) {
            if (details.containsKey(dimension)) {
                info.putDimensions(dimension, String.valueOf(details.get(dimension)));
            }
        }
        return info.build();
    }
}
