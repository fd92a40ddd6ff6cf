package io.weir.aws.fake;

import static io.weir.aws.fake.Bench.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ec2.model.InstanceStateChange;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.TerminateInstancesResponse;

class EndingTest {
    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    private TerminateInstancesResponse terminate(String... ids) {
        return bench.ec2.terminateInstances(request -> request.instanceIds(ids));
    }

    @Test
    void a_terminated_instance_shuts_down_and_ends_and_asking_again_is_no_mistake() {
        String id = bench.launch(1, "web").get(0);
        bench.settle();

        InstanceStateChange change = terminate(id).terminatingInstances().get(0);
        assertThat(change.previousState().name()).isEqualTo(InstanceStateName.RUNNING);
        assertThat(change.currentState().name()).isEqualTo(InstanceStateName.SHUTTING_DOWN);
        assertThat(terminate(id).terminatingInstances().get(0).previousState().name())
                .isEqualTo(InstanceStateName.SHUTTING_DOWN);
        bench.settle();
        assertThat(bench.listed(id).state().name()).isEqualTo(InstanceStateName.TERMINATED);
        assertThat(terminate(id).terminatingInstances().get(0).currentState().name())
                .isEqualTo(InstanceStateName.TERMINATED);
    }

    @Test
    void one_unknown_id_and_nothing_is_terminated() {
        String id = bench.launch(1, "web").get(0);

        assertThat(code(() -> terminate(id, "i-0123456789abcdef0"))).isEqualTo("InvalidInstanceID.NotFound");
        assertThat(bench.cloud().alive("web")).isEqualTo(1);
    }

    @Test
    void an_id_is_unknown_when_its_tombstone_has_gone() {
        String id = bench.launch(1, "web").get(0);
        terminate(id);
        bench.pass(Duration.ofHours(2));

        assertThat(code(() -> terminate(id))).isEqualTo("InvalidInstanceID.NotFound");
    }

    @Test
    void a_protected_instance_keeps_its_whole_zone_from_ending_and_no_other() {
        List<String> here = bench.launch(2, "web");
        String elsewhere = bench.run(request -> request.subnetId(ExampleRegion.SUBNET_B))
                .instances()
                .get(0)
                .instanceId();
        bench.ec2.modifyInstanceAttribute(
                request -> request.instanceId(here.get(0)).disableApiTermination(value -> value.value(true)));
        assertThat(bench.ec2
                        .describeInstanceAttribute(
                                request -> request.instanceId(here.get(0)).attribute("disableApiTermination"))
                        .disableApiTermination()
                        .value())
                .isTrue();

        assertThat(code(() -> terminate(here.get(0), here.get(1), elsewhere))).isEqualTo("OperationNotPermitted");

        assertThat(bench.listed(here.get(1)).state().name()).isEqualTo(InstanceStateName.PENDING);
        assertThat(bench.listed(elsewhere).state().name()).isEqualTo(InstanceStateName.SHUTTING_DOWN);
        assertThat(terminate(here.get(1)).terminatingInstances()).hasSize(1);
    }

    @Test
    void an_instance_may_be_launched_protected() {
        String id = bench.run(request -> request.disableApiTermination(true))
                .instances()
                .get(0)
                .instanceId();

        assertThat(code(() -> terminate(id))).isEqualTo("OperationNotPermitted");
    }

    @Test
    void an_end_may_hang() {
        bench.cloud().turn(turn -> turn.hangsInTermination = 1);
        String id = bench.launch(1, "web").get(0);
        terminate(id);
        bench.pass(Duration.ofDays(1));

        assertThat(bench.listed(id).state().name()).isEqualTo(InstanceStateName.SHUTTING_DOWN);
        assertThat(bench.cloud().alive("web")).isZero();
    }

    @Test
    void an_instance_may_never_boot_or_die_young() {
        bench.cloud().turn(turn -> turn.neverBoots = 1);
        String stuck = bench.launch(1, "web").get(0);
        bench.cloud().turn(turn -> {
            turn.neverBoots = 0;
            turn.diesYoung = new io.weir.simulated.Dials.DiesYoung(1, 10);
        });
        String young = bench.launch(1, "web").get(0);
        bench.pass(Duration.ofMinutes(10));

        assertThat(bench.listed(stuck).state().name()).isEqualTo(InstanceStateName.PENDING);
        assertThat(bench.listed(young).stateReason().code()).isEqualTo("Server.InternalError");
    }

    @Test
    void a_late_termination_gets_no_answer_and_lands_within_its_time() {
        String id = bench.launch(1, "web").get(0);
        bench.cloud().turn(turn -> turn.lateCalls = new io.weir.simulated.Dials.LateCalls(1, 60));

        assertThatThrownBy(() -> terminate(id)).isInstanceOf(SdkClientException.class);
        assertThat(bench.cloud().yetToLand()).isEqualTo(1);
        assertThat(bench.cloud().alive("web")).isEqualTo(1);
        bench.pass(Duration.ofSeconds(61));

        assertThat(bench.cloud().alive("web")).isZero();
    }

    @Test
    void a_lagging_cloud_may_not_know_yet_what_it_is_told_to_end() {
        bench.cloud().turn(turn -> turn.lagSeconds = 60);
        String id = bench.launch(1, "web").get(0);
        bench.pass(Duration.ofSeconds(1));

        List<String> codes = java.util.stream.IntStream.range(0, 8)
                .mapToObj(i -> code(() -> terminate(id)))
                .distinct()
                .toList();

        assertThat(codes).contains("InvalidInstanceID.NotFound");
    }
}
