package io.weir.pool;

import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * Our own name of a machine, fixed before it is launched: at most 63 of {@code a-z 0-9 -}, a letter first (RFC 1035). It is made of
 * the batch and the machine's place in it, so that a cloud that numbers the machines of one call needs no other name.
 */
public record MachineName(String value) implements Comparable<MachineName> {
    private static final Pattern LEGAL = Pattern.compile("[a-z]([a-z0-9-]{0,61}[a-z0-9])?");

    public MachineName {
        if (!isLegal(value)) {
            throw new IllegalArgumentException("\"" + value + "\" is no machine name");
        }
    }

    public static MachineName of(BatchId batch, int index) {
        return new MachineName(batch + "-" + Integer.toString(index, Character.MAX_RADIX));
    }

    /** Its place in that batch; empty if it is not one of its names. */
    public OptionalInt indexIn(BatchId batch) {
        String head = batch + "-";
        if (!value.startsWith(head)) {
            return OptionalInt.empty();
        }
        try {
            int index = Integer.parseInt(value.substring(head.length()), Character.MAX_RADIX);
            return index >= 0 && of(batch, index).equals(this) ? OptionalInt.of(index) : OptionalInt.empty();
        } catch (NumberFormatException no) {
            return OptionalInt.empty();
        }
    }

    public static boolean isLegal(String text) {
        return LEGAL.matcher(text).matches();
    }

    @Override
    public int compareTo(MachineName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
