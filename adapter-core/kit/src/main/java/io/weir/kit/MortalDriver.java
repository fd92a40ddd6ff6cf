package io.weir.kit;

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
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolName;
import io.weir.pool.Template;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** A driver whose process may be dead when a call of it returns: then nobody gets the answer. */
final class MortalDriver implements CloudDriver {
    /** The process is dead. An error, because no code of ours may go on after it. */
    static final class Dead extends Error {
        private static final long serialVersionUID = 1;

        Dead() {
            super("the process is dead", null, false, false);
        }
    }

    interface Call<T> {
        T make() throws CloudException;
    }

    private final CloudDriver driver;
    private final BooleanSupplier dead;

    MortalDriver(CloudDriver driver, BooleanSupplier dead) {
        this.driver = driver;
        this.dead = dead;
    }

    static <T> T survived(Call<T> call, BooleanSupplier dead) throws CloudException {
        try {
            return call.make();
        } finally {
            survive(dead);
        }
    }

    private static void survive(BooleanSupplier dead) {
        if (dead.getAsBoolean()) {
            throw new Dead();
        }
    }

    @Override
    public Promises promises() {
        return driver.promises();
    }

    @Override
    public Template resolve(PoolDocument document) throws TemplateProblems, CloudException {
        try {
            return driver.resolve(document);
        } finally {
            survive(dead);
        }
    }

    @Override
    public Listing list(Set<PoolName> pools) throws CloudException {
        return survived(() -> driver.list(pools), dead);
    }

    @Override
    public Outcomes<MachineName> launch(Batch batch) throws CloudException {
        return survived(() -> driver.launch(batch), dead);
    }

    @Override
    public Outcomes<MachineId> terminate(Set<MachineId> ids) throws CloudException {
        return survived(() -> driver.terminate(ids), dead);
    }

    @Override
    public Outcomes<MachineId> mark(Map<MachineId, Marks> marks) throws CloudException {
        return survived(() -> driver.mark(marks), dead);
    }

    @Override
    public Optional<CloudMachine> find(MachineId id) throws CloudException {
        return survived(() -> driver.find(id), dead);
    }
}
