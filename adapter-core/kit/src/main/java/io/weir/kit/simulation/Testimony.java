package io.weir.kit.simulation;

import io.weir.pool.Author;
import io.weir.pool.Ending;
import io.weir.pool.Launch;
import io.weir.pool.Ledger;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.Member;
import io.weir.pool.MembershipStatus;
import io.weir.pool.PoolState;
import io.weir.pool.StoreId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was wished, told and decided, with its time, as it was saved: the judge needs to know what was asked of the pool. What
 * became of it he takes from the cloud's ledger alone.
 */
final class Testimony {
    record Wish(Instant at, StoreId store, int size) {}

    /** From when until when. */
    record Span(Instant from, Instant to) {
        boolean holds(Instant at) {
            return !at.isBefore(from) && at.isBefore(to);
        }
    }

    record Membership(Instant at, MembershipStatus status) {}

    /** An end that was decided; the others are the members that the decision held to be staying. */
    record Decision(
            Instant at,
            MachineId id,
            Ledger ledger,
            Author by,
            int desired,
            MembershipStatus membership,
            boolean duplicate,
            List<MachineId> staying) {}

    final List<Wish> wishes = new ArrayList<>();
    final Map<String, List<Membership>> memberships = new HashMap<>();
    final Map<String, List<Decision>> decisions = new HashMap<>();
    final Set<String> givenUp = new HashSet<>();
    final Map<String, Instant> lost = new HashMap<>();
    private final Map<String, List<Span>> released = new HashMap<>();
    private final Map<String, Instant> members = new HashMap<>();
    private final Map<StoreId, Instant> ended = new HashMap<>();
    /** When stores were lost, adapters doubled, machines of others adopted: what paces and counts know begins anew. */
    final List<Instant> breaks = new ArrayList<>();

    void saved(Instant now, PoolState before, PoolState after) {
        if (!after.desired().equals(before.desired()) && after.desired().isPresent()) {
            wishes.add(new Wish(now, after.store(), after.desired().get().size()));
        }
        if (after.launches() != before.launches()) {
            for (Map.Entry<MachineName, Launch> row : after.launches().entrySet()) {
                if (row.getValue().phase() == Launch.Phase.GIVEN_UP) {
                    givenUp.add(row.getKey().value());
                }
            }
        }
        if (after.lost() != before.lost()) {
            after.lost().keySet().forEach(id -> lost.putIfAbsent(id.value(), now));
        }
        if (after.released() != before.released()) {
            after.released().keySet().forEach(id -> {
                if (!before.released().containsKey(id)) {
                    released.computeIfAbsent(id.value(), first -> new ArrayList<>(1))
                            .add(new Span(now, Instant.MAX));
                }
            });
        }
        if (after.members() != before.members()) {
            members(now, before, after);
            withdrawn(now, before, after);
        }
    }

    private void members(Instant now, PoolState before, PoolState after) {
        List<MachineId> staying = null;
        for (Member member : after.members().values()) {
            Member was = before.members().get(member.id());
            if (member == was) {
                continue;
            }
            String id = member.id().value();
            members.putIfAbsent(id, now);
            List<Span> away = released.get(id);
            if (was == null && away != null) {
                away.set(away.size() - 1, new Span(away.get(away.size() - 1).from(), now));
            }
            if (was == null || !was.membership().equals(member.membership())) {
                memberships
                        .computeIfAbsent(id, first -> new ArrayList<>(1))
                        .add(new Membership(now, member.membership()));
            }
            Ending end = member.ending().orElse(null);
            if (end != null && (was == null || was.ending().isEmpty())) {
                if (staying == null) {
                    staying = staying(after);
                }
                decisions
                        .computeIfAbsent(id, first -> new ArrayList<>(1))
                        .add(new Decision(
                                now,
                                member.id(),
                                end.ledger(),
                                end.by(),
                                after.desired().map(wish -> wish.size()).orElse(0),
                                member.membership(),
                                member.duplicate(),
                                staying));
            }
        }
    }

    /** A machine that was attached in vain is nobody's again: it did not die, and nothing had to be taken from it. */
    private void withdrawn(Instant now, PoolState before, PoolState after) {
        for (MachineId id : before.members().keySet()) {
            if (!after.members().containsKey(id)
                    && !after.dead().containsKey(id)
                    && !after.released().containsKey(id)
                    && !after.lost().containsKey(id)) {
                forsaken(id.value(), now);
            }
        }
    }

    private static List<MachineId> staying(PoolState state) {
        List<MachineId> ids = new ArrayList<>();
        for (Member member : state.members().values()) {
            if (!member.isLeaving()
                    && member.ending().isEmpty()
                    && member.membership().active()) {
                ids.add(member.id());
            }
        }
        return ids;
    }

    MembershipStatus membership(String id, Instant at) {
        MembershipStatus status = MembershipStatus.DEFAULT;
        for (Membership one : memberships.getOrDefault(id, List.of())) {
            if (!one.at().isAfter(at)) {
                status = one.status();
            }
        }
        return status;
    }

    /** A store that is no more has no wishes. */
    void storeEnds(StoreId store, Instant at) {
        ended.put(store, at);
    }

    /** Nobody can find it any more. */
    void forsaken(String id, Instant at) {
        released.computeIfAbsent(id, first -> new ArrayList<>(1)).add(new Span(at, Instant.MAX));
    }

    boolean isReleased(String id, Instant at) {
        return released.getOrDefault(id, List.of()).stream().anyMatch(span -> span.holds(at));
    }

    boolean wasMember(String id, Instant at) {
        Instant since = members.get(id);
        return since != null && !since.isAfter(at);
    }

    /** The highest wish that any store held in this time. */
    int highestWish(Instant from, Instant to) {
        int highest = 0;
        Map<StoreId, Integer> before = new HashMap<>();
        for (Wish wish : wishes) {
            if (wish.at().isBefore(from)) {
                before.put(wish.store(), wish.size());
            } else if (!wish.at().isAfter(to)) {
                highest = Math.max(highest, wish.size());
            }
        }
        for (Map.Entry<StoreId, Integer> one : before.entrySet()) {
            if (!ended.getOrDefault(one.getKey(), Instant.MAX).isBefore(from)) {
                highest = Math.max(highest, one.getValue());
            }
        }
        return highest;
    }
}
