package io.weir.pool;

/** A part of a cloud that a listing can miss as a whole: a zone, a cell, a page range. */
public record Scope(String value) implements Comparable<Scope> {
    @Override
    public int compareTo(Scope other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
