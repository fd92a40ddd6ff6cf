package io.weir.probe;

import io.weir.pool.Author;
import io.weir.pool.HealthProbe;
import io.weir.pool.MachineState;
import io.weir.pool.PoolName;
import io.weir.pool.ServiceState;
import io.weir.reconcile.MachineView;
import io.weir.reconcile.Pool;
import io.weir.reconcile.PoolView;
import io.weir.reconcile.Pools;
import io.weir.reconcile.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the services of running machines, for the pools whose documents say how, and tells their states as a monitor would.
 *
 * <ol>
 *   <li>A machine is looked at when it is first seen running and then at the interval, never twice at once; at most
 *       {@value #AT_ONCE} looks are made at once in all.
 *   <li>It is looked at where the connection policy says. Where there is no such address it is not reachable, which is told and
 *       is neither healthy nor ill: nobody has looked, and there is no other way in.
 *   <li>What is told is durable, and is written over nothing that somebody told meanwhile; a closed pool is told nothing.
 *   <li>How often in a row is counted in memory: after a restart the count begins again, and the states stand.
 * </ol>
 */
public final class Prober implements Runnable, AutoCloseable {
    /** Looks under way at the same time. */
    public static final int AT_ONCE = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Prober.class);
    private static final Author AUTHOR = new Author("weir", "health-probe");
    private static final Duration BEAT = Duration.ofMillis(100);

    private final Pools pools;
    private final Look look;
    private final InstantSource clock;
    private final ExecutorService threads;
    private final BiConsumer<PoolName, String> meter;
    private final Semaphore free = new Semaphore(AT_ONCE);
    private final Map<Subject, Watched> watched = new HashMap<>();
    private volatile boolean closed;

    /**
     * @param threads a thread for each look
     * @param meter is told of each look: healthy, failed or unreachable
     */
    public Prober(
            Pools pools, Look look, InstantSource clock, ExecutorService threads, BiConsumer<PoolName, String> meter) {
        this.pools = pools;
        this.look = look;
        this.clock = clock;
        this.threads = threads;
        this.meter = meter;
    }

    private record Subject(PoolName pool, String machine) {}

    private static final class Watched {
        private Instant due;
        private Streak streak = Streak.NONE;
        private boolean underWay;
        private boolean unreachable;

        Watched(Instant due) {
            this.due = due;
        }
    }

    @Override
    public void run() {
        while (!closed) {
            try {
                beat();
                TimeUnit.NANOSECONDS.sleep(BEAT.toNanos());
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                return;
            } catch (RejectedExecutionException stopped) {
                return;
            } catch (RuntimeException bug) {
                LOG.error("health probes failed", bug);
            }
        }
    }

    private synchronized void beat() {
        Instant now = clock.instant();
        Set<Subject> there = new HashSet<>();
        for (Pool pool : pools.all()) {
            PoolView view = pool.view();
            Optional<HealthProbe> probe = view.declared().document().health().probe();
            if (probe.isEmpty()) {
                continue;
            }
            for (MachineView machine : view.machines()) {
                if (machine.state() == MachineState.RUNNING) {
                    Subject subject = new Subject(view.name(), machine.id());
                    there.add(subject);
                    Watched one = watched.computeIfAbsent(subject, fresh -> new Watched(now));
                    if (!one.underWay && !now.isBefore(one.due)) {
                        one.underWay = true;
                        one.due = now.plus(probe.get().interval());
                        threads.execute(() -> lookAt(pool, machine, probe.get(), subject, one));
                    }
                }
            }
        }
        watched.keySet().retainAll(there);
    }

    private void lookAt(Pool pool, MachineView machine, HealthProbe probe, Subject subject, Watched one) {
        try {
            if (machine.connectAddress().isEmpty()) {
                unreachable(machine, subject, one);
                return;
            }
            free.acquire();
            Optional<String> problem;
            try {
                problem = look.problem(probe, machine.connectAddress().get());
            } finally {
                free.release();
            }
            meter.accept(subject.pool(), problem.isEmpty() ? "healthy" : "failed");
            learn(pool, machine, probe, one, problem);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (Refusal gone) {
            LOG.debug("{}: {}", subject, gone.text());
        } catch (RuntimeException bug) {
            LOG.error("the health probe of {} failed", subject, bug);
        } finally {
            synchronized (this) {
                one.underWay = false;
            }
        }
    }

    private void unreachable(MachineView machine, Subject subject, Watched one) {
        meter.accept(subject.pool(), "unreachable");
        synchronized (this) {
            if (one.unreachable) {
                return;
            }
            one.unreachable = true;
        }
        LOG.warn(
                "{}: {} is {}",
                subject.pool(),
                machine.id(),
                machine.unreachable().orElse("not reachable"));
    }

    private void learn(Pool pool, MachineView machine, HealthProbe probe, Watched one, Optional<String> problem) {
        Streak streak;
        synchronized (this) {
            one.unreachable = false;
            one.streak = one.streak.then(problem.isEmpty());
            streak = one.streak;
        }
        PoolView view = pool.view();
        ServiceState said = view.machines().stream()
                .filter(other -> other.id().equals(machine.id()))
                .map(MachineView::service)
                .findFirst()
                .orElse(ServiceState.OUT_OF_SERVICE);
        boolean boots = machine.requestTime()
                .map(at -> at.plus(view.declared().document().timeouts().boot()))
                .filter(clock.instant()::isBefore)
                .isPresent();
        streak.verdict(said, probe, boots)
                .ifPresent(found -> pool.foundService(machine.id(), said, found, why(streak, problem), AUTHOR));
    }

    private static String why(Streak streak, Optional<String> problem) {
        return problem.map(text -> text + (streak.failures() > 1 ? ", " + streak.failures() + " times in a row" : ""))
                .orElse("it answered " + streak.successes() + (streak.successes() == 1 ? " time" : " times in a row"));
    }

    @Override
    public void close() {
        closed = true;
        threads.shutdownNow();
    }
}
