package io.weir.kit;

class SimulatedWithoutTokensTest extends CloudDriverWithoutTokensContract {
    @Override
    protected CloudTarget target() {
        return new InProcessTarget(SimulatedTarget.Kind.WITHOUT_TOKENS);
    }
}
