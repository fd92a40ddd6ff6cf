package io.weir.pool;

import java.util.regex.Pattern;

/** Our own name of a machine, fixed before it is launched: at most 63 of {@code a-z 0-9 -}, a letter first (RFC 1035). */
public record MachineName(String value) implements Comparable<MachineName> {
    private static final Pattern LEGAL = Pattern.compile("[a-z]([a-z0-9-]{0,61}[a-z0-9])?");

    public MachineName {
        if (!isLegal(value)) {
            throw new IllegalArgumentException("\"" + value + "\" is no machine name");
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
