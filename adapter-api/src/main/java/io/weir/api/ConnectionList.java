package io.weir.api;

import java.util.List;

/** The connections of an adapter, by name. */
public record ConnectionList(List<ConnectionEntry> connections) {
    public ConnectionList {
        connections = List.copyOf(connections);
    }
}
