package io.weir.kit;

/** As long as nobody dies it keeps the contract. */
class MortalDriverTest extends CloudDriverContract {
    @Override
    protected CloudTarget target() {
        return new InProcessTarget(SimulatedTarget.Kind.WITH_TOKENS, driver -> new MortalDriver(driver, () -> false));
    }
}
