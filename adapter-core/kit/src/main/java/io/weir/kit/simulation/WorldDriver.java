package io.weir.kit.simulation;

import io.weir.driver.CloudDriver;
import io.weir.driver.CloudException;
import io.weir.driver.Listing;
import io.weir.driver.Outcomes;
import io.weir.driver.Promises;
import io.weir.driver.TemplateProblems;
import io.weir.pool.Batch;
import io.weir.pool.CloudMachine;
import io.weir.pool.FailureKind;
import io.weir.pool.Gate;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.Marks;
import io.weir.pool.Outcome;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolName;
import io.weir.pool.Template;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A driver whose calls take time, in which the world goes on, and on either side of which the process may die. */
final class WorldDriver implements CloudDriver {
    private final CloudDriver inner;
    private final World world;
    private final Adapter adapter;

    WorldDriver(CloudDriver inner, World world, Adapter adapter) {
        this.inner = inner;
        this.world = world;
        this.adapter = adapter;
    }

    private interface Work<T> {
        T make() throws CloudException;
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
        if (world.listingsFail) {
            world.tally.trouble(Trouble.LISTING_FAILED);
            throw new CloudException(FailureKind.UNAVAILABLE, "no listing");
        }
        return call(CrashPoint.BEFORE_LIST, CrashPoint.BEFORE_SAVING_WHAT_WAS_SEEN, () -> {
            Listing listing = inner.list(pools);
            if (world.lies > 0) {
                world.lies--;
                world.tally.trouble(Trouble.LYING_LISTING);
                return new Listing(listing.begun(), List.of(), listing.missing(), listing.refusals());
            }
            return listing;
        });
    }

    @Override
    public Outcomes<MachineName> launch(Batch batch) throws CloudException {
        mayAct("a launch of " + batch.id());
        return call(
                CrashPoint.BEFORE_LAUNCH,
                CrashPoint.BEFORE_SAVING_WHAT_A_LAUNCH_ANSWERED,
                () -> waited(inner.launch(batch)));
    }

    @Override
    public Outcomes<MachineId> terminate(Set<MachineId> ids) throws CloudException {
        mayAct("an end of " + ids);
        return call(
                CrashPoint.BEFORE_END,
                CrashPoint.BEFORE_SAVING_WHAT_AN_END_ANSWERED,
                () -> waited(inner.terminate(ids)));
    }

    @Override
    public Outcomes<MachineId> mark(Map<MachineId, Marks> marks) throws CloudException {
        mayAct("marks of " + marks.keySet());
        return call(
                CrashPoint.BEFORE_MARK, CrashPoint.BEFORE_SAVING_WHAT_A_MARK_ANSWERED, () -> waited(inner.mark(marks)));
    }

    @Override
    public Optional<CloudMachine> find(MachineId id) throws CloudException {
        return call(CrashPoint.BEFORE_FIND, CrashPoint.BEFORE_SAVING_WHAT_WAS_FOUND, () -> inner.find(id));
    }

    /** Freezing is one gate in front of every effect. */
    private void mayAct(String what) {
        adapter.core().state().gates().keySet().stream()
                .filter(gate -> gate != Gate.Kind.UNAUTHORIZED)
                .findFirst()
                .ifPresent(gate -> world.accuse(what + " behind a closed gate: " + gate));
    }

    private <T> T call(CrashPoint before, CrashPoint saves, Work<T> work) throws CloudException {
        world.doom.pass(before);
        world.pass(world.chance.seconds(0.02, 0.2));
        try {
            T answer = work.make();
            world.doom.pass(before.after());
            world.pass(world.chance.seconds(0.01, 0.1));
            adapter.store().next = Optional.of(saves);
            return answer;
        } catch (CloudException failed) {
            world.doom.pass(before.after());
            adapter.store().next = before == CrashPoint.BEFORE_FIND || before == CrashPoint.BEFORE_LIST
                    ? Optional.empty()
                    : Optional.of(saves);
            throw failed;
        }
    }

    /** Silence takes the whole time-out. */
    private <K> Outcomes<K> waited(Outcomes<K> outcomes) {
        if (outcomes.byKey().values().stream().anyMatch(Outcome.Unknown.class::isInstance)) {
            world.pass(World.CALL_BOUND);
        }
        return outcomes;
    }
}
