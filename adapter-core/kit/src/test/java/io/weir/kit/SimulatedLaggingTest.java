package io.weir.kit;

class SimulatedLaggingTest extends CloudDriverContract {
    @Override
    protected CloudTarget target() {
        return new InProcessTarget(SimulatedTarget.Kind.LAGGING);
    }
}
