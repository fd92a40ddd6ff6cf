package io.weir.kit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.driver.CloudDriver;
import io.weir.driver.CloudException;
import io.weir.driver.Listing;
import io.weir.driver.Outcomes;
import io.weir.driver.Promises;
import io.weir.driver.TemplateProblems;
import io.weir.pool.Batch;
import io.weir.pool.CloudMachine;
import io.weir.pool.FailureKind;
import io.weir.pool.Launch;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.Marks;
import io.weir.pool.Outcome;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolEvent;
import io.weir.pool.PoolName;
import io.weir.pool.PoolState;
import io.weir.pool.StoreId;
import io.weir.pool.Template;
import io.weir.store.Store;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rules that are taken away one at a time: the judge must notice each. */
class MutationTest {
    private static final long MOST = 3_000;

    @Test
    void without_the_intent_written_before_the_call_machines_are_launched_twice() throws InterruptedException {
        finds("the intent write", new Mutation() {
            @Override
            public Store store(Store store) {
                return new Forgetful(store);
            }
        });
    }

    @Test
    void where_silence_is_taken_for_a_refusal_machines_are_launched_twice() throws InterruptedException {
        finds("the quiet handling of silence", new Mutation() {
            @Override
            public CloudDriver driver(CloudDriver driver) {
                return new Hasty(driver);
            }
        });
    }

    @Test
    void where_a_missing_scope_is_taken_for_an_empty_one_machines_are_launched_twice() throws InterruptedException {
        finds("the missing-scope rule", new Mutation() {
            @Override
            public CloudDriver driver(CloudDriver driver) {
                return new Blinkered(driver);
            }
        });
    }

    private static void finds(String rule, Mutation mutation) throws InterruptedException {
        Runs runs = Runs.of(0, MOST, 2, 1, InstantSource.system(), mutation);

        assertThat(runs.accused()).as("nobody notices that %s is missing", rule).isNotEmpty();
        Simulation.Verdict found = runs.accused().get(0);
        System.out.printf(
                "without %s: seed %d finds it, after %d seeds: %s%n",
                rule,
                found.seed(),
                runs.seeds(),
                found.accusations().get(0).lines().findFirst().orElse(""));
    }

    /** After a crash it knows nothing of launches that had not been answered. */
    private static final class Forgetful implements Store {
        private final Store store;
        private Optional<PoolState> remembered = Optional.empty();

        Forgetful(Store store) {
            this.store = store;
        }

        @Override
        public StoreId id() {
            return store.id();
        }

        @Override
        public List<PoolState> load() {
            return remembered.stream().toList();
        }

        @Override
        public void save(Optional<PoolState> before, PoolState after, List<PoolEvent> events) {
            boolean intent = after.launches().values().stream()
                    .anyMatch(
                            launch -> launch.phase() == Launch.Phase.PLANNED || launch.phase() == Launch.Phase.CALLING);
            if (!intent) {
                remembered = Optional.of(after);
            }
            store.save(before, after, events);
        }

        @Override
        public void remove(PoolName pool, List<PoolEvent> events) {
            store.remove(pool, events);
        }

        @Override
        public OptionalLong sequenceOfRemoved(PoolName pool) {
            return store.sequenceOfRemoved(pool);
        }

        @Override
        public List<StoredEvent> events(
                PoolName pool, long after, int limit, Optional<String> kindPrefix, Optional<String> machine) {
            return store.events(pool, after, limit, kindPrefix, machine);
        }

        @Override
        public List<StoredEvent> latest(PoolName pool, int limit) {
            return store.latest(pool, limit);
        }

        @Override
        public void prune(java.time.Instant before) {
            store.prune(before);
        }

        @Override
        public void close() {
            store.close();
        }
    }

    private static class Passing implements CloudDriver {
        private final CloudDriver driver;

        Passing(CloudDriver driver) {
            this.driver = driver;
        }

        @Override
        public Promises promises() {
            return driver.promises();
        }

        @Override
        public Template resolve(PoolDocument document) throws TemplateProblems, CloudException {
            return driver.resolve(document);
        }

        @Override
        public Listing list(Set<PoolName> pools) throws CloudException {
            return driver.list(pools);
        }

        @Override
        public Outcomes<MachineName> launch(Batch batch) throws CloudException {
            return driver.launch(batch);
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

    /** No answer is a no. */
    private static final class Hasty extends Passing {
        Hasty(CloudDriver driver) {
            super(driver);
        }

        @Override
        public Outcomes<MachineName> launch(Batch batch) throws CloudException {
            Map<MachineName, Outcome> outcomes =
                    new HashMap<>(super.launch(batch).byKey());
            outcomes.replaceAll((name, outcome) -> outcome instanceof Outcome.Unknown
                    ? new Outcome.Refused(FailureKind.NO_CAPACITY, "no answer")
                    : outcome);
            return new Outcomes<>(outcomes);
        }
    }

    /** What a listing could not see is not there. */
    private static final class Blinkered extends Passing {
        Blinkered(CloudDriver driver) {
            super(driver);
        }

        @Override
        public Listing list(Set<PoolName> pools) throws CloudException {
            Listing listing = super.list(pools);
            return new Listing(listing.begun(), listing.machines(), Set.of(), listing.refusals());
        }
    }
}
