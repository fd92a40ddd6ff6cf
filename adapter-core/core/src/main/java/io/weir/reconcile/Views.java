package io.weir.reconcile;

import io.weir.plan.Allowances;
import io.weir.pool.Batch;
import io.weir.pool.CloudMachine;
import io.weir.pool.ConnectionPolicy;
import io.weir.pool.Ending;
import io.weir.pool.Gone;
import io.weir.pool.Launch;
import io.weir.pool.MachineId;
import io.weir.pool.MachineName;
import io.weir.pool.MachineState;
import io.weir.pool.Member;
import io.weir.pool.MembershipStatus;
import io.weir.pool.PoolState;
import io.weir.pool.ServiceState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A pool's memory as people see it. */
final class Views {
    private Views() {}

    /** @param guards what the last plan found closed */
    static PoolView of(
            PoolState pool,
            boolean drift,
            Map<String, String> guards,
            Optional<String> lastReason,
            Optional<Instant> observedAt,
            Duration staleAfter,
            String cloudProvider,
            String region,
            Instant now) {
        List<MachineView> machines = new ArrayList<>();
        int allocated = 0;
        int active = 0;
        for (Member member : inOrder(pool)) {
            MachineView view = of(pool, member);
            machines.add(view);
            if (view.state().isAllocated()) {
                allocated++;
                if (member.membership().active()) {
                    active++;
                }
            }
        }
        for (Launch launch : pool.launches().values()) {
            if (launch.holdsSlot()) {
                Batch batch = java.util.Objects.requireNonNull(pool.batches().get(launch.batch()));
                machines.add(of(launch, batch));
                allocated++;
                active++;
            }
        }
        for (Gone gone : pool.gone()) {
            machines.add(of(pool, gone));
        }
        return new PoolView(
                pool.name(),
                pool.declared(),
                drift,
                pool.started(),
                pool.desired(),
                pool.watch().acted(),
                pool.hold().filter(hold -> hold.until().isAfter(now)),
                observedAt,
                observedAt.map(at -> at.plus(staleAfter).isBefore(now)).orElse(false),
                List.copyOf(machines),
                allocated,
                active,
                pool.watch().missing(),
                List.copyOf(pool.gates().values()),
                guards,
                pool.breaker(),
                inFlight(pool),
                Allowances.left(pool, now),
                lastReason,
                cloudProvider,
                region);
    }

    private static Map<String, Integer> inFlight(PoolState pool) {
        int launches = 0;
        for (Launch launch : pool.launches().values()) {
            launches += switch (launch.phase()) {
                case CALLING, UNANSWERED, GIVEN_UP -> 1;
                case PLANNED, ABSENT -> 0;
            };
        }
        int ends = 0;
        int marks = 0;
        for (Member member : pool.members().values()) {
            boolean ending = member.ending()
                    .filter(end -> end.phase() == Ending.Phase.CALLING || end.phase() == Ending.Phase.UNANSWERED)
                    .isPresent();
            ends += ending ? 1 : 0;
            marks += member.marks().unanswered() ? 1 : 0;
        }
        return Map.of("launch", launches, "end", ends, "mark", marks);
    }

    private static List<Member> inOrder(PoolState pool) {
        return pool.members().values().stream()
                .sorted(Comparator.comparing(Member::requested).thenComparing(Member::id))
                .toList();
    }

    private static MachineView of(PoolState pool, Member member) {
        Optional<CloudMachine> seen = member.seen();
        return new MachineView(
                member.id().value(),
                member.name().map(MachineName::value),
                member.state(),
                member.service(),
                member.membership(),
                member.cloudProvider(),
                member.region(),
                member.choice().zone(),
                member.choice().machineType(),
                seen.flatMap(CloudMachine::requestTime).or(() -> Optional.of(member.requested())),
                seen.flatMap(CloudMachine::launchTime),
                seen.map(CloudMachine::publicIps).orElse(List.of()),
                seen.map(CloudMachine::privateIps).orElse(List.of()),
                seen.map(CloudMachine::metadata).orElse(Map.of()),
                seen.flatMap(row -> connectAddress(row, pool.document().connectionPolicy())),
                seen.flatMap(row -> unreachable(row, pool.document().connectionPolicy())),
                note(pool, member));
    }

    private static Optional<String> connectAddress(CloudMachine row, ConnectionPolicy policy) {
        Optional<String> open = row.publicIps().stream().findFirst();
        Optional<String> local = row.privateIps().stream().findFirst();
        return switch (policy) {
            case AUTO -> open.or(() -> local);
            case PUBLIC -> open;
            case LOCAL -> local;
        };
    }

    private static Optional<String> unreachable(CloudMachine row, ConnectionPolicy policy) {
        if (row.state() != MachineState.RUNNING || connectAddress(row, policy).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(
                switch (policy) {
                    case AUTO -> "not reachable: it has no address";
                    case PUBLIC -> "not reachable: connectionPolicy is public, and it has no public address";
                    case LOCAL -> "not reachable: connectionPolicy is local, and it has no private address";
                });
    }

    private static Optional<String> note(PoolState pool, Member member) {
        if (member.ending().isPresent()) {
            Ending end = member.ending().get();
            return Optional.of(
                    switch (end.phase()) {
                        case PLANNED -> "waits to be terminated: " + end.reason();
                        case CALLING, UNANSWERED -> "asked to be terminated, not answered yet: " + end.reason();
                        case ACCEPTED -> end.reason();
                    });
        }
        if (member.duplicate()) {
            return Optional.of("another machine bears its name");
        }
        if (member.absence().isPresent()) {
            return Optional.of("not listed since " + member.absence().get().first() + ", presumed alive");
        }
        if (pool.watch().missing().containsKey(member.scope())) {
            return Optional.of(member.scope() + " cannot be seen: presumed alive, last seen " + member.lastSeen());
        }
        if (member.marks().due()) {
            return Optional.of("its marks are not written yet");
        }
        return Optional.empty();
    }

    private static MachineView of(Launch launch, Batch batch) {
        String note =
                switch (launch.phase()) {
                    case PLANNED -> "about to be launched";
                    case CALLING -> "being launched";
                    default ->
                        launch.repeats()
                                ? "its launch is not answered yet and will be repeated"
                                : "its launch is not answered yet; it is looked for";
                };
        return new MachineView(
                launch.name().value(),
                Optional.of(launch.name().value()),
                MachineState.REQUESTED,
                ServiceState.UNKNOWN,
                MembershipStatus.DEFAULT,
                batch.cloudProvider(),
                batch.region(),
                batch.choice().zone(),
                batch.choice().machineType(),
                Optional.of(launch.decided()),
                Optional.empty(),
                List.of(),
                List.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(launch.cancelled() ? "not wanted any more; ended if it appears" : note));
    }

    private static MachineView of(PoolState pool, Gone gone) {
        Optional<CloudMachine> seen = gone.seen();
        return new MachineView(
                gone.id()
                        .map(MachineId::value)
                        .orElseGet(() -> gone.name().map(MachineName::value).orElse("unknown")),
                gone.name().map(MachineName::value),
                gone.state(),
                ServiceState.UNKNOWN,
                MembershipStatus.DEFAULT,
                gone.cloudProvider(),
                gone.region(),
                gone.choice().zone(),
                gone.choice().machineType(),
                seen.flatMap(CloudMachine::requestTime),
                seen.flatMap(CloudMachine::launchTime),
                seen.map(CloudMachine::publicIps).orElse(List.of()),
                seen.map(CloudMachine::privateIps).orElse(List.of()),
                seen.map(CloudMachine::metadata).orElse(Map.of()),
                Optional.empty(),
                Optional.empty(),
                Optional.of(gone.text()));
    }
}
