package io.weir.gce.fake;

import static io.weir.gce.fake.Bench.A;
import static io.weir.gce.fake.Bench.B;
import static io.weir.gce.fake.Bench.PROJECT;
import static io.weir.gce.fake.Bench.message;
import static io.weir.gce.fake.Bench.reason;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.gax.rpc.ApiException;
import com.google.cloud.compute.v1.AttachedDisk;
import com.google.cloud.compute.v1.AttachedDiskInitializeParams;
import com.google.cloud.compute.v1.BulkInsertInstanceRequest;
import com.google.cloud.compute.v1.BulkInsertInstanceResource;
import com.google.cloud.compute.v1.BulkInsertInstanceResourcePerInstanceProperties;
import com.google.cloud.compute.v1.BulkInsertOperationStatus;
import com.google.cloud.compute.v1.Errors;
import com.google.cloud.compute.v1.Instance;
import com.google.cloud.compute.v1.InstanceProperties;
import com.google.cloud.compute.v1.Operation;
import com.google.cloud.compute.v1.Scheduling;
import com.google.cloud.compute.v1.ServiceAccount;
import com.google.cloud.compute.v1.SuspendInstanceRequest;
import io.weir.simulated.Dials.LateCalls;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LaunchingTest {
    private static final String REQUEST = "11111111-2222-3333-4444-555555555555";

    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void an_insert_is_pending_then_running_and_done_when_its_instance_runs() {
        Operation begun = bench.insert("web-1");
        assertThat(begun.getStatus()).isEqualTo(Operation.Status.PENDING);
        assertThat(bench.get("web-1").getStatus()).isEqualTo("PROVISIONING");
        bench.pass(Duration.ofSeconds(2));
        assertThat(bench.operation(begun).getStatus()).isEqualTo(Operation.Status.RUNNING);
        assertThat(bench.get("web-1").getStatus()).isEqualTo("STAGING");
        assertThat(bench.get("web-1")
                        .getNetworkInterfaces(0)
                        .getAccessConfigs(0)
                        .hasNatIP())
                .isFalse();
        bench.settle();

        Operation done = bench.operation(begun);
        assertThat(done.getStatus()).isEqualTo(Operation.Status.DONE);
        assertThat(done.hasError()).isFalse();
        assertThat(done.getProgress()).isEqualTo(100);
        assertThat(bench.get("web-1").getStatus()).isEqualTo("RUNNING");
        assertThat(bench.get("web-1")
                        .getNetworkInterfaces(0)
                        .getAccessConfigs(0)
                        .getNatIP())
                .startsWith("198.18.");
    }

    @Test
    void the_same_request_id_answers_with_the_same_operation_and_launches_nothing_more() {
        Operation first = bench.insert(Bench.request("web-1", A).setRequestId(REQUEST));
        bench.settle();
        Operation again = bench.insert(Bench.request("web-1", A).setRequestId(REQUEST));

        assertThat(again.getName()).isEqualTo(first.getName());
        assertThat(again.getStatus()).isEqualTo(Operation.Status.DONE);
        assertThat(bench.cloud().ledger()).hasSize(1);
    }

    @Test
    void a_request_id_answers_with_its_operation_also_when_the_instance_is_gone() {
        Operation first = bench.insert(Bench.request("web-1", A).setRequestId(REQUEST));
        bench.settle();
        bench.delete("web-1");
        bench.settle();

        assertThat(bench.insert(Bench.request("web-1", A).setRequestId(REQUEST)).getName())
                .isEqualTo(first.getName());
        assertThat(bench.listed()).isEmpty();
    }

    @Test
    void another_request_under_a_known_id_is_refused() {
        bench.insert(Bench.request("web-1", A).setRequestId(REQUEST));

        assertThat(reason(() -> bench.insert(Bench.request("web-2", A).setRequestId(REQUEST))))
                .isEqualTo("invalid");
        assertThat(bench.cloud().ledger()).hasSize(1);
    }

    @Test
    void a_request_id_has_to_be_a_uuid_and_not_the_one_of_zeroes() {
        assertThat(reason(() -> bench.insert(Bench.request("web-1", A).setRequestId("web"))))
                .isEqualTo("invalid");
        assertThat(reason(() ->
                        bench.insert(Bench.request("web-1", A).setRequestId("00000000-0000-0000-0000-000000000000"))))
                .isEqualTo("invalid");
    }

    @Test
    void a_refused_call_leaves_its_request_id_free() {
        assertThat(reason(() -> bench.insert(
                        Bench.request("web-1", A).setRequestId(REQUEST).setInstanceResource(Bench.instance("Web", A)))))
                .isEqualTo("invalid");

        bench.insert(Bench.request("web-1", A).setRequestId(REQUEST));
        assertThat(bench.cloud().ledger()).hasSize(1);
    }

    @Test
    void a_name_is_taken_in_its_zone_until_the_instance_is_gone() {
        bench.insert("web-1");
        assertThat(reason(() -> bench.insert("web-1"))).isEqualTo("alreadyExists");
        bench.insert(Bench.request("web-1", B));
        bench.settle();
        bench.delete("web-1");
        assertThat(reason(() -> bench.insert("web-1"))).isEqualTo("alreadyExists");
        bench.settle();

        bench.insert("web-1");
        assertThat(bench.cloud().ledger()).hasSize(3);
    }

    @Test
    void a_conflict_may_be_told_by_the_operation() {
        bench.insert("web-1");
        bench.cloud().turn(turn -> turn.conflictsInOperation = true);
        Operation begun = bench.insert("web-1");
        bench.settle();

        Operation done = bench.operation(begun);
        assertThat(done.getHttpErrorStatusCode()).isEqualTo(409);
        assertThat(done.getError().getErrors(0).getCode()).isEqualTo("RESOURCE_ALREADY_EXISTS");
        assertThat(bench.get("web-1").getStatus()).isEqualTo("RUNNING");
        assertThat(bench.cloud().ledger()).hasSize(1);
    }

    @Test
    void a_full_zone_is_told_by_the_operation_and_the_instance_is_shown_for_a_moment() {
        bench.cloud().turn(turn -> turn.capacity = Map.of(A, 1));
        bench.insert("web-1");
        Operation begun = bench.insert("web-2");
        bench.pass(Duration.ofSeconds(1));
        assertThat(Bench.names(bench.listed())).containsExactlyInAnyOrder("web-1", "web-2");
        bench.settle();

        Operation done = bench.operation(begun);
        assertThat(done.getStatus()).isEqualTo(Operation.Status.DONE);
        assertThat(done.getHttpErrorStatusCode()).isEqualTo(503);
        assertThat(done.getError().getErrors(0).getCode()).isEqualTo("ZONE_RESOURCE_POOL_EXHAUSTED");
        assertThat(Bench.names(bench.listed())).containsExactly("web-1");
        assertThat(bench.cloud().disks()).containsExactly(A + "/web-1");
        assertThat(reason(() -> bench.get("web-2"))).isEqualTo("notFound");
    }

    @Test
    void capacity_may_be_that_of_one_type_and_of_one_provisioning_model() {
        bench.cloud().turn(turn -> turn.capacity = Map.of(A + "/e2-small/SPOT", 0, A + "/e2-medium", 0));

        assertThat(code(bench.insert("standard"))).isEmpty();
        assertThat(code(bench.insert("spot", LaunchingTest::spot))).isEqualTo("ZONE_RESOURCE_POOL_EXHAUSTED");
        assertThat(code(bench.insert("medium", one -> one.setMachineType("zones/" + A + "/machineTypes/e2-medium"))))
                .isEqualTo("ZONE_RESOURCE_POOL_EXHAUSTED");
    }

    private static Instance.Builder spot(Instance.Builder instance) {
        return instance.setScheduling(Scheduling.newBuilder().setProvisioningModel("SPOT"));
    }

    /** Of the operation's error, when it is done; empty: there is none. */
    private String code(Operation begun) {
        bench.settle();
        Operation done = bench.operation(begun);
        assertThat(done.getStatus()).isEqualTo(Operation.Status.DONE);
        return done.hasError() ? done.getError().getErrors(0).getCode() : "";
    }

    @Test
    void a_quota_is_told_by_the_operation_or_at_the_door() {
        bench.cloud().turn(turn -> turn.quota = Map.of(GceDials.CPUS, 3.0));
        bench.insert("web-1");
        Operation begun = bench.insert("web-2");
        assertThat(code(begun)).isEqualTo("QUOTA_EXCEEDED");
        Operation done = bench.operation(begun);
        assertThat(done.getError().getErrors(0).getMessage())
                .isEqualTo("Quota 'CPUS' exceeded.  Limit: 3.0 in region us-central1.");
        assertThat(done.getError()
                        .getErrors(0)
                        .getErrorDetails(0)
                        .getQuotaInfo()
                        .getLimit())
                .isEqualTo(3);
        bench.cloud().turn(turn -> turn.quotaAtTheDoor = true);
        assertThat(reason(() -> bench.insert("web-3"))).isEqualTo("quotaExceeded");
    }

    @Test
    void an_insert_may_fail_after_it_was_accepted_before_its_instance_runs_or_after() {
        bench.cloud().turn(turn -> turn.lateRefusals = new GceDials.LateRefusals(1, 5, "INTERNAL_ERROR", false));
        assertThat(code(bench.insert("web-1"))).isEqualTo("INTERNAL_ERROR");
        bench.cloud().turn(turn -> turn.lateRefusals = new GceDials.LateRefusals(1, 5, "INTERNAL_ERROR", true));
        Operation begun = bench.insert("web-2");
        assertThat(code(begun)).isEqualTo("INTERNAL_ERROR");

        assertThat(bench.listed()).isEmpty();
        assertThat(bench.cloud().disks()).isEmpty();
        assertThat(bench.cloud().ledger())
                .extracting(line -> line.running() != null)
                .containsExactly(false, true);
    }

    @Test
    void a_failed_insert_may_leave_its_disk_which_then_keeps_its_name_taken() {
        bench.cloud().turn(turn -> {
            turn.capacity = Map.of(A, 0);
            turn.leftDisks = 1;
        });
        bench.insert("web-1");
        bench.settle();
        assertThat(bench.cloud().disks()).containsExactly(A + "/web-1");
        bench.cloud().set(GceDials.DEFAULT);

        assertThat(message(() -> bench.insert("web-1"))).contains("/disks/web-1' already exists");
    }

    @Test
    void an_operation_may_never_end() {
        bench.cloud().turn(turn -> turn.neverBoots = 1);
        Operation begun = bench.insert("web-1");
        bench.pass(Duration.ofDays(1));

        assertThat(bench.operation(begun).getStatus()).isEqualTo(Operation.Status.RUNNING);
        assertThat(bench.get("web-1").getStatus()).isEqualTo("STAGING");
    }

    @Test
    void what_is_wrong_is_told_at_the_door_with_its_field() {
        assertThat(message(() -> bench.insert("Web"))).startsWith("Invalid value for field 'resource.name': 'Web'.");
        assertThat(message(() -> bench.insert("web", one -> one.setMachineType("e2-small"))))
                .contains("'resource.machineType': 'e2-small'. The URL is malformed.");
        assertThat(message(() -> bench.insert("web", one -> one.setMachineType("zones/us-central1-a/machineTypes/x9"))))
                .contains("Machine type with name 'x9' does not exist in zone 'us-central1-a'.");
        assertThat(message(() ->
                        bench.insert("web", one -> one.setDisks(0, image("projects/weir-example/global/images/none")))))
                .contains("'resource.disks[0].initializeParams.sourceImage'", "cannot be found");
        assertThat(message(() -> bench.insert("web", Instance.Builder::clearDisks)))
                .contains("Boot disk");
        assertThat(message(() -> bench.insert("web", Instance.Builder::clearNetworkInterfaces)))
                .contains("At least one network interface");
        assertThat(message(() -> bench.insert("web", one -> one.putLabels("Team", "web"))))
                .contains("Label key 'Team'");
        assertThat(message(() -> bench.insert("web", one -> one.putLabels("team", "web.1"))))
                .contains("Label value 'web.1'");
        assertThat(message(() -> bench.insert(
                        "web",
                        one -> one.addServiceAccounts(
                                ServiceAccount.newBuilder().setEmail("nobody@example.com")))))
                .contains("serviceAccounts/nobody@example.com");
        assertThat(message(() -> bench.insert(Bench.request("web", A).setZone("us-central1-z"))))
                .contains("Unknown zone.");
        assertThat(bench.cloud().ledger()).isEmpty();
    }

    private static AttachedDisk image(String image) {
        return Bench.disk().toBuilder()
                .setInitializeParams(AttachedDiskInitializeParams.newBuilder().setSourceImage(image))
                .build();
    }

    @Test
    void a_family_is_its_newest_image_that_is_not_obsolete() {
        bench.insert("web-1", one -> one.setDisks(0, image("projects/weir-example/global/images/family/weir-web")));

        assertThat(bench.disks.get(PROJECT, A, "web-1").getSourceImage()).endsWith("/" + ExampleProject.IMAGE);
    }

    @Test
    void a_template_is_the_ground_and_the_call_lies_on_it() {
        bench.insert(Bench.request("web-1", A)
                .setSourceInstanceTemplate("global/instanceTemplates/" + ExampleProject.TEMPLATE)
                .setInstanceResource(Instance.newBuilder().setName("web-1").putLabels("weir-pool", "web")));
        Instance made = bench.get("web-1");

        assertThat(made.getMachineType()).endsWith("zones/us-central1-a/machineTypes/e2-small");
        assertThat(made.getLabelsMap()).containsOnly(Map.entry("team", "web"), Map.entry("weir-pool", "web"));
        assertThat(made.getDisks(0).getDiskSizeGb()).isEqualTo(20);
        assertThat(made.getTags().getItemsList()).containsExactly("from-template");
    }

    @Test
    void spot_instances_stop_when_they_are_taken_back_or_are_deleted_then() {
        bench.insert("stays", LaunchingTest::spot);
        bench.insert(
                "goes",
                one -> one.setScheduling(
                        Scheduling.newBuilder().setProvisioningModel("SPOT").setInstanceTerminationAction("DELETE")));
        bench.settle();
        assertThat(bench.get("stays").getScheduling().getInstanceTerminationAction())
                .isEqualTo("STOP");
        assertThat(bench.cloud().preempt(A + ":stays")).isTrue();
        assertThat(bench.cloud().preempt(A + ":goes")).isTrue();
        assertThat(bench.get("stays").getStatus()).isEqualTo("STOPPING");
        bench.settle();

        assertThat(bench.get("stays").getStatus()).isEqualTo("TERMINATED");
        assertThat(reason(() -> bench.get("goes"))).isEqualTo("notFound");
        assertThat(bench.cloud().alive("web")).isZero();
    }

    @Test
    void a_pre_emption_that_comes_by_itself_has_an_operation_of_its_own() {
        bench.cloud().turn(turn -> turn.preemptions = new GceDials.Preemptions(1, 10));
        bench.insert("web-1", LaunchingTest::spot);
        assertThat(bench.operations(A, "operationType = \"compute.instances.preempted\""))
                .isEmpty();
        bench.pass(Duration.ofMinutes(3));

        assertThat(bench.get("web-1").getStatus()).isEqualTo("TERMINATED");
        assertThat(bench.operations(A, "operationType = \"compute.instances.preempted\""))
                .extracting(Operation::getUser)
                .containsExactly("system");
    }

    private static BulkInsertInstanceRequest bulk(int count, UnaryOperator<BulkInsertInstanceResource.Builder> how) {
        Instance one = Bench.instance("x", A);
        BulkInsertInstanceResource.Builder bulk = BulkInsertInstanceResource.newBuilder()
                .setCount(count)
                .setInstanceProperties(InstanceProperties.newBuilder()
                        .setMachineType("e2-small")
                        .putLabels("weir-pool", "web")
                        .addAllDisks(one.getDisksList())
                        .addAllNetworkInterfaces(one.getNetworkInterfacesList()));
        for (int i = 0; i < count; i++) {
            bulk.putPerInstanceProperties(
                    "web-" + i, BulkInsertInstanceResourcePerInstanceProperties.getDefaultInstance());
        }
        return BulkInsertInstanceRequest.newBuilder()
                .setProject(PROJECT)
                .setZone(A)
                .setRequestId(REQUEST)
                .setBulkInsertInstanceResourceResource(how.apply(bulk))
                .build();
    }

    private static BulkInsertOperationStatus status(Operation bulk) {
        return bulk.getInstancesBulkInsertOperationMetadata().getPerLocationStatusOrThrow("zones/" + A);
    }

    @Test
    void a_bulk_insert_makes_one_instance_for_each_name_and_tells_of_each_by_its_group() {
        Operation begun = bench.instances.bulkInsertCallable().call(bulk(3, same -> same));
        assertThat(status(begun).getStatus()).isEqualTo("CREATING");
        bench.settle();

        assertThat(Bench.names(bench.listed())).containsExactly("web-0", "web-1", "web-2");
        Operation done = bench.operation(begun);
        assertThat(status(done).getCreatedVmCount()).isEqualTo(3);
        assertThat(bench.operations(A, "operationGroupId = " + done.getOperationGroupId()))
                .extracting(Operation::getOperationType)
                .containsExactlyInAnyOrder("bulkInsert", "insert", "insert", "insert");
        assertThat(bench.instances
                        .bulkInsertCallable()
                        .call(bulk(3, same -> same))
                        .getName())
                .isEqualTo(begun.getName());
        assertThat(bench.cloud().ledger()).hasSize(3);
    }

    @Test
    void without_a_least_number_a_bulk_insert_is_all_or_nothing_and_what_was_made_vanishes() {
        bench.cloud().turn(turn -> turn.capacity = Map.of(A, 2));
        Operation begun = bench.instances.bulkInsertCallable().call(bulk(3, same -> same));
        bench.pass(Duration.ofSeconds(2));
        assertThat(bench.listed()).hasSize(3);
        bench.pass(Duration.ofMinutes(2));

        assertThat(bench.listed()).isEmpty();
        assertThat(bench.cloud().disks()).isEmpty();
        Operation done = bench.operation(begun);
        assertThat(done.getError().getErrorsList())
                .extracting(Errors::getCode)
                .containsExactly("VM_MIN_COUNT_NOT_REACHED", "ZONE_RESOURCE_POOL_EXHAUSTED");
        assertThat(status(done).getStatus()).isEqualTo("ROLLED_BACK");
        assertThat(status(done).getDeletedVmCount()).isEqualTo(2);
    }

    @Test
    void with_a_least_number_a_bulk_insert_makes_what_there_is_room_for() {
        bench.cloud().turn(turn -> turn.capacity = Map.of(A, 2));
        Operation begun = bench.instances.bulkInsertCallable().call(bulk(3, some -> some.setMinCount(1)));
        bench.settle();

        Operation done = bench.operation(begun);
        assertThat(done.hasError()).isFalse();
        assertThat(status(done).getCreatedVmCount()).isEqualTo(2);
        assertThat(status(done).getFailedToCreateVmCount()).isEqualTo(1);
        assertThat(Bench.names(bench.listed())).containsExactly("web-0", "web-1");
        assertThat(bench.operations(A, "targetLink eq .*/instances/web-2")
                        .get(0)
                        .getError()
                        .getErrors(0)
                        .getCode())
                .isEqualTo("ZONE_RESOURCE_POOL_EXHAUSTED");
    }

    @Test
    void a_bulk_insert_may_count_names_by_a_pattern() {
        bench.insert("web-1");
        bench.instances.bulkInsertCallable().call(bulk(2, some -> some.clearPerInstanceProperties()
                .setNamePattern("web-#")));

        assertThat(Bench.names(bench.listed())).containsExactly("web-1", "web-2", "web-3");
    }

    @Test
    void lost_and_late_calls_get_no_answer_and_late_ones_land() {
        bench.cloud().loseRequests(1);
        assertThatThrownBy(() -> bench.insert("lost")).isInstanceOf(ApiException.class);
        bench.cloud().loseAnswers(1);
        assertThatThrownBy(() -> bench.insert("heard")).isInstanceOf(ApiException.class);
        bench.cloud().turn(turn -> turn.lateCalls = new LateCalls(1, 30));
        assertThatThrownBy(() -> bench.insert("late")).isInstanceOf(ApiException.class);
        assertThat(Bench.names(bench.listed())).containsExactly("heard");
        assertThat(bench.cloud().yetToLand()).isEqualTo(1);
        bench.pass(Duration.ofSeconds(31));

        assertThat(Bench.names(bench.listed())).containsExactly("heard", "late");
    }

    @Test
    void a_late_call_that_was_repeated_lands_as_what_it_is_the_same() {
        bench.cloud().turn(turn -> turn.lateCalls = new LateCalls(1, 30));
        assertThatThrownBy(() -> bench.insert(Bench.request("web-1", A).setRequestId(REQUEST)))
                .isInstanceOf(ApiException.class);
        bench.cloud().set(GceDials.DEFAULT);
        bench.insert(Bench.request("web-1", A).setRequestId(REQUEST));
        bench.settle();

        assertThat(bench.cloud().ledger()).hasSize(1);
    }

    @Test
    void the_same_seed_and_calls_make_the_same_ledger() {
        try (Bench other = new Bench()) {
            for (Bench each : List.of(bench, other)) {
                each.insert("web-1");
                each.settle();
                each.delete("web-1");
                each.insert("web-2");
                each.settle();
            }
            assertThat(other.cloud().ledger()).isEqualTo(bench.cloud().ledger());
        }
    }

    @Test
    void what_the_fake_does_not_heed_is_refused_and_never_ignored() {
        assertThat(reason(() -> bench.insert("web", one -> one.setMinCpuPlatform("Intel Haswell"))))
                .isEqualTo("notInTheFake");
        assertThat(reason(() -> bench.instances
                        .suspendCallable()
                        .call(SuspendInstanceRequest.newBuilder()
                                .setProject(PROJECT)
                                .setZone(A)
                                .setInstance("web")
                                .build())))
                .isEqualTo("notInTheFake");
        assertThat(Set.copyOf(bench.fake.calls().counted().keySet())).contains("instances.suspend");
    }

    @Test
    void request_ids_are_forgotten_in_time() {
        String id = UUID.fromString(REQUEST).toString();
        bench.cloud().turn(turn -> turn.requestIdSeconds = 60);
        bench.insert(Bench.request("web-1", A).setRequestId(id));
        bench.pass(Duration.ofMinutes(2));

        assertThat(reason(() -> bench.insert(Bench.request("web-1", A).setRequestId(id))))
                .isEqualTo("alreadyExists");
    }
}
