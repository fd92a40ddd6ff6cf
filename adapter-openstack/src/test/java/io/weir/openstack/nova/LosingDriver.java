package io.weir.openstack.nova;

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

/** A line that loses what belongs to one call of the driver, however many requests that is. */
record LosingDriver(CloudDriver inner, Line line) implements CloudDriver {

    interface Line {
        /** @param changes how many requests that change something the call will make */
        void begins(int changes);

        void ends();
    }

    private interface Call<R> {
        R make() throws CloudException;
    }

    private <R> R losing(int changes, Call<R> call) throws CloudException {
        line.begins(changes);
        try {
            return call.make();
        } finally {
            line.ends();
        }
    }

    @Override
    public Promises promises() {
        return inner.promises();
    }

    @Override
    public Template resolve(PoolDocument document) throws TemplateProblems, CloudException {
        return inner.resolve(document);
    }

    @Override
    public Listing list(Set<PoolName> pools) throws CloudException {
        return inner.list(pools);
    }

    @Override
    public Outcomes<MachineName> launch(Batch batch) throws CloudException {
        return losing(batch.names().size(), () -> inner.launch(batch));
    }

    @Override
    public Outcomes<MachineId> terminate(Set<MachineId> ids) throws CloudException {
        return losing(ids.size(), () -> inner.terminate(ids));
    }

    @Override
    public Outcomes<MachineId> mark(Map<MachineId, Marks> marks) throws CloudException {
        return losing(marks.size(), () -> inner.mark(marks));
    }

    @Override
    public Optional<CloudMachine> find(MachineId id) throws CloudException {
        return inner.find(id);
    }
}
