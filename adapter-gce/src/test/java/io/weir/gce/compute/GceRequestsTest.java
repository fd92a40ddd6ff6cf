package io.weir.gce.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.compute.v1.AttachedDisk;
import com.google.cloud.compute.v1.InsertInstanceRequest;
import com.google.cloud.compute.v1.Instance;
import io.weir.driver.CloudException;
import io.weir.pool.Batch;
import io.weir.pool.Choice;
import io.weir.pool.FailureKind;
import io.weir.pool.MachineName;
import io.weir.pool.Market;
import io.weir.pool.Marks;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GceRequestsTest {
    private static final MachineName NAME = MachineName.of(TestBatches.ID, 0);

    @Test
    void a_machine_is_asked_for_under_its_own_name_with_all_that_weir_knows_it_by() throws Exception {
        InsertInstanceRequest request = launch(TestBatches.batch(3));
        Instance instance = request.getInstanceResource();

        assertThat(request.getZone()).isEqualTo("us-central1-a");
        assertThat(instance.getName()).isEqualTo("web-k3j2h1g0-2f-0");
        assertThat(instance.getMachineType()).isEqualTo("zones/us-central1-a/machineTypes/e2-small");
        assertThat(instance.getLabelsMap())
                .containsEntry("colour", "blue")
                .containsEntry(Marks.POOL_TAG, "web")
                .containsEntry(Marks.MARKS_TAG, TestBatches.batch(1).marks().encode())
                .containsEntry(GceNames.BATCH_LABEL, "web-k3j2h1g0-2f")
                .hasSize(5);
        assertThat(instance.getLabelsMap().values()).allMatch(value -> value.matches("[a-z0-9_-]{0,63}"));
        assertThat(instance.hasScheduling()).isFalse();
    }

    @Test
    void what_else_a_batch_asks_for_is_nothing_to_a_machine() throws Exception {
        assertThat(launch(TestBatches.batch(1))).isEqualTo(launch(TestBatches.batch(3)));
    }

    @Test
    void other_parameters_are_another_request_of_the_same_machine() throws Exception {
        Batch blue = TestBatches.batch(1);
        Batch red = TestBatches.batch(List.of(NAME), TestBatches.CHOICE, TestBatches.frozen("red"));

        assertThat(launch(red).getRequestId()).isNotEqualTo(launch(blue).getRequestId());
        assertThat(GceNames.isLaunch(launch(red).getRequestId(), new GceNames.Place("us-central1-a", NAME.value())))
                .isTrue();
    }

    @Test
    void a_disk_that_goes_with_its_machine_bears_its_name_and_one_that_stays_bears_nothing() throws Exception {
        List<AttachedDisk> disks =
                launch(TestBatches.batch(1)).getInstanceResource().getDisksList();

        assertThat(disks.get(0).getInitializeParams().getDiskName()).isEmpty(); // the instance's own
        assertThat(disks.get(1).getInitializeParams().getDiskName()).isEqualTo("web-k3j2h1g0-2f-0-data-1");
        for (AttachedDisk going : disks.subList(0, 2)) {
            assertThat(going.getInitializeParams().getLabelsMap())
                    .containsEntry(Marks.POOL_TAG, "web")
                    .containsEntry(Marks.NAME_TAG, "web-k3j2h1g0-2f-0");
            assertThat(going.getInitializeParams().getDiskType())
                    .isEqualTo("zones/us-central1-a/diskTypes/pd-balanced");
        }
        assertThat(disks.get(2).getInitializeParams().getLabelsMap()).isEmpty();
    }

    @Test
    void a_spot_machine_is_deleted_when_it_is_pre_empted() throws Exception {
        Choice spot = new Choice("us-central1-b", "e2-small", Market.SPOT, Optional.empty());
        Instance instance = launch(TestBatches.batch(List.of(NAME), spot, TestBatches.frozen("blue")))
                .getInstanceResource();

        assertThat(instance.getScheduling().getProvisioningModel()).isEqualTo("SPOT");
        assertThat(instance.getScheduling().getInstanceTerminationAction()).isEqualTo("DELETE");
        assertThat(instance.getScheduling().getAutomaticRestart()).isFalse();
        assertThat(GceMachines.market(instance)).isEqualTo(Market.SPOT);
    }

    @Test
    void what_is_frozen_comes_back_as_it_was_and_never_shows_its_metadata() throws Exception {
        LaunchParameters frozen = new LaunchParameters(
                Optional.of("projects/weir-example/global/instanceTemplates/web"),
                TestBatches.frozen("blue").instance());

        assertThat(LaunchParameters.thawed(frozen.frozen())).isEqualTo(frozen);
        assertThat(frozen.toString()).doesNotContain("sesame");
        assertThat(frozen.hidden("bad value: " + TestBatches.SECRET + "!")).isEqualTo("bad value: …!");
    }

    @Test
    void what_this_version_does_not_know_is_not_launched_without_it() {
        assertThatThrownBy(() -> LaunchParameters.thawed("{\"instance\": {\"warpDrive\": true}}"))
                .isInstanceOfSatisfying(CloudException.class, failure -> assertThat(failure.kind())
                        .isEqualTo(FailureKind.INVALID_TEMPLATE));
    }

    private static InsertInstanceRequest launch(Batch batch) throws Exception {
        return GceRequests.launch("weir-example", batch, LaunchParameters.thawed(batch.frozen()), NAME);
    }
}
