package io.weir.openstack.nova;

import io.weir.kit.CloudTarget;
import io.weir.pool.CloudMachine;
import io.weir.pool.MachineId;
import org.junit.jupiter.api.Test;

/** The contract, over the OpenStack that the environment names: see {@link RealOpenstack}. */
class NovaDriverContractTest extends NovaContract {
    private NovaTarget nova() {
        return (NovaTarget) cloud();
    }

    @Override
    protected CloudTarget target() throws Exception {
        return new NovaTarget(RealOpenstack.ofEnvironment());
    }

    @Override
    void rename(MachineId id, String name) {
        nova().rename(id, name);
    }

    /** On a network, which the other tests do without. */
    @Test
    @Override
    protected void a_launched_machine_comes_to_run_and_says_since_when() throws Exception {
        nova().network();
        super.a_launched_machine_comes_to_run_and_says_since_when();
    }

    @Test
    @Override
    protected void a_launch_of_what_is_no_more_is_an_invalid_template() throws Exception {
        nova().ownImage();
        super.a_launch_of_what_is_no_more_is_an_invalid_template();
    }

    /** Whoever protected the server is in the way of the cleaning up, too. */
    @Test
    @Override
    protected void a_protected_machine_is_a_conflict_of_its_own() throws Exception {
        super.a_protected_machine_is_a_conflict_of_its_own();
        for (CloudMachine machine : alive()) {
            nova().unlock(machine.id());
        }
    }
}
