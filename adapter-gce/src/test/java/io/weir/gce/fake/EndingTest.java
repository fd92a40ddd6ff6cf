package io.weir.gce.fake;

import static io.weir.gce.fake.Bench.A;
import static io.weir.gce.fake.Bench.PROJECT;
import static io.weir.gce.fake.Bench.message;
import static io.weir.gce.fake.Bench.reason;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.gax.rpc.ApiException;
import com.google.cloud.compute.v1.AttachedDisk;
import com.google.cloud.compute.v1.AttachedDiskInitializeParams;
import com.google.cloud.compute.v1.DeleteDiskRequest;
import com.google.cloud.compute.v1.Operation;
import com.google.cloud.compute.v1.SetDeletionProtectionInstanceRequest;
import io.weir.simulated.Dials.DiesYoung;
import io.weir.simulated.Dials.LateCalls;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EndingTest {
    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void a_deleted_instance_is_stopping_and_then_gone_without_a_trace_but_its_operation() {
        bench.insert("web-1");
        bench.settle();
        Operation begun = bench.delete("web-1");
        assertThat(bench.get("web-1").getStatus()).isEqualTo("STOPPING");
        bench.settle();

        assertThat(reason(() -> bench.get("web-1"))).isEqualTo("notFound");
        assertThat(reason(() -> bench.delete("web-1"))).isEqualTo("notFound");
        assertThat(bench.listed()).isEmpty();
        assertThat(bench.operation(begun).getStatus()).isEqualTo(Operation.Status.DONE);
        assertThat(bench.cloud().disks()).isEmpty();
    }

    @Test
    void deleting_what_ends_already_is_accepted_and_ends_with_it() {
        bench.insert("web-1");
        bench.settle();
        Operation first = bench.delete("web-1");
        bench.pass(Duration.ofSeconds(1));
        Operation second = bench.delete("web-1");
        bench.settle();

        assertThat(second.getName()).isNotEqualTo(first.getName());
        assertThat(bench.operation(second).getEndTime())
                .isEqualTo(bench.operation(first).getEndTime());
    }

    @Test
    void an_insert_that_is_deleted_before_it_runs_fails_as_cancelled() {
        Operation begun = bench.insert("web-1");
        bench.delete("web-1");
        bench.settle();

        Operation done = bench.operation(begun);
        assertThat(done.getHttpErrorStatusCode()).isEqualTo(409);
        assertThat(done.getError().getErrors(0).getCode()).isEqualTo("OPERATION_CANCELED_BY_USER");
        assertThat(bench.cloud().ledger().get(0).running()).isNull();
    }

    @Test
    void a_protected_instance_is_not_deleted_until_it_is_no_more() {
        bench.insert("web-1");
        assertThat(protect(true).getOperationType()).isEqualTo("setDeletionProtection");
        assertThat(bench.get("web-1").getDeletionProtection()).isTrue();
        assertThat(reason(() -> bench.delete("web-1"))).isEqualTo("invalidResourceUsage");
        assertThat(message(() -> bench.delete("web-1"))).contains("protected against deletion");
        protect(false);

        bench.delete("web-1");
        assertThat(bench.cloud().alive("web")).isZero();
    }

    private Operation protect(boolean on) {
        return bench.instances
                .setDeletionProtectionCallable()
                .call(SetDeletionProtectionInstanceRequest.newBuilder()
                        .setProject(PROJECT)
                        .setZone(A)
                        .setResource("web-1")
                        .setDeletionProtection(on)
                        .build());
    }

    @Test
    void disks_that_do_not_go_with_their_instance_stay_until_somebody_deletes_them() {
        bench.insert(
                "web-1",
                one -> one.addDisks(AttachedDisk.newBuilder()
                        .setAutoDelete(false)
                        .setInitializeParams(AttachedDiskInitializeParams.newBuilder()
                                .setDiskSizeGb(5)
                                .putLabels("weir-pool", "web"))));
        bench.settle();
        assertThat(reason(() -> deleteDisk("web-1-1"))).isEqualTo("resourceInUseByAnotherResource");
        assertThat(bench.disks.get(PROJECT, A, "web-1-1").getUsersList()).hasSize(1);
        bench.delete("web-1");
        bench.settle();
        assertThat(bench.cloud().disks()).containsExactly(A + "/web-1-1");
        assertThat(bench.disks.get(PROJECT, A, "web-1-1").getUsersList()).isEmpty();
        assertThat(bench.cloud().bearing("weir-pool")).containsExactly("disks/" + A + "/web-1-1");

        assertThat(deleteDisk("web-1-1").getOperationType()).isEqualTo("delete");
        bench.settle();
        assertThat(bench.cloud().disks()).isEmpty();
    }

    private Operation deleteDisk(String name) {
        return bench.disks
                .deleteCallable()
                .call(DeleteDiskRequest.newBuilder()
                        .setProject(PROJECT)
                        .setZone(A)
                        .setDisk(name)
                        .build());
    }

    @Test
    void a_deletion_may_hang() {
        bench.cloud().turn(turn -> turn.hangsInDeletion = 1);
        bench.insert("web-1");
        bench.settle();
        bench.delete("web-1");
        bench.pass(Duration.ofDays(1));

        assertThat(bench.get("web-1").getStatus()).isEqualTo("STOPPING");
        assertThat(bench.cloud().alive("web")).isZero();
    }

    @Test
    void an_instance_may_vanish_soon_after_it_ran_and_an_operation_says_who_did_it() {
        bench.cloud().turn(turn -> turn.diesYoung = new DiesYoung(1, 10));
        bench.insert("web-1");
        bench.pass(Duration.ofMinutes(10));

        assertThat(bench.listed()).isEmpty();
        assertThat(bench.operations(A, "operationType = delete"))
                .extracting(Operation::getUser)
                .containsExactly(ExampleProject.SOMEBODY);
    }

    @Test
    void what_was_to_befall_an_instance_befalls_it_no_more_once_it_is_deleted() {
        bench.cloud().turn(turn -> turn.diesYoung = new DiesYoung(1, 3000));
        bench.insert("web-1");
        bench.settle();
        bench.delete("web-1");
        bench.pass(Duration.ofHours(2));

        assertThat(bench.operations(A, "operationType = delete"))
                .extracting(Operation::getUser)
                .containsExactly(Access.WEIR);
    }

    @Test
    void a_late_deletion_gets_no_answer_and_lands_within_its_time() {
        bench.insert("web-1");
        bench.settle();
        bench.cloud().turn(turn -> turn.lateCalls = new LateCalls(1, 60));
        assertThatThrownBy(() -> bench.delete("web-1")).isInstanceOf(ApiException.class);
        assertThat(bench.cloud().alive("web")).isEqualTo(1);
        bench.pass(Duration.ofSeconds(61));

        bench.cloud().dials();
        assertThat(bench.cloud().alive("web")).isZero();
    }

    @Test
    void somebody_may_stop_an_instance_and_start_it_again() {
        bench.insert("web-1");
        bench.settle();
        assertThat(bench.cloud().stop(A + ":web-1", true)).isTrue();
        bench.settle();
        assertThat(bench.get("web-1").getStatus()).isEqualTo("TERMINATED");
        bench.cloud().stop(A + ":web-1", false);
        bench.settle();

        assertThat(bench.get("web-1").getStatus()).isEqualTo("RUNNING");
    }

    @Test
    void an_instance_may_be_too_busy_to_be_changed() {
        bench.insert("web-1");
        bench.cloud().turn(turn -> turn.busy = 1);

        assertThat(reason(() -> bench.delete("web-1"))).isEqualTo("resourceNotReady");
    }

    @Test
    void some_instances_of_a_pool_may_be_killed_at_once() {
        bench.insert("web-1");
        bench.insert("web-2");
        bench.settle();

        List<String> killed = bench.cloud().kill(1, "web");
        assertThat(killed).hasSize(1);
        assertThat(bench.cloud().kill(5, "db")).isEmpty();
        assertThat(bench.cloud().alive("web")).isEqualTo(1);
        assertThat(bench.listed()).hasSize(1);
    }
}
