package io.weir.cloud;

import io.weir.driver.Catalogs;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What catalogs answered, so that many pools that resolve often ask seldom. The same question within ten minutes is answered from memory;
 * a failure is never remembered.
 */
public final class RememberedAnswers implements Catalogs {
    private static final Duration FRESH = Duration.ofMinutes(10);

    /** A changed document asks other questions: those that nobody asks any more must not pile up. */
    private static final int MOST = 1000;

    private final InstantSource clock;
    private final Map<Object, Answer> answers = new ConcurrentHashMap<>();

    private record Answer(Object value, Instant at) {}

    public RememberedAnswers(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Optional<Instant> since() {
        return answers.values().stream().map(Answer::at).min(Comparator.naturalOrder());
    }

    @Override
    public void forget() {
        answers.clear();
    }

    /** How a question is asked, and what may go wrong with it. */
    public interface Asking<Q, A, E extends Exception> {
        A ask(Q question) throws E;
    }

    /** @param question of one kind for each type of answer */
    public <Q, A, E extends Exception> A get(Class<A> type, Q question, Asking<Q, A, E> asking) throws E {
        Instant now = clock.instant();
        Answer known = answers.get(question);
        if (known != null && now.isBefore(known.at().plus(FRESH))) {
            return type.cast(known.value());
        }
        A answer = asking.ask(question);
        answers.values().removeIf(old -> !now.isBefore(old.at().plus(FRESH)));
        if (answers.size() < MOST) {
            answers.put(question, new Answer(answer, now));
        }
        return answer;
    }
}
