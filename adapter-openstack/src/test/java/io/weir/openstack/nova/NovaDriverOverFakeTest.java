package io.weir.openstack.nova;

import io.weir.kit.CloudTarget;
import io.weir.pool.MachineId;

/** The contract, over a fake that does what a real Nova will not do when it is asked to. */
class NovaDriverOverFakeTest extends NovaContract {
    @Override
    protected CloudTarget target() {
        return new FakeTarget();
    }

    @Override
    void rename(MachineId id, String name) {
        ((FakeTarget) cloud()).rename(id, name);
    }
}
