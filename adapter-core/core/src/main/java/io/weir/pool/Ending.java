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

    public Ending calling(Instant now) {
        return new Ending(ledger, Phase.CALLING, reason, by, decided, notBefore, Optional.of(now), answered);
    }

    public Ending unanswered(Instant now) {
        return new Ending(ledger, Phase.UNANSWERED, reason, by, decided, notBefore, Optional.of(now), answered);
    }

    public Ending accepted(Instant now) {
        return new Ending(
                ledger, Phase.ACCEPTED, reason, by, decided, notBefore, lastCall, Optional.of(answered.orElse(now)));
    }

    public Ending retryAt(Instant later) {
        return new Ending(ledger, Phase.PLANNED, reason, by, decided, later, lastCall, answered);
    }
}
