package io.weir.openstack.nova;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.kit.CloudTarget;
import io.weir.openstack.fake.FakeDials;
import io.weir.openstack.fake.FakeOpenStack;
import io.weir.openstack.fake.WireFault;
import io.weir.openstack.fake.WireFault.Kind;
import io.weir.openstack.nova.NovaApi.FloatingIp;
import io.weir.openstack.nova.NovaApi.Port;
import io.weir.pool.Batch;
import io.weir.pool.FailureKind;
import io.weir.pool.MachineId;
import io.weir.pool.Outcome;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made beside a machine, over the fake. */
class SidesOverFakeTest extends SidesContract {
    private static final String NEW_SERVER = "POST compute/servers";
    private static final String NEW_PORT = "POST network/v2.0/ports";
    private static final String NEW_ADDRESS = "POST network/v2.0/floatingips";

    private FakeTarget fake() {
        return (FakeTarget) cloud();
    }

    @Override
    CloudTarget target() {
        return new FakeTarget();
    }

    @Override
    OpenstackCalls calls() {
        return fake().calls();
    }

    @Override
    String network() {
        return "demo-net";
    }

    @Override
    void slowVolumes(Duration time) {
        fake().fake()
                .turn(dials -> dials.failures =
                        List.of(new FakeDials.Failure(FakeDials.What.VOLUME_CREATE_DELAY, 1, time.toSeconds(), null)));
    }

    @Override
    void noVolumes() {
        fake().fake()
                .turn(dials -> dials.failures = List.of(FakeDials.Failure.always(FakeDials.What.VOLUME_CREATE_FAIL)));
    }

    @Override
    void cinder(boolean there) {
        fake().fake().turn(dials -> dials.unreachable = there ? Set.of() : Set.of("volumev3"));
    }

    /** The real one takes ports off a server while it deletes it, now and then before anybody can look. */
    @Test
    void a_port_that_nova_let_go_of_before_it_was_looked_for_goes_with_its_machine() throws Exception {
        MachineId id = launched(batch(1, document("{}", true, 0))).iterator().next();
        eventually(() -> assertThat(running()).hasSize(1));
        for (Port port : api().portsOf(id.value())) {
            fake().calls()
                    .put(Service.NETWORK, "/ports/{id}", port.id())
                    .body(RealOpenstack.object("port", Map.of("device_id", "")))
                    .done();
        }

        driver().terminate(Set.of(id));

        nothingIsLeft();
    }

    // A port has one address at most

    @Test
    void an_address_that_is_made_while_it_is_asked_for_again_is_the_machines_and_its_launch_goes_on() throws Exception {
        Batch batch = batch(1, document("{}", true, 0));
        fake().fake().fault(WireFault.of(NEW_ADDRESS, Kind.UNTIL_REPEATED, 1));
        assertRefused(FailureKind.UNAVAILABLE, outcome(batch));

        runsWithItsOnlyAddress(outcome(batch));
    }

    @Test
    void an_address_that_somebody_on_the_way_asked_for_twice_is_the_machines() throws Exception {
        fake().fake().fault(WireFault.of(NEW_ADDRESS, Kind.DUPLICATE, 1));

        runsWithItsOnlyAddress(outcome(batch(1, document("{}", true, 0))));
    }

    private void runsWithItsOnlyAddress(Outcome outcome) throws Exception {
        assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
        assertThat(fake().fake().refusals()).anyMatch(text -> text.contains(NEW_ADDRESS));
        assertThat(api().floatingIps()).hasSize(1);
        eventually(() -> assertThat(running()).singleElement().satisfies(machine -> assertThat(machine.publicIps())
                .hasSize(1)));
        driver().terminate(Set.of(running().get(0).id()));
        nothingIsLeft();
    }

    @Test
    void when_it_cannot_be_seen_whose_address_a_port_has_the_machine_is_asked_for_later() throws Exception {
        Batch batch = batch(1, document("{}", true, 0));
        fake().fake().fault(WireFault.of(NEW_ADDRESS, Kind.DUPLICATE, 1));
        fake().fake()
                .fault(WireFault.refused("GET network/v2.0/floatingips", Kind.REFUSED, 1, 404, null)
                        .after(1));

        assertRefused(FailureKind.UNAVAILABLE, outcome(batch));
        assertThat(outcome(batch)).isInstanceOf(Outcome.Accepted.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "admin"})
    void an_address_of_somebody_else_on_a_port_of_ours_is_a_conflict_and_stays_while_all_of_ours_goes(String somebody)
            throws Exception {
        Batch batch = batch(1, document("{}", true, 0));
        fake().fake().fault(WireFault.of(NEW_ADDRESS, Kind.LOST_REQUEST, 1));
        assertRefused(FailureKind.UNAVAILABLE, outcome(batch));
        String port =
                api().portsNamed(List.of(batch.names().get(0).value())).get(0).id();
        NovaApi theirs = new OpenstackNovaApi(fake().calls(somebody));
        FloatingIp address = theirs.makeFloatingIp(RealOpenstack.object(
                "floatingip",
                Map.of(
                        "floating_network_id",
                        String.valueOf(Frozen.parse(batch.frozen()).floatingNetwork()),
                        "port_id",
                        port,
                        "description",
                        "not Weir's")));

        String text = assertRefused(FailureKind.CONFLICT, outcome(batch));

        assertThat(text).contains(port);
        if (somebody.equals("demo")) {
            assertThat(text).contains(address.id());
        }
        nothingIsLeft();
        assertThat(theirs.floatingIps()).singleElement().satisfies(kept -> {
            assertThat(kept.id()).isEqualTo(address.id());
            assertThat(kept.description()).isEqualTo("not Weir's");
        });
    }

    // More than one port or address of a name

    @Test
    void of_two_ports_of_a_name_the_machine_has_the_one_with_the_address() throws Exception {
        Batch batch = batch(8, document("{}", true, 0));
        fake().fake().fault(WireFault.of(NEW_PORT, Kind.UNTIL_REPEATED, 8));
        driver().launch(batch);
        fake().fake().fault(WireFault.of(NEW_ADDRESS, Kind.LOST_ANSWER, 8));
        driver().launch(batch);
        assertThat(api().portsDescribed(List.of(Sides.portMark(pool())))).hasSize(16);
        assertThat(api().floatingIps()).hasSize(8);

        Set<MachineId> ids = launched(batch);

        eventually(() -> assertThat(running()).hasSize(8).allSatisfy(machine -> assertThat(machine.publicIps())
                .hasSize(1)));
        driver().terminate(ids);
        nothingIsLeft();
    }

    @Test
    void an_address_that_stands_on_no_port_is_not_the_machines() throws Exception {
        Batch batch = batch(1, document("{}", true, 0));
        fake().fake().fault(WireFault.of(NEW_ADDRESS, Kind.LOST_ANSWER, 1));
        assertRefused(FailureKind.UNAVAILABLE, outcome(batch));
        FloatingIp loose = api().floatingIps().get(0);
        fake().calls()
                .put(Service.NETWORK, "/floatingips/{id}", loose.id())
                .body(RealOpenstack.object("floatingip", Collections.singletonMap("port_id", null)))
                .done();

        Set<MachineId> ids = launched(batch);

        eventually(() -> assertThat(running()).singleElement().satisfies(machine -> assertThat(machine.publicIps())
                .hasSize(1)));
        driver().terminate(ids);
        eventually(
                () -> assertThat(api().floatingIps()).extracting(FloatingIp::id).containsExactly(loose.id()));
    }

    // A server that comes while it is asked for again

    @Test
    void a_server_that_takes_its_port_while_it_is_asked_for_again_keeps_port_and_address() throws Exception {
        Batch batch = batch(1, document("{}", true, 1));
        untilItsVolumesAreThere(batch);
        fake().fake().fault(WireFault.late(NEW_SERVER, 1, 2));
        assertThat(outcome(batch)).isInstanceOf(Outcome.Unknown.class);
        fake().fake().forgetCalls();
        fake().fake().watch(new FakeOpenStack.Watch() {
            @Override
            public boolean arrives(int number) {
                if (fake().fake().calls().containsKey(NEW_SERVER)) {
                    fake().pass(Duration.ofSeconds(10));
                }
                return true;
            }
        });

        assertThat(outcome(batch)).isInstanceOf(Outcome.Unknown.class);

        eventually(() -> assertThat(running()).singleElement().satisfies(machine -> assertThat(machine.publicIps())
                .hasSize(1)));
        assertThat(fake().fake().refusals()).anyMatch(text -> text.contains(NEW_SERVER));
        driver().terminate(Set.of(running().get(0).id()));
        nothingIsLeft();
    }

    private Outcome outcome(Batch batch) throws Exception {
        return driver().launch(batch).of(batch.names().get(0));
    }

    private static String assertRefused(FailureKind kind, Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        Outcome.Refused refused = (Outcome.Refused) outcome;
        assertThat(refused.kind()).as(refused.text()).isEqualTo(kind);
        return refused.text();
    }
}
