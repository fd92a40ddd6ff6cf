package io.weir.reconcile;

import io.weir.driver.CloudDriver;
import io.weir.driver.CloudException;
import io.weir.plan.Learn;
import io.weir.plan.Planner;
import io.weir.plan.Remember;
import io.weir.pool.Author;
import io.weir.pool.CloudMachine;
import io.weir.pool.Desired;
import io.weir.pool.Ending;
import io.weir.pool.FailureKind;
import io.weir.pool.Gone;
import io.weir.pool.Launch;
import io.weir.pool.Ledger;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.MachineState;
import io.weir.pool.MarkWrite;
import io.weir.pool.Marks;
import io.weir.pool.Member;
import io.weir.pool.MembershipStatus;
import io.weir.pool.Outcome;
import io.weir.pool.PoolEdit;
import io.weir.pool.PoolName;
import io.weir.pool.PoolState;
import io.weir.pool.ServiceState;
import io.weir.reconcile.Pool.Accepted;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Calls on one machine. Each is written down with all that travels with it, then the cloud is called once: accepted is done;
 * silence, throttling or a pace of ours is durable and will be done; a refusal withdraws it whole, and nothing happens later.
 */
final class Commands {
    private final PoolCell cell;
    private final Effects effects;
    private final CloudDriver driver;
    private final Attaching attaching;

    Commands(PoolCell cell, Effects effects, CloudDriver driver, Attaching attaching) {
        this.cell = cell;
        this.effects = effects;
        this.driver = driver;
        this.attaching = attaching;
    }

    Accepted terminate(String machine, boolean decrement, Author by) {
        Optional<Termination> named = cell.change(edit -> {
            mayCommand(edit);
            Optional<Member> member = member(edit, machine);
            if (member.isEmpty()) {
                return cancel(edit, machine, decrement, by);
            }
            Member asked = member.get();
            if (asked.isLeaving() || asked.ending().isPresent()) {
                return Optional.empty();
            }
            mayGo(asked);
            Optional<Desired> before = decrement(edit, decrement, by);
            Ledger ledger = asked.state() == MachineState.RUNNING ? Ledger.WISH : Ledger.CANCEL;
            String reason = "terminated by " + by;
            edit.members.put(asked.id(), asked.with(Optional.of(Ending.planned(ledger, reason, by, edit.now()))));
            edit.tell(
                    "machine.terminate",
                    asked.id() + " is to be terminated",
                    Optional.of(asked.id().value()),
                    by);
            boolean now = Planner.mayCallNow(edit.state(), asked.id(), edit.now());
            return Optional.of(new Termination(asked.id(), before, edit.desired, now));
        });
        if (named.isEmpty()) {
            return new Accepted(true, "it is being ended, or gone");
        }
        if (!named.get().now()) {
            return new Accepted(false, "it will be terminated as soon as the pace allows");
        }
        return call(named.get());
    }

    private Accepted call(Termination named) {
        MachineId id = named.id();
        List<MachineId> open = cell.change(edit -> Remember.callingEnds(edit, List.of(id)));
        if (open.isEmpty()) {
            return new Accepted(true, "it is gone");
        }
        Outcome outcome = effects.callEnd(open).of(id);
        return cell.change(edit -> {
                    if (outcome instanceof Outcome.Refused refused && isFinal(refused.kind())) {
                        Remember.refundEnd(edit, id);
                        edit.members
                                .get(id)
                                .ifPresent(member -> edit.members.put(id, member.with(Optional.<Ending>empty())));
                        restore(edit, named.before(), named.after());
                        edit.tell("machine.terminate-refused", id + ": " + refused.kind() + ", " + refused.text(), id);
                        return Optional.of(refused);
                    }
                    Learn.ended(edit, id, outcome);
                    return Optional.<Outcome.Refused>empty();
                })
                .<Accepted>map(refused -> {
                    throw Refusal.cloud(refused.kind(), refused.text());
                })
                .orElseGet(() -> outcome instanceof Outcome.Accepted
                        ? new Accepted(true, "terminated")
                        : new Accepted(false, "written down; the cloud has not accepted it yet"));
    }

    /** A launch that is not yet a machine: it is cancelled; one that may yet appear is ended when it does. */
    private Optional<Termination> cancel(PoolEdit edit, String machine, boolean decrement, Author by) {
        Optional<Launch> launch = MachineName.isLegal(machine)
                ? edit.launches.get(new MachineName(machine)).filter(Launch::holdsSlot)
                : Optional.empty();
        if (launch.isEmpty()) {
            if (isShownGone(edit, machine)) {
                return Optional.empty();
            }
            throw notMember(machine);
        }
        if (launch.get().ender().isPresent()) {
            return Optional.empty();
        }
        decrement(edit, decrement, by);
        if (launch.get().phase() == Launch.Phase.PLANNED) {
            Remember.cancel(edit, launch.get().name());
        } else {
            edit.launches.put(launch.get().name(), launch.get().endedBy(by));
            edit.tell("launch.cancelled", machine + " is ended if it appears", Optional.of(machine), by);
        }
        return Optional.empty();
    }

    Accepted detach(String machine, boolean decrement, Author by) {
        Optional<Detachment> detached = cell.change(edit -> {
            mayCommand(edit);
            Optional<Member> found = member(edit, machine);
            if (found.isEmpty()) {
                throw MachineName.isLegal(machine)
                                && edit.launches
                                        .get(new MachineName(machine))
                                        .filter(Launch::holdsSlot)
                                        .isPresent()
                        ? Refusal.field(
                                "machineId", machine + " is still being launched: there is nothing to detach yet")
                        : notMember(machine);
            }
            Member member = found.get();
            if (member.isLeaving() || member.ending().isPresent()) {
                throw Refusal.field("machineId", machine + " is being terminated");
            }
            mayGo(member);
            Optional<Desired> before = decrement(edit, decrement, by);
            PoolState.Released released = new PoolState.Released(
                    edit.now(), member.lastSeen(), member.marks().makeDue());
            edit.members.remove(member.id());
            edit.released.put(member.id(), released);
            edit.tell(
                    "machine.detach",
                    member.id() + " is no member any more",
                    Optional.of(member.id().value()),
                    by);
            Map<MachineId, Marks> marks = Remember.callingUnmarks(edit, List.of(member.id()));
            return Optional.of(new Detachment(member, marks, before, edit.desired));
        });
        Detachment detachment = detached.orElseThrow();
        MachineId id = detachment.member().id();
        Outcome outcome = effects.callMark(detachment.marks()).of(id);
        Optional<Outcome.Refused> refusal = cell.change(edit -> {
            if (outcome instanceof Outcome.Refused refused && isFinalMark(refused.kind())) {
                edit.released.remove(id);
                edit.members.put(id, detachment.member());
                restore(edit, detachment.before(), detachment.after());
                edit.tell("machine.detach-refused", id + ": " + refused.kind() + ", " + refused.text(), id);
                return Optional.of(refused);
            }
            Learn.unmarked(edit, id, outcome);
            return Optional.empty();
        });
        return answer(refusal, outcome, "detached");
    }

    Accepted attach(String machine, Author by) {
        PoolState now = cell.state();
        mayCommand(new PoolEdit(now, java.time.Instant.EPOCH));
        if (!MachineId.isLegal(machine)) {
            throw Refusal.of(Refusal.Code.NOT_FOUND, "there is no machine \"" + machine + "\"");
        }
        MachineId id = new MachineId(machine);
        if (member(new PoolEdit(now, java.time.Instant.EPOCH), machine)
                .filter(member -> !member.isLeaving())
                .isPresent()) {
            return new Accepted(true, "it is a member");
        }
        return attaching.exclusively(now.name(), id, () -> attach(id, now, by));
    }

    private Accepted attach(MachineId id, PoolState now, Author by) {
        CloudMachine found = find(id);
        Map<MachineId, Marks> marks = cell.change(edit -> attach(edit, found, by));
        if (marks.isEmpty()) {
            return new Accepted(true, "it is a member");
        }
        Outcome outcome = effects.callMark(marks).of(id);
        Optional<Outcome.Refused> refusal = cell.change(edit -> {
            if (outcome instanceof Outcome.Refused refused && isFinalMark(refused.kind())) {
                edit.members.remove(id);
                Optional.ofNullable(now.released().get(id)).ifPresent(released -> edit.released.put(id, released));
                Optional.ofNullable(now.dead().get(id)).ifPresent(dead -> edit.dead.put(id, dead));
                Desired wish = edit.desired.orElseThrow();
                if (wish.by().equals(by.toString()) && wish.reason().equals(attachReason(id))) {
                    edit.desired = Optional.of(
                            wish.wish(wish.size() - 1, by.toString(), edit.now(), Optional.of("attach was refused")));
                }
                edit.tell("machine.attach-refused", id + ": " + refused.kind() + ", " + refused.text(), id);
                return Optional.of(refused);
            }
            Learn.marked(edit, id, outcome);
            return Optional.empty();
        });
        return answer(refusal, outcome, "attached");
    }

    private CloudMachine find(MachineId id) {
        try {
            return driver.find(id)
                    .orElseThrow(() -> Refusal.of(Refusal.Code.NOT_FOUND, "the cloud knows no machine " + id));
        } catch (CloudException failed) {
            throw Refusal.cloud(
                    failed.kind() == FailureKind.UNKNOWN ? FailureKind.UNAVAILABLE : failed.kind(),
                    String.valueOf(failed.getMessage()));
        }
    }

    private static Optional<String> attachReason(MachineId id) {
        return Optional.of("attached " + id);
    }

    private Map<MachineId, Marks> attach(PoolEdit edit, CloudMachine found, Author by) {
        mayCommand(edit);
        MachineId id = found.id();
        if (edit.members.get(id).filter(member -> !member.isLeaving()).isPresent()) {
            return Map.of();
        }
        if (found.state() != MachineState.RUNNING) {
            throw Refusal.field("machineId", id + " is " + found.state() + ": only a running machine can be attached");
        }
        Optional<PoolName> other = found.pool().filter(pool -> !pool.equals(edit.name));
        if (other.isPresent()) {
            throw Refusal.field("machineId", id + " belongs to pool " + other.get());
        }
        Desired wish = wish(edit);
        if (wish.size() + 1 > edit.document().max()) {
            throw Refusal.field(
                    "machineId",
                    "attaching " + id + " would take the size above the pool's max of "
                            + edit.document().max());
        }
        edit.desired = Optional.of(wish.wish(wish.size() + 1, by.toString(), edit.now(), attachReason(id)));
        long revision = found.marks().map(Marks::revision).orElse(0L);
        boolean nameIsFree = found.name()
                .filter(name -> edit.members.all().stream()
                        .noneMatch(member -> member.name().equals(found.name())))
                .isPresent();
        Member member = new Member(
                id,
                nameIsFree ? found.name() : Optional.empty(),
                found.choice(),
                found.state(),
                Optional.of(found),
                edit.now(),
                found.requestTime().orElse(edit.now()),
                Optional.of(edit.now()),
                edit.now(),
                MembershipStatus.DEFAULT,
                Optional.empty(),
                ServiceState.UNKNOWN,
                Optional.empty(),
                new MarkWrite(revision, Optional.empty(), true, false),
                Optional.empty(),
                Optional.empty(),
                false,
                found.cloudProvider(),
                found.region());
        edit.members.put(id, member);
        edit.released.remove(id);
        edit.strays.remove(id);
        edit.dead.remove(id);
        edit.lost.remove(id);
        edit.tell("machine.attach", id + " is a member", Optional.of(id.value()), by);
        return Remember.callingMarks(edit, List.of(id), List.of());
    }

    Accepted serviceState(String machine, ServiceState state, boolean replaces, Author by) {
        return told(machine, by, "service state " + state, (edit, member) -> {
            boolean out = replaces && state == ServiceState.OUT_OF_SERVICE;
            Optional<MembershipStatus> before = member.before();
            MembershipStatus membership = member.membership();
            if (out && before.isEmpty()) {
                before = Optional.of(membership);
                membership = MembershipStatus.AWAITING_SERVICE;
            } else if (replaces && !out && before.isPresent()) {
                membership = before.get();
                before = Optional.empty();
            }
            Optional<java.time.Instant> unhealthy = state == ServiceState.UNHEALTHY
                    ? member.unhealthy().or(() -> Optional.of(edit.now()))
                    : Optional.empty();
            return member.told(membership, before, state, unhealthy);
        });
    }

    /** Its mark is written by the next turn. */
    static boolean foundService(
            PoolEdit edit, String machine, ServiceState from, ServiceState to, String why, Author by) {
        Optional<Member> found = member(edit, machine)
                .filter(member -> member.service() == from
                        && from != ServiceState.OUT_OF_SERVICE
                        && !member.isLeaving()
                        && edit.started
                        && edit.gates.size() == 0);
        found.ifPresent(member -> {
            edit.members.put(
                    member.id(),
                    member.told(
                            member.membership(),
                            member.before(),
                            to,
                            to == ServiceState.UNHEALTHY ? Optional.of(edit.now()) : Optional.empty()));
            edit.tell(
                    "machine.told",
                    member.id() + ": service state " + to + ", " + why,
                    Optional.of(member.id().value()),
                    by);
        });
        return found.isPresent();
    }

    Accepted membership(String machine, MembershipStatus membership, Author by) {
        return told(
                machine,
                by,
                "active " + membership.active() + ", evictable " + membership.evictable(),
                (edit, member) -> member.told(membership, Optional.empty(), member.service(), member.unhealthy()));
    }

    private Accepted told(String machine, Author by, String what, Telling telling) {
        Optional<Told> change = cell.change(edit -> {
            mayCommand(edit);
            Member member = member(edit, machine)
                    .orElseThrow(() -> MachineName.isLegal(machine)
                                    && edit.launches
                                            .get(new MachineName(machine))
                                            .filter(Launch::holdsSlot)
                                            .isPresent()
                            ? Refusal.field("machineId", machine + " is still being launched")
                            : notMember(machine));
            Member told = telling.tell(edit, member);
            edit.members.put(member.id(), told);
            if (!told.marks().due()) {
                return Optional.<Told>empty();
            }
            edit.tell(
                    "machine.told",
                    member.id() + ": " + what,
                    Optional.of(member.id().value()),
                    by);
            return Optional.of(new Told(member, Remember.callingMarks(edit, List.of(member.id()), List.of())));
        });
        if (change.isEmpty()) {
            return new Accepted(true, "as it was");
        }
        Member before = change.get().before();
        Outcome outcome = effects.callMark(change.get().marks()).of(before.id());
        Optional<Outcome.Refused> refusal = cell.change(edit -> {
            if (outcome instanceof Outcome.Refused refused && isFinalMark(refused.kind())) {
                edit.members
                        .get(before.id())
                        .ifPresent(member -> edit.members.put(
                                before.id(),
                                member.told(
                                        before.membership(), before.before(), before.service(), before.unhealthy())));
                edit.tell(
                        "machine.told-refused",
                        before.id() + ": " + refused.kind() + ", " + refused.text(),
                        before.id());
                return Optional.of(refused);
            }
            Learn.marked(edit, before.id(), outcome);
            return Optional.empty();
        });
        return answer(refusal, outcome, "done");
    }

    private static Accepted answer(Optional<Outcome.Refused> refusal, Outcome outcome, String done) {
        if (refusal.isPresent()) {
            throw Refusal.cloud(refusal.get().kind(), refusal.get().text());
        }
        return outcome instanceof Outcome.Accepted
                ? new Accepted(true, done)
                : new Accepted(false, "written down; the cloud has not accepted it yet");
    }

    /** A refusal that withdraws a termination; what is only "not now" stays written down and is done later. */
    private static boolean isFinal(FailureKind kind) {
        return switch (kind) {
            case THROTTLED, WITHHELD, NOT_FOUND, UNKNOWN -> false;
            default -> true;
        };
    }

    private static boolean isFinalMark(FailureKind kind) {
        return kind == FailureKind.NOT_FOUND || isFinal(kind);
    }

    static void mayCommand(PoolEdit edit) {
        if (!edit.started) {
            throw Refusal.of(Refusal.Code.STOPPED, "the pool is stopped: POST start first");
        }
        if (edit.declared.removal().isPresent()) {
            throw Refusal.of(Refusal.Code.INVALID, "the pool is being deleted");
        }
        if (edit.gates.size() > 0) {
            throw Refusal.of(
                    Refusal.Code.FROZEN,
                    "no effect passes: " + edit.gates.all().get(0).reason() + "; nothing was recorded");
        }
    }

    private static void mayGo(Member member) {
        if (!member.membership().evictable() && member.before().isEmpty()) {
            throw Refusal.of(
                    Refusal.Code.NOT_EVICTABLE, member.id() + " is not evictable: set its membership status first");
        }
        if (member.before().filter(before -> !before.evictable()).isPresent()) {
            throw Refusal.of(Refusal.Code.NOT_EVICTABLE, member.id() + " is blessed: set its membership status first");
        }
    }

    private static Optional<Member> member(PoolEdit edit, String machine) {
        Optional<Member> byId =
                MachineId.isLegal(machine) ? edit.members.get(new MachineId(machine)) : Optional.empty();
        return byId.or(() -> edit.members.value().values().stream()
                .filter(member -> !member.duplicate()
                        && member.name()
                                .filter(name -> name.value().equals(machine))
                                .isPresent())
                .findFirst());
    }

    private static boolean isShownGone(PoolEdit edit, String machine) {
        return edit.gone.stream()
                .anyMatch((Gone gone) ->
                        gone.id().filter(id -> id.value().equals(machine)).isPresent()
                                || gone.name()
                                        .filter(name -> name.value().equals(machine))
                                        .isPresent());
    }

    private static Refusal notMember(String machine) {
        return Refusal.of(Refusal.Code.NOT_FOUND, "the pool has no machine \"" + machine + "\"");
    }

    private static Desired wish(PoolEdit edit) {
        return edit.desired.orElseThrow(() -> Refusal.of(Refusal.Code.SIZE_UNKNOWN, "the size is not known yet"));
    }

    /** @return the wish as it was, if it was decremented */
    private static Optional<Desired> decrement(PoolEdit edit, boolean decrement, Author by) {
        if (!decrement) {
            return Optional.empty();
        }
        Desired wish = wish(edit);
        if (wish.size() - 1 < edit.document().min()) {
            throw Refusal.field(
                    "decrementDesiredSize",
                    "the size would fall below the pool's min of "
                            + edit.document().min() + ": send false to have the machine replaced");
        }
        edit.desired = Optional.of(wish.wish(
                wish.size() - 1, by.toString(), edit.now(), Optional.of("a machine was taken with its place")));
        return Optional.of(wish);
    }

    /** Undoes a decrement, unless a size was set since. */
    private static void restore(PoolEdit edit, Optional<Desired> before, Optional<Desired> after) {
        if (before.isPresent() && edit.desired.equals(after)) {
            Desired wish = edit.desired.orElseThrow();
            edit.desired = Optional.of(wish.wish(
                    before.get().size(),
                    before.get().by(),
                    edit.now(),
                    Optional.of("the call that lowered it was refused")));
        }
    }

    private interface Telling {
        Member tell(PoolEdit edit, Member member);
    }

    private record Termination(MachineId id, Optional<Desired> before, Optional<Desired> after, boolean now) {}

    private record Detachment(
            Member member, Map<MachineId, Marks> marks, Optional<Desired> before, Optional<Desired> after) {}

    private record Told(Member before, Map<MachineId, Marks> marks) {}
}
