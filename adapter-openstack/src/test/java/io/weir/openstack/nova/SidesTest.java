package io.weir.openstack.nova;

import io.weir.kit.CloudTarget;
import java.time.Duration;

/** What is made beside a machine, over the OpenStack that the environment names. */
class SidesTest extends SidesContract {
    private final RealOpenstack openstack = RealOpenstack.ofEnvironment();

    @Override
    CloudTarget target() throws Exception {
        return new NovaTarget(openstack);
    }

    @Override
    OpenstackCalls calls() {
        return openstack.calls();
    }

    @Override
    String network() {
        return openstack.network();
    }

    @Override
    void slowVolumes(Duration time) {
        openstack.fault("volume-create-delay", String.valueOf(time.toSeconds()));
    }

    @Override
    void noVolumes() {
        openstack.fault("volume-create-fail", "1");
    }

    @Override
    void cinder(boolean there) {
        openstack.service("cinder-api", there);
    }
}
