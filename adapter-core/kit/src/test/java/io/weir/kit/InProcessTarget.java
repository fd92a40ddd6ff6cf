package io.weir.kit;

import io.weir.driver.CloudDriver;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** The simulated cloud in this process, where time passes when the kit says so. */
final class InProcessTarget extends SimulatedTarget {
    private final Hands hands;

    private record Hands(AtomicReference<Instant> now) implements InstantSource {
        @Override
        public Instant instant() {
            return now.get();
        }
    }

    InProcessTarget(Kind kind) {
        this(kind, (driver, clock) -> driver);
    }

    /** With something between the kit and the driver. */
    InProcessTarget(Kind kind, UnaryOperator<CloudDriver> decorators) {
        this(kind, (driver, clock) -> decorators.apply(driver));
    }

    /** With something that needs the clock. */
    InProcessTarget(Kind kind, BiFunction<CloudDriver, InstantSource, CloudDriver> decorators) {
        this(kind, decorators, new Hands(new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"))));
    }

    private InProcessTarget(Kind kind, BiFunction<CloudDriver, InstantSource, CloudDriver> decorators, Hands hands) {
        super(kind, hands, cloud -> cloud, driver -> decorators.apply(driver, hands));
        this.hands = hands;
    }

    /** What rests because it was throttled has rested then. */
    @Override
    public void calm() {
        super.calm();
        pass(Duration.ofMinutes(2));
    }

    @Override
    public void pass(Duration time) {
        hands.now.updateAndGet(now -> now.plus(time));
    }
}
