package io.weir.guard;

import io.weir.driver.CloudDriver;
import io.weir.driver.CloudException;
import io.weir.driver.Listing;
import io.weir.driver.Outcomes;
import io.weir.driver.Promises;
import io.weir.driver.TemplateProblems;
import io.weir.pool.Batch;
import io.weir.pool.CloudMachine;
import io.weir.pool.FailureKind;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.Marks;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolName;
import io.weir.pool.Template;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Puts a bound of real time on every call. A read over it is UNAVAILABLE; an effect over it is UNKNOWN: it may have happened,
 * or may happen yet.
 */
public final class BoundedDriver implements CloudDriver {
    private final CloudDriver driver;
    private final ExecutorService calls;
    private final Duration bound;

    public BoundedDriver(CloudDriver driver, ExecutorService calls, Duration bound) {
        this.driver = driver;
        this.calls = calls;
        this.bound = bound;
    }

    @Override
    public Promises promises() {
        return driver.promises();
    }

    @Override
    public Template resolve(PoolDocument document) throws TemplateProblems, CloudException {
        Resolved resolved = bounded("resolve", FailureKind.UNAVAILABLE, () -> {
            try {
                return new Resolved(Optional.of(driver.resolve(document)), Optional.empty());
            } catch (TemplateProblems problems) {
                return new Resolved(Optional.empty(), Optional.of(problems));
            }
        });
        if (resolved.problems().isPresent()) {
            throw resolved.problems().get();
        }
        return resolved.template().orElseThrow();
    }

    private record Resolved(Optional<Template> template, Optional<TemplateProblems> problems) {}

    @Override
    public Listing list(Set<PoolName> pools) throws CloudException {
        return bounded("list", FailureKind.UNAVAILABLE, () -> driver.list(pools));
    }

    @Override
    public Outcomes<MachineName> launch(Batch batch) throws CloudException {
        return bounded("launch", FailureKind.UNKNOWN, () -> driver.launch(batch));
    }

    @Override
    public Outcomes<MachineId> terminate(Set<MachineId> ids) throws CloudException {
        return bounded("terminate", FailureKind.UNKNOWN, () -> driver.terminate(ids));
    }

    @Override
    public Outcomes<MachineId> mark(Map<MachineId, Marks> marks) throws CloudException {
        return bounded("mark", FailureKind.UNKNOWN, () -> driver.mark(marks));
    }

    @Override
    public Optional<CloudMachine> find(MachineId id) throws CloudException {
        return bounded("find", FailureKind.UNAVAILABLE, () -> driver.find(id));
    }

    private <R> R bounded(String what, FailureKind late, Call<R> call) throws CloudException {
        Future<R> future = calls.submit(call::make);
        try {
            return future.get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException over) {
            future.cancel(true);
            throw new CloudException(late, what + ": no answer within " + bound.toSeconds() + " s");
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            if (cause instanceof CloudException cloud) {
                throw cloud;
            }
            if (cause instanceof RuntimeException bug) {
                throw bug;
            }
            throw new CloudException(late, what + " failed: " + cause, failed);
        } catch (InterruptedException stop) {
            future.cancel(true);
            Thread.currentThread().interrupt();
            throw new CloudException(late, what + ": the adapter is stopping");
        }
    }

    private interface Call<R> {
        R make() throws CloudException;
    }
}
