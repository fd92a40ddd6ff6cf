package io.weir.cloud;

/** A connection's configuration, read and found good. A record, whose text shows no secret. */
@FunctionalInterface
public interface ConnectionSettings {
    /**
     * Builds the connection complete, and calls no cloud yet: the login is a part of the first call.
     *
     * @throws IllegalArgumentException what was read cannot be used after all; the message is for the one who wrote it
     */
    CloudConnection connect(Supplies supplies);
}
