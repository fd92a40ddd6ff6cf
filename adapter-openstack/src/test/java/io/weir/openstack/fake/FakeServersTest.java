package io.weir.openstack.fake;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.openstack.fake.FakeDials.Death;
import io.weir.openstack.fake.FakeDials.DiesYoung;
import io.weir.openstack.fake.FakeDials.Failure;
import io.weir.openstack.fake.FakeDials.What;
import io.weir.openstack.recorded.Wire.Answer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of servers in ways that no recording shows, or only slowly. */
class FakeServersTest {
    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void launches_that_come_close_together_pass_the_quota_and_the_surplus_fails_and_counts() {
        bench.fake.turn(dials -> dials.quota = Map.of("instances", 1L));
        List<String> ids = List.of(bench.launched("a"), bench.launched("b"), bench.launched("c"));

        bench.pass(5);

        assertThat(ids.stream().map(bench::status)).containsExactly("ACTIVE", "ERROR", "ERROR");
        assertThat(bench.server(ids.get(1)).path("fault").path("code").asInt()).isEqualTo(413);
        assertThat(limits().path("totalInstancesUsed").asInt()).isEqualTo(3);
        assertThat(bench.launch(bench.plain("d")).status()).isEqualTo(403);
    }

    @Test
    void a_zone_that_is_full_fails_a_server_that_was_accepted_and_another_zone_takes_it() {
        bench.fake.turn(dials -> dials.capacity = Map.of("zone-a", 1, "zone-b/m1.tiny", 0));
        String first = bench.launched("first", server -> server.put("availability_zone", "zone-a"));
        bench.pass(1);
        String second = bench.launched("second", server -> server.put("availability_zone", "zone-a"));
        String tiny = bench.launched("tiny", server -> server.put("availability_zone", "zone-b"));
        String small = bench.launched(
                "small", server -> server.put("availability_zone", "zone-b").put("flavorRef", "2"));
        bench.pass(5);

        assertThat(List.of(first, second, tiny, small).stream().map(bench::status))
                .containsExactly("ACTIVE", "ERROR", "ERROR", "ACTIVE");
        assertThat(bench.server(second).path("fault").path("message").asText()).contains("No valid host");
    }

    @Test
    void a_dark_cell_is_left_out_of_every_listing_but_the_one_that_asks_for_nothing() {
        String dark = bench.launched("dark", server -> server.put("availability_zone", "zone-a"));
        bench.launched("bright", server -> server.put("availability_zone", "zone-b"));
        bench.pass(5);
        bench.fake.turn(dials -> dials.downCells = Set.of("zone-a"));

        assertThat(bench.listed("")).containsExactly("UNKNOWN", "bright");
        assertThat(bench.listed("?limit=10")).containsExactly("bright");
        assertThat(bench.listed("?name=.")).containsExactly("bright");
        assertThat(bench.listed("?sort_key=uuid")).containsExactly("bright");
        assertThat(bench.listed("", "2.68")).containsExactly("bright");
        assertThat(bench.server(dark).path("OS-EXT-AZ:availability_zone").asText())
                .isEqualTo("zone-a");
        assertThat(bench.server(dark).has("metadata")).isFalse();
        assertThat(bench.wire
                        .call("compute", "GET", "/servers/" + dark, null, "2.68")
                        .status())
                .isEqualTo(500);
        assertThat(bench.delete(dark)).isEqualTo(500);
        bench.fake.turn(dials -> dials.skipsDownCells = false);
        assertThat(bench.wire.get("compute", "/servers/detail").status()).isEqualTo(500);
    }

    @Test
    void hosts_that_are_gone_hang_a_build_which_goes_on_when_they_are_back_in_time() {
        bench.fake.turn(dials -> dials.deadHosts = Set.of("zone-a", "zone-b"));
        String id = bench.launched("patient");
        bench.pass(10);
        assertThat(bench.status(id)).isEqualTo("BUILD");

        bench.fake.turn(dials -> dials.deadHosts = Set.of());
        bench.pass(5);

        assertThat(bench.status(id)).isEqualTo("ACTIVE");
    }

    @Test
    void hosts_that_stay_away_fail_it() {
        bench.fake.turn(dials -> dials.deadHosts = Set.of("zone-a", "zone-b"));
        String id = bench.launched("impatient");
        bench.pass(20);

        assertThat(bench.server(id).path("fault").path("message").asText()).contains("There are not enough hosts");
    }

    @Test
    void a_server_of_a_dead_host_is_deleted_at_once_when_the_host_is_known_to_be_dead_and_never_before() {
        String id = bench.launched("a");
        bench.pass(5);
        bench.fake.turn(dials -> dials.deadHosts = Set.of("zone-a", "zone-b"));

        assertThat(bench.delete(id)).isEqualTo(204);
        bench.pass(10);
        assertThat(bench.server(id).path("OS-EXT-STS:task_state").asText()).isEqualTo("deleting");
        bench.pass(10);
        assertThat(bench.delete(id)).isEqualTo(204);

        assertThat(bench.status(id)).isEqualTo("none");
    }

    @Test
    void servers_die_by_themselves_in_three_ways() {
        for (Death death : Death.values()) {
            bench.fake.turn(dials -> dials.diesYoung = new DiesYoung(1, 10, death));
            String id = bench.launched("mortal");
            bench.pass(20);

            assertThat(bench.status(id)).isEqualTo(death == Death.GONE ? "none" : death.toString());
        }
    }

    @Test
    void a_build_can_hang_and_an_end_can_hang() {
        bench.fake.turn(dials -> dials.failures = List.of(Failure.always(What.SPAWN_HANG)));
        String stuck = bench.launched("stuck");
        bench.pass(1500);
        assertThat(bench.status(stuck)).isEqualTo("BUILD");

        bench.fake.turn(dials -> dials.failures = List.of(Failure.always(What.DESTROY_HANG)));
        assertThat(bench.delete(stuck)).isEqualTo(204);
        bench.pass(1500);
        assertThat(bench.server(stuck).path("OS-EXT-STS:task_state").asText()).isEqualTo("deleting");
    }

    @Test
    void what_can_be_restored_is_not_listed_but_found_until_it_is_reclaimed() {
        String id = bench.launched("a");
        bench.pass(5);
        bench.fake.turn(dials -> dials.reclaimSeconds = 60);
        bench.delete(id);
        bench.pass(10);

        assertThat(bench.status(id)).isEqualTo("SOFT_DELETED");
        assertThat(bench.listed("")).isEmpty();
        bench.pass(60);
        assertThat(bench.status(id)).isEqualTo("none");
    }

    @Test
    void a_word_that_nobody_knows_is_shown_as_it_is() {
        String id = bench.launched("a");
        bench.pass(5);
        bench.fake.say(id, "LEVITATING");

        assertThat(bench.status(id)).isEqualTo("LEVITATING");
    }

    @Test
    void without_cinder_a_deleted_server_goes_and_its_volumes_stay_in_use_by_nobody_until_they_are_freed() {
        String id = bench.launched("a", server -> disks(server, true));
        bench.pass(10);
        assertThat(bench.volumes()).containsExactly("in-use");
        bench.fake.turn(dials -> dials.unreachable = Set.of("volumev3"));
        bench.delete(id);
        bench.pass(20);
        bench.fake.turn(dials -> dials.unreachable = Set.of());

        assertThat(bench.status(id)).isEqualTo("none");
        assertThat(bench.volumes()).containsExactly("in-use");
        JsonNode volume = bench.wire.get("volumev3", "/volumes").at("volumes").path(0);
        String path = "/volumes/" + volume.path("id").asText();
        assertThat(bench.wire.call("volumev3", "DELETE", path, null, null).status())
                .isEqualTo(400);
        bench.wire.call("volumev3", "POST", path + "/action", Map.of("os-detach", Map.of()), null);
        assertThat(bench.wire.call("volumev3", "DELETE", path, null, null).status())
                .isEqualTo(202);
    }

    @Test
    void a_nova_compute_that_dies_while_it_waits_for_a_volume_leaks_it() {
        bench.fake.turn(dials -> dials.failures = List.of(Failure.always(What.VOLUME_CREATE_LEAK)));
        String id = bench.launched("a", server -> disks(server, true));
        bench.pass(10);

        assertThat(bench.status(id)).isEqualTo("ERROR");
        assertThat(bench.server(id).has("fault")).isFalse();
        assertThat(bench.server(id).path("os-extended-volumes:volumes_attached"))
                .isEmpty();
        bench.delete(id);
        bench.pass(10);
        assertThat(bench.volumes()).containsExactly("available");
        assertThat(bench.fake.leftovers("demo", Set.of()).volumes()).hasSize(1);
    }

    @Test
    void without_neutron_a_server_on_a_network_is_refused_and_one_without_cannot_be_looked_at() {
        bench.fake.turn(dials -> dials.unreachable = Set.of("network"));
        ObjectNode networked = bench.plain("networked");
        networked.putArray("networks").addObject().put("uuid", network());

        assertThat(bench.launch(networked).status()).isEqualTo(500);
        Answer accepted = bench.launch(bench.plain("plain"));
        assertThat(accepted.status()).isEqualTo(202);
        String path = "/servers/" + accepted.at("server").path("id").asText();
        assertThat(bench.wire.get("compute", path).status()).isEqualTo(500);
    }

    @Test
    void without_glance_nothing_is_launched_and_without_placement_it_fails_later() {
        bench.fake.turn(dials -> dials.unreachable = Set.of("image"));
        assertThat(bench.launch(bench.plain("a")).status()).isEqualTo(500);

        bench.fake.turn(dials -> dials.unreachable = Set.of("placement"));
        String id = bench.launched("b");
        bench.pass(1);
        assertThat(bench.status(id)).isEqualTo("ERROR");
    }

    @Test
    void a_listing_may_be_behind_and_a_look_is_not() {
        bench.fake.turn(dials -> dials.lagSeconds = 1000);
        bench.pass(1001);
        String id = bench.launched("new");
        bench.pass(5);

        assertThat(bench.status(id)).isEqualTo("ACTIVE");
        int seen = 0;
        for (int i = 0; i < 20; i++) {
            seen += bench.listed("").size();
        }
        assertThat(seen).isLessThan(20);
        bench.pass(1001);
        assertThat(bench.listed("")).containsExactly("new");
    }

    @Test
    void a_row_can_be_shown_on_two_pages() {
        for (int i = 0; i < 4; i++) {
            bench.launched("s" + i);
            bench.pass(5);
        }
        bench.fake.turn(dials -> dials.repeatedRows = 1);
        JsonNode first = bench.wire.get("compute", "/servers?limit=2").at("servers");

        String marker = first.path(1).path("id").asText();
        JsonNode second =
                bench.wire.get("compute", "/servers?limit=2&marker=" + marker).at("servers");
        assertThat(second.path(0).path("id").asText()).isEqualTo(marker);
        assertThat(second).hasSize(3);
    }

    @Test
    void a_page_is_no_larger_than_nova_allows_and_the_last_names_no_next() {
        for (int i = 0; i < 5; i++) {
            bench.launched("s" + i);
        }
        bench.pass(5);
        bench.fake.turn(dials -> dials.maxLimit = 2);
        int rows = 0;
        int pages = 0;
        String marker = "";
        while (true) {
            Answer page = bench.wire.get("compute", "/servers?limit=1000" + marker);
            rows += page.at("servers").size();
            pages++;
            if (!page.body().has("servers_links")) {
                break;
            }
            marker = "&marker="
                    + page.at("servers")
                            .path(page.at("servers").size() - 1)
                            .path("id")
                            .asText();
        }
        assertThat(rows).isEqualTo(5);
        assertThat(pages).isEqualTo(3);
    }

    private JsonNode limits() {
        return bench.wire.get("compute", "/limits").at("limits").path("absolute");
    }

    private String network() {
        return bench.wire
                .get("network", "/v2.0/networks?name=demo-net")
                .at("networks")
                .path(0)
                .path("id")
                .asText();
    }

    private static void disks(ObjectNode server, boolean dies) {
        ArrayNode disks = server.putArray("block_device_mapping_v2");
        disks.addObject()
                .put("boot_index", 0)
                .put("source_type", "image")
                .put("destination_type", "local")
                .put("uuid", server.path("imageRef").asText());
        disks.addObject()
                .put("boot_index", -1)
                .put("source_type", "blank")
                .put("destination_type", "volume")
                .put("volume_size", 1)
                .put("delete_on_termination", dies);
    }
}
