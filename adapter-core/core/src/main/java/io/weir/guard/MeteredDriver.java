package io.weir.guard;

import io.weir.driver.CloudDriver;
import io.weir.driver.CloudException;
import io.weir.driver.Listing;
import io.weir.driver.Outcomes;
import io.weir.driver.Promises;
import io.weir.driver.TemplateProblems;
import io.weir.pool.Batch;
import io.weir.pool.CloudMachine;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.Marks;
import io.weir.pool.Outcome;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolName;
import io.weir.pool.Template;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/** Counts the calls of a connection by kind and outcome, and how long they took. A call counts once, whatever it asked for. */
public final class MeteredDriver implements CloudDriver {
    private final CloudDriver driver;
    private final CloudCalls calls;
    private final String connection;
    private final LongSupplier nanos;

    public MeteredDriver(CloudDriver driver, CloudCalls calls, String connection, LongSupplier nanos) {
        this.driver = driver;
        this.calls = calls;
        this.connection = connection;
        this.nanos = nanos;
    }

    @Override
    public Promises promises() {
        return driver.promises();
    }

    @Override
    public Template resolve(PoolDocument document) throws TemplateProblems, CloudException {
        long began = nanos.getAsLong();
        try {
            Template template = driver.resolve(document);
            count("resolve", "accepted", began);
            return template;
        } catch (TemplateProblems problems) {
            count("resolve", "invalid_template", began);
            throw problems;
        } catch (CloudException failed) {
            count("resolve", word(failed), began);
            throw failed;
        }
    }

    @Override
    public Listing list(Set<PoolName> pools) throws CloudException {
        return read("list", () -> driver.list(pools));
    }

    @Override
    public Outcomes<MachineName> launch(Batch batch) throws CloudException {
        return effect("launch", () -> driver.launch(batch));
    }

    @Override
    public Outcomes<MachineId> terminate(Set<MachineId> ids) throws CloudException {
        return effect("terminate", () -> driver.terminate(ids));
    }

    @Override
    public Outcomes<MachineId> mark(Map<MachineId, Marks> marks) throws CloudException {
        return effect("mark", () -> driver.mark(marks));
    }

    @Override
    public Optional<CloudMachine> find(MachineId id) throws CloudException {
        return read("find", () -> driver.find(id));
    }

    private <R> R read(String call, Call<R> made) throws CloudException {
        long began = nanos.getAsLong();
        try {
            R result = made.make();
            count(call, "accepted", began);
            return result;
        } catch (CloudException failed) {
            count(call, word(failed), began);
            throw failed;
        }
    }

    private <K> Outcomes<K> effect(String call, Call<Outcomes<K>> made) throws CloudException {
        long began = nanos.getAsLong();
        try {
            Outcomes<K> outcomes = made.make();
            long accepted = outcomes.byKey().values().stream()
                    .filter(Outcome.Accepted.class::isInstance)
                    .count();
            count(call, accepted == outcomes.byKey().size() ? "accepted" : "mixed", began);
            return outcomes;
        } catch (CloudException failed) {
            count(call, word(failed), began);
            throw failed;
        }
    }

    private void count(String call, String outcome, long began) {
        calls.called(connection, call, outcome, Duration.ofNanos(nanos.getAsLong() - began));
    }

    private static String word(CloudException failed) {
        return failed.kind().name().toLowerCase(Locale.ROOT);
    }

    private interface Call<R> {
        R make() throws CloudException;
    }
}
