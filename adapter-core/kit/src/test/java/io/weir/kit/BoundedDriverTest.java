package io.weir.kit;

import io.weir.guard.BoundedDriver;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;

class BoundedDriverTest extends CloudDriverContract {
    private static final ExecutorService CALLS = Executors.newVirtualThreadPerTaskExecutor();

    @AfterAll
    static void end() {
        CALLS.close();
    }

    @Override
    protected CloudTarget target() {
        return new InProcessTarget(
                SimulatedTarget.Kind.WITH_TOKENS, driver -> new BoundedDriver(driver, CALLS, Duration.ofSeconds(30)));
    }
}
