package io.weir.plan;

import io.weir.pool.Author;
import io.weir.pool.Batch;
import io.weir.pool.Ending;
import io.weir.pool.FailureKind;
import io.weir.pool.Gate;
import io.weir.pool.Launch;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.MachineState;
import io.weir.pool.MarkWrite;
import io.weir.pool.Member;
import io.weir.pool.Outcome;
import io.weir.pool.PoolEdit;
import io.weir.pool.PoolState;
import io.weir.pool.Watch;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What the outcome of a call does to what a pool knows. A refusal answers only its own call: while an earlier call of the same
 * intent is unanswered it stops the repeating and settles nothing.
 */
public final class Learn {
    private static final Duration CONFLICT_RETRY = Duration.ofMinutes(1);
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

    private Learn() {}

    public static void launched(PoolEdit pool, Batch batch, MachineName name, Outcome outcome) {
        Optional<Launch> launch = pool.launches.get(name);
        switch (outcome) {
            case Outcome.Accepted accepted -> accepted(pool, batch, name, launch, accepted.id());
            case Outcome.Refused refused -> {
                if (launch.filter(Launch::holdsSlot).isPresent()) {
                    refused(pool, launch.get(), refused);
                }
            }
            case Outcome.Unknown unknown -> {
                if (launch.filter(Launch::holdsSlot).isPresent()) {
                    pool.launches.put(
                            name,
                            launch.get().unanswered(pool.now(), launch.get().repeats()));
                    pool.tell("launch.unanswered", name + ": " + unknown.text(), name);
                }
            }
        }
    }

    private static void accepted(PoolEdit pool, Batch batch, MachineName name, Optional<Launch> launch, MachineId id) {
        authorized(pool);
        if (pool.members.has(id) || pool.dead.has(id) || pool.released.has(id)) {
            if (launch.isPresent()) {
                pool.launches.remove(name);
                Launching.close(pool, name);
            }
            return;
        }
        Launch settled = launch.orElseGet(() -> Launch.planned(name, batch.id(), pool.now()));
        Launching.member(pool, settled, batch, id, pool.now());
        pool.tell(
                "machine.launched", name + " is " + id + " in " + batch.choice().key(), id);
    }

    private static void refused(PoolEdit pool, Launch launch, Outcome.Refused refused) {
        MachineName name = launch.name();
        switch (refused.kind()) {
            case WITHHELD -> { // by a limit of our own, which says it once for all that waits
                if (pool.watch.throttled().filter(pool.now()::isBefore).isEmpty()) {
                    pool.tell("launch.waits", name + " and what comes after it: " + refused.text(), name);
                }
                notNow(pool, launch);
                throttle(pool, refused);
            }
            case THROTTLED, UNAVAILABLE -> {
                notNow(pool, launch);
                throttle(pool, refused);
                pool.tell("launch.waits", name + ": " + refused.kind() + ", " + refused.text(), name);
            }
            case UNAUTHORIZED -> {
                notNow(pool, launch);
                unauthorized(pool, refused.text());
            }
            case NO_CAPACITY, QUOTA_EXCEEDED, INVALID_TEMPLATE, CONFLICT, NOT_FOUND, UNKNOWN -> {
                if (launch.doubt()) {
                    pool.launches.put(name, launch.unanswered(pool.now(), false));
                    pool.tell(
                            "launch.doubtful",
                            name + ": refused (" + refused.kind() + ", " + refused.text()
                                    + "), but an earlier call is unanswered: it is looked for, not repeated",
                            name);
                } else {
                    Launching.refuse(pool, launch, refused.kind(), refused.text());
                }
            }
        }
    }

    /** It certainly did not happen by this call, and is asked for later, unless nobody wants it any more. */
    private static void notNow(PoolEdit pool, Launch launch) {
        if (launch.doubt()) {
            pool.launches.put(launch.name(), launch.unanswered(pool.now(), launch.repeats()));
        } else if (launch.cancelled()) {
            pool.launches.remove(launch.name());
            Remember.refund(pool, launch.name());
            Launching.close(pool, launch.name());
        } else {
            pool.launches.put(launch.name(), launch.notCalled());
        }
    }

    private static void throttle(PoolEdit pool, Outcome.Refused refused) {
        Duration wait = refused.retryAfter().orElse(SOON);
        Instant until = pool.now().plus(wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait);
        Watch was = pool.watch;
        if (was.throttled().map(until::isAfter).orElse(true)) {
            pool.watch = new Watch(
                    was.created(),
                    was.firstComplete(),
                    was.lastListing(),
                    was.missing(),
                    was.lost(),
                    was.heartbeat(),
                    was.acted(),
                    was.slowRepairs(),
                    Optional.of(until),
                    was.lastProbe());
        }
    }

    private static void unauthorized(PoolEdit pool, String text) {
        if (!pool.gates.has(Gate.Kind.UNAUTHORIZED)) {
            pool.gates.put(
                    Gate.Kind.UNAUTHORIZED,
                    new Gate(
                            Gate.Kind.UNAUTHORIZED,
                            pool.now(),
                            "the cloud refuses our credentials: " + text,
                            Author.WEIR));
            pool.tell("guard.closed", "no effect passes: the cloud refuses our credentials: " + text);
        }
        Remember.probing(pool);
    }

    /** An effect passed: the cloud takes our credentials. */
    static void authorized(PoolEdit pool) {
        if (pool.gates.has(Gate.Kind.UNAUTHORIZED)) {
            pool.gates.remove(Gate.Kind.UNAUTHORIZED);
            pool.tell("guard.opened", "the cloud takes our credentials again");
        }
    }

    public static void ended(PoolEdit pool, MachineId id, Outcome outcome) {
        Optional<Member> asked =
                pool.members.get(id).filter(member -> member.ending().isPresent());
        if (asked.isEmpty()) {
            return;
        }
        Member member = asked.get();
        Ending end = member.ending().get();
        boolean again = end.phase() == Ending.Phase.ACCEPTED;
        switch (outcome) {
            case Outcome.Accepted accepted -> {
                authorized(pool);
                leaves(pool, member, end, again);
            }
            case Outcome.Refused refused -> {
                if (refused.kind() == FailureKind.NOT_FOUND) {
                    leaves(pool, member, end, again);
                } else if (!again) {
                    refusedEnd(pool, member, end, refused);
                }
            }
            case Outcome.Unknown unknown -> {
                if (!again) {
                    pool.members.put(id, member.with(Optional.of(end.unanswered(pool.now()))));
                    pool.tell("machine.end-unanswered", id + ": " + unknown.text(), id);
                }
            }
        }
    }

    private static void leaves(PoolEdit pool, Member member, Ending end, boolean again) {
        Member leaving = member.with(Optional.of(end.accepted(pool.now())));
        pool.members.put(member.id(), ending(leaving));
        Launching.close(pool, member.id());
        if (!again) {
            pool.tell(
                    "machine.ends",
                    member.id() + ": " + end.reason(),
                    Optional.of(member.id().value()),
                    end.by());
        }
    }

    private static Member ending(Member member) {
        return new Member(
                member.id(),
                member.name(),
                member.choice(),
                MachineState.TERMINATING,
                member.seen(),
                member.since(),
                member.requested(),
                member.running(),
                member.lastSeen(),
                member.membership(),
                member.before(),
                member.service(),
                member.unhealthy(),
                member.marks(),
                member.absence(),
                member.ending(),
                member.duplicate(),
                member.cloudProvider(),
                member.region());
    }

    private static void refusedEnd(PoolEdit pool, Member member, Ending end, Outcome.Refused refused) {
        Duration wait = refused.kind() == FailureKind.CONFLICT
                ? CONFLICT_RETRY
                : refused.retryAfter().orElse(SOON);
        pool.members.put(
                member.id(), member.with(Optional.of(end.retryAt(pool.now().plus(wait)))));
        if (end.phase() == Ending.Phase.CALLING) {
            Remember.refund(pool, member.id()); // else an earlier call may have ended it: its place is held
        }
        if (refused.kind() == FailureKind.UNAUTHORIZED) {
            unauthorized(pool, refused.text());
        }
        pool.tell(
                "machine.end-refused",
                member.id() + ": " + refused.kind() + ", " + refused.text() + "; tried again later",
                member.id());
    }

    public static void marked(PoolEdit pool, MachineId id, Outcome outcome) {
        pool.members
                .get(id)
                .ifPresent(member -> pool.members.put(id, member.with(written(pool, member.marks(), outcome))));
    }

    public static void unmarked(PoolEdit pool, MachineId id, Outcome outcome) {
        pool.released
                .get(id)
                .ifPresent(released -> pool.released.put(
                        id,
                        new PoolState.Released(
                                released.at(), released.lastSeen(), written(pool, released.marks(), outcome))));
    }

    private static MarkWrite written(PoolEdit pool, MarkWrite write, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Accepted accepted -> {
                authorized(pool);
                yield write.answered(pool.now());
            }
            case Outcome.Refused refused -> {
                if (refused.kind() == FailureKind.UNAUTHORIZED) {
                    unauthorized(pool, refused.text());
                }
                yield write.refused(pool.now());
            }
            case Outcome.Unknown unknown -> write;
        };
    }
}
