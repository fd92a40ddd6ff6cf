package io.weir.pool;

/** One launch call for life: what a cloud's idempotency token is made of. At most 64 ASCII characters. */
public record BatchId(String value) implements Comparable<BatchId> {
    public BatchId {
        if (value.isEmpty() || value.length() > 64) {
            throw new IllegalArgumentException("\"" + value + "\" is no batch id");
        }
    }

    @Override
    public int compareTo(BatchId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
