package io.weir.plan;

import io.weir.pool.MachineState;
import io.weir.pool.Member;
import io.weir.pool.PoolDocument;
import io.weir.pool.PoolState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which machines are ended first when a pool shrinks.
 *
 * <ol>
 *   <li>Never one that is not evictable, and never one without two witnesses: our marks on the machine and our own record (G4).
 *   <li>Machines that do not run yet come first, the newest of them first.
 *   <li>Then machines that are to be replaced for their health.
 *   <li>Then the pool's policy; what it holds to be equal, the newest first.
 * </ol>
 */
final class Victims {
    private Victims() {}

    static List<Member> inOrder(PoolState pool, List<Member> staying, Instant now) {
        List<Member> eligible = staying.stream()
                .filter(member -> member.membership().evictable() && isWitnessed(pool, member))
                .toList();
        List<Member> starting = eligible.stream()
                .filter(member -> member.state() != MachineState.RUNNING)
                .sorted(newestFirst())
                .toList();
        List<Member> running = eligible.stream()
                .filter(member -> member.state() == MachineState.RUNNING)
                .toList();
        List<Member> sick = Planner.sick(pool, now);
        List<Member> order = new ArrayList<>(starting);
        List<Member> ranked = byPolicy(pool, running, now);
        ranked.stream().filter(sick::contains).forEach(order::add);
        ranked.stream().filter(member -> !sick.contains(member)).forEach(order::add);
        return order;
    }

    /** Our mark is on the machine, or it travelled in the launch call and the machine was not seen yet. */
    static boolean isWitnessed(PoolState pool, Member member) {
        if (member.seen().isEmpty()) {
            return member.name().isPresent();
        }
        return member.seen()
                .filter(row -> row.pool().filter(pool.name()::equals).isPresent()
                        && row.marks()
                                .filter(marks -> marks.store().equals(pool.store()))
                                .isPresent())
                .isPresent();
    }

    private static List<Member> byPolicy(PoolState pool, List<Member> running, Instant now) {
        PoolDocument document = pool.document();
        return switch (document.victimPolicy()) {
            case NEWEST -> running.stream().sorted(newestFirst()).toList();
            case OLDEST -> running.stream().sorted(newestFirst().reversed()).toList();
            case ZONE_BALANCING -> balanced(running);
            case BILLING_PERIOD_END ->
                running.stream()
                        .sorted(Comparator.<Member, Duration>comparing(member -> leftOfPeriod(
                                        member, document.billingPeriod().orElse(Duration.ofHours(1)), now))
                                .thenComparing(newestFirst()))
                        .toList();
        };
    }

    private static Duration leftOfPeriod(Member member, Duration period, Instant now) {
        long used = Math.max(0, Duration.between(member.requested(), now).toMillis());
        return Duration.ofMillis(period.toMillis() - used % period.toMillis());
    }

    private static List<Member> balanced(List<Member> running) {
        Map<String, List<Member>> byZone = new HashMap<>();
        running.stream().sorted(newestFirst()).forEach(member -> byZone.computeIfAbsent(
                        member.choice().zone(), zone -> new ArrayList<>())
                .add(member));
        List<Member> order = new ArrayList<>();
        while (order.size() < running.size()) {
            List<Member> fullest = byZone.values().stream()
                    .filter(zone -> !zone.isEmpty())
                    .max(Comparator.<List<Member>, Integer>comparing(List::size)
                            .thenComparing(zone -> zone.get(0).choice().zone()))
                    .orElseThrow();
            order.add(fullest.remove(0));
        }
        return order;
    }

    static Comparator<Member> newestFirst() {
        return Comparator.comparing(Member::requested).reversed().thenComparing(Member::id, Comparator.reverseOrder());
    }
}
