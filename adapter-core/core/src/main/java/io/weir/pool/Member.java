package io.weir.pool;

import java.time.Instant;
import java.util.Optional;

/**
 * A machine of the pool as the pool knows it; presumed alive until there is proof of the contrary.
 *
 * @param name our own name; attached machines have none
 * @param state as last seen; PENDING from the moment that the launch was accepted
 * @param seen the last row that a listing showed of it; empty until it was seen once
 * @param since when it became a member
 * @param requested when it was asked for: its boot deadline runs from here
 * @param running when it was first seen running
 * @param lastSeen begin of the last listing that showed it, or its acceptance
 * @param before the membership that {@code OUT_OF_SERVICE} replaced, restored by any other service state
 * @param unhealthy since when it has been UNHEALTHY
 * @param duplicate another machine bears the same name and is kept instead
 */
public record Member(
        MachineId id,
        Optional<MachineName> name,
        Choice choice,
        MachineState state,
        Optional<CloudMachine> seen,
        Instant since,
        Instant requested,
        Optional<Instant> running,
        Instant lastSeen,
        MembershipStatus membership,
        Optional<MembershipStatus> before,
        ServiceState service,
        Optional<Instant> unhealthy,
        MarkWrite marks,
        Optional<Absence> absence,
        Optional<Ending> ending,
        boolean duplicate,
        String cloudProvider,
        String region) {

    public Scope scope() {
        return choice.scope();
    }

    /** The cloud has accepted its end, or shows it ending: it is no capacity any more. */
    public boolean isLeaving() {
        return state == MachineState.TERMINATING
                || state == MachineState.TERMINATED
                || ending.filter(end -> end.phase() == Ending.Phase.ACCEPTED).isPresent();
    }

    /** What the cloud still shows of a launch that failed: it never was a machine, and is no one's capacity. */
    public boolean isRemains() {
        return state == MachineState.REJECTED && running.isEmpty();
    }

    /** The latest moment at which anything was asked about it. */
    public Instant lastCall() {
        Instant last = since;
        if (marks.lastCall().filter(last::isBefore).isPresent()) {
            last = marks.lastCall().get();
        }
        Optional<Instant> end = ending.flatMap(Ending::lastCall);
        return end.filter(last::isBefore).orElse(last);
    }

    /** Whether a call about it is unanswered. */
    public boolean isUnanswered() {
        return marks.unanswered()
                || ending.filter(end -> end.phase() == Ending.Phase.CALLING || end.phase() == Ending.Phase.UNANSWERED)
                        .isPresent();
    }

    public Member with(Optional<Ending> newEnding) {
        return new Member(
                id,
                name,
                choice,
                state,
                seen,
                since,
                requested,
                running,
                lastSeen,
                membership,
                before,
                service,
                unhealthy,
                marks,
                absence,
                newEnding,
                duplicate,
                cloudProvider,
                region);
    }

    public Member with(MarkWrite newMarks) {
        return new Member(
                id,
                name,
                choice,
                state,
                seen,
                since,
                requested,
                running,
                lastSeen,
                membership,
                before,
                service,
                unhealthy,
                newMarks,
                absence,
                ending,
                duplicate,
                cloudProvider,
                region);
    }

    public Member absent(Optional<Absence> newAbsence) {
        return new Member(
                id,
                name,
                choice,
                state,
                seen,
                since,
                requested,
                running,
                lastSeen,
                membership,
                before,
                service,
                unhealthy,
                marks,
                newAbsence,
                ending,
                duplicate,
                cloudProvider,
                region);
    }

    /** The same, seen at another time. */
    public Member seenAt(Instant time) {
        return new Member(
                id,
                name,
                choice,
                state,
                seen,
                since,
                requested,
                running,
                time,
                membership,
                before,
                service,
                unhealthy,
                marks,
                absence,
                ending,
                duplicate,
                cloudProvider,
                region);
    }

    public Member duplicate(boolean isDuplicate) {
        return new Member(
                id,
                name,
                choice,
                state,
                seen,
                since,
                requested,
                running,
                lastSeen,
                membership,
                before,
                service,
                unhealthy,
                marks,
                absence,
                ending,
                isDuplicate,
                cloudProvider,
                region);
    }

    /** The marks are due to be written if anything of them changed. */
    public Member told(
            MembershipStatus newMembership,
            Optional<MembershipStatus> newBefore,
            ServiceState newService,
            Optional<Instant> newUnhealthy) {
        MarkWrite write = newMembership.equals(membership) && newService == service ? marks : marks.makeDue();
        return new Member(
                id,
                name,
                choice,
                state,
                seen,
                since,
                requested,
                running,
                lastSeen,
                newMembership,
                newBefore,
                newService,
                newUnhealthy,
                write,
                absence,
                ending,
                duplicate,
                cloudProvider,
                region);
    }

    /** What a listing begun at {@code begun}, or a look for this machine alone, showed of it. */
    public Member sighted(CloudMachine row, Instant begun) {
        MachineState now = row.state();
        if (row.state().isStarted()
                && ending.filter(end -> end.phase() == Ending.Phase.ACCEPTED).isPresent()) {
            now = MachineState.TERMINATING; // accepted; the listing is behind, or the end is slow
        } else if (row.state() == MachineState.PENDING && state == MachineState.RUNNING) {
            now = MachineState.RUNNING; // a lagging row
        }
        Optional<Instant> runs =
                running.isPresent() || row.state() != MachineState.RUNNING ? running : Optional.of(begun);
        return new Member(
                id,
                name,
                row.choice(),
                now,
                Optional.of(row),
                since,
                requested,
                runs,
                begun.isAfter(lastSeen) ? begun : lastSeen,
                membership,
                before,
                service,
                unhealthy,
                row.marks()
                        .map(seenMarks -> marks.atLeast(seenMarks.revision()))
                        .orElse(marks),
                Optional.empty(),
                ending,
                duplicate,
                row.cloudProvider(),
                row.region());
    }
}
