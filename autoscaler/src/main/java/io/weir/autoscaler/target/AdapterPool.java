package io.weir.autoscaler.target;

import io.weir.api.HoldView;
import io.weir.api.Machine;
import io.weir.api.MachinePool;
import io.weir.api.PoolSize;
import io.weir.api.client.Answer;
import io.weir.api.client.Done;
import io.weir.api.client.PoolClient;
import io.weir.autoscaler.policy.PoolSeen;
import io.weir.autoscaler.target.Sight.Seen;
import io.weir.autoscaler.target.Sight.Unseen;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A pool behind any adapter of version 2.0 or 5.0. Its machines are asked for only where a policy needs those that run: an
 * adapter that cannot list them at the moment can still be given a size.
 */
public final class AdapterPool implements ScaledPool {
    private static final int LONGEST_REASON = 300;

    private final PoolClient client;
    private final boolean countsRunning;

    public AdapterPool(PoolClient client, boolean countsRunning) {
        this.client = client;
        this.countsRunning = countsRunning;
    }

    @Override
    public Sight look() {
        return switch (client.size()) {
            case Answer.Ok<PoolSize> ok -> seen(ok);
            case Answer<PoolSize> other -> new Unseen(other.sentence());
        };
    }

    private Sight seen(Answer.Ok<PoolSize> answer) {
        PoolSize size = answer.value();
        @Nullable Integer running = null;
        if (countsRunning) {
            switch (client.machines()) {
                case Answer.Ok<MachinePool> ok -> running = running(ok.value());
                case Answer<MachinePool> other -> {
                    return new Unseen("its machines: " + other.sentence());
                }
            }
        }
        try {
            return new Seen(
                    new PoolSeen(size.desiredSize(), size.allocated(), size.active(), running),
                    answer.tag(),
                    Optional.ofNullable(size.hold()).map(AdapterPool::hold));
        } catch (IllegalArgumentException impossible) {
            return new Unseen(String.valueOf(impossible.getMessage()));
        }
    }

    private static Hold hold(HoldView told) {
        return new Hold(told.by(), told.reason(), told.until());
    }

    private static int running(MachinePool pool) {
        return (int) pool.machines().stream().filter(AdapterPool::carriesLoad).count();
    }

    /** A 2.0 adapter tells by the service state what a 5.0 adapter tells by the membership. */
    private static boolean carriesLoad(Machine machine) {
        return machine.machineState().equals("RUNNING")
                && machine.membershipStatus().active()
                && !machine.serviceState().equals("OUT_OF_SERVICE");
    }

    @Override
    public Posted post(int size, Seen basis, String reason) {
        return switch (client.setSize(size, basis.tag(), Optional.of(shortened(reason)))) {
            case Answer.Ok<Done> ok -> new Posted.Taken();
            case Answer.Stale<Done> stale -> new Posted.Outdated(stale.sentence());
            case Answer.Held<Done> held ->
                new Posted.Held(new Hold(held.by(), orNull(held.why()), orNull(held.until())));
            case Answer.Refused<Done> refused -> new Posted.Refused(refused.status(), refused.sentence());
            case Answer.Unreachable<Done> unreachable -> new Posted.Lost(unreachable.sentence());
            case Answer.Unknown<Done> unknown -> new Posted.Lost(unknown.sentence());
        };
    }

    private static <T> @Nullable T orNull(Optional<T> value) {
        return value.orElse(null);
    }

    private static String shortened(String reason) {
        String line = reason.replaceAll("\\p{Cntrl}+", " ");
        return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON - 1) + "…";
    }

    @Override
    public void close() {
        client.close();
    }
}
