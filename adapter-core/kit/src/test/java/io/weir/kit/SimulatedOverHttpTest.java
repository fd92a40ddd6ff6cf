package io.weir.kit;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SimulatedOverHttpTest extends CloudDriverContract {
    @TempDir
    Path home;

    @Override
    protected CloudTarget target() {
        return new HttpTarget(SimulatedTarget.Kind.WITH_TOKENS, home);
    }
}
