package io.weir.gce.fake;

import com.google.cloud.compute.v1.Instance;
import io.weir.gce.fake.Change.Step;
import io.weir.gce.fake.Change.VmBirth;
import io.weir.pool.MachineState;
import io.weir.pool.Marks;
import io.weir.simulated.SimulatedApi.LedgerLine;
import io.weir.simulated.SimulatedApi.Membership;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One instance of the ledger: the statuses that it had and will have, with their times. A change only ever replaces what has not come yet. */
final class Vm {
    static final long NEVER = Long.MAX_VALUE;
    private static final Set<String> ALIVE = Set.of("PROVISIONING", "STAGING", "RUNNING", "REPAIRING");

    final int number;
    final VmBirth birth;
    final Instance born;
    final long launched;
    final LabelHistory labels;
    boolean isProtected;

    private final List<Step> steps;
    private long asked = NEVER;

    Vm(int number, VmBirth birth, long launched) {
        this.number = number;
        this.birth = birth;
        this.born = Schema.read(birth.json(), Instance.newBuilder()).build();
        this.launched = launched;
        this.labels = new LabelHistory(launched, birth.labels());
        this.isProtected = born.getDeletionProtection();
        this.steps = new ArrayList<>(birth.steps());
    }

    String zone() {
        return birth.zone();
    }

    String name() {
        return birth.name();
    }

    String key() {
        return birth.key();
    }

    /** As Weir calls a machine of Compute. */
    String machineId() {
        return birth.zone() + ":" + birth.name();
    }

    String type() {
        return Names.last(born.getMachineType());
    }

    boolean isSpot() {
        return born.getScheduling().getProvisioningModel().equals("SPOT")
                || born.getScheduling().getPreemptible();
    }

    boolean hasAddress() {
        return born.getNetworkInterfacesList().stream().anyMatch(card -> card.getAccessConfigsCount() > 0);
    }

    void change(Change.Turn turn, Instant at) {
        steps.removeIf(step -> !step.at().isBefore(at));
        steps.addAll(turn.steps());
        if (turn.asked() && asked == NEVER) {
            asked = at.toEpochMilli();
        }
    }

    /** Empty: it was not there yet. */
    Optional<Step> step(long at) {
        for (int i = steps.size() - 1; i >= 0; i--) {
            if (steps.get(i).at().toEpochMilli() <= at) {
                return Optional.of(steps.get(i));
            }
        }
        return Optional.empty();
    }

    /** Empty: it is not there, not yet or no more. */
    Optional<String> status(long at) {
        return step(at).map(Step::status).filter(status -> !status.equals(Change.GONE));
    }

    /** It is there, whatever its state: its name is taken. */
    boolean exists(long at) {
        return status(at).isPresent();
    }

    /** Neither ending, stopped nor gone. */
    boolean isAlive(long at) {
        return status(at).filter(ALIVE::contains).isPresent();
    }

    boolean isEnding() {
        return asked != NEVER;
    }

    long gone() {
        return first(Change.GONE);
    }

    long ran() {
        return first("RUNNING");
    }

    /** When it last came into a status that it is not in for the first time; empty: never until then. */
    Optional<Instant> lastIn(String status, long until) {
        Instant last = null;
        for (Step step : steps) {
            if (step.status().equals(status) && step.at().toEpochMilli() <= until) {
                last = step.at();
            }
        }
        return Optional.ofNullable(last);
    }

    private long first(String status) {
        return steps.stream()
                .filter(step -> step.status().equals(status))
                .mapToLong(step -> step.at().toEpochMilli())
                .min()
                .orElse(NEVER);
    }

    LedgerLine line(long now, BigDecimal price) {
        List<Membership> pools = new ArrayList<>();
        labels.forEach((at, values) -> {
            String pool = values.get(Marks.POOL_TAG);
            if (pools.isEmpty() || !Objects.equals(pools.get(pools.size() - 1).pool(), pool)) {
                pools.add(new Membership(Instant.ofEpochMilli(at), pool));
            }
        });
        return new LedgerLine(
                name(),
                machineId(),
                labels.now().get(Marks.POOL_TAG),
                Objects.requireNonNullElse(birth.group(), birth.operation()),
                birth.requestId(),
                zone(),
                type(),
                isSpot() ? "SPOT" : "ON_DEMAND",
                price,
                state(now),
                Instant.ofEpochMilli(launched),
                past(ran(), now),
                past(asked, now),
                past(gone(), now),
                step(now).map(Step::cause).orElse(null),
                Map.copyOf(labels.now()),
                List.copyOf(pools));
    }

    /** What the ledger calls it; a stopped instance is no machine of a pool any more. */
    private MachineState state(long now) {
        return switch (step(now).map(Step::status).orElse("PROVISIONING")) {
            case "PROVISIONING", "STAGING" -> MachineState.PENDING;
            case "RUNNING", "REPAIRING" -> MachineState.RUNNING;
            case Change.GONE -> MachineState.TERMINATED;
            default -> MachineState.TERMINATING;
        };
    }

    private static @Nullable Instant past(long at, long now) {
        return at <= now ? Instant.ofEpochMilli(at) : null;
    }
}
