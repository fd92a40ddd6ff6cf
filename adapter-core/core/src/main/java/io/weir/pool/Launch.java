package io.weir.pool;

import java.time.Instant;
import java.util.Optional;

/**
 * One machine that was decided to be launched and is not yet settled: not answered, not seen, not known to be absent.
 *
 * @param phase how far it got
 * @param firstCall when it was first asked for; a cloud remembers its token from then on
 * @param lastCall when it was last asked for, to its answer or time-out
 * @param repeats whether the same call may be made again: a refusal after an unanswered call stops the repeating, and settles
 *     nothing
 * @param doubt an earlier call than the one being made is unanswered
 * @param cancelled nobody wants it any more: never repeated, ended when it shows
 * @param ender somebody terminated it by name before it was there: it is ended when it shows, and never taken back
 * @param absentSince begin of the first complete listing after all calls that did not show it
 */
public record Launch(
        MachineName name,
        BatchId batch,
        Phase phase,
        Instant decided,
        Optional<Instant> firstCall,
        Optional<Instant> lastCall,
        boolean repeats,
        boolean doubt,
        boolean cancelled,
        Optional<Author> ender,
        Optional<Instant> absentSince) {

    public enum Phase {
        /** Written down, not called. */
        PLANNED,
        /** The call is being made; after a crash: it may have been. */
        CALLING,
        /** No answer, or none that can be believed. */
        UNANSWERED,
        /** Unanswered for too long in a dark scope: holds no slot, is looked for. */
        GIVEN_UP,
        /** Known to be absent; remembered in case that the cloud was wrong. */
        ABSENT
    }

    public static Launch planned(MachineName name, BatchId batch, Instant now) {
        return new Launch(
                name,
                batch,
                Phase.PLANNED,
                now,
                Optional.empty(),
                Optional.empty(),
                true,
                false,
                false,
                Optional.empty(),
                Optional.empty());
    }

    /** Whether it may be, or become, a machine. */
    public boolean holdsSlot() {
        return phase == Phase.PLANNED || isOpen();
    }

    /** Whether the cloud was asked for it and may still act. */
    public boolean isOpen() {
        return phase == Phase.CALLING || phase == Phase.UNANSWERED;
    }

    public Launch in(Phase newPhase) {
        return new Launch(
                name, batch, newPhase, decided, firstCall, lastCall, repeats, doubt, cancelled, ender, absentSince);
    }

    public Launch calling(Instant now) {
        return new Launch(
                name,
                batch,
                Phase.CALLING,
                decided,
                Optional.of(firstCall.orElse(now)),
                Optional.of(now),
                repeats,
                doubt || isOpen(),
                cancelled,
                ender,
                Optional.empty());
    }

    public Launch unanswered(Instant now, boolean mayRepeat) {
        return new Launch(
                name,
                batch,
                Phase.UNANSWERED,
                decided,
                firstCall,
                Optional.of(now),
                mayRepeat,
                true,
                cancelled,
                ender,
                Optional.empty());
    }

    /** The only call so far certainly did not happen. */
    public Launch notCalled() {
        Launch again = planned(name, batch, decided).cancelled(cancelled);
        return ender.map(again::endedBy).orElse(again);
    }

    public Launch cancelled(boolean nowCancelled) {
        return new Launch(
                name, batch, phase, decided, firstCall, lastCall, repeats, doubt, nowCancelled, ender, absentSince);
    }

    public Launch absentSince(Optional<Instant> since) {
        return new Launch(name, batch, phase, decided, firstCall, lastCall, repeats, doubt, cancelled, ender, since);
    }

    public Launch endedBy(Author author) {
        return new Launch(
                name,
                batch,
                phase,
                decided,
                firstCall,
                lastCall,
                repeats,
                doubt,
                true,
                Optional.of(author),
                absentSince);
    }
}
