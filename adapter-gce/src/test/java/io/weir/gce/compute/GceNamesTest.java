package io.weir.gce.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.gce.compute.GceNames.Place;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class GceNamesTest {
    private static final Place PLACE = new Place("us-central1-a", "web-k3j2h1g0-2f-0");

    @Test
    void an_id_is_zone_and_name_and_says_so_again() {
        assertThat(PLACE.id()).isEqualTo(new MachineId("us-central1-a:web-k3j2h1g0-2f-0"));
        assertThat(GceNames.place(PLACE.id(), "us-central1")).contains(PLACE);
    }

    @Test
    void ids_of_other_regions_and_other_clouds_are_none() {
        assertThat(GceNames.place(PLACE.id(), "us-central2")).isEmpty();
        for (String other : Set.of("i-0123456789abcdef0", "another-clouds~id:1", "us-central1-a:", "us-central1:web")) {
            assertThat(GceNames.place(new MachineId(other), "us-central1")).isEmpty();
        }
        assertThat(GceNames.place(new MachineId("northamerica-northeast1-b:web"), "northamerica-northeast1"))
                .isPresent();
        assertThat(GceNames.place(new MachineId("us-central1-ai1a:web"), "us-central1"))
                .contains(new Place("us-central1-ai1a", "web"));
    }

    @Test
    void the_same_launch_is_the_same_request_and_any_other_is_another() {
        Set<UUID> ids = new HashSet<>();
        for (String zone : Set.of("us-central1-a", "us-central1-b")) {
            for (String name : Set.of("web-k3j2h1g0-2f-0", "web-k3j2h1g0-2f-1")) {
                for (String as : Set.of("aaaaaaaaaaaa", "bbbbbbbbbbbb")) {
                    UUID id = GceNames.launch(new Place(zone, name), as);
                    assertThat(id).isEqualTo(GceNames.launch(new Place(zone, name), as));
                    assertThat(id.version()).isEqualTo(8);
                    assertThat(id.variant()).isEqualTo(2);
                    ids.add(id);
                }
            }
        }
        assertThat(ids).hasSize(8);
    }

    @Test
    void a_request_id_tells_whose_launch_an_operation_was_whatever_it_was_launched_as() {
        assertThat(GceNames.isLaunch(GceNames.launch(PLACE, "aaaaaaaaaaaa").toString(), PLACE))
                .isTrue();
        assertThat(GceNames.isLaunch(GceNames.launch(PLACE, "bbbbbbbbbbbb").toString(), PLACE))
                .isTrue();

        assertThat(GceNames.isLaunch(
                        GceNames.launch(new Place("us-central1-b", PLACE.name()), "aaaaaaaaaaaa")
                                .toString(),
                        PLACE))
                .isFalse();
        assertThat(GceNames.isLaunch(UUID.randomUUID().toString(), PLACE)).isFalse();
        assertThat(GceNames.isLaunch("", PLACE)).isFalse();
        assertThat(GceNames.isLaunch("somebody's own", PLACE)).isFalse();
    }

    @Test
    void an_instance_has_a_name_of_ours_only_if_its_batch_explains_it() {
        assertThat(GceNames.machine("web-k3j2h1g0-2f-0", "web-k3j2h1g0-2f"))
                .contains(new MachineName("web-k3j2h1g0-2f-0"));
        assertThat(GceNames.machine("web-k3j2h1g0-2f-0", null)).isEmpty();
        assertThat(GceNames.machine("copy-of-it", "web-k3j2h1g0-2f")).isEmpty();
    }

    @Test
    void a_disks_name_is_legal_and_its_machines_own_however_long_that_is() {
        String longest = "a".repeat(58) + "-0";
        assertThat(GceNames.disk("web-k3j2h1g0-2f-0", 1)).isEqualTo("web-k3j2h1g0-2f-0-data-1");
        assertThat(GceNames.disk(longest, 12)).hasSizeLessThanOrEqualTo(63).matches("[a-z]([a-z0-9-]{0,61}[a-z0-9])?");
        assertThat(GceNames.disk(longest, 12)).isNotEqualTo(GceNames.disk("a".repeat(58) + "-1", 12));
    }
}
