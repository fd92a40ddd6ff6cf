package io.weir.openstack.nova;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.kit.CloudTarget;
import io.weir.openstack.fake.FakeDials;
import io.weir.openstack.nova.NovaApi.Port;
import io.weir.pool.MachineId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is made beside a machine, over the fake. */
class SidesOverFakeTest extends SidesContract {
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
}
