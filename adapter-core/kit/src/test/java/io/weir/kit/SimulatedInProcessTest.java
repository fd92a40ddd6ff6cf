package io.weir.kit;

class SimulatedInProcessTest extends CloudDriverContract {
    @Override
    protected CloudTarget target() {
        return new InProcessTarget(SimulatedTarget.Kind.WITH_TOKENS);
    }
}
