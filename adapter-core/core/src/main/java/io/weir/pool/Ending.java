package io.weir.pool;

import java.time.Instant;
import java.util.Optional;

/**
 * The termination of one machine, written down before it is called.
 *
 * @param notBefore when it may be tried (again)
 * @param answered when the cloud accepted it
 * @param before a named call that travelled with a decrement: the generation that the decrement made; a refusal undoes it if no size was set since
 */
public record Ending(
        Ledger ledger,
        Phase phase,
        String reason,
        Author by,
        Instant decided,
        Instant notBefore,
        Optional<Instant> lastCall,
        Optional<Instant> answered) {

    public enum Phase {
        PLANNED,
        CALLING,
        UNANSWERED,
        ACCEPTED
    }

    public static Ending planned(Ledger ledger, String reason, Author by, Instant now) {
        return new Ending(ledger, Phase.PLANNED, reason, by, now, now, Optional.empty(), Optional.empty());
    }

    /** The call is being made (again). One that is unanswered stays so, whatever this one is answered. */
    public Ending calling(Instant now) {
        Phase called = isDoubtful() ? Phase.UNANSWERED : Phase.CALLING;
        return new Ending(ledger, called, reason, by, decided, notBefore, Optional.of(now), answered);
    }

    /** An earlier call is unanswered, or was being made when the process died. */
    public boolean isDoubtful() {
        return phase == Phase.CALLING || phase == Phase.UNANSWERED;
    }

    public Ending unanswered(Instant now) {
        return new Ending(ledger, Phase.UNANSWERED, reason, by, decided, notBefore, Optional.of(now), answered);
    }

    public Ending accepted(Instant now) {
        return new Ending(
                ledger, Phase.ACCEPTED, reason, by, decided, notBefore, lastCall, Optional.of(answered.orElse(now)));
    }

    /** The call was refused: it is made again later. A refusal answers only its own call. */
    public Ending retryAt(Instant later) {
        Phase then = phase == Phase.UNANSWERED ? Phase.UNANSWERED : Phase.PLANNED;
        return new Ending(ledger, then, reason, by, decided, later, lastCall, answered);
    }
}
