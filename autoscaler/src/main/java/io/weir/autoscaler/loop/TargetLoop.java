package io.weir.autoscaler.loop;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Beats a target in its rhythm on the thread that runs it, until it is stopped. A beat that took too long skips those it missed. */
public final class TargetLoop implements Runnable {
    private final Target target;
    private final InstantSource clock;
    private final double timeScale;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean stopped;
    private boolean woken;

    /** @param timeScale how much faster the clock runs than a thread sleeps */
    public TargetLoop(Target target, InstantSource clock, double timeScale) {
        this.target = target;
        this.clock = clock;
        this.timeScale = timeScale;
    }

    @Override
    public void run() {
        Instant next = clock.instant();
        while (await(next)) {
            target.beat();
            Instant now = clock.instant();
            next = next.plus(target.rhythm().every());
            if (next.isBefore(now)) {
                next = now;
            }
        }
    }

    /** Beats at once. */
    public void wake() {
        lock.lock();
        try {
            woken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public void stop() {
        lock.lock();
        try {
            stopped = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** @return false once it is stopped */
    private boolean await(Instant next) {
        lock.lock();
        try {
            while (!stopped && !woken) {
                Duration left = Duration.between(clock.instant(), next);
                if (left.isNegative() || left.isZero()) {
                    break;
                }
                // Never longer than one beat, so that a clock that was set back does not stop the pool.
                Duration bounded = left.compareTo(target.rhythm().every()) > 0
                        ? target.rhythm().every()
                        : left;
                boolean waited = changed.await((long) (bounded.toNanos() / timeScale), TimeUnit.NANOSECONDS);
                if (!waited && bounded != left) {
                    break;
                }
            }
            woken = false;
            return !stopped;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}
