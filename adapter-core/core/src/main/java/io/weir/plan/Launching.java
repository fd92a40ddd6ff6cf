package io.weir.plan;

import io.weir.pool.Batch;
import io.weir.pool.Breaker;
import io.weir.pool.Charge;
import io.weir.pool.Ending;
import io.weir.pool.FailureKind;
import io.weir.pool.Gone;
import io.weir.pool.Launch;
import io.weir.pool.Ledger;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.MachineState;
import io.weir.pool.MarkWrite;
import io.weir.pool.Member;
import io.weir.pool.MembershipStatus;
import io.weir.pool.PoolEdit;
import io.weir.pool.ServiceState;
import java.time.Instant;
import java.util.Optional;

/** The turns of one machine's life that several rules share: it becomes a member, it is refused, it is no more. */
final class Launching {
    private Launching() {}

    /** A launch was accepted, or its machine was seen. The launch is settled. */
    static Member member(PoolEdit pool, Launch launch, Batch batch, MachineId id, Instant lastSeen) {
        Member member = new Member(
                id,
                Optional.of(launch.name()),
                batch.choice(),
                MachineState.PENDING,
                Optional.empty(),
                pool.now(),
                launch.lastCall().orElse(launch.decided()),
                Optional.empty(),
                lastSeen,
                MembershipStatus.DEFAULT,
                Optional.empty(),
                ServiceState.UNKNOWN,
                Optional.empty(),
                MarkWrite.AT_LAUNCH,
                Optional.empty(),
                launch.ender()
                        .map(by ->
                                Ending.planned(Ledger.CANCEL, "it was terminated before it was there", by, pool.now())),
                false,
                batch.cloudProvider(),
                batch.region());
        pool.members.put(id, member);
        pool.launches.remove(launch.name());
        close(pool, launch.name());
        Failures.accepted(pool, batch.choice());
        return member;
    }

    /** A launch is answered with no, for good. It is remembered for a while, in case that the cloud was wrong. */
    static void refuse(PoolEdit pool, Launch launch, FailureKind kind, String text) {
        Batch batch = pool.batches.get(launch.batch()).orElseThrow();
        pool.launches.put(launch.name(), launch.in(Launch.Phase.ABSENT));
        Remember.refund(pool, launch.name()); // it did not happen: its place is the next choice's
        close(pool, launch.name());
        pool.goneAdd(new Gone(
                Optional.empty(),
                Optional.of(launch.name()),
                MachineState.REJECTED,
                batch.choice(),
                kind + ": " + text,
                pool.now(),
                Optional.empty(),
                batch.cloudProvider(),
                batch.region()));
        pool.tell(
                "launch.refused",
                launch.name() + " in " + batch.choice().key() + ": " + kind + ", " + text,
                launch.name());
        Failures.refused(pool, batch.choice(), launch.name(), kind, text);
    }

    /** The machine is no more. */
    static void bury(PoolEdit pool, Member member, MachineState as, String text) {
        pool.members.remove(member.id());
        pool.dead.put(member.id(), pool.now());
        pool.goneAdd(Settler.gone(member, as, text, pool.now()));
        close(pool, member.id());
        pool.tell(
                "machine.gone",
                member.id() + " is gone: " + member.ending().map(Ending::reason).orElse(text),
                member.id());
        boolean asked = member.ending().isPresent();
        if (!asked && as == MachineState.TERMINATED && member.name().isPresent()) {
            Instant proven = member.running()
                    .orElse(member.requested())
                    .plus(pool.document().timeouts().young());
            boolean young = member.running().isEmpty() || pool.now().isBefore(proven);
            if (young && !member.membership().equals(MembershipStatus.DISPOSABLE)) {
                Failures.useless(pool, member.choice(), member.name(), "died young: " + text);
            }
        }
        endProbe(pool, member.name());
    }

    /** A probe that went away without a verdict lets the next one through. */
    private static void endProbe(PoolEdit pool, Optional<MachineName> name) {
        Breaker breaker = pool.breaker;
        if (breaker.probe().isPresent() && breaker.probe().equals(name)) {
            pool.breaker = new Breaker(
                    breaker.failures(),
                    breaker.open(),
                    Optional.of(pool.now()),
                    breaker.probes(),
                    Optional.empty(),
                    breaker.text(),
                    breaker.byBatch());
        }
    }

    /** A probe that can tell nothing any more (it was detached, given up, or cannot be seen) lets the next one through. */
    static void forgetProbe(PoolEdit pool) {
        Optional<MachineName> probe = pool.breaker.probe();
        if (probe.isEmpty()) {
            return;
        }
        boolean launching = pool.launches
                .get(probe.get())
                .filter(launch -> launch.holdsSlot() && !launch.cancelled() && launch.repeats())
                .flatMap(launch -> pool.batches.get(launch.batch()))
                .filter(batch ->
                        !pool.watch.missing().containsKey(batch.choice().scope()))
                .isPresent();
        boolean there = pool.members.value().values().stream()
                .anyMatch(member -> member.name().equals(probe)
                        && member.membership().equals(MembershipStatus.DEFAULT)
                        && !member.isLeaving()
                        && !pool.watch.missing().containsKey(member.scope()));
        if (!launching && !there) {
            endProbe(pool, probe);
        }
    }

    /** A charge for this machine is answered: its window begins. */
    static void close(PoolEdit pool, Object machine) {
        String key = machine.toString();
        if (pool.charges.stream()
                .anyMatch(charge ->
                        charge.machine().equals(key) && charge.answered().isEmpty())) {
            pool.charges = pool.charges.stream()
                    .map(charge -> charge.machine().equals(key) ? charge.answered(pool.now()) : charge)
                    .toList();
        }
        if (machine instanceof MachineName name
                && pool.breaker.probe().filter(name::equals).isPresent()
                && !pool.launches.get(name).map(Launch::holdsSlot).orElse(false)
                && pool.members.value().values().stream()
                        .noneMatch(member -> member.name().filter(name::equals).isPresent())) {
            endProbe(pool, Optional.of(name));
        }
    }

    static Charge charge(Charge.Kind kind, Object machine, Instant now) {
        return new Charge(kind, machine.toString(), now, Optional.empty());
    }
}
