package io.weir.kit;

class SimulatedWithoutTokensTest extends WithoutTokens {
    @Override
    protected CloudTarget target() {
        return new InProcessTarget(SimulatedTarget.Kind.WITHOUT_TOKENS);
    }
}
