package io.weir.pool;

import java.util.regex.Pattern;

/** Which store a mark was written from: 8 of {@code a-z 0-9}, made once when a store is created. */
public record StoreId(String value) implements Comparable<StoreId> {
    private static final Pattern LEGAL = Pattern.compile("[a-z0-9]{8}");

    public StoreId {
        if (!LEGAL.matcher(value).matches()) {
            throw new IllegalArgumentException("\"" + value + "\" is no store id");
        }
    }

    @Override
    public int compareTo(StoreId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
