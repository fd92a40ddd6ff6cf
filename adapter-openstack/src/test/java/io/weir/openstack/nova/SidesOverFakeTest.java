package io.weir.openstack.nova;

import io.weir.kit.CloudTarget;
import io.weir.openstack.fake.FakeDials;
import java.time.Duration;
import java.util.List;
import java.util.Set;

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
}
