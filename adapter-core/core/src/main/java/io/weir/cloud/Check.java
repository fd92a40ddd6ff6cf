package io.weir.cloud;

import java.time.Duration;
import java.time.Instant;

/**
 * One line of {@code weir check}.
 *
 * @param name what was looked at, in a word or three: {@code endpoint compute}, {@code quota instances}
 * @param text what was found, with figures
 * @param remedy what to do about it, as a sentence; empty when nothing is to be done
 */
public record Check(String name, Result result, String text, String remedy) {
    /** What a client signs counts for five minutes around its time, with AWS and with Google. */
    private static final Duration NEARLY_OFF = Duration.ofSeconds(30);

    private static final Duration OFF = Duration.ofMinutes(4);

    public enum Result {
        GOOD,
        /** A pool could run, but somebody should know. */
        WARNING,
        /** A pool could not run. */
        BAD,
        /** Could not be looked at, and the text says why. */
        SKIPPED
    }

    public static Check good(String name, String text) {
        return new Check(name, Result.GOOD, text, "");
    }

    public static Check warning(String name, String text, String remedy) {
        return new Check(name, Result.WARNING, text, remedy);
    }

    public static Check bad(String name, String text, String remedy) {
        return new Check(name, Result.BAD, text, remedy);
    }

    /**
     * How far the cloud's clock is from ours.
     *
     * @param refused what the cloud refuses when they are too far apart
     */
    public static Check clock(Instant theirs, Instant ours, String refused) {
        Duration apart = Duration.between(theirs, ours).abs();
        String text = apart.toSeconds() + " s apart";
        if (apart.compareTo(OFF) > 0) {
            return bad("clock", text, "Set this machine's clock right: " + refused);
        }
        return apart.compareTo(NEARLY_OFF) > 0
                ? warning("clock", text, "Let NTP keep this machine's clock.")
                : good("clock", text);
    }

    public static Check skipped(String name, String text) {
        return new Check(name, Result.SKIPPED, text, "");
    }
}
