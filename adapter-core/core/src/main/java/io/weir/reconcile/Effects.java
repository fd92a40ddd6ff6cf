package io.weir.reconcile;

import io.weir.driver.CloudDriver;
import io.weir.driver.CloudException;
import io.weir.driver.Outcomes;
import io.weir.plan.Action;
import io.weir.plan.Learn;
import io.weir.plan.Remember;
import io.weir.plan.Settler;
import io.weir.pool.Batch;
import io.weir.pool.CloudMachine;
import io.weir.pool.FailureKind;
import io.weir.pool.Gate;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.Marks;
import io.weir.pool.Outcome;
import io.weir.pool.PoolEdit;
import io.weir.pool.PoolName;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Carries actions out: that a call is being made is durable before it, and what became of it is learned after it. */
final class Effects {
    private final PoolCell cell;
    private final CloudDriver driver;
    private final Meter meter;
    private final PoolName pool;

    Effects(PoolCell cell, CloudDriver driver, Meter meter) {
        this.cell = cell;
        this.driver = driver;
        this.meter = meter;
        this.pool = cell.state().name();
    }

    /** @return whether something was refused, so that another choice may be planned at once */
    boolean carryOut(Action action) {
        return switch (action) {
            case Action.Cancel cancel -> false;
            case Action.TakeBack back -> false;
            case Action.Launch launch -> launch(launch.batch(), launch.batch().names());
            case Action.Repeat repeat -> {
                Batch batch = cell.state().batches().get(repeat.batch());
                yield batch != null && launch(batch, repeat.names());
            }
            case Action.End end -> {
                end(List.of(end.id()));
                yield false;
            }
            case Action.CallEnd call -> {
                end(call.ids());
                yield false;
            }
            case Action.Mark mark -> {
                mark(mark.ids(), mark.heartbeat());
                yield false;
            }
            case Action.Unmark unmark -> {
                unmark(unmark.ids());
                yield false;
            }
            case Action.Confirm confirm -> {
                confirm.ids().forEach(this::confirm);
                yield false;
            }
        };
    }

    /** Whether effects pass: the one gate in front of them, looked at right before each call (G11). A probe passes one of them. */
    private static boolean isOpen(PoolEdit edit) {
        return edit.started && edit.gates.keys().stream().allMatch(kind -> kind == Gate.Kind.UNAUTHORIZED);
    }

    private boolean launch(Batch batch, List<MachineName> names) {
        List<MachineName> open = cell.change(edit -> isOpen(edit) ? Remember.callingLaunch(edit, names) : List.of());
        if (open.isEmpty()) {
            return false;
        }
        Outcomes<MachineName> outcomes = outcomes("launch", names, () -> driver.launch(batch.only(names)));
        cell.change(edit -> {
            names.forEach(name -> Learn.launched(edit, batch, name, outcomes.of(name)));
            return true;
        });
        return names.stream().anyMatch(name -> outcomes.of(name) instanceof Outcome.Refused);
    }

    /** Calls ends that are written down, and learns. */
    void end(List<MachineId> ids) {
        List<MachineId> open = cell.change(edit -> isOpen(edit) ? Remember.callingEnds(edit, ids) : List.of());
        if (open.isEmpty()) {
            return;
        }
        Outcomes<MachineId> outcomes = callEnd(open);
        cell.change(edit -> {
            open.forEach(id -> Learn.ended(edit, id, outcomes.of(id)));
            return true;
        });
    }

    Outcomes<MachineId> callEnd(List<MachineId> ids) {
        return outcomes("terminate", ids, () -> driver.terminate(Set.copyOf(ids)));
    }

    private void mark(List<MachineId> ids, List<MachineId> heartbeat) {
        Map<MachineId, Marks> marks =
                cell.change(edit -> isOpen(edit) ? Remember.callingMarks(edit, ids, heartbeat) : Map.of());
        Outcomes<MachineId> outcomes = callMark(marks);
        cell.change(edit -> {
            marks.keySet().forEach(id -> Learn.marked(edit, id, outcomes.of(id)));
            return true;
        });
    }

    private void unmark(List<MachineId> ids) {
        Map<MachineId, Marks> marks = cell.change(edit -> isOpen(edit) ? Remember.callingUnmarks(edit, ids) : Map.of());
        Outcomes<MachineId> outcomes = callMark(marks);
        cell.change(edit -> {
            marks.keySet().forEach(id -> Learn.unmarked(edit, id, outcomes.of(id)));
            return true;
        });
    }

    Outcomes<MachineId> callMark(Map<MachineId, Marks> marks) {
        return marks.isEmpty() ? new Outcomes<>(Map.of()) : outcomes("mark", marks.keySet(), () -> driver.mark(marks));
    }

    private void confirm(MachineId id) {
        Optional<CloudMachine> found;
        try {
            found = driver.find(id);
        } catch (CloudException failed) {
            meter.acted(pool, "find", failed.kind().name(), 1);
            return; // it stays a member until the cloud says something
        }
        meter.acted(pool, "find", "accepted", 1);
        cell.change(edit -> {
            Settler.confirmed(edit, id, found);
            return true;
        });
    }

    private <K> Outcomes<K> outcomes(String action, Collection<K> keys, Call<K> call) {
        Outcomes<K> outcomes;
        try {
            outcomes = call.make();
        } catch (CloudException failed) {
            outcomes = Outcomes.each(keys, key -> shared(failed));
        } catch (RuntimeException bug) {
            // A fault of the driver says nothing of what the cloud did.
            outcomes = Outcomes.each(keys, key -> new Outcome.Unknown("the driver failed: " + bug));
        }
        for (K key : keys) {
            meter.acted(pool, action, word(outcomes.of(key)), 1);
        }
        return outcomes;
    }

    private static Outcome shared(CloudException failed) {
        String text = String.valueOf(failed.getMessage());
        return failed.kind() == FailureKind.UNKNOWN
                ? new Outcome.Unknown(text)
                : new Outcome.Refused(failed.kind(), text, failed.retryAfter());
    }

    private static String word(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Accepted accepted -> "accepted";
            case Outcome.Refused refused -> refused.kind().name();
            case Outcome.Unknown unknown -> "unknown";
        };
    }

    private interface Call<K> {
        Outcomes<K> make() throws CloudException;
    }
}
