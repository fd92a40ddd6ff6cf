package io.weir.autoscaler.target;

/** What became of a size that was posted. */
public sealed interface Posted {
    /** The adapter took it. */
    record Taken() implements Posted {}

    /** The size changed since it was looked at: nothing happened, look again and decide again. */
    record Outdated(String why) implements Posted {}

    /** An operator holds the size: nothing happened. */
    record Held(Hold hold) implements Posted {}

    /** The adapter said no: nothing happened. */
    record Refused(int status, String why) implements Posted {}

    /** The adapter was not reached, or did not answer so that it could be believed: it may have happened. */
    record Lost(String why) implements Posted {}

    /** One word for metrics. */
    default String outcome() {
        return switch (this) {
            case Taken taken -> "taken";
            case Outdated outdated -> "outdated";
            case Held held -> "held";
            case Refused refused -> "refused";
            case Lost lost -> "lost";
        };
    }

    default String told() {
        return switch (this) {
            case Taken taken -> "taken";
            case Outdated outdated -> outdated.why();
            case Held held -> held.hold().toString();
            case Refused refused -> refused.why();
            case Lost lost -> lost.why();
        };
    }
}
