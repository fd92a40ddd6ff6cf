package io.weir.service;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits by the service's own clock: a minute at scale 60 takes a second. */
public final class Pacer {
    private static final Logger LOG = LoggerFactory.getLogger(Pacer.class);

    private final ScheduledExecutorService timer;
    private final ScaledClock clock;

    public Pacer(ScheduledExecutorService timer, ScaledClock clock) {
        this.timer = timer;
        this.clock = clock;
    }

    /** Runs the work once, so much later. */
    public ScheduledFuture<?> after(Duration scaled, Runnable work) {
        return timer.schedule(safe(work), clock.real(scaled).toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Runs the work now and then again and again, with this pause between an end and the next beginning; a failure is logged and ends nothing. */
    public ScheduledFuture<?> every(Duration scaled, Runnable work) {
        long pause = Math.max(1, clock.real(scaled).toNanos());
        return timer.scheduleWithFixedDelay(safe(work), 0, pause, TimeUnit.NANOSECONDS);
    }

    public void sleep(Duration scaled) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(clock.real(scaled).toNanos());
    }

    private static Runnable safe(Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                LOG.error("work on a beat failed and will be tried at the next", e);
            }
        };
    }
}
