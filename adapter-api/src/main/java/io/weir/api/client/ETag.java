package io.weir.api.client;

/** What an adapter named a state of the pool, sent back as it came. */
public record ETag(String value) {
    @Override
    public String toString() {
        return value;
    }
}
