package io.weir.api;

import java.util.List;

/** The fields in which a pool's document differs from the file that seeded it; empty: it does not. */
public record DriftView(List<String> fields) {
    public DriftView {
        fields = List.copyOf(fields);
    }
}
