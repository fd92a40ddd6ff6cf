package io.weir.gce.fake;

import com.google.cloud.compute.v1.BulkInsertInstanceRequest;
import com.google.cloud.compute.v1.BulkInsertInstanceResource;
import com.google.cloud.compute.v1.InsertInstanceRequest;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.InstanceProperties;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a caller has to be allowed for a call, by the vendor's lists of permissions for methods. */
final class Permissions {
    private static final Map<String, String> VERBS =
            Map.of("aggregatedList", "list", "insert", "create", "bulkInsert", "create", "wait", "get");

    private Permissions() {}

    /** @param resource as the refusal names it */
    record Need(String permission, String resource) {}

    static List<Need> of(Schema.Call call) {
        if (call.key().equals("instances.insert")) {
            return launch(call, call.as(InsertInstanceRequest.class).getInstanceResource());
        }
        if (call.key().equals("instances.bulkInsert")) {
            BulkInsertInstanceResource bulk =
                    call.as(BulkInsertInstanceRequest.class).getBulkInsertInstanceResourceResource();
            InstanceProperties properties = bulk.getInstanceProperties();
            return launch(
                    call,
                    Schema.read(Schema.json(properties), Instance.newBuilder()).build());
        }
        String project = call.text("project");
        if (call.key().startsWith("images.") && !project.equals(ExampleProject.NAME)) {
            return List.of(); // public images are everybody's
        }
        String[] words = call.key().split("\\.", -1);
        String verb = VERBS.getOrDefault(words[1], words[1]);
        return List.of(new Need("compute." + words[0] + "." + verb, resource(call, words[0])));
    }

    private static String resource(Schema.Call call, String collection) {
        StringBuilder resource = new StringBuilder("projects/" + call.text("project"));
        for (String scope : List.of("zone", "region")) {
            if (!call.text(scope).isEmpty()) {
                resource.append("/").append(scope).append("s/").append(call.text(scope));
            }
        }
        for (String name : List.of(
                "instance",
                "resource",
                "disk",
                "operation",
                "image",
                "family",
                "network",
                "subnetwork",
                "machine_type",
                "disk_type",
                "instance_template")) {
            if (!call.text(name).isEmpty()) {
                resource.append("/").append(collection).append("/").append(call.text(name));
            }
        }
        return resource.toString();
    }

    private static List<Need> launch(Schema.Call call, Instance asked) {
        String project = "projects/" + call.text("project");
        String zone = project + "/zones/" + call.text("zone");
        String instance = zone + "/instances/" + asked.getName();
        Map<String, String> needs = new LinkedHashMap<>();
        needs.put("compute.instances.create", instance);
        needs.put("compute.disks.create", zone + "/disks/" + asked.getName());
        asked.getDisksList().forEach(disk -> {
            Optional<Names.Reference> image =
                    Names.reference(disk.getInitializeParams().getSourceImage());
            image.filter(reference -> reference.project().equals(call.text("project")))
                    .ifPresent(reference -> needs.put("compute.images.useReadOnly", project + "/" + reference.path()));
            if (disk.getInitializeParams().getLabelsCount() > 0) {
                needs.put("compute.disks.setLabels", zone + "/disks/" + asked.getName());
            }
        });
        if (asked.getNetworkInterfacesCount() > 0) {
            String subnet = project + "/regions/" + ExampleProject.REGION + "/subnetworks/"
                    + Names.last(asked.getNetworkInterfaces(0).getSubnetwork());
            needs.put("compute.subnetworks.use", subnet);
            if (asked.getNetworkInterfaces(0).getAccessConfigsCount() > 0) {
                needs.put("compute.subnetworks.useExternalIp", subnet);
            }
        }
        if (asked.getMetadata().getItemsCount() > 0) {
            needs.put("compute.instances.setMetadata", instance);
        }
        if (asked.getLabelsCount() > 0) {
            needs.put("compute.instances.setLabels", instance);
        }
        if (asked.getTags().getItemsCount() > 0) {
            needs.put("compute.instances.setTags", instance);
        }
        asked.getServiceAccountsList().forEach(account -> {
            needs.put("compute.instances.setServiceAccount", instance);
            needs.put("iam.serviceAccounts.actAs", project + "/serviceAccounts/" + account.getEmail());
        });
        template(call.request())
                .ifPresent(name -> needs.put(
                        "compute.instanceTemplates.useReadOnly",
                        project + "/global/instanceTemplates/" + Names.last(name)));
        List<Need> all = new ArrayList<>();
        needs.forEach((permission, resource) -> all.add(new Need(permission, resource)));
        return all;
    }

    private static Optional<String> template(Message request) {
        String name = request instanceof InsertInstanceRequest insert
                ? insert.getSourceInstanceTemplate()
                : ((BulkInsertInstanceRequest) request)
                        .getBulkInsertInstanceResourceResource()
                        .getSourceInstanceTemplate();
        return Optional.of(name).filter(text -> !text.isEmpty());
    }
}
