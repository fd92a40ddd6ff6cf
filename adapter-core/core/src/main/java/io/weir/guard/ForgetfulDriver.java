package io.weir.guard;

import io.weir.driver.Catalogs;
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
import io.weir.pool.Outcome;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolName;
import io.weir.pool.Template;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Forgets a connection's catalogs as soon as they are caught out.
 *
 * <ol>
 *   <li>A document that they do not fit is looked at once more with what the cloud has now, before anybody is told of a problem.
 *   <li>A launch that the cloud refuses as INVALID_TEMPLATE was pinned to what is no more: the next resolve reads anew.
 * </ol>
 */
public final class ForgetfulDriver implements CloudDriver {
    private final CloudDriver driver;
    private final Catalogs catalogs;

    public ForgetfulDriver(CloudDriver driver, Catalogs catalogs) {
        this.driver = driver;
        this.catalogs = catalogs;
    }

    @Override
    public Promises promises() {
        return driver.promises();
    }

    @Override
    public Template resolve(PoolDocument document) throws TemplateProblems, CloudException {
        boolean remembered = catalogs.since().isPresent();
        try {
            return driver.resolve(document);
        } catch (TemplateProblems perhapsOld) {
            if (!remembered) {
                throw perhapsOld;
            }
            catalogs.forget();
            return driver.resolve(document);
        }
    }

    @Override
    public Listing list(Set<PoolName> pools) throws CloudException {
        return driver.list(pools);
    }

    @Override
    public Outcomes<MachineName> launch(Batch batch) throws CloudException {
        Outcomes<MachineName> outcomes;
        try {
            outcomes = driver.launch(batch);
        } catch (CloudException failed) {
            if (failed.kind() == FailureKind.INVALID_TEMPLATE) {
                catalogs.forget();
            }
            throw failed;
        }
        if (outcomes.byKey().values().stream()
                .anyMatch(outcome ->
                        outcome instanceof Outcome.Refused refused && refused.kind() == FailureKind.INVALID_TEMPLATE)) {
            catalogs.forget();
        }
        return outcomes;
    }

    @Override
    public Outcomes<MachineId> terminate(Set<MachineId> ids) throws CloudException {
        return driver.terminate(ids);
    }

    @Override
    public Outcomes<MachineId> mark(Map<MachineId, Marks> marks) throws CloudException {
        return driver.mark(marks);
    }

    @Override
    public Optional<CloudMachine> find(MachineId id) throws CloudException {
        return driver.find(id);
    }
}
