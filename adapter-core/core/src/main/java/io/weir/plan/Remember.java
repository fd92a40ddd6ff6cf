package io.weir.plan;

import io.weir.pool.Breaker;
import io.weir.pool.Charge;
import io.weir.pool.Ending;
import io.weir.pool.Launch;
import io.weir.pool.Ledger;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.Marks;
import io.weir.pool.Member;
import io.weir.pool.PoolEdit;
import io.weir.pool.PoolState;
import io.weir.pool.Watch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes a plan's intents down, and, right before each call, that it is being made. Saved before anything is done. */
public final class Remember {
    private Remember() {}

    /** The intents of a plan. */
    public static void plan(PoolEdit pool, Plan plan) {
        for (Action action : plan.actions()) {
            switch (action) {
                case Action.Cancel cancel -> cancel.names().forEach(name -> cancel(pool, name));
                case Action.TakeBack back -> takeBack(pool, back);
                case Action.Launch launch -> launch(pool, launch);
                case Action.End end -> end(pool, end);
                case Action.Repeat repeat -> {}
                case Action.CallEnd call -> {}
                case Action.Mark mark -> {}
                case Action.Unmark unmark -> {}
                case Action.Confirm confirm -> {}
            }
        }
        boolean sick = Budget.isSick(Planner.sick(pool.state(), pool.now()).size(), Planner.members(pool.state()));
        Watch was = pool.watch;
        long acted = pool.desired.map(wish -> wish.generation()).orElse(was.acted());
        int slow = sick ? was.slowRepairs() : 0;
        if (acted != was.acted() || slow != was.slowRepairs()) {
            pool.watch = new Watch(
                    was.created(),
                    was.firstComplete(),
                    was.lastListing(),
                    was.missing(),
                    was.lost(),
                    was.heartbeat(),
                    acted,
                    slow,
                    was.throttled(),
                    was.lastProbe());
        }
    }

    public static void cancel(PoolEdit pool, MachineName name) {
        Launch launch = pool.launches.get(name).orElseThrow();
        if (launch.phase() == Launch.Phase.PLANNED) {
            pool.launches.remove(name);
            refund(pool, name);
            Launching.close(pool, name);
        } else {
            pool.launches.put(name, launch.cancelled(true));
        }
        pool.tell("launch.cancelled", name + " is not wanted any more", name);
    }

    private static void takeBack(PoolEdit pool, Action.TakeBack back) {
        for (MachineName name : back.launches()) {
            pool.launches.put(name, pool.launches.get(name).orElseThrow().cancelled(false));
            pool.tell("launch.wanted-again", name + " is wanted again", name);
        }
        for (MachineId id : back.endings()) {
            pool.members.put(id, pool.members.get(id).orElseThrow().with(Optional.<Ending>empty()));
            refund(pool, id);
            pool.tell("machine.wanted-again", id + " is wanted again", id);
        }
    }

    private static void launch(PoolEdit pool, Action.Launch launch) {
        pool.sequence++;
        pool.batches.put(launch.batch().id(), launch.batch());
        for (MachineName name : launch.batch().names()) {
            pool.launches.put(name, Launch.planned(name, launch.batch().id(), pool.now()));
            pool.charge(Launching.charge(Charge.Kind.LAUNCH, name, pool.now()));
        }
        if (launch.probe()) {
            Breaker was = pool.breaker;
            pool.breaker = new Breaker(
                    was.failures(),
                    was.open(),
                    was.nextProbe(),
                    was.probes(),
                    Optional.of(launch.batch().names().get(0)),
                    was.text(),
                    was.byBatch());
        }
        pool.tell(
                "launch.decided",
                launch.batch().names().size() + " in " + launch.batch().choice().key() + " as "
                        + launch.batch().id() + (launch.probe() ? ", a probe" : "") + ": " + launch.reason());
    }

    private static void end(PoolEdit pool, Action.End end) {
        Member member = pool.members.get(end.id()).orElseThrow();
        pool.members.put(
                end.id(),
                member.with(
                        Optional.of(Ending.planned(end.ledger(), end.reason(), io.weir.pool.Author.WEIR, pool.now()))));
        charge(pool, member, end.ledger());
        if (end.ledger() == Ledger.NEVER_USEFUL) {
            Failures.useless(pool, member.choice(), member.name(), end.reason());
        }
        if (end.ledger() == Ledger.REPAIR) {
            Watch was = pool.watch;
            pool.watch = new Watch(
                    was.created(),
                    was.firstComplete(),
                    was.lastListing(),
                    was.missing(),
                    was.lost(),
                    was.heartbeat(),
                    was.acted(),
                    was.slowRepairs() + 1,
                    was.throttled(),
                    was.lastProbe());
        }
        pool.tell("machine.end-decided", end.id() + ": " + end.reason(), end.id());
    }

    private static void charge(PoolEdit pool, Member member, Ledger ledger) {
        String key = member.id().value();
        Planner.kindOf(ledger, member.state())
                .filter(kind -> pool.charges.stream()
                        .noneMatch(charge -> charge.machine().equals(key)
                                && charge.answered().isEmpty()))
                .ifPresent(kind -> pool.charge(Launching.charge(kind, key, pool.now())));
    }

    /** An end that was called certainly did not happen: its place in the pace is free again. */
    public static void refundEnd(PoolEdit pool, MachineId id) {
        refund(pool, id);
    }

    static void refund(PoolEdit pool, Object machine) {
        String key = machine.toString();
        pool.charges = pool.charges.stream()
                .filter(charge ->
                        !charge.machine().equals(key) || charge.answered().isPresent())
                .toList();
    }

    /**
     * The launch call for these names is about to be made. Names that are settled meanwhile are left out. None is called while more
     * may be alive than are wanted by now: a wish may have been lowered while earlier calls of the turn were slow.
     */
    public static List<MachineName> callingLaunch(PoolEdit pool, List<MachineName> names) {
        List<MachineName> open = new ArrayList<>();
        int desired = pool.desired.map(wish -> wish.size()).orElse(0);
        if (Census.of(pool.state(), false, pool.now()).atMostAlive() > desired) {
            return open;
        }
        for (MachineName name : names) {
            Optional<Launch> launch = pool.launches.get(name).filter(Launch::holdsSlot);
            if (launch.isPresent()) {
                pool.launches.put(name, launch.get().calling(pool.now()));
                open.add(name);
            }
        }
        return open;
    }

    /** The end calls for these machines are about to be made. Machines whose end is not wanted any more are left out. */
    public static List<MachineId> callingEnds(PoolEdit pool, List<MachineId> ids) {
        List<MachineId> open = new ArrayList<>();
        for (MachineId id : ids) {
            Optional<Member> member =
                    pool.members.get(id).filter(one -> one.ending().isPresent());
            if (member.isPresent()) {
                Ending end = member.get().ending().get();
                if (end.phase() != Ending.Phase.ACCEPTED) {
                    charge(pool, member.get(), end.ledger());
                    pool.members.put(id, member.get().with(Optional.of(end.calling(pool.now()))));
                } else {
                    pool.members.put(
                            id,
                            member.get()
                                    .with(Optional.of(end.calling(pool.now()).accepted(pool.now()))));
                }
                open.add(id);
            }
        }
        return open;
    }

    /** The marks that are about to be written. */
    public static Map<MachineId, Marks> callingMarks(PoolEdit pool, List<MachineId> ids, List<MachineId> heartbeat) {
        Map<MachineId, Marks> marks = new LinkedHashMap<>();
        for (MachineId id : ids) {
            Optional<Member> member = pool.members.get(id);
            if (member.isEmpty()) {
                continue;
            }
            Member calling = member.get().with(member.get().marks().calling(pool.now()));
            pool.members.put(id, calling);
            marks.put(id, marksOf(pool, calling, heartbeat.contains(id) ? Optional.of(pool.now()) : Optional.empty()));
        }
        if (!heartbeat.isEmpty()) {
            Watch was = pool.watch;
            pool.watch = new Watch(
                    was.created(),
                    was.firstComplete(),
                    was.lastListing(),
                    was.missing(),
                    was.lost(),
                    Optional.of(pool.now()),
                    was.acted(),
                    was.slowRepairs(),
                    was.throttled(),
                    was.lastProbe());
        }
        return marks;
    }

    static Marks marksOf(PoolEdit pool, Member member, Optional<Instant> heartbeat) {
        return new Marks(
                Optional.of(pool.name),
                pool.store,
                member.marks().revision(),
                member.service(),
                member.membership(),
                heartbeat);
    }

    /** The marks that take ours away are about to be written. */
    public static Map<MachineId, Marks> callingUnmarks(PoolEdit pool, List<MachineId> ids) {
        Map<MachineId, Marks> marks = new LinkedHashMap<>();
        for (MachineId id : ids) {
            Optional<PoolState.Released> released = pool.released.get(id);
            if (released.isPresent()) {
                PoolState.Released calling = new PoolState.Released(
                        released.get().at(),
                        released.get().lastSeen(),
                        released.get().marks().calling(pool.now()));
                pool.released.put(id, calling);
                marks.put(id, releasedMarks(pool, calling));
            }
        }
        return marks;
    }

    static Marks releasedMarks(PoolEdit pool, PoolState.Released released) {
        Marks first = Marks.first(pool.name, pool.store);
        return new Marks(
                Optional.empty(),
                pool.store,
                released.marks().revision(),
                first.service(),
                first.membership(),
                Optional.empty());
    }

    /** One effect is let through to see whether the cloud takes our credentials again. */
    public static void probing(PoolEdit pool) {
        Watch was = pool.watch;
        pool.watch = new Watch(
                was.created(),
                was.firstComplete(),
                was.lastListing(),
                was.missing(),
                was.lost(),
                was.heartbeat(),
                was.acted(),
                was.slowRepairs(),
                was.throttled(),
                Optional.of(pool.now()));
    }
}
