package io.weir.kit;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SimulatedWithoutTokensOverHttpTest extends CloudDriverWithoutTokensContract {
    @TempDir
    Path home;

    @Override
    protected CloudTarget target() {
        return new HttpTarget(SimulatedTarget.Kind.WITHOUT_TOKENS, home);
    }
}
