package io.weir.openstack.nova;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.cloud.Elastisys;
import io.weir.pool.CloudMachine;
import io.weir.pool.MachineState;
import io.weir.pool.MembershipStatus;
import io.weir.pool.PoolName;
import io.weir.pool.ServiceState;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Nova shows of a server → what a pool makes of it. */
class NovaMachinesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ID = "0f731b95-bbc2-4cd9-92e2-f208f8ebf298";

    private final NovaMachines machines =
            new NovaMachines("here", new Elastisys(Map.of("Old Pool", new PoolName("web"))));

    private static JsonNode row(String json) throws JsonProcessingException {
        return JSON.readTree(json.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource({
        "ACTIVE, , RUNNING",
        "ACTIVE, deleting, TERMINATING",
        "ACTIVE, soft-deleting, TERMINATING",
        "ACTIVE, image_snapshot, RUNNING",
        "BUILD, spawning, PENDING",
        "BUILD, deleting, TERMINATING",
        "REBUILD, , PENDING",
        "REBOOT, , RUNNING",
        "HARD_REBOOT, , RUNNING",
        "PASSWORD, , RUNNING",
        "MIGRATING, , RUNNING",
        "RESIZE, , RUNNING",
        "VERIFY_RESIZE, , RUNNING",
        "REVERT_RESIZE, , RUNNING",
        "PAUSED, , PENDING",
        "SUSPENDED, , PENDING",
        "SHUTOFF, , PENDING",
        "SHELVED, , PENDING",
        "SHELVED_OFFLOADED, , PENDING",
        "RESCUE, , PENDING",
        "RESCUED, , PENDING",
        "ERROR, , REJECTED",
        "ERROR, deleting, TERMINATING",
        "SOFT_DELETED, , TERMINATED",
        "DELETED, , TERMINATED",
        "UNKNOWN, , PENDING",
        "A_WORD_OF_NEXT_YEAR, , PENDING",
        ", , PENDING"
    })
    void every_word_that_nova_has_or_may_have_is_a_state(String status, String task, MachineState expected)
            throws JsonProcessingException {
        String json = "{'id': '" + ID + "'"
                + (status == null ? "" : ", 'status': '" + status + "'")
                + (task == null ? "" : ", 'OS-EXT-STS:task_state': '" + task + "'") + "}";

        assertThat(machines.machine(row(json)).state()).isEqualTo(expected);
    }

    @Test
    void a_row_with_nothing_but_an_id_is_a_machine_of_nobody() throws JsonProcessingException {
        CloudMachine machine = machines.machine(row("{'id': '" + ID + "', 'status': 'UNKNOWN'}"));

        assertThat(machine.id().value()).isEqualTo(ID);
        assertThat(machine.pool()).isEmpty();
        assertThat(machine.name()).isEmpty();
        assertThat(machine.marks()).isEmpty();
        assertThat(machine.launchTime()).isEmpty();
        assertThat(machine.publicIps()).isEmpty();
    }

    @Test
    void fields_without_sense_are_as_if_they_were_not_there() throws JsonProcessingException {
        CloudMachine machine = machines.machine(row("{'id': '" + ID
                + "', 'status': 7, 'name': 'No Name Of Ours', 'created': 'yesterday', 'addresses': {'a': [{'addr':"
                + " 7}]}, 'metadata': {'weir-pool': 'No Pool', 'weir-marks': 'x', 'weir-batch': ''}, 'flavor':"
                + " null}"));

        assertThat(machine.state()).isEqualTo(MachineState.PENDING);
        assertThat(machine.pool()).isEmpty();
        assertThat(machine.marks()).isEmpty();
        assertThat(machine.batch()).isEmpty();
        assertThat(machine.name()).isEmpty();
        assertThat(machine.requestTime()).isEmpty();
    }

    @Test
    void times_are_utc_in_both_of_novas_ways_to_write_them_and_floating_addresses_are_public()
            throws JsonProcessingException {
        CloudMachine machine = machines.machine(row("{'id': '" + ID + "', 'status': 'ACTIVE',"
                + " 'created': '2026-11-29T08:37:14Z', 'OS-SRV-USG:launched_at': '2026-11-29T08:38:00.000000',"
                + " 'OS-EXT-AZ:availability_zone': 'zone-b', 'flavor': {'original_name': 'm1.tiny'},"
                + " 'addresses': {'net': [{'addr': '10.0.0.5', 'OS-EXT-IPS:type': 'fixed'},"
                + " {'addr': '203.0.113.9', 'OS-EXT-IPS:type': 'floating'}]}}"));

        assertThat(machine.requestTime()).contains(Instant.parse("2026-11-29T08:37:14Z"));
        assertThat(machine.launchTime()).contains(Instant.parse("2026-11-29T08:38:00Z"));
        assertThat(machine.privateIps()).containsExactly("10.0.0.5");
        assertThat(machine.publicIps()).containsExactly("203.0.113.9");
        assertThat(machine.choice().zone()).isEqualTo("zone-b");
        assertThat(machine.choice().machineType()).isEqualTo("m1.tiny");
    }

    @Test
    void a_server_in_error_that_never_ran_was_refused_late_and_one_that_ran_was_not() throws JsonProcessingException {
        JsonNode never = row("{'id': '" + ID + "', 'status': 'ERROR', 'OS-SRV-USG:launched_at': null}");
        JsonNode ran =
                row("{'id': '" + ID + "', 'status': 'ERROR', 'OS-SRV-USG:launched_at': '2026-11-29T08:38:00.000000'}");

        assertThat(NovaMachines.isRefusedLate(never)).isTrue();
        assertThat(NovaMachines.isRefusedLate(ran)).isFalse();
        assertThat(machines.machine(ran).state()).isEqualTo(MachineState.REJECTED);
    }

    @Test
    void neither_user_data_nor_a_first_password_is_ever_shown() throws JsonProcessingException {
        CloudMachine machine = machines.machine(row("{'id': '" + ID
                + "', 'status': 'ACTIVE', 'OS-EXT-SRV-ATTR:user_data': 'c2VzYW1l', 'adminPass': 'sesame'}"));

        assertThat(machine.toString()).doesNotContain("sesame", "c2VzYW1l");
    }

    // Machines of an elastisys cloud pool

    @Test
    void a_server_of_a_pool_that_is_taken_over_is_a_member_of_another_silent_store() throws JsonProcessingException {
        CloudMachine machine = machines.machine(row("{'id': '" + ID + "', 'status': 'ACTIVE', 'metadata': {"
                + "'elastisys:cloudPool': 'Old Pool', 'elastisys:serviceState': 'IN_SERVICE',"
                + " 'elastisys:membershipStatus': '{\\'active\\':true,\\'evictable\\':false}'}}"));

        assertThat(machine.pool()).contains(new PoolName("web"));
        assertThat(machine.marks()).hasValueSatisfying(marks -> {
            assertThat(marks.store()).isEqualTo(Elastisys.STORE);
            assertThat(marks.service()).isEqualTo(ServiceState.IN_SERVICE);
            assertThat(marks.membership()).isEqualTo(MembershipStatus.BLESSED);
            assertThat(marks.heartbeat()).isEmpty();
        });
    }

    @Test
    void a_pool_that_nobody_takes_over_is_not_ours() throws JsonProcessingException {
        CloudMachine machine =
                machines.machine(row("{'id': '" + ID + "', 'metadata': {'elastisys:cloudPool': 'Another Pool'}}"));

        assertThat(machine.pool()).isEmpty();
    }

    @Test
    void once_it_bears_a_mark_of_ours_the_old_one_counts_no_more() throws JsonProcessingException {
        CloudMachine released = machines.machine(row("{'id': '" + ID
                + "', 'metadata': {'elastisys:cloudPool': 'Old Pool', 'weir-pool': '', 'weir-marks':"
                + " '1_kit00001_2_x_ae_0'}}"));

        assertThat(released.pool()).isEmpty();
        assertThat(released.marks()).isPresent();
    }
}
