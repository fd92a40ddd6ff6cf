package io.weir.openstack.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.openstack.fake.WireFault.Kind;
import io.weir.openstack.recorded.Wire.Answer;
import java.net.ConnectException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens to calls on their way, and how they are counted. */
class FakeWireTest {
    private static final String LAUNCH = "POST compute/servers";

    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void a_lost_request_is_a_closed_connection_and_nothing_happened() {
        bench.fake.fault(WireFault.of(LAUNCH, Kind.LOST_REQUEST, 1));

        assertThatThrownBy(() -> bench.launched("a")).hasRootCauseInstanceOf(java.io.IOException.class);
        assertThat(bench.fake.ledger()).isEmpty();
        bench.launched("a");
    }

    @Test
    void a_lost_answer_is_a_closed_connection_and_it_happened() {
        bench.fake.fault(WireFault.of(LAUNCH, Kind.LOST_ANSWER, 1));

        assertThatThrownBy(() -> bench.launched("a")).hasRootCauseInstanceOf(java.io.IOException.class);
        assertThat(bench.fake.ledger()).hasSize(1);
    }

    @Test
    void a_late_call_happens_when_nobody_waits_for_it_any_more_and_in_the_order_of_time() {
        bench.fake.fault(WireFault.late(LAUNCH, 1, 90));

        assertThatThrownBy(() -> bench.launched("late")).hasRootCauseInstanceOf(java.io.IOException.class);
        bench.pass(89);
        assertThat(bench.fake.ledger()).isEmpty();
        bench.pass(6);
        assertThat(bench.listed("")).containsExactly("late");
        assertThat(bench.fake.ledger().get(0).launched())
                .isEqualTo(bench.clock.instant().minusSeconds(5));
    }

    @Test
    void a_call_can_be_late_until_it_is_repeated_and_neutron_gives_a_port_no_second_address() {
        String port = bench.wire
                .call("network", "POST", "/v2.0/ports", Map.of("port", Map.of("network_id", network("demo-net"))), null)
                .at("port")
                .path("id")
                .asText();
        Map<String, Object> address =
                Map.of("floatingip", Map.of("floating_network_id", network("public"), "port_id", port));
        bench.fake.fault(WireFault.of("POST network/v2.0/floatingips", Kind.UNTIL_REPEATED, 1));

        assertThatThrownBy(() -> bench.wire.call("network", "POST", "/v2.0/floatingips", address, null))
                .hasRootCauseInstanceOf(java.io.IOException.class);
        bench.pass(600);
        assertThat(bench.wire.get("network", "/v2.0/floatingips").at("floatingips"))
                .isEmpty();
        Answer again = bench.wire.call("network", "POST", "/v2.0/floatingips", address, null);

        assertThat(again.status()).isEqualTo(409);
        assertThat(again.at("NeutronError").path("type").asText()).isEqualTo("FloatingIPPortAlreadyAssociated");
        assertThat(bench.wire
                        .get("network", "/v2.0/floatingips?port_id=" + port)
                        .at("floatingips"))
                .hasSize(1);
    }

    private String network(String name) {
        return bench.wire
                .get("network", "/v2.0/networks?name=" + name)
                .at("networks")
                .path(0)
                .path("id")
                .asText();
    }

    @Test
    void a_call_that_somebody_on_the_way_doubled_launches_twice() {
        bench.fake.fault(WireFault.of(LAUNCH, Kind.DUPLICATE, 1));

        bench.launched("twin");
        assertThat(bench.listed("")).containsExactly("twin", "twin");
    }

    @Test
    void a_refusal_is_in_the_services_own_form_and_a_proxys_is_in_html() {
        bench.fake.fault(WireFault.refused("GET compute/servers", Kind.REFUSED, 1, 503, null));
        bench.fake.fault(WireFault.refused("GET network/v2.0/ports", Kind.REFUSED, 1, 503, null));
        bench.fake.fault(WireFault.refused("GET compute/flavors", Kind.PROXY, 1, 429, 17));

        assertThat(bench.wire.get("compute", "/servers").body().has("serviceUnavailable"))
                .isTrue();
        assertThat(bench.wire.get("network", "/v2.0/ports").body().has("NeutronError"))
                .isTrue();
        Answer throttled = bench.wire.get("compute", "/flavors");
        assertThat(throttled.status()).isEqualTo(429);
        assertThat(throttled.header("Retry-After")).isEqualTo("17");
        assertThat(throttled.header("Content-Type")).startsWith("text/html");
        assertThat(bench.wire.get("compute", "/flavors").status()).isEqualTo(200);
    }

    @Test
    void an_answer_can_be_cut_slow_or_empty() {
        bench.fake.fault(WireFault.of("GET compute/limits", Kind.TRUNCATED, 1));
        assertThatThrownBy(() -> bench.wire.get("compute", "/limits"))
                .hasRootCauseInstanceOf(java.io.IOException.class);

        bench.fake.fault(new WireFault("GET compute/limits", Kind.SLOW, 1, 0, 1, 0, null, 0.0005));
        long begun = System.nanoTime();
        assertThat(bench.wire.get("compute", "/limits").body().has("limits")).isTrue();
        assertThat(System.nanoTime() - begun).isGreaterThan(200_000_000);

        bench.fake.fault(WireFault.of("GET compute/servers/detail", Kind.EMPTY, 1));
        Answer empty = bench.wire.get("compute", "/servers/detail");
        assertThat(empty.status()).isEqualTo(200);
        assertThat(empty.body()).isEmpty();
    }

    @Test
    void some_can_be_spared_first() {
        bench.fake.fault(WireFault.refused("GET compute/servers", Kind.PROXY, 1, 502, null)
                .after(2));

        assertThat(java.util.stream.IntStream.range(0, 4)
                        .mapToObj(i -> bench.wire.get("compute", "/servers").status()))
                .containsExactly(200, 200, 502, 200);
    }

    @Test
    void a_service_that_is_stopped_refuses_connections_and_comes_back_at_its_place() {
        bench.wire.get("compute", "/servers");
        bench.fake.stop("network");

        assertThatThrownBy(() -> bench.wire.get("network", "/v2.0/ports")).hasCauseInstanceOf(ConnectException.class);
        assertThat(bench.wire.get("compute", "/servers").status()).isEqualTo(200);
        bench.fake.restart("network");
        assertThat(bench.wire.get("network", "/v2.0/ports").status()).isEqualTo(200);
    }

    @Test
    void every_call_is_counted_by_its_kind_also_a_lost_one() {
        String id = bench.launched("a");
        bench.fake.forgetCalls();
        bench.server(id);
        bench.server("00000000-0000-4000-a000-000000000000");
        bench.fake.fault(WireFault.of("DELETE .*", Kind.LOST_REQUEST, 1));
        assertThatThrownBy(() -> bench.delete(id)).isInstanceOf(java.io.UncheckedIOException.class);
        bench.wire.call("compute", "PUT", "/servers/" + id + "/tags/alpha", null, "2.26");

        assertThat(bench.fake.calls())
                .containsEntry("GET compute/servers/{id}", 2)
                .containsEntry("DELETE compute/servers/{id}", 1)
                .containsEntry("PUT compute/servers/{id}/tags/{id}", 1)
                .hasSize(3);
    }

    @Test
    void one_call_can_be_held_before_or_after_it_is_carried_out() {
        for (boolean after : new boolean[] {false, true}) {
            bench.wire.get("image", "/v2/images");
            var server = bench.plain("held");
            bench.fake.forgetCalls();
            int before = bench.fake.ledger().size();
            bench.fake.hold(1, after);

            CompletableFuture<Answer> call = CompletableFuture.supplyAsync(() -> bench.launch(server));
            Awaitility.await().until(bench.fake::isHeld);
            assertThat(bench.fake.ledger()).hasSize(before + (after ? 1 : 0));
            assertThat(call).isNotDone();
            bench.fake.letGo();
            assertThat(call.join().status()).isEqualTo(202);
        }
    }

    @Test
    void a_held_call_can_be_dropped() {
        bench.wire.get("image", "/v2/images");
        var server = bench.plain("dropped");
        bench.fake.forgetCalls();
        bench.fake.hold(1, false);

        CompletableFuture<Answer> call = CompletableFuture.supplyAsync(() -> bench.launch(server));
        Awaitility.await().until(bench.fake::isHeld);
        bench.fake.letGo(true);

        assertThat(call).failsWithin(java.time.Duration.ofSeconds(10));
        assertThat(bench.fake.ledger()).isEmpty();
    }
}
