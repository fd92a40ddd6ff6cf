package io.weir.pool;

import java.util.regex.Pattern;

/**
 * The name of a pool: 1 to 30 of {@code a-z 0-9 -}, beginning with a letter and not ending with a dash, so that it is legal
 * in a URL, in a tag or label of every cloud and at the head of a machine's name (RFC 1035).
 */
public record PoolName(String value) implements Comparable<PoolName> {
    private static final Pattern LEGAL = Pattern.compile("[a-z]([a-z0-9-]{0,28}[a-z0-9])?");

    public PoolName {
        if (!isLegal(value)) {
            throw new IllegalArgumentException("\"" + value + "\" is no pool name: 1 to 30 of a-z, 0-9 and -,"
                    + " a letter first, no dash at the end");
        }
    }

    public static boolean isLegal(String text) {
        return LEGAL.matcher(text).matches();
    }

    @Override
    public int compareTo(PoolName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
