package io.weir.aws.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.aws.fake.Ec2Event.Step;
import io.weir.pool.MachineState;
import io.weir.pool.Marks;
import io.weir.simulated.SimulatedApi.LedgerLine;
import io.weir.simulated.SimulatedApi.Membership;
import java.math.BigDecimal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One instance of the ledger: the states that it had and will have, with their times. A change only ever replaces what has not come yet. */
final class Instance {
    static final long NEVER = Long.MAX_VALUE;

    final int number;
    final int launchIndex;
    final String id;
    final String address;
    final Ec2Event.Launched launch;
    final LaunchSpec spec;
    final long launched;
    final TagHistory tags;
    boolean isProtected;

    private final Map<String, String> ids = new HashMap<>();
    private final List<Step> steps;
    private long asked = NEVER;

    Instance(int number, int launchIndex, Ec2Event.Birth birth, Ec2Event.Launched launch) {
        this.number = number;
        this.launchIndex = launchIndex;
        this.id = birth.id();
        this.address = birth.address();
        this.launch = launch;
        this.spec = launch.spec();
        this.launched = launch.at().toEpochMilli();
        this.steps = new ArrayList<>(birth.steps());
        this.tags = new TagHistory(launched, spec.tagsOf("instance"));
        this.isProtected = spec.isProtected();
    }

    void change(Ec2Event.Changed change) {
        steps.removeIf(step -> !step.at().isBefore(change.at()));
        steps.addAll(change.steps());
        if (change.asked() && asked == NEVER) {
            asked = change.at().toEpochMilli();
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

    /** What EC2 shows of it then; empty: nothing, not yet or no more. */
    Optional<Step> shown(long at, long tombstone) {
        return step(at).filter(step -> step.state() != State.TERMINATED || at < ended() + tombstone);
    }

    State state(long at) {
        return step(at).map(Step::state).orElse(State.PENDING);
    }

    /** Neither ending nor ended. */
    boolean isAlive(long at) {
        State state = state(at);
        return state != State.SHUTTING_DOWN && state != State.TERMINATED;
    }

    long ended() {
        return first(State.TERMINATED);
    }

    /** When its end was asked for. */
    long asked() {
        return asked;
    }

    long ran() {
        return first(State.RUNNING);
    }

    private long first(State state) {
        return steps.stream()
                .filter(step -> step.state() == state)
                .mapToLong(step -> step.at().toEpochMilli())
                .min()
                .orElse(NEVER);
    }

    /** The id of something that came with it. */
    String idOf(String prefix, String what) {
        return ids.computeIfAbsent(prefix + what, first -> newId(prefix, what));
    }

    private String newId(String prefix, String what) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest((id + what).getBytes(UTF_8));
            return prefix + "0" + HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException cannotBe) {
            throw new IllegalStateException(cannotBe);
        }
    }

    String volumeId(LaunchSpec.Volume volume) {
        return idOf("vol-", volume.device());
    }

    String interfaceId() {
        return idOf("eni-", "0");
    }

    /** Spot requests have short ids. */
    String spotRequestId() {
        return idOf("sir-", "spot").substring(0, 12);
    }

    String publicAddress() {
        return "198.18." + (number >> 8 & 255) + "." + (number & 255);
    }

    /** As Weir calls it: what was asked for under one token is one batch, wherever and however often it was launched. */
    String ledgerName() {
        return Objects.requireNonNullElse(launch.clientToken(), launch.reservation())
                + "-"
                + Integer.toString(launchIndex, Character.MAX_RADIX);
    }

    LedgerLine line(long now, BigDecimal price) {
        List<Membership> pools = new ArrayList<>();
        tags.forEach((at, values) -> {
            String pool = values.get(Marks.POOL_TAG);
            if (pools.isEmpty() || !Objects.equals(pools.get(pools.size() - 1).pool(), pool)) {
                pools.add(new Membership(Instant.ofEpochMilli(at), pool));
            }
        });
        Optional<Step> step = step(now);
        MachineState state = step.map(Step::state).orElse(State.PENDING).ledger;
        return new LedgerLine(
                ledgerName(),
                id,
                tags.now().get(Marks.POOL_TAG),
                launch.reservation(),
                launch.clientToken(),
                spec.zone(),
                spec.instanceType(),
                spec.market(),
                price,
                state,
                Instant.ofEpochMilli(launched),
                past(ran(), now),
                past(asked, now),
                past(ended(), now),
                step.map(Step::code).orElse(null),
                tags.now(),
                List.copyOf(pools));
    }

    private static @Nullable Instant past(long at, long now) {
        return at <= now ? Instant.ofEpochMilli(at) : null;
    }
}
