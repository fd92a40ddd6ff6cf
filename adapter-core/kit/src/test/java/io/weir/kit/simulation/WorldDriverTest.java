package io.weir.kit.simulation;

import io.weir.kit.CloudDriverContract;
import io.weir.kit.CloudTarget;
import io.weir.kit.SimulatedTarget;
import java.time.Duration;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

/** What the simulation puts between loop and cloud keeps the contract as long as nobody dies. */
class WorldDriverTest extends CloudDriverContract {
    @Override
    protected CloudTarget target() {
        return new WorldTarget(new World(Scenario.of(1), Mutation.NONE, () -> io.weir.journal.Journal.NONE, false));
    }

    @Test
    @Disabled("a world has one thread, in which its time passes")
    @Override
    protected void a_driver_serves_several_threads() {}

    private static final class WorldTarget extends SimulatedTarget {
        private final World world;

        WorldTarget(World world) {
            super(
                    Kind.WITH_TOKENS,
                    world.clock,
                    cloud -> cloud,
                    driver -> new WorldDriver(driver, world, world.primary()));
            this.world = world;
        }

        @Override
        public void pass(Duration time) {
            world.pass(time);
        }
    }
}
