package io.weir.cloud;

/**
 * One line of {@code weir check}.
 *
 * @param name what was looked at, in a word or three: {@code endpoint compute}, {@code quota instances}
 * @param text what was found, with figures
 * @param remedy what to do about it, as a sentence; empty when nothing is to be done
 */
public record Check(String name, Result result, String text, String remedy) {
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

    public static Check skipped(String name, String text) {
        return new Check(name, Result.SKIPPED, text, "");
    }
}
