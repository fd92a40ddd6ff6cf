package io.weir.simulated;

import io.weir.pool.MachineState;
import io.weir.pool.Marks;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One machine of the ledger. Its whole future is drawn when it is launched or ended, as times; what it is at any moment, past
 * ones too, follows from them. A later change only ever moves what has not come yet.
 */
final class Row {
    static final long NEVER = Long.MAX_VALUE;

    final int number;
    final String id;
    final String name;
    final SimulatedApi.Launch launch;
    final long launched;
    final long running;
    final ApiFailure.@Nullable Code refused;
    private final String network;

    private final boolean remains;

    private long terminating = NEVER;
    private long ended;
    /** When what remains of a failed launch is gone. */
    private long cleared = NEVER;

    private @Nullable String cause;

    private final List<Tags> tags = new ArrayList<>(2);
    private @Nullable Machine shown;

    private record Tags(long since, Map<String, String> values) {}

    Row(int number, LedgerEvent.Birth birth, SimulatedApi.Launch launch, long launched) {
        this.number = number;
        this.id = birth.id();
        this.name = birth.name();
        this.launch = launch;
        this.launched = launched;
        this.running = millis(birth.running());
        this.ended = millis(birth.ended());
        this.cause = birth.cause();
        this.refused = birth.refused();
        this.remains = birth.remains();
        this.network = birth.network() == null ? Dials.DEFAULT.privateNetwork() : birth.network();
        tags.add(new Tags(launched, launch.tags()));
    }

    /** A change of its end: only ever of what is yet to come. */
    void end(LedgerEvent.Ending ending) {
        if (ending.terminating() != null) {
            terminating = millis(ending.terminating());
            if (isRemains(terminating)) {
                cleared = millis(ending.ended());
                return;
            }
        }
        ended = millis(ending.ended());
        cause = ending.cause();
    }

    void tag(long at, Map<String, String> values) {
        tags.add(new Tags(at, values));
    }

    boolean isAlive(long at) {
        return launched <= at && at < ended;
    }

    boolean isEnding(long at) {
        return terminating <= at;
    }

    boolean hasEnded(long at) {
        return ended <= at;
    }

    long ended() {
        return ended;
    }

    /** From when on nothing is left of it. */
    long gone() {
        return isRefused(ended) && remains ? cleared : ended;
    }

    /** Whether it failed to come up, as the launch's late refusal. */
    boolean isRefused(long at) {
        return refused != null && ended <= at && "refused".equals(cause);
    }

    /** Whether it failed to come up, and is still there to be ended. */
    boolean isRemains(long at) {
        return remains && isRefused(at) && at < cleared;
    }

    /** What the cloud shows of it; null: nothing. */
    @Nullable
    MachineState state(long at, long tombstone) {
        if (at < launched) {
            return null;
        }
        if (isRemains(at)) {
            return at >= terminating ? MachineState.TERMINATING : MachineState.REJECTED;
        }
        if (at >= ended) {
            return at - gone() < tombstone ? MachineState.TERMINATED : null;
        }
        if (at >= terminating) {
            return MachineState.TERMINATING;
        }
        return at >= running ? MachineState.RUNNING : MachineState.PENDING;
    }

    Map<String, String> tags(long at) {
        for (int i = tags.size() - 1; i > 0; i--) {
            if (tags.get(i).since <= at) {
                return tags.get(i).values;
            }
        }
        return tags.get(0).values;
    }

    Map<String, String> tags() {
        return tags.get(tags.size() - 1).values;
    }

    @Nullable
    String pool(long at) {
        return tags(at).get(Marks.POOL_TAG);
    }

    /** The same object while nothing changed. */
    Machine show(MachineState state, Map<String, String> values) {
        Machine last = shown;
        if (last != null && last.state == state && last.tags == values) {
            return last;
        }
        boolean up = running != NEVER
                && state != MachineState.PENDING
                && state != MachineState.REJECTED
                && state != MachineState.TERMINATED;
        boolean ran = running < Math.min(ended, terminating);
        Machine machine = new Machine(
                id,
                name,
                launch.batch(),
                values.get(Marks.POOL_TAG),
                launch.zone(),
                launch.type(),
                launch.market(),
                launch.image(),
                state,
                values,
                up && launch.frozen().path("publicAddress").asBoolean() ? List.of(address("198.18")) : List.of(),
                up ? List.of(address(network)) : List.of(),
                Instant.ofEpochMilli(launched),
                ran && state != MachineState.PENDING ? Instant.ofEpochMilli(running) : null);
        shown = machine;
        return machine;
    }

    SimulatedApi.LedgerLine line(long now, MachineState state, BigDecimal price) {
        List<SimulatedApi.Membership> pools = new ArrayList<>(1);
        String before = null;
        for (Tags version : tags) {
            String pool = version.values.get(Marks.POOL_TAG);
            if (pools.isEmpty() || !Objects.equals(pool, before)) {
                pools.add(new SimulatedApi.Membership(Instant.ofEpochMilli(version.since), pool));
                before = pool;
            }
        }
        boolean ran = running <= now && running < Math.min(ended, terminating);
        return new SimulatedApi.LedgerLine(
                name,
                id,
                tags().get(Marks.POOL_TAG),
                launch.batch(),
                launch.token(),
                launch.zone(),
                launch.type(),
                launch.market(),
                price,
                state,
                Instant.ofEpochMilli(launched),
                ran ? Instant.ofEpochMilli(running) : null,
                terminating <= now ? Instant.ofEpochMilli(terminating) : null,
                ended <= now ? Instant.ofEpochMilli(ended) : null,
                terminating <= now || ended <= now ? cause : null,
                tags(),
                List.copyOf(pools));
    }

    private String address(String network) {
        return network + "." + (number >> 8 & 255) + "." + (number & 255);
    }

    static long millis(@Nullable Instant at) {
        return at == null ? NEVER : at.toEpochMilli();
    }

    static @Nullable Instant instant(long millis) {
        return millis == NEVER ? null : Instant.ofEpochMilli(millis);
    }
}
