package io.weir.pool;

import java.util.regex.Pattern;

/** The cloud's id of a machine; legal as one segment of a URL path (EC2 {@code i-…}, a Nova uuid, GCE {@code zone:name}). */
public record MachineId(String value) implements Comparable<MachineId> {
    private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:~-]{0,199}");

    public MachineId {
        if (!isLegal(value)) {
            throw new IllegalArgumentException("\"" + value + "\" is no machine id");
        }
    }

    public static boolean isLegal(String text) {
        return LEGAL.matcher(text).matches();
    }

    @Override
    public int compareTo(MachineId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
