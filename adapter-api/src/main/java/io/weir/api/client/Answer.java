package io.weir.api.client;

import io.weir.api.ErrorDocument;
import java.time.Instant;
import java.util.Optional;

/** What became of a call. The compiler makes a caller think of each. */
public sealed interface Answer<T> {

    /** The adapter took it. */
    record Ok<T>(T value, Optional<ETag> tag) implements Answer<T> {}

    /** 412: the size changed since the ETag that was sent. Read again and decide again; nothing happened. */
    record Stale<T>(ErrorDocument error) implements Answer<T> {}

    /** 409 {@code SIZE_HELD}: an operator holds the size. Nothing happened. */
    record Held<T>(String by, Optional<String> why, Optional<Instant> until, ErrorDocument error)
            implements Answer<T> {}

    /** The adapter said no, with its status; nothing happened and nothing will. */
    record Refused<T>(int status, ErrorDocument error) implements Answer<T> {}

    /** The call never reached the adapter: no connection, no such name, or one of the two does not trust the other. */
    record Unreachable<T>(String text) implements Answer<T> {}

    /** No answer, or none that can be believed: it may have happened. Repeat the same. */
    record Unknown<T>(String text) implements Answer<T> {}

    default Optional<T> found() {
        return this instanceof Ok<T> ok ? Optional.of(ok.value) : Optional.empty();
    }

    /** One line for a log or a person; never empty. */
    default String sentence() {
        return switch (this) {
            case Ok<T> ok -> "ok";
            case Stale<T> stale -> "changed by somebody else: " + stale.error().message();
            case Held<T> held ->
                "held by " + held.by() + held.until().map(t -> " until " + t).orElse("")
                        + held.why().map(why -> ": " + why).orElse("");
            case Refused<T> refused ->
                "refused with " + refused.status() + ": " + refused.error().message();
            case Unreachable<T> unreachable -> "not reachable: " + unreachable.text();
            case Unknown<T> unknown -> "no certain answer: " + unknown.text();
        };
    }
}
