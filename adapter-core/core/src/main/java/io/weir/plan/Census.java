package io.weir.plan;

import io.weir.pool.Ending;
import io.weir.pool.Launch;
import io.weir.pool.MachineState;
import io.weir.pool.Member;
import io.weir.pool.PoolState;
import io.weir.pool.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Who is there, counted twice: <i>at most alive</i> bounds what may be launched, <i>at least staying</i> bounds what may be
 * terminated. What is uncertain is in the first count and not in the second.
 *
 * @param alive active members that may be alive and whose end no cloud has accepted
 * @param staying those of them that surely stay: shown by the last listing, in a scope that can be seen, no end decided, not overdue
 * @param overdue active members that did not run within their boot deadline
 * @param wanted launches in flight that hold a slot
 * @param cancelled launches in flight that nobody wants any more, and that may yet become machines
 * @param running members that run, are shown and are not being ended: what a pace takes its share of
 */
public record Census(
        List<Member> alive,
        List<Member> staying,
        List<Member> overdue,
        List<Launch> wanted,
        List<Launch> cancelled,
        int running) {

    /** @param blind the last listing failed: no scope can be seen */
    public static Census of(PoolState pool, boolean blind, Instant now) {
        List<Member> alive = new ArrayList<>();
        List<Member> staying = new ArrayList<>();
        List<Member> overdue = new ArrayList<>();
        int running = 0;
        for (Member member : pool.members().values()) {
            if (member.isLeaving() || member.isRemains()) {
                continue;
            }
            if (member.state() == MachineState.RUNNING
                    && member.ending().isEmpty()
                    && member.absence().isEmpty()) {
                running++;
            }
            if (!member.membership().active()) {
                continue;
            }
            alive.add(member);
            boolean late = isOverdue(pool, member, now);
            if (late) {
                overdue.add(member);
            }
            if (!late
                    && !blind
                    && member.ending().isEmpty()
                    && member.absence().isEmpty()
                    && !member.duplicate()
                    && wasShown(pool, member)
                    && isLit(pool, member.scope())) {
                staying.add(member);
            }
        }
        List<Launch> wanted = new ArrayList<>();
        List<Launch> cancelled = new ArrayList<>();
        for (Launch launch : pool.launches().values()) {
            if (launch.holdsSlot()) {
                (launch.cancelled() ? cancelled : wanted).add(launch);
            }
        }
        return new Census(alive, staying, overdue, wanted, cancelled, running);
    }

    /** The last listing showed it, or it was accepted since. One that it left out proves nothing yet, and does not stay surely. */
    private static boolean wasShown(PoolState pool, Member member) {
        return pool.watch()
                .lastListing()
                .map(begun -> !member.lastSeen().isBefore(begun))
                .orElse(true);
    }

    static boolean isOverdue(PoolState pool, Member member, Instant now) {
        return member.state() == MachineState.PENDING
                && member.running().isEmpty()
                && now.isAfter(
                        member.requested().plus(pool.document().timeouts().boot()));
    }

    static boolean isLit(PoolState pool, Scope scope) {
        return !pool.watch().missing().containsKey(scope);
    }

    public int atMostAlive() {
        return alive.size() + wanted.size() + cancelled.size();
    }

    /** What will be there if everything under way succeeds: members that nobody is ending, and wanted launches. */
    public int potential() {
        return (int) alive.stream().filter(member -> member.ending().isEmpty()).count() + wanted.size();
    }

    /** Members whose end was decided by the planner itself and was not called, or certainly did not happen. */
    List<Member> revocable() {
        return alive.stream()
                .filter(member -> member.ending()
                        .filter(end -> end.phase() == Ending.Phase.PLANNED
                                && end.by().equals(io.weir.pool.Author.WEIR)
                                && end.ledger() != io.weir.pool.Ledger.NEVER_USEFUL
                                && end.ledger() != io.weir.pool.Ledger.REPAIR
                                && end.ledger() != io.weir.pool.Ledger.CLEANUP)
                        .isPresent())
                .toList();
    }
}
